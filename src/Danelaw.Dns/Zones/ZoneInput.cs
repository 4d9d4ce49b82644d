using System.Buffers;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records.Text;

namespace Danelaw.Dns.Zones;

/// <summary>One file that is being read, entry by entry; only the entry at hand is kept.</summary>
internal sealed class ZoneInput : IDisposable
{
    private const int FirstBuffer = 64 * 1024;

    /// <summary>The longest record has 65535 octets, four characters each at most; the rest is for blanks and comments.</summary>
    private const int MaximumEntry = 1024 * 1024;

    private readonly TextReader _reader;
    private char[] _buffer = ArrayPool<char>.Shared.Rent(FirstBuffer);
    private int _start;
    private int _filled;
    private int _entry;
    private int _entryLength;
    private bool _isStarted;
    private bool _isWhole;

    internal ZoneInput(TextReader reader, string file, bool isOctets, DomainName origin, DomainName? owner)
    {
        (_reader, File, IsOctets, Origin, Owner) = (reader, file, isOctets, origin, owner);
    }

    /// <summary>The file's name, for faults and for the files that it includes.</summary>
    internal string File { get; }

    /// <summary>Whether a character stands for an octet of the file.</summary>
    internal bool IsOctets { get; }

    /// <summary>What completes relative names at present.</summary>
    internal DomainName Origin { get; set; }

    /// <summary>The owner of the record before; null at the beginning.</summary>
    internal DomainName? Owner { get; set; }

    /// <summary>The line that comes next, from 1.</summary>
    internal int Line { get; private set; } = 1;

    /// <summary>The first line of the entry, and the one behind it: whole lines belong to one entry.</summary>
    internal (int First, int Behind) EntryLines { get; private set; }

    /// <summary>The text of the entry; its tokens count from its start. Good until the next one is read.</summary>
    internal ReadOnlySpan<char> Entry => _buffer.AsSpan(_entry, _entryLength);

    /// <summary>Whether the entry begins with a blank.</summary>
    internal bool BeginsBlank { get; private set; }

    /// <summary>Opens a file so that each octet becomes one character: what is not ASCII reaches the wire unchanged.</summary>
    internal static bool TryOpen(string path, Func<string, Stream>? open, DomainName origin, DomainName? owner, out ZoneInput? input, out string fault)
    {
        try
        {
            var stream = open is null ? new FileStream(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan }) : open(path);
            input = Of(stream, path, origin, owner);
            fault = "";
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            input = null;
            fault = failure switch
            {
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                UnauthorizedAccessException => Directory.Exists(path) ? "it is a folder" : "it may not be read",
                _ => failure.Message,
            };
            return false;
        }
    }

    /// <summary>Reads a stream so that each octet becomes one character.</summary>
    internal static ZoneInput Of(Stream stream, string file, DomainName origin, DomainName? owner) =>
        new(new StreamReader(stream, Encoding.Latin1, detectEncodingFromByteOrderMarks: false, bufferSize: FirstBuffer), file, isOctets: true, origin, owner);

    /// <summary>Goes to the next entry that has tokens.</summary>
    /// <param name="tokens">Takes its tokens.</param>
    /// <param name="fault">A fault of the text, or null.</param>
    /// <returns>False at the end and for a fault; after a fault the next call goes on in the line behind it.</returns>
    internal bool TryNext(TokenList tokens, out ZoneFault? fault)
    {
        fault = null;
        if (!_isStarted) Begin();
        while (!_isWhole || _start < _filled)
        {
            tokens.Clear();
            var scanner = new TextScanner(_buffer.AsSpan(_start, _filled - _start), _isWhole, Line);
            var result = scanner.Scan(tokens);
            if (result == ScanResult.NeedMore)
            {
                if (TryFill()) continue;
                fault = TooLong(scanner.Open);
                return false;
            }

            (_entry, _entryLength, BeginsBlank) = (_start, scanner.Consumed, scanner.BeginsBlank);
            _start += scanner.Consumed;
            EntryLines = (Line, scanner.Line + (Entry.EndsWith('\n') || Entry.EndsWith('\r') ? 0 : 1));
            Line = scanner.Line;
            if (result == ScanResult.Fault) fault = new(File, scanner.FaultLine, scanner.FaultColumn, scanner.Fault);
            else if (tokens.Count == 0) continue;
            return fault is null;
        }

        return false;
    }

    public void Dispose()
    {
        _reader.Dispose();
        ArrayPool<char>.Shared.Return(_buffer);
        _buffer = [];
        (_start, _filled, _entry, _entryLength, _isWhole, _isStarted) = (0, 0, 0, 0, true, true);
    }

    private void Begin()
    {
        _isStarted = true;
        TryFill();
        _start = TextScanner.ByteOrderMarkLength(_buffer.AsSpan(0, _filled));
    }

    /// <summary>Reads on; false when the entry is too long for that.</summary>
    private bool TryFill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _filled - _start).CopyTo(_buffer);
            (_start, _filled) = (0, _filled - _start);
        }

        if (_filled == _buffer.Length)
        {
            if (_buffer.Length >= MaximumEntry) return false;
            var larger = ArrayPool<char>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _filled).CopyTo(larger);
            ArrayPool<char>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var read = _reader.ReadBlock(_buffer.AsSpan(_filled));
        _isWhole = _filled + read < _buffer.Length;
        _filled += read;
        return true;
    }

    /// <summary>Gives up the whole rest: where the entry ends nobody can tell.</summary>
    private ZoneFault TooLong((int Depth, int Line, int Column) open)
    {
        (_start, _filled, _isWhole) = (0, 0, true);
        return open.Depth > 0
            ? new(File, open.Line, open.Column, $"this parenthesis is not closed within {MaximumEntry} characters")
            : new(File, Line, 1, $"this line has more than {MaximumEntry} characters");
    }
}
