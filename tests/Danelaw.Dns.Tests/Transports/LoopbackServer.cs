using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Danelaw.Dns.Tests.Transports;

/// <summary>A DNS server on loopback, UDP and TCP on one port, that answers as the test says: rightly, wrongly or not at all.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly Socket _udp;
    private readonly Socket _tcp;
    private readonly CancellationTokenSource _end = new();
    private readonly Func<Asked, Task> _answer;
    private readonly X509Certificate2? _certificate;
    private readonly List<Task> _tasks = [];

    public LoopbackServer(Func<Asked, Task> answer, X509Certificate2? certificate = null, string address = "127.0.0.1")
    {
        _answer = answer;
        _certificate = certificate;
        (_udp, _tcp) = BindPair(IPAddress.Parse(address));
        _tcp.Listen(16);
        EndPoint = (IPEndPoint)_udp.LocalEndPoint!;
        _tasks.Add(ServeUdpAsync());
        _tasks.Add(ServeTcpAsync());
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Every query that came in, in order.</summary>
    public ConcurrentQueue<Asked> Queries { get; } = new();

    /// <summary>How many TCP connections were taken.</summary>
    public int Connections { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await Task.WhenAll(_tasks);
        _end.Dispose();
    }

    private static (Socket Udp, Socket Tcp) BindPair(IPAddress address)
    {
        while (true)
        {
            var udp = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(address, 0));
            var tcp = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                tcp.Bind(udp.LocalEndPoint!);
                return (udp, tcp);
            }
            catch (SocketException)
            {
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[65535];
        try
        {
            while (true)
            {
                var received = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(_udp.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0), _end.Token);
                var client = (IPEndPoint)received.RemoteEndPoint;
                await AnswerAsync(new(buffer[..received.ReceivedBytes], client, IsTcp: false, octets => _udp.SendToAsync(octets, SocketFlags.None, client, _end.Token).AsTask(), () => { }, _end.Token));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException) { /* the end of the test */ }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _tcp.AcceptAsync(_end.Token);
                Connections++;
                _tasks.Add(ServeAsync(socket));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException) { /* the end of the test */ }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            await using var closing = stream;
            if (_certificate is not null)
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
                stream = secure;
            }

            var prefix = new byte[2];
            while (true)
            {
                await stream.ReadExactlyAsync(prefix, _end.Token);
                var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
                await stream.ReadExactlyAsync(query, _end.Token);
                await AnswerAsync(new(query, (IPEndPoint)socket.RemoteEndPoint!, IsTcp: true, octets => stream.WriteAsync(octets, _end.Token).AsTask(), socket.Dispose, _end.Token));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException or SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException) { /* the client or the test is done */ }
    }

    private Task AnswerAsync(Asked asked)
    {
        Queries.Enqueue(asked);
        return _answer(asked);
    }
}

/// <summary>A query as it came in.</summary>
/// <param name="Octets">The message.</param>
/// <param name="Client">Who asked.</param>
/// <param name="IsTcp">Whether it came over a connection.</param>
/// <param name="SendRaw">Sends octets as they are.</param>
/// <param name="Close">Closes the connection.</param>
/// <param name="End">Cancelled when the server ends.</param>
internal sealed record Asked(byte[] Octets, IPEndPoint Client, bool IsTcp, Func<byte[], Task> SendRaw, Action Close, CancellationToken End)
{
    public ushort Id => BinaryPrimitives.ReadUInt16BigEndian(Octets);

    public bool HasEdns => Octets[11] == 1;

    /// <summary>The name in wire form with the type and class behind it.</summary>
    public byte[] Question => Octets[12..(12 + QuestionLength)];

    /// <summary>The value of the cookie option; empty without one.</summary>
    public byte[] Cookie
    {
        get
        {
            var at = 12 + QuestionLength + 11;
            while (at + 4 <= Octets.Length)
            {
                var (code, length) = (BinaryPrimitives.ReadUInt16BigEndian(Octets.AsSpan(at)), BinaryPrimitives.ReadUInt16BigEndian(Octets.AsSpan(at + 2)));
                if (code == 10) return Octets[(at + 4)..(at + 4 + length)];
                at += 4 + length;
            }

            return [];
        }
    }

    /// <summary>Sends a message, over TCP with its length before it.</summary>
    public Task SendAsync(byte[] message) => SendRaw(IsTcp ? Frame(message) : message);

    public static byte[] Frame(byte[] message) => [(byte)(message.Length >> 8), (byte)message.Length, .. message];

    /// <summary>A reply with one address, 192.0.2.N, in its answer, and an OPT record with a cookie when one is given.</summary>
    public byte[] Reply(byte last = 1, byte rcode = 0, bool hasQuestion = true, byte[]? cookie = null, bool hasEdns = true, bool isTruncated = false)
    {
        var answers = rcode == 0 && !isTruncated ? 1 : 0;
        var opt = hasEdns && HasEdns;
        List<byte> reply = [Octets[0], Octets[1], (byte)(0x80 | (isTruncated ? 2 : 0)), (byte)(0x80 | (rcode & 15)), 0, (byte)(hasQuestion ? 1 : 0), 0, (byte)answers, 0, 0, 0, (byte)(opt ? 1 : 0)];
        if (hasQuestion) reply.AddRange(Question);
        if (answers == 1) reply.AddRange([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, last]);
        if (!opt) return [.. reply];
        reply.AddRange([0, 0, 41, 4, 208, (byte)(rcode >> 4), 0, 0, 0, 0, (byte)(cookie is null ? 0 : cookie.Length + 4)]);
        if (cookie is not null) reply.AddRange([0, 10, 0, (byte)cookie.Length, .. cookie]);
        return [.. reply];
    }

    private int QuestionLength
    {
        get
        {
            var at = 12;
            while (Octets[at] != 0) at += Octets[at] + 1;
            return at + 5 - 12;
        }
    }
}
