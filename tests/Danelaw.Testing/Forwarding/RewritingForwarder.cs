using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Danelaw.Testing.Forwarding;

/// <summary>What a forwarder does with a query: it may ask upstream as often as it likes, and gives the packets to send back, none to stay silent.</summary>
/// <param name="query">The query.</param>
/// <param name="forwarder">The forwarder, to ask upstream by.</param>
/// <param name="cancellationToken">The forwarder is being stopped.</param>
public delegate Task<IReadOnlyList<byte[]>> Answering(ForwardedQuery query, RewritingForwarder forwarder, CancellationToken cancellationToken);

/// <summary>A man in the middle between a resolver and its upstream: forwards queries over UDP and TCP and rewrites what comes back.</summary>
public sealed class RewritingForwarder : IAsyncDisposable
{
    private readonly IPEndPoint _upstream;
    private readonly Answering _answer;
    private readonly Socket _udp;
    private readonly TcpListener _tcp;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _work = [];
    private int _queries;

    private RewritingForwarder(IPEndPoint local, IPEndPoint upstream, Answering answer)
    {
        _upstream = upstream;
        _answer = answer;
        _udp = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _udp.Bind(local);
        EndPoint = (IPEndPoint)_udp.LocalEndPoint!;
        _tcp = new TcpListener(EndPoint);
        _tcp.Start();
        _work.Add(ServeUdpAsync());
        _work.Add(ServeTcpAsync());
    }

    /// <summary>Where it listens, for UDP and TCP alike.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>How many queries it has had.</summary>
    public int Queries => Volatile.Read(ref _queries);

    /// <summary>Starts one.</summary>
    /// <param name="local">Where to listen; port 0 takes a free one.</param>
    /// <param name="upstream">The resolver behind it.</param>
    /// <param name="answer">What it does with a query; null forwards unchanged.</param>
    public static RewritingForwarder Start(IPEndPoint local, IPEndPoint upstream, Answering? answer = null) => new(local, upstream, answer ?? Unchanged);

    /// <summary>Forwards a query and gives the reply back as it came.</summary>
    public static async Task<IReadOnlyList<byte[]>> Unchanged(ForwardedQuery query, RewritingForwarder forwarder, CancellationToken cancellationToken) =>
        [await forwarder.AskAsync(query.Wire, query.OverTcp, cancellationToken)];

    /// <summary>Asks upstream.</summary>
    /// <param name="query">The query's octets; the reply bears its id.</param>
    /// <param name="overTcp">Whether over TCP, where nothing is truncated.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<byte[]> AskAsync(byte[] query, bool overTcp, CancellationToken cancellationToken)
    {
        if (!overTcp)
        {
            using var socket = new Socket(_upstream.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(_upstream, cancellationToken);
            await socket.SendAsync(query, cancellationToken);
            var buffer = new byte[65535];
            var length = await socket.ReceiveAsync(buffer, cancellationToken);
            return buffer[..length];
        }
        using var client = new TcpClient(_upstream.AddressFamily);
        await client.ConnectAsync(_upstream, cancellationToken);
        await WriteFramedAsync(client.GetStream(), query, cancellationToken);
        return await ReadFramedAsync(client.GetStream(), cancellationToken) ?? throw new IOException("the upstream closed the connection");
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[65535];
        var anybody = new IPEndPoint(_udp.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var received = await _udp.ReceiveFromAsync(buffer, anybody, _stop.Token);
                Keep(AnswerUdpAsync(buffer[..received.ReceivedBytes], received.RemoteEndPoint));
            }
            catch (OperationCanceledException) { return; }
            catch (SocketException) { /* an asker that went away */ }
        }
    }

    private async Task AnswerUdpAsync(byte[] query, EndPoint asker)
    {
        foreach (var packet in await AnswerAsync(new ForwardedQuery(query, OverTcp: false) { SendAside = FromAnotherPortAsync }))
            await _udp.SendToAsync(packet, asker, _stop.Token);

        async Task FromAnotherPortAsync(byte[] packet)
        {
            using var other = new Socket(EndPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            other.Bind(new IPEndPoint(EndPoint.Address, 0));
            await other.SendToAsync(packet, asker, _stop.Token);
        }
    }

    private async Task ServeTcpAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try { Keep(AnswerTcpAsync(await _tcp.AcceptTcpClientAsync(_stop.Token))); }
            catch (OperationCanceledException) { return; }
            catch (SocketException) { /* an asker that went away */ }
        }
    }

    private async Task AnswerTcpAsync(TcpClient client)
    {
        using (client)
            while (await ReadFramedAsync(client.GetStream(), _stop.Token) is { } query)
                foreach (var packet in await AnswerAsync(new ForwardedQuery(query, OverTcp: true) { SendAside = async octets => await client.GetStream().WriteAsync(octets, _stop.Token) }))
                    await WriteFramedAsync(client.GetStream(), packet, _stop.Token);
    }

    private Task<IReadOnlyList<byte[]>> AnswerAsync(ForwardedQuery query)
    {
        Interlocked.Increment(ref _queries);
        return _answer(query, this, _stop.Token);
    }

    private void Keep(Task task)
    {
        lock (_work)
        {
            _work.RemoveAll(done => done.IsCompletedSuccessfully);
            _work.Add(task);
        }
    }

    private static async Task WriteFramedAsync(NetworkStream stream, byte[] message, CancellationToken cancellationToken)
    {
        var framed = new byte[message.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed, 2);
        await stream.WriteAsync(framed, cancellationToken);
    }

    private static async Task<byte[]?> ReadFramedAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var length = new byte[2];
        if (await stream.ReadAtLeastAsync(length, 2, throwOnEndOfStream: false, cancellationToken) < 2) return null;
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        return await stream.ReadAtLeastAsync(message, message.Length, throwOnEndOfStream: false, cancellationToken) < message.Length ? null : message;
    }

    /// <summary>Stops it; a rewrite that failed for another reason than this end is told.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Stop();
        Task[] work;
        lock (_work) work = [.. _work];
        await Task.WhenAll(work).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _stop.Dispose();
        var failures = work.SelectMany(task => task.Exception?.InnerExceptions ?? []).Where(failure => failure is not (OperationCanceledException or SocketException or IOException or ObjectDisposedException)).ToList();
        if (failures.Count > 0) throw new AggregateException("a rewrite failed", failures);
    }
}
