using System.Buffers;

namespace Danelaw.Dns.Records.Text;

/// <summary>What came of scanning.</summary>
internal enum ScanResult
{
    /// <summary>A fault; <see cref="TextScanner"/> tells which and where.</summary>
    Fault = 0,

    /// <summary>A whole entry, possibly without tokens: a line that is empty or a comment.</summary>
    Entry,

    /// <summary>The text ends before the entry does.</summary>
    NeedMore,
}

/// <summary>
/// Cuts text into the tokens of one entry: a line, or several where parentheses hold them together (RFC 1035 §5.1). Blanks part tokens, a semicolon begins a comment,
/// quotes hold blanks together on one line, a backslash takes the next character's meaning away.
/// </summary>
internal ref struct TextScanner
{
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>Where a token that began as it is may end or change.</summary>
    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\r\n;()\"\\\x7F" + string.Concat(Enumerable.Range(0, ' ').Select(character => (char)character)));

    private static readonly SearchValues<char> QuoteEnds = SearchValues.Create("\"\\\x7F" + string.Concat(Enumerable.Range(0, ' ').Select(character => (char)character).Where(character => character != '\t')));

    private readonly ReadOnlySpan<char> _text;
    private readonly bool _isWhole;
    private int _at;
    private int _lineStart;
    private int _depth;
    private int _openLine;
    private int _openColumn;

    /// <summary>Begins at the start of a line.</summary>
    /// <param name="text">The text from there on.</param>
    /// <param name="isWhole">Whether nothing follows it.</param>
    /// <param name="line">The number of that line, from 1.</param>
    internal TextScanner(ReadOnlySpan<char> text, bool isWhole, int line)
    {
        _text = text;
        _isWhole = isWhole;
        Line = line;
        Fault = "";
    }

    /// <summary>How many characters the entry took, line end included; after a fault up to the end of the line that it stands in.</summary>
    internal readonly int Consumed => _at;

    /// <summary>The line that scanning stands in, from 1.</summary>
    internal int Line { get; private set; }

    /// <summary>Whether the entry's first line begins with a blank: its owner is the one before.</summary>
    internal bool BeginsBlank { get; private set; }

    /// <summary>What is wrong; empty without a fault.</summary>
    internal string Fault { get; private set; }

    internal int FaultLine { get; private set; }

    internal int FaultColumn { get; private set; }

    /// <summary>How many parentheses are open, and where the first of them stands.</summary>
    internal readonly (int Depth, int Line, int Column) Open => (_depth, _openLine, _openColumn);

    /// <summary>Scans one entry.</summary>
    /// <param name="tokens">Takes its tokens; must be empty.</param>
    internal ScanResult Scan(TokenList tokens)
    {
        BeginsBlank = _text.Length > 0 && _text[0] is ' ' or '\t';
        while (_at < _text.Length)
        {
            var character = _text[_at];
            switch (character)
            {
                case ' ' or '\t':
                    _at++;
                    break;
                case '\r' or '\n':
                    if (!TryEndLine(character)) return ScanResult.NeedMore;
                    if (_depth == 0) return ScanResult.Entry;
                    break;
                case ';':
                    var end = _text[_at..].IndexOfAny('\r', '\n');
                    _at = end < 0 ? _text.Length : _at + end;
                    break;
                case '(':
                    if (_depth++ == 0) (_openLine, _openColumn) = (Line, Column(_at));
                    _at++;
                    break;
                case ')':
                    if (_depth-- == 0) return Fail("a parenthesis is closed that was not opened", Line, Column(_at));
                    _at++;
                    break;
                case '"':
                    var opened = _at++;
                    if (!TryQuote(opened, out var result)) return result;
                    tokens.Add(new(opened + 1, _at - opened - 2, Line, Column(opened), TokenKind.Quoted));
                    break;
                default:
                    if (character is < ' ' or '\x7F') return Fail(Describe(character), Line, Column(_at));
                    if (!TryWord(tokens, out result)) return result;
                    break;
            }
        }

        if (!_isWhole) return ScanResult.NeedMore;
        return _depth == 0 ? ScanResult.Entry : Fail("this parenthesis is not closed", _openLine, _openColumn);
    }

    private readonly int Column(int at) => at - _lineStart + 1;

    /// <summary>False when the second half of a line end may follow.</summary>
    private bool TryEndLine(char character)
    {
        if (character == '\r')
        {
            if (_at + 1 == _text.Length && !_isWhole) return false;
            if (_at + 1 < _text.Length && _text[_at + 1] == '\n') _at++;
        }

        _at++;
        Line++;
        _lineStart = _at;
        return true;
    }

    private bool TryWord(TokenList tokens, out ScanResult result)
    {
        var start = _at;
        var kind = TokenKind.Plain;
        while (true)
        {
            var length = _text[_at..].IndexOfAny(Ends);
            if (length < 0)
            {
                _at = _text.Length;
                break;
            }

            _at += length;
            if (_text[_at] == '\\')
            {
                // The character behind it is part of the word, whatever it is; a line cannot be continued so.
                _at++;
                if (_at < _text.Length && _text[_at] is not ('\r' or '\n')) _at++;
                continue;
            }

            if (_text[_at] == '"' && _text[_at - 1] == '=')
            {
                var opened = _at++;
                if (!TryQuote(opened, out result)) return false;
                kind = TokenKind.Pair;
            }

            break;
        }

        result = ScanResult.NeedMore;
        if (_at == _text.Length && !_isWhole) return false;
        tokens.Add(new(start, _at - start, Line, Column(start), kind));
        return true;
    }

    /// <summary>Goes behind the closing quote.</summary>
    private bool TryQuote(int opened, out ScanResult result)
    {
        while (true)
        {
            var length = _text[_at..].IndexOfAny(QuoteEnds);
            if (length < 0)
            {
                result = _isWhole ? Fail("this quote is not closed", Line, Column(opened)) : ScanResult.NeedMore;
                return false;
            }

            _at += length;
            var character = _text[_at];
            if (character == '"')
            {
                _at++;
                result = ScanResult.Entry;
                return true;
            }

            if (character == '\\' && _at + 1 < _text.Length && _text[_at + 1] is not ('\r' or '\n'))
            {
                _at += 2;
                continue;
            }

            if (character == '\\' && _at + 1 == _text.Length && !_isWhole)
            {
                result = ScanResult.NeedMore;
                return false;
            }

            result = character is '\r' or '\n' or '\\' ? Fail("this quote is not closed on its line", Line, Column(opened)) : Fail(Describe(character), Line, Column(_at));
            return false;
        }
    }

    private static string Describe(char character) => $"a control character (code {(int)character}) must be written as \\{(int)character:000}";

    /// <summary>Goes to the end of the line, where the next entry can begin.</summary>
    private ScanResult Fail(string fault, int line, int column)
    {
        var end = _text[_at..].IndexOf('\n');
        if (end < 0 && !_isWhole) return ScanResult.NeedMore;
        (Fault, FaultLine, FaultColumn) = (fault, line, column);
        _at = end < 0 ? _text.Length : _at + end + 1;
        if (end >= 0) Line++;
        return ScanResult.Fault;
    }

    /// <summary>How many characters of a byte order mark the text begins with.</summary>
    internal static int ByteOrderMarkLength(ReadOnlySpan<char> text) => text.StartsWith([ByteOrderMark]) ? 1 : text.StartsWith("\u00EF\u00BB\u00BF") ? 3 : 0;
}
