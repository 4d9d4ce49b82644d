using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Danelaw.Dns.Records.Text;

namespace Danelaw.Dns.Zones;

/// <summary>
/// One <c>$GENERATE start-stop[/step] owner [ttl] [class] type data</c>, as BIND has it: in owner and data <c>$</c> is the number at hand, <c>${offset,width,base}</c> the number
/// in another dress (d, o, x, X; n and N are hexadecimal digits backwards with dots between), <c>$$</c> and <c>\$</c> a dollar sign.
/// </summary>
internal sealed class ZoneGenerator
{
    private const int MaximumWidth = 255;
    private const long Maximum = int.MaxValue;

    private readonly string _owner;
    private readonly string _middle;
    private readonly string _data;
    private readonly long _stop;
    private readonly long _step;
    private readonly TextBuilder _text = new();
    private long _next;

    private ZoneGenerator(string owner, string middle, string data, long start, long stop, long step, TextToken place)
    {
        (_owner, _middle, _data, _next, _stop, _step) = (owner, middle, data, start, stop, step);
        (Line, Column) = (place.Line, place.Column);
    }

    /// <summary>Where the directive stands.</summary>
    internal int Line { get; }

    /// <inheritdoc cref="Line"/>
    internal int Column { get; }

    /// <summary>The number of the record at hand.</summary>
    internal long Current { get; private set; }

    /// <summary>The record at hand as text.</summary>
    internal ReadOnlySpan<char> Text => _text.Written;

    /// <summary>Reads the directive, of which five tokens at least are there.</summary>
    internal static bool TryCreate(ZoneInput input, TokenList tokens, int maximum, [NotNullWhen(true)] out ZoneGenerator? generator, out int token, out string fault)
    {
        (generator, token, fault) = (null, 1, "");
        var entry = input.Entry;
        if (!TryRange(Word(entry, tokens, 1), out var start, out var stop, out var step))
        {
            fault = "the range is not start-stop or start-stop/step with numbers up to 2147483647";
            return false;
        }

        if (((stop - start) / step) + 1 > maximum)
        {
            fault = string.Create(CultureInfo.InvariantCulture, $"the range makes more than {maximum} records");
            return false;
        }

        // TTL and class may stand before the type; the type is the first word that is neither.
        var type = 3;
        while (type < tokens.Count && (char.IsAsciiDigit(entry[tokens[type].Start]) || Records.RecordClasses.TryParse(Word(entry, tokens, type), out _))) type++;
        if (type + 1 >= tokens.Count)
        {
            (token, fault) = (tokens.Count, "$GENERATE takes a range, an owner, a type and data");
            return false;
        }

        var isQuoted = type + 2 == tokens.Count && tokens[type + 1].Kind == TokenKind.Quoted;
        var data = isQuoted ? Word(entry, tokens, type + 1).ToString() : Join(entry, tokens, type + 1, tokens.Count);
        generator = new(Join(entry, tokens, 2, 3), Join(entry, tokens, 3, type + 1), data, start, stop, step, tokens[0]);
        return true;
    }

    /// <summary>Makes the next record's text and cuts it into tokens; false at the end and for a fault.</summary>
    internal bool TryNext(TokenList tokens, out ZoneFault? fault)
    {
        fault = null;
        if (_next > _stop) return false;
        Current = _next;
        _next += _step;
        _text.Clear();
        tokens.Clear();
        if (!TryExpand(_owner, out var reason)) return Fail(reason, out fault);
        _text.Add(' ');
        _text.Add(_middle);
        _text.Add(' ');
        if (!TryExpand(_data, out reason)) return Fail(reason, out fault);
        var scanner = new TextScanner(_text.Written, isWhole: true, Line);
        if (scanner.Scan(tokens) != ScanResult.Entry) return Fail(scanner.Fault, out fault);
        return tokens.Count > 0 || Fail("no record comes of it", out fault);
    }

    private bool Fail(string reason, out ZoneFault? fault)
    {
        fault = new("", Line, Column, string.Create(CultureInfo.InvariantCulture, $"$GENERATE at {Current}: {reason}"));
        return false;
    }

    private static ReadOnlySpan<char> Word(ReadOnlySpan<char> entry, TokenList tokens, int token) => entry.Slice(tokens[token].Start, tokens[token].Length);

    private static string Join(ReadOnlySpan<char> entry, TokenList tokens, int from, int to)
    {
        var words = new List<string>();
        for (var i = from; i < to; i++) words.Add(tokens[i].Kind == TokenKind.Quoted ? $"\"{Word(entry, tokens, i)}\"" : Word(entry, tokens, i).ToString());
        return string.Join(' ', words);
    }

    private static bool TryRange(ReadOnlySpan<char> text, out long start, out long stop, out long step)
    {
        (start, stop, step) = (0, 0, 1);
        var hyphen = text.IndexOf('-');
        var slash = text.IndexOf('/');
        if (hyphen < 0 || (slash >= 0 && slash < hyphen)) return false;
        return TryNumber(text[..hyphen], out start)
            && TryNumber(slash < 0 ? text[(hyphen + 1)..] : text[(hyphen + 1)..slash], out stop)
            && (slash < 0 || TryNumber(text[(slash + 1)..], out step))
            && step > 0 && start <= stop;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= Maximum;

    private bool TryExpand(string template, out string reason)
    {
        reason = "";
        for (var i = 0; i < template.Length; i++)
        {
            var character = template[i];
            if (character == '\\' && i + 1 < template.Length)
            {
                _text.Add(character);
                _text.Add(template[++i]);
                continue;
            }

            if (character != '$')
            {
                _text.Add(character);
                continue;
            }

            if (i + 1 < template.Length && template[i + 1] == '$')
            {
                i++;
                _text.Add("\\$");
                continue;
            }

            if (i + 1 >= template.Length || template[i + 1] != '{')
            {
                _text.AddNumber((ulong)Current);
                continue;
            }

            var end = template.IndexOf('}', i);
            if (end < 0 || !TryDressed(template.AsSpan(i + 2, end - i - 2)))
            {
                reason = "${offset,width,base} has a number, a width up to 255 and one of d, o, x, X, n, N, and must not go below 0";
                return false;
            }

            i = end;
        }

        return true;
    }

    private bool TryDressed(ReadOnlySpan<char> modifiers)
    {
        Span<Range> parts = stackalloc Range[4];
        var count = modifiers.Split(parts, ',');
        if (count is 0 or > 3) return false;
        if (!long.TryParse(modifiers[parts[0]], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset) || Math.Abs((double)offset) > Maximum) return false;
        var width = 0;
        if (count > 1 && (!int.TryParse(modifiers[parts[1]], NumberStyles.None, CultureInfo.InvariantCulture, out width) || width > MaximumWidth)) return false;
        var value = Current + offset;
        if (value < 0) return false;
        var digits = count > 2 ? modifiers[parts[2]] : "d";
        switch (digits)
        {
            case "d": return Pad(value.ToString(CultureInfo.InvariantCulture), width);
            case "o": return Pad(Convert.ToString(value, 8), width);
            case "x": return Pad(value.ToString("x", CultureInfo.InvariantCulture), width);
            case "X": return Pad(value.ToString("X", CultureInfo.InvariantCulture), width);
            case "n" or "N": return AddNibbles(value, width, digits is "n");
            default: return false;
        }
    }

    private bool Pad(string digits, int width)
    {
        _text.Add(digits.PadLeft(width, '0'));
        return true;
    }

    /// <summary>The width counts the dots too; an even one ends in a dot.</summary>
    private bool AddNibbles(long value, int width, bool isLower)
    {
        do
        {
            _text.Add((isLower ? "0123456789abcdef" : "0123456789ABCDEF")[(int)(value & 15)]);
            value >>= 4;
            width--;
            if (width <= 0 && value == 0) break;
            _text.Add('.');
            width--;
        }
        while (value != 0 || width > 0);
        return true;
    }
}
