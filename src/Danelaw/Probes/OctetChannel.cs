using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Danelaw.Probes;

/// <summary>How reading a line, or a number of octets, ended.</summary>
internal enum LineEnd
{
    /// <summary>A whole line; all the octets.</summary>
    Line = 0,

    /// <summary>The peer closed or reset the connection.</summary>
    Closed,

    /// <summary>Nothing, or not enough, within the time.</summary>
    TimedOut,

    /// <summary>The line, the octets, or the dialogue are longer than the limit.</summary>
    TooLong,
}

/// <summary>Octets over a stream, with the limits of a probe: a peer can neither hang it nor fill memory.</summary>
internal class OctetChannel : IDisposable
{
    // A transcript is evidence for people; more than this helps nobody.
    private const int MaximumTranscriptLines = 100;
    private const int MaximumTranscriptLine = 200;

    private readonly Stream _stream;
    private readonly TlsProberOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationToken _end;
    private readonly ImmutableArray<string>.Builder _transcript = ImmutableArray.CreateBuilder<string>();
    private readonly byte[] _buffer = new byte[4096];
    private int _start;
    private int _filled;
    private int _received;
    private CancellationTokenSource? _step;
    private CancellationTokenSource? _stepOrEnd;

    /// <param name="stream">The connection.</param>
    /// <param name="options">The limits.</param>
    /// <param name="time">Measures the steps.</param>
    /// <param name="end">The end of the probe's time, or the caller's wish; either ends a wait as <see cref="LineEnd.TimedOut"/>.</param>
    internal OctetChannel(Stream stream, TlsProberOptions options, TimeProvider time, CancellationToken end)
    {
        _stream = stream;
        _options = options;
        _time = time;
        _end = end;
    }

    /// <summary>What was said so far, each with <c>C: </c> or <c>S: </c> before it.</summary>
    internal ImmutableArray<string> Transcript => _transcript.ToImmutable();

    /// <summary>Octets that were received and not read.</summary>
    internal ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _filled - _start);

    /// <summary>Whether anything was received.</summary>
    internal bool HasReceived => _received > 0;

    /// <summary>Whether it was waited for anything.</summary>
    internal bool HasListened { get; private set; }

    /// <summary>What reading came to that failed; null when none did.</summary>
    internal Exception? ReadFault { get; private set; }

    internal TlsProberOptions Options => _options;

    /// <summary>Begins the time of the next reply.</summary>
    internal void StartStep(TimeSpan? time = null)
    {
        EndStep();
        _step = new(time ?? _options.StepTime, _time);
        _stepOrEnd = CancellationTokenSource.CreateLinkedTokenSource(_step.Token, _end);
    }

    /// <summary>Waits for anything that may come.</summary>
    internal async ValueTask ListenAsync(TimeSpan time)
    {
        StartStep(time);
        await ReceiveAsync().ConfigureAwait(false);
    }

    /// <summary>Reads one octet.</summary>
    internal async ValueTask<(LineEnd End, byte Octet)> ReadByteAsync()
    {
        if (Unread.IsEmpty && await ReceiveAsync().ConfigureAwait(false) is var end and not LineEnd.Line) return (end, 0);
        var octet = Unread[0];
        Skip(1);
        return (LineEnd.Line, octet);
    }

    /// <summary>Reads so many octets, or what comes of them. The number may be foreign: one above the limit is not waited for, and room is made only for what has come.</summary>
    internal async ValueTask<(LineEnd End, byte[] Octets)> ReadExactlyAsync(int count)
    {
        if (count < 0 || count > _options.MaximumOctets) return (LineEnd.TooLong, []);
        var octets = new ArrayBufferWriter<byte>();
        while (true)
        {
            var taken = Math.Min(count - octets.WrittenCount, Unread.Length);
            octets.Write(Unread[..taken]);
            Skip(taken);
            if (octets.WrittenCount == count) return (LineEnd.Line, octets.WrittenSpan.ToArray());
            var end = await ReceiveAsync().ConfigureAwait(false);
            if (end != LineEnd.Line) return (end, octets.WrittenSpan.ToArray());
        }
    }

    /// <summary>Sends octets.</summary>
    /// <param name="octets">The octets.</param>
    /// <param name="name">What the protocol calls them, for the transcript.</param>
    internal ValueTask<LineEnd> WriteAsync(ReadOnlyMemory<byte> octets, string name)
    {
        Note("C: ", name, octets.Span);
        return SendAsync(octets);
    }

    /// <summary>Keeps octets for the transcript.</summary>
    internal void Note(string who, string name, ReadOnlySpan<byte> octets) =>
        Note(who, string.Create(CultureInfo.InvariantCulture, $"{name}, {octets.Length} octets: {Convert.ToHexStringLower(octets[..Math.Min(octets.Length, MaximumTranscriptLine)])}"));

    /// <summary>Keeps words for the transcript.</summary>
    internal void Note(string who, string line)
    {
        if (_transcript.Count >= MaximumTranscriptLines) return;
        _transcript.Add(who + (line.Length > MaximumTranscriptLine ? line[..MaximumTranscriptLine] + "…" : line));
    }

    public void Dispose() => EndStep();

    /// <summary>Takes octets as read.</summary>
    protected void Skip(int count) => _start += count;

    /// <summary>Receives more, when everything has been read.</summary>
    protected async ValueTask<LineEnd> ReceiveAsync()
    {
        if (_received >= _options.MaximumOctets) return LineEnd.TooLong;
        _start = _filled = 0;
        HasListened = true;
        try
        {
            var count = await _stream.ReadAsync(_buffer, Token).ConfigureAwait(false);
            if (count == 0) return LineEnd.Closed;
            _filled = count;
            _received += count;
            return LineEnd.Line;
        }
        catch (OperationCanceledException)
        {
            return LineEnd.TimedOut;
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            ReadFault ??= exception;
            return LineEnd.Closed;
        }
    }

    protected async ValueTask<LineEnd> SendAsync(ReadOnlyMemory<byte> octets)
    {
        try
        {
            await _stream.WriteAsync(octets, Token).ConfigureAwait(false);
            await _stream.FlushAsync(Token).ConfigureAwait(false);
            return LineEnd.Line;
        }
        catch (OperationCanceledException)
        {
            return LineEnd.TimedOut;
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            return LineEnd.Closed;
        }
    }

    /// <summary>How a connection ends; within TLS also by what cannot be understood.</summary>
    private static bool IsEnd(Exception exception) => exception is IOException or ObjectDisposedException or CryptographicException or AuthenticationException;

    private CancellationToken Token => _stepOrEnd?.Token ?? _end;

    private void EndStep()
    {
        _stepOrEnd?.Dispose();
        _step?.Dispose();
        _stepOrEnd = null;
        _step = null;
    }
}
