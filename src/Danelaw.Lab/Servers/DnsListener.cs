using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Danelaw.Lab.Servers;

/// <summary>One address and port on which a responder is asked, by UDP and by TCP (RFC 7766).</summary>
internal sealed class DnsListener : IAsyncDisposable
{
    // RFC 7766 §6.2.3 leaves the time to the server.
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(30);

    private readonly DnsResponder _responder;
    private readonly TimeProvider _clock;
    private readonly Socket _datagrams;
    private readonly TcpAcceptor _connections;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _datagramLoop;

    private DnsListener(DnsResponder responder, TimeProvider clock, Socket datagrams, Func<DnsListener, TcpAcceptor> accept)
    {
        _responder = responder;
        _clock = clock;
        _datagrams = datagrams;
        _connections = accept(this);
        _datagramLoop = Task.Run(ServeDatagramsAsync);
    }

    /// <summary>Binds both sockets and begins to answer.</summary>
    /// <exception cref="SocketException">The address or port is not to be had.</exception>
    internal static DnsListener Start(IPEndPoint endPoint, DnsResponder responder, TimeProvider clock)
    {
        var datagrams = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            datagrams.Bind(endPoint);
            return new DnsListener(responder, clock, datagrams, listener => TcpAcceptor.Start(endPoint, listener.ServeConnectionAsync));
        }
        catch
        {
            datagrams.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _datagrams.Dispose();
        await _datagramLoop.ConfigureAwait(false);
        await _connections.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task ServeDatagramsAsync()
    {
        var buffer = new byte[ushort.MaxValue];
        EndPoint anybody = new IPEndPoint(_datagrams.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var received = await _datagrams.ReceiveFromAsync(buffer, SocketFlags.None, anybody, _stop.Token).ConfigureAwait(false);
                var reply = _responder.Answer(buffer.AsMemory(0, received.ReceivedBytes).ToArray(), isDatagram: true);
                if (reply is not null) await _datagrams.SendToAsync(reply, SocketFlags.None, received.RemoteEndPoint, _stop.Token).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // The asker's port has closed: Linux tells of it here, and the next asker does not care.
            }
            catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeConnectionAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var stream = new NetworkStream(socket);
        var length = new byte[2];
        while (true)
        {
            using var idle = new CancellationTokenSource(IdleLimit, _clock);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
            await stream.ReadExactlyAsync(length, limit.Token).ConfigureAwait(false);
            var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(query, limit.Token).ConfigureAwait(false);
            if (_responder.Answer(query, isDatagram: false) is not { } reply) return;
            var framed = new byte[2 + reply.Length];
            BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)reply.Length);
            reply.CopyTo(framed, 2);
            await stream.WriteAsync(framed, limit.Token).ConfigureAwait(false);
        }
    }
}
