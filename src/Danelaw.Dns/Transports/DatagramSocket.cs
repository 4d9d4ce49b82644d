using System.Net;
using System.Net.Sockets;

namespace Danelaw.Dns.Transports;

/// <summary>A UDP socket of one query, connected to one server: the kernel has drawn its port and drops what comes from elsewhere. For one caller at a time.</summary>
internal abstract class DatagramSocket : IDisposable
{
    /// <summary>Where its queries come from.</summary>
    /// <exception cref="SocketException">The operating system refuses.</exception>
    internal abstract IPAddress LocalAddress { get; }

    /// <summary>Sends one datagram. It fits the socket's buffer, which is empty, so nothing has to be waited for.</summary>
    /// <exception cref="SocketException">The operating system refuses.</exception>
    internal abstract ValueTask SendAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken);

    /// <summary>Waits for the next datagram.</summary>
    /// <param name="buffer">Where it goes; what does not fit is lost.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its octets.</returns>
    /// <exception cref="SocketException">The operating system refuses, or says that nobody listens there.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>Opens sockets. Safe for many threads.</summary>
internal abstract class DatagramSockets
{
    /// <summary>Those that cost least on this system.</summary>
    internal static DatagramSockets Best() => OperatingSystem.IsLinux() && Libc.IsKnown ? new PolledSockets() : new OrdinarySockets();

    /// <summary>A new socket, connected to the server.</summary>
    /// <exception cref="SocketException">The operating system refuses.</exception>
    internal abstract DatagramSocket Open(IPEndPoint server);
}

/// <summary>.NET's own sockets, on every system.</summary>
internal sealed class OrdinarySockets : DatagramSockets
{
    internal override DatagramSocket Open(IPEndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Connect(server);
            return new Ordinary(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class Ordinary(Socket socket) : DatagramSocket
    {
        internal override IPAddress LocalAddress => ((IPEndPoint)socket.LocalEndPoint!).Address;

        internal override async ValueTask SendAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken) =>
            await socket.SendAsync(octets, SocketFlags.None, cancellationToken).ConfigureAwait(false);

        internal override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

        public override void Dispose() => socket.Dispose();
    }
}
