using System.Collections.Immutable;
using System.Text;

namespace Danelaw.Probes;

/// <summary>How reading a line ended.</summary>
internal enum LineEnd
{
    /// <summary>A whole line.</summary>
    Line = 0,

    /// <summary>The peer closed or reset the connection.</summary>
    Closed,

    /// <summary>Nothing, or not enough, within the time.</summary>
    TimedOut,

    /// <summary>The line, or the dialogue, is longer than the limit.</summary>
    TooLong,
}

/// <summary>Lines over a stream, with the limits of a probe: a peer can neither hang it nor fill memory. Octets are taken as Latin-1, so none is lost.</summary>
internal sealed class LineChannel : IDisposable
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
    internal LineChannel(Stream stream, TlsProberOptions options, TimeProvider time, CancellationToken end)
    {
        _stream = stream;
        _options = options;
        _time = time;
        _end = end;
    }

    /// <summary>The lines so far, each with <c>C: </c> or <c>S: </c> before it.</summary>
    internal ImmutableArray<string> Transcript => _transcript.ToImmutable();

    /// <summary>Octets that were received and not read as a line.</summary>
    internal ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _filled - _start);

    internal TlsProberOptions Options => _options;

    /// <summary>Begins the time of the next reply.</summary>
    internal void StartStep(TimeSpan? time = null)
    {
        EndStep();
        _step = new(time ?? _options.StepTime, _time);
        _stepOrEnd = CancellationTokenSource.CreateLinkedTokenSource(_step.Token, _end);
    }

    /// <summary>Reads one line without its line end; a bare line feed ends a line too.</summary>
    internal async ValueTask<(LineEnd End, string Line)> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (true)
        {
            var unread = _buffer.AsSpan(_start, _filled - _start);
            var feed = unread.IndexOf((byte)'\n');
            line.Append(Encoding.Latin1.GetString(feed < 0 ? unread : unread[..feed]));
            _start = feed < 0 ? _filled : _start + feed + 1;
            if (line.Length > _options.MaximumLine) return (LineEnd.TooLong, "");
            if (feed >= 0)
            {
                if (line.Length > 0 && line[^1] == '\r') line.Length--;
                var text = line.ToString();
                Note("S: ", text);
                return (LineEnd.Line, text);
            }

            if (_received >= _options.MaximumOctets) return (LineEnd.TooLong, "");
            var end = await FillAsync().ConfigureAwait(false);
            if (end != LineEnd.Line) return (end, "");
        }
    }

    /// <summary>Sends one line.</summary>
    internal async ValueTask<LineEnd> WriteLineAsync(string line)
    {
        Note("C: ", line);
        try
        {
            await _stream.WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"), Token).ConfigureAwait(false);
            await _stream.FlushAsync(Token).ConfigureAwait(false);
            return LineEnd.Line;
        }
        catch (OperationCanceledException)
        {
            return LineEnd.TimedOut;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return LineEnd.Closed;
        }
    }

    public void Dispose() => EndStep();

    private CancellationToken Token => _stepOrEnd?.Token ?? _end;

    private async ValueTask<LineEnd> FillAsync()
    {
        _start = _filled = 0;
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
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return LineEnd.Closed;
        }
    }

    private void Note(string who, string line)
    {
        if (_transcript.Count >= MaximumTranscriptLines) return;
        _transcript.Add(who + (line.Length > MaximumTranscriptLine ? line[..MaximumTranscriptLine] + "…" : line));
    }

    private void EndStep()
    {
        _stepOrEnd?.Dispose();
        _step?.Dispose();
        _stepOrEnd = null;
        _step = null;
    }
}
