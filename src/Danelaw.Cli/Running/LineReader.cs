using System.Text;

namespace Danelaw.Cli.Running;

/// <summary>Reads lines of foreign length: of one that is too long no more is held than may be there, so that a device that never ends a line takes no memory.</summary>
/// <param name="reader">Where they come from.</param>
/// <param name="most">Characters that a line may have.</param>
internal sealed class LineReader(TextReader reader, int most)
{
    private readonly char[] _buffer = new char[4096];
    private int _start;
    private int _end;
    private bool _isAfterReturn;

    /// <summary>Whether the last line is longer than may be. What comes after it is not read.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>The next line without its end (LF, CR, or both); null when there is none.</summary>
    public async ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var isAny = false;
        while (!IsTooLong)
        {
            if (_start == _end)
            {
                (_start, _end) = (0, await reader.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false));
                if (_end == 0) return isAny ? line.ToString() : null;
            }

            // The second half of an end of line belongs to the first.
            if (_isAfterReturn && _buffer[_start] == '\n') _start++;
            _isAfterReturn = false;
            if (_start == _end) continue;
            var length = _buffer.AsSpan(_start, _end - _start).IndexOfAny('\n', '\r');
            var taken = length < 0 ? _end - _start : length;
            isAny = true;
            if (line.Length + taken > most)
            {
                IsTooLong = true;
                return null;
            }

            line.Append(_buffer, _start, taken);
            _start += taken;
            if (length < 0) continue;
            _isAfterReturn = _buffer[_start] == '\r';
            _start++;
            return line.ToString();
        }

        return null;
    }
}
