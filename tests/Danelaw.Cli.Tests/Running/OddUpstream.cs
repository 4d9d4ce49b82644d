using System.Net;
using System.Net.Sockets;

namespace Danelaw.Cli.Tests.Running;

/// <summary>An upstream on loopback that answers every query with what a function makes of it, over UDP.</summary>
internal sealed class OddUpstream : IAsyncDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _loop;

    private OddUpstream(Func<byte[], byte[]?> reply) => _loop = ServeAsync(reply);

    /// <summary>Ends when the first query has come.</summary>
    public Task Asked => _asked.Task;

    public string Address => _socket.Client.LocalEndPoint!.ToString()!;

    /// <summary>Says REFUSED to everything.</summary>
    public static OddUpstream Refusing() => new(query => Header(query, 5));

    /// <summary>Answers another question than the one asked.</summary>
    public static OddUpstream Lying() => new(query =>
    {
        var reply = Header(query, 0);
        reply[13] ^= 1;
        return reply;
    });

    /// <summary>Sends octets that are no message.</summary>
    public static OddUpstream Noisy()
    {
        var random = new Random(7);
        return new(query =>
        {
            var noise = new byte[64 + random.Next(900)];
            random.NextBytes(noise);
            query.AsSpan(0, 2).CopyTo(noise);
            return noise;
        });
    }

    /// <summary>Takes everything and says nothing.</summary>
    public static OddUpstream Silent() => new(_ => null);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        _socket.Dispose();
        _end.Dispose();
    }

    /// <summary>The query as a reply with a response code; EDNS as it came.</summary>
    private static byte[] Header(byte[] query, byte code)
    {
        var reply = (byte[])query.Clone();
        reply[2] |= 0x80;
        reply[3] = (byte)((reply[3] & 0x70) | 0x80 | code);
        return reply;
    }

    private async Task ServeAsync(Func<byte[], byte[]?> reply)
    {
        try
        {
            while (true)
            {
                var query = await _socket.ReceiveAsync(_end.Token);
                _asked.TrySetResult();
                if (reply(query.Buffer) is { } answer) await _socket.SendAsync(answer, query.RemoteEndPoint, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
