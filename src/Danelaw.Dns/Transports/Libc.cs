using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Danelaw.Dns.Transports;

/// <summary>The system calls of Linux that a UDP query needs, and no more of them.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class Libc
{
    internal const int Again = 11, Interrupted = 4;
    internal const int Add = 1, Modify = 3;

    /// <summary>EPOLLIN | EPOLLONESHOT: told once of something to read, then not again until the next time it is asked for. Errors are told always.</summary>
    internal const uint ReadableOnce = 0x4000_0001;

    /// <summary>A sockaddr_in6; a sockaddr_in is shorter.</summary>
    internal const int MaximumAddressLength = 28;

    private const string Library = "libc";
    private const int InternetV4 = 2, InternetV6 = 10;
    private const int Datagram = 2, NonBlocking = 0x800, CloseOnExec = 0x8_0000, CloseOnExecPoll = 0x8_0000;
    private const int NoSignal = 0x4000;

    /// <summary>Whether numbers and layouts are those that stand here.</summary>
    internal static bool IsKnown => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>An event of epoll, whose layout is packed on x64 alone: octets of one, and where its data stand.</summary>
    internal static (int Size, int DataAt) Event => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? (12, 4) : (16, 8);

    internal static Descriptor OpenDatagram(AddressFamily family)
    {
        var made = socket(family == AddressFamily.InterNetworkV6 ? InternetV6 : InternetV4, Datagram | NonBlocking | CloseOnExec, 0);
        return made >= 0 ? new Descriptor(made) : throw Fault();
    }

    internal static Descriptor OpenPoll()
    {
        var made = epoll_create1(CloseOnExecPoll);
        return made >= 0 ? new Descriptor(made) : throw Fault();
    }

    internal static void Connect(Descriptor descriptor, IPEndPoint server)
    {
        Span<byte> address = stackalloc byte[MaximumAddressLength];
        address.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(address[2..], (ushort)server.Port);
        int length;
        if (server.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // sockaddr_in6: family, port, flow, address, scope.
            MemoryMarshal.Write(address, (ushort)InternetV6);
            server.Address.TryWriteBytes(address[8..], out _);
            MemoryMarshal.Write(address[24..], (uint)server.Address.ScopeId);
            length = 28;
        }
        else
        {
            // sockaddr_in: family, port, address, eight zeros.
            MemoryMarshal.Write(address, (ushort)InternetV4);
            server.Address.TryWriteBytes(address[4..], out _);
            length = 16;
        }

        fixed (byte* at = address)
            if (connect(descriptor, at, (uint)length) != 0) throw Fault();
    }

    internal static IPAddress LocalAddress(Descriptor descriptor)
    {
        Span<byte> address = stackalloc byte[MaximumAddressLength];
        var length = (uint)address.Length;
        fixed (byte* at = address)
            if (getsockname(descriptor, at, &length) != 0) throw Fault();
        return MemoryMarshal.Read<ushort>(address) == InternetV6 ? new IPAddress(address.Slice(8, 16), MemoryMarshal.Read<uint>(address[24..])) : new IPAddress(address.Slice(4, 4));
    }

    internal static void Send(Descriptor descriptor, ReadOnlySpan<byte> octets)
    {
        nint sent;
        fixed (byte* at = octets)
            do sent = send(descriptor, at, (nuint)octets.Length, NoSignal); while (sent < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        if (sent < 0) throw Fault();
    }

    /// <summary>The octets of the next datagram; -1 when none is there.</summary>
    internal static int Receive(Descriptor descriptor, Span<byte> buffer)
    {
        nint received;
        fixed (byte* at = buffer)
            do received = recv(descriptor, at, (nuint)buffer.Length, 0); while (received < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        if (received >= 0) return (int)received;
        return Marshal.GetLastPInvokeError() == Again ? -1 : throw Fault();
    }

    /// <summary>Has the poll tell once that there is something to read.</summary>
    internal static void Watch(Descriptor poll, int operation, Descriptor descriptor, ulong data)
    {
        var told = stackalloc byte[16];
        *(uint*)told = ReadableOnce;
        MemoryMarshal.Write(new Span<byte>(told + Event.DataAt, 8), data);
        if (epoll_ctl(poll, operation, descriptor, told) != 0) throw Fault();
    }

    /// <summary>Waits for events.</summary>
    /// <returns>How many there are; 0 when the time is over or a signal came.</returns>
    internal static int Wait(Descriptor poll, Span<byte> events, int milliseconds)
    {
        int count;
        fixed (byte* at = events) count = epoll_wait(poll, at, events.Length / Event.Size, milliseconds);
        if (count >= 0) return count;
        return Marshal.GetLastPInvokeError() == Interrupted ? 0 : throw Fault();
    }

    /// <summary>What .NET's sockets would say of the last error.</summary>
    private static SocketException Fault() => new((int)(Marshal.GetLastPInvokeError() switch
    {
        1 or 13 => SocketError.AccessDenied,
        11 or 105 => SocketError.NoBufferSpaceAvailable,
        23 or 24 => SocketError.TooManyOpenSockets,
        90 => SocketError.MessageSize,
        97 => SocketError.AddressFamilyNotSupported,
        99 => SocketError.AddressNotAvailable,
        100 => SocketError.NetworkDown,
        101 => SocketError.NetworkUnreachable,
        104 => SocketError.ConnectionReset,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        112 => SocketError.HostDown,
        113 => SocketError.HostUnreachable,
        22 => SocketError.InvalidArgument,
        _ => SocketError.SocketError,
    }));

#pragma warning disable SA1300, IDE1006 // The library's own names.
    [LibraryImport(Library, SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int connect(Descriptor descriptor, byte* address, uint length);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int getsockname(Descriptor descriptor, byte* address, uint* length);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint send(Descriptor descriptor, byte* octets, nuint length, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint recv(Descriptor descriptor, byte* octets, nuint length, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int epoll_ctl(Descriptor poll, int operation, Descriptor descriptor, byte* told);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int epoll_wait(Descriptor poll, byte* events, int count, int milliseconds);

    [LibraryImport(Library)]
    private static partial int close(nint descriptor);
#pragma warning restore SA1300, IDE1006

    /// <summary>A file descriptor.</summary>
    internal sealed class Descriptor : SafeHandleMinusOneIsInvalid
    {
        internal Descriptor(int descriptor)
            : base(ownsHandle: true) => SetHandle(descriptor);

        /// <inheritdoc/>
        protected override bool ReleaseHandle() => close(handle) == 0;
    }
}
