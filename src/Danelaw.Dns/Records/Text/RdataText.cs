using System.Globalization;
using System.Text;
using Danelaw.Dns.Names;

namespace Danelaw.Dns.Records.Text;

/// <summary>
/// Walks the tokens of one record's RDATA and turns them into octets. Every read says whether it went well; the first fault is kept, with the token that it concerns.
/// </summary>
internal ref struct RdataText
{
    private readonly RecordType _type;
    private readonly ReadOnlySpan<char> _text;
    private readonly ReadOnlySpan<TextToken> _tokens;
    private readonly RdataWriter _writer;
    private readonly DomainName _origin;
    private readonly bool _isOctets;
    private int _next;

    /// <summary>Begins at a token of an entry.</summary>
    /// <param name="type">The record's type.</param>
    /// <param name="text">The text of the entry.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="first">The first of them that belongs to the RDATA.</param>
    /// <param name="origin">What completes relative names.</param>
    /// <param name="isOctets">Whether a character above 127 stands for an octet of the file; otherwise it is a character, in UTF-8 on the wire.</param>
    /// <param name="writer">Takes the octets.</param>
    internal RdataText(RecordType type, ReadOnlySpan<char> text, ReadOnlySpan<TextToken> tokens, int first, DomainName origin, bool isOctets, RdataWriter writer)
    {
        _text = text;
        _tokens = tokens;
        (_type, _next, _origin, _isOctets, _writer) = (type, first, origin, isOctets, writer);
        Fault = "";
    }

    /// <summary>What is wrong; empty without a fault.</summary>
    internal string Fault { get; private set; }

    /// <summary>The token that the fault concerns; as many as there are when something is missing behind the last.</summary>
    internal int FaultToken { get; private set; }

    /// <summary>What is expected next, for faults; null for the field of the table that <see cref="Field"/> counts.</summary>
    internal string? Expected { get; set; }

    /// <summary>The number of the field in the table, from 0.</summary>
    internal int Field { get; set; }

    internal readonly RecordType Type => _type;

    internal readonly RdataWriter Writer => _writer;

    internal readonly bool HasMore => _next < _tokens.Length;

    /// <summary>The kind of the token that comes next.</summary>
    internal readonly TokenKind NextKind => _tokens[_next].Kind;

    /// <summary>The kind of the token that was taken last.</summary>
    internal readonly TokenKind LastKind => _tokens[_next - 1].Kind;

    /// <summary>The token that comes next, without going on.</summary>
    internal readonly ReadOnlySpan<char> Peek() => HasMore ? _text.Slice(_tokens[_next].Start, _tokens[_next].Length) : default;

    /// <summary>Whether the next token is this word, in any case, and not quoted.</summary>
    internal readonly bool IsNext(string word) => HasMore && NextKind == TokenKind.Plain && Peek().Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Keeps the fault of the token that was read last.</summary>
    internal bool Fail(string fault) => FailAt(_next - 1, fault);

    internal bool FailAt(int token, string fault)
    {
        (Fault, FaultToken) = (fault, token);
        return false;
    }

    /// <summary>Takes the next token.</summary>
    /// <param name="token">The token.</param>
    internal bool TryTake(out ReadOnlySpan<char> token)
    {
        token = default;
        if (!HasMore) return FailAt(_tokens.Length, $"{Subject} is missing");
        token = Peek();
        _next++;
        return true;
    }

    /// <summary>Takes the next token only to say what is wrong with it.</summary>
    internal bool TakeAndFail(string fault)
    {
        _next++;
        return Fail(fault);
    }

    /// <summary>Takes the next token, which must not be quoted.</summary>
    internal bool TryWord(out ReadOnlySpan<char> word) =>
        TryTake(out word) && (_tokens[_next - 1].Kind == TokenKind.Plain || Fail($"{Subject} must not be in quotes"));

    /// <summary>Reads a decimal number.</summary>
    internal bool TryNumber(ulong maximum, out ulong number)
    {
        number = 0;
        if (!TryWord(out var word)) return false;
        return (ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= maximum) || Fail(NotANumber(word, maximum));
    }

    internal bool TryNumber8(out byte number)
    {
        var isNumber = TryNumber(byte.MaxValue, out var value);
        number = isNumber ? (byte)value : (byte)0;
        return isNumber;
    }

    internal bool TryNumber16(out ushort number)
    {
        var isNumber = TryNumber(ushort.MaxValue, out var value);
        number = isNumber ? (ushort)value : (ushort)0;
        return isNumber;
    }

    /// <summary>Reads a name and writes it uncompressed.</summary>
    internal bool TryName()
    {
        if (!TryWord(out var word)) return false;
        if (DomainName.TryParseRelative(word, _origin, _writer.Reserve(DomainName.MaximumLength), out var length, out var fault))
        {
            _writer.Advance(length);
            return true;
        }

        return Fail($"'{Shorten(word)}' is not a domain name: {NameText.Describe(fault)}");
    }

    /// <summary>Reads one token as a character-string and writes it with its length octet (RFC 1035 §5.1).</summary>
    internal bool TryCharacterString()
    {
        if (!TryTake(out var token)) return false;
        if (_tokens[_next - 1].Kind != TokenKind.Pair) return TryCounted(token);
        // To everything but a service parameter, a word and a quoted string right behind it are two strings.
        var quote = 0;
        for (; token[quote] != '"'; quote++)
            if (token[quote] == '\\') quote++;
        return TryCounted(token[..quote]) && TryCounted(token[(quote + 1)..^1]);
    }

    /// <summary>Reads one token as text to the end, without a length octet.</summary>
    internal bool TryText() =>
        TryTake(out var token) && (_tokens[_next - 1].Kind != TokenKind.Pair || Fail($"{Subject} is quoted in part only")) && TryUnescape(token);

    /// <summary>Writes a character-string without escapes.</summary>
    internal bool TryUnescape(ReadOnlySpan<char> text)
    {
        var room = _writer.Reserve(text.Length);
        var i = 0;
        while (i < text.Length && text[i] is < '\x80' and not '\\')
        {
            room[i] = (byte)text[i];
            i++;
        }

        _writer.Advance(i);
        for (; i < text.Length; i++)
        {
            var character = text[i];
            if (character == '\\')
            {
                if (!TextEscape.TryRead(text, ref i, out var octet)) return Fail("a backslash must be followed by three digits up to 255 or by a character");
                _writer.Write8(octet);
            }
            else if (character < '\x80' || (_isOctets && character <= '\xFF'))
            {
                _writer.Write8((byte)character);
            }
            else
            {
                if (Rune.DecodeFromUtf16(text[i..], out var rune, out var used) != System.Buffers.OperationStatus.Done) return Fail("half a surrogate pair is no character");
                var written = rune.EncodeToUtf8(_writer.Reserve(4));
                _writer.Advance(written);
                i += used - 1;
            }
        }

        return true;
    }

    /// <summary>Reads hexadecimal digits to the end; blanks may stand anywhere among them (RFC 4034 §5.3, RFC 6698 §2.2).</summary>
    internal bool TryHexRest()
    {
        if (!HasMore) return FailAt(_tokens.Length, $"{Subject} is missing");
        var high = -1;
        while (HasMore)
        {
            if (!TryWord(out var word)) return false;
            if (high < 0 && word.Length % 2 == 0)
            {
                if (Convert.FromHexString(word, _writer.Reserve(word.Length / 2), out _, out var written) != System.Buffers.OperationStatus.Done) return Fail($"{Subject} has something other than hexadecimal digits");
                _writer.Advance(written);
                continue;
            }

            foreach (var character in word)
            {
                if (!char.IsAsciiHexDigit(character)) return Fail($"{Subject} has something other than hexadecimal digits");
                var digit = character is >= '0' and <= '9' ? character - '0' : (character | 0x20) - 'a' + 10;
                if (high >= 0) _writer.Write8((byte)((high << 4) | digit));
                high = high >= 0 ? -1 : digit;
            }
        }

        return high < 0 || Fail($"{Subject} has an odd number of hexadecimal digits");
    }

    /// <summary>Reads base 64 to the end; blanks may stand anywhere in it (RFC 4034 §2.2).</summary>
    internal bool TryBase64Rest()
    {
        if (!HasMore) return FailAt(_tokens.Length, $"{Subject} is missing");
        if (!TryWord(out var word)) return false;
        if (!HasMore) return TryBase64(word);
        var gathered = 0;
        char[] characters;
        while (true)
        {
            characters = _writer.Scratch(gathered + word.Length, gathered);
            word.CopyTo(characters.AsSpan(gathered));
            gathered += word.Length;
            if (!HasMore) break;
            if (!TryWord(out word)) return false;
        }

        return TryBase64(characters.AsSpan(0, gathered));
    }

    /// <summary>Writes what base 64 with padding stands for (RFC 4648 §4).</summary>
    internal bool TryBase64(ReadOnlySpan<char> characters)
    {
        if (!Convert.TryFromBase64Chars(characters, _writer.Reserve((characters.Length / 4 * 3) + 3), out var written)) return Fail($"{Subject} is not base 64 with its padding");
        _writer.Advance(written);
        return true;
    }

    internal static string Shorten(ReadOnlySpan<char> text) => text.Length <= 64 ? text.ToString() : $"{text[..60]}...";

    private readonly string NotANumber(ReadOnlySpan<char> word, ulong maximum) =>
        string.Create(CultureInfo.InvariantCulture, $"{Subject} is '{Shorten(word)}', not a number from 0 to {maximum}");

    private readonly string Subject => Expected ?? FieldNames.Describe(_type, Field);

    private bool TryCounted(ReadOnlySpan<char> text)
    {
        var start = _writer.Length;
        _writer.Write8(0);
        if (!TryUnescape(text)) return false;
        var length = _writer.Length - start - 1;
        if (length > byte.MaxValue) return Fail(string.Create(CultureInfo.InvariantCulture, $"a character-string has {length} octets; at most 255 fit into one"));
        _writer.Patch(start, (byte)length);
        return true;
    }
}
