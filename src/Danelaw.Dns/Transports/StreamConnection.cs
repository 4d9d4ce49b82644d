using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Danelaw.Dns.Messages;

namespace Danelaw.Dns.Transports;

/// <summary>
/// A connection over TCP or TLS that carries many queries at once; replies come in any order and find their query by id and question (RFC 7766 §6.2.1, §7; RFC 7858 §3.3).
/// </summary>
internal sealed class StreamConnection : IDisposable
{
    /// <summary>A reply comes in frames of two octets of length and so many octets at most (RFC 1035 §4.2.2).</summary>
    private const int MaximumMessage = 65535;

    private const int FirstBuffer = 2048;

    /// <summary>A peer that sends so many messages which answer nothing is not worth reading on.</summary>
    private const int MaximumStrays = 1000;

    private readonly Stream _stream;
    private readonly TimeSpan _idleTime;
    private readonly ITimer _idle;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<ushort, Pending> _pending = [];
    private Attempt? _end;
    private bool _isRetired;

    private StreamConnection(Stream stream, TimeSpan idleTime, TimeProvider time)
    {
        _stream = stream;
        _idleTime = idleTime;
        _idle = time.CreateTimer(static state => ((StreamConnection)state!).CloseIfIdle(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether new queries may go this way.</summary>
    internal bool IsUsable { get { lock (_lock) return _end is null && !_isRetired; } }

    /// <summary>Connects and, for TLS, authenticates the server.</summary>
    internal static async Task<(StreamConnection? Connection, Attempt Fault)> OpenAsync(DnsServer server, IPEndPoint address, TlsTrust trust, DnsTransportOptions options, TimeProvider time)
    {
        // A time of its own: several queries may be waiting for this connection.
        using var limit = new CancellationTokenSource(options.Timeout, time);
        Socket? socket = null;
        Stream? stream = null;
        try
        {
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address, limit.Token).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (server.Kind == TransportKind.Tls)
            {
                var secure = new SslStream(stream);
                stream = secure;
                await secure.AuthenticateAsClientAsync(trust.OptionsFor(server), limit.Token).ConfigureAwait(false);
            }

            var connection = new StreamConnection(stream, options.IdleTime, time);
            connection.Start();
            (stream, socket) = (null, null);
            return (connection, default);
        }
        catch (OperationCanceledException)
        {
            return (null, Attempt.TimedOut(stream is SslStream ? "the TLS handshake did not end in time" : "no reply to the connection"));
        }
        catch (SocketException fault)
        {
            return (null, Attempt.Of(fault));
        }
        catch (AuthenticationException fault)
        {
            return (null, Attempt.NotTrusted(TlsTrust.Describe(fault)));
        }
        catch (CryptographicException)
        {
            return (null, Attempt.NotTrusted("TLS failed: a certificate cannot be read"));
        }
        catch (IOException fault)
        {
            return (null, stream is SslStream ? Attempt.Closed("the connection was closed in the TLS handshake") : Of(fault));
        }
        finally
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
            else socket?.Dispose();
        }
    }

    /// <summary>Asks over this connection.</summary>
    internal async ValueTask<Attempt> AskAsync(DnsQuery query, QueryShape shape, CancellationToken limit)
    {
        if (!TryAdd(query, shape, out var pending)) return _end ?? Attempt.Closed("the connection was closed");
        try
        {
            var octets = pending.Wire.Octets;
            var frame = new byte[octets.Length + 2];
            BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)octets.Length);
            octets.CopyTo(frame, 2);
            await _writing.WaitAsync(limit).ConfigureAwait(false);
            var isWhole = false;
            try
            {
                // RFC 7766 §8: length and message in one write.
                await _stream.WriteAsync(frame, limit).ConfigureAwait(false);
                await _stream.FlushAsync(limit).ConfigureAwait(false);
                isWhole = true;
            }
            finally
            {
                // Half a frame cannot be taken back.
                if (!isWhole) End(Attempt.Closed("the connection was given up in the middle of a query"));
                _writing.Release();
            }

            return await pending.Reply.Task.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Attempt.TimedOut("connected, but no reply");
        }
        catch (IOException fault)
        {
            return _end ?? Of(fault);
        }
        catch (ObjectDisposedException)
        {
            return _end ?? Attempt.Closed("the connection was closed");
        }
        finally
        {
            Remove(pending);
        }
    }

    /// <summary>Takes no further queries; ends when the last one has its reply.</summary>
    internal void Retire()
    {
        lock (_lock) _isRetired = true;
        CloseIfIdle();
    }

    public void Dispose() => End(Attempt.Closed("the connection was closed"));

    private static Attempt Of(IOException fault) => fault.InnerException is SocketException socket && Attempt.Of(socket) is { Outcome: ExchangeOutcome.Closed } attempt ? attempt : Attempt.Closed("the connection broke");

    private void Start() => _ = Task.Run(ReadAsync);

    private bool TryAdd(DnsQuery query, QueryShape shape, out Pending pending)
    {
        lock (_lock)
        {
            pending = null!;
            if (_end is not null || _isRetired || _pending.Count > ushort.MaxValue / 2) return false;
            ushort id;
            do id = DatagramChannel.NewId(); while (_pending.ContainsKey(id));
            pending = new(query, QueryWire.Write(id, query, shape));
            _pending.Add(id, pending);
            _idle.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    private void Remove(Pending pending)
    {
        lock (_lock)
        {
            _pending.Remove(pending.Wire.Id);
            if (_pending.Count > 0 || _end is not null) return;
            if (!_isRetired && _idleTime > TimeSpan.Zero)
            {
                _idle.Change(_idleTime, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        CloseIfIdle();
    }

    /// <summary>Closes it, unless somebody waits for a reply.</summary>
    internal void CloseIfIdle()
    {
        lock (_lock)
        {
            if (_pending.Count > 0 || _end is not null) return;
            _isRetired = true;
        }

        End(Attempt.Closed("the connection was closed"));
    }

    private async Task ReadAsync()
    {
        var end = Attempt.Closed("the server closed the connection without a whole reply");
        try
        {
            var buffer = new byte[FirstBuffer];
            var (filled, strays) = (0, 0);
            while (strays < MaximumStrays)
            {
                if (filled >= 2 && BinaryPrimitives.ReadUInt16BigEndian(buffer) is var length && filled >= length + 2)
                {
                    if (!Deliver(buffer.AsSpan(2, length))) strays++;
                    buffer.AsSpan(length + 2, filled - length - 2).CopyTo(buffer);
                    filled -= length + 2;
                    continue;
                }

                // The length that the peer states sizes nothing: the buffer grows as octets come in.
                if (filled == buffer.Length) Array.Resize(ref buffer, Math.Min(buffer.Length * 2, MaximumMessage + 2));
                var read = await _stream.ReadAsync(buffer.AsMemory(filled), _ending.Token).ConfigureAwait(false);
                if (read == 0) break;
                filled += read;
            }

            if (strays == MaximumStrays) end = Attempt.Malformed("the server sends messages that answer nothing");
        }
        catch (IOException fault) { end = Of(fault); }
        catch (OperationCanceledException) { /* ended by us, with its own reason */ }
        catch (ObjectDisposedException) { /* the same */ }

        End(end);
    }

    /// <summary>Gives a message to the query that it answers; false when there is none.</summary>
    private bool Deliver(ReadOnlySpan<byte> message)
    {
        if (message.Length < 2) return false;
        Pending? pending;
        lock (_lock)
            if (!_pending.TryGetValue(BinaryPrimitives.ReadUInt16BigEndian(message), out pending)) return false;
        if (pending.Wire.Fit(message) is not (ReplyFit.Fits or ReplyFit.NamesNoQuestion)) return false;
        var octets = Octets.Copy(message);
        if (!DnsMessage.TryRead(octets.Memory, out var reply, out var fault)) pending.Reply.TrySetResult(Attempt.Malformed($"{fault}", octets));
        else if (reply.Flags.HasFlag(MessageFlags.Truncated)) pending.Reply.TrySetResult(Attempt.Malformed("the reply is truncated, although it came over a stream", octets));
        else pending.Reply.TrySetResult(Attempt.Replied(octets, reply));
        return true;
    }

    private void End(Attempt reason)
    {
        Pending[] waiting;
        lock (_lock)
        {
            if (_end is not null) return;
            _end = reason;
            waiting = [.. _pending.Values];
        }

        _ending.Cancel();
        _idle.Dispose();
        _stream.Dispose();
        foreach (var pending in waiting) pending.Reply.TrySetResult(reason);
    }

    private sealed record Pending(DnsQuery Query, QueryWire Wire)
    {
        internal TaskCompletionSource<Attempt> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
