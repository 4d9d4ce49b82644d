namespace Danelaw.Dns.Names;

public readonly partial struct DomainName
{
    /// <summary>Reads presentation form (RFC 1035 §5.1): labels between dots, <c>\DDD</c> and <c>\X</c> escapes. The closing dot may be left out; the name is absolute all the same.</summary>
    /// <param name="text">The text; <c>.</c> is the root.</param>
    /// <param name="name">The name, or the root on failure.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out DomainName name) => TryParse(text, out name, out _);

    /// <summary>Reads presentation form and says what is wrong with it.</summary>
    /// <param name="text">The text; <c>.</c> is the root.</param>
    /// <param name="name">The name, or the root on failure.</param>
    /// <param name="fault">What is wrong, or <see cref="NameFault.None"/>.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out DomainName name, out NameFault fault)
    {
        name = default;
        Span<byte> wire = stackalloc byte[MaximumLength];
        fault = Scan(text, wire, out var length, out var labels, out _);
        if (fault != NameFault.None) return false;
        if (labels > 0) name = new(wire[..length].ToArray(), 0, length, labels);
        return true;
    }

    /// <summary>Reads a name of a zone file (RFC 1035 §5.1): relative to the origin unless it ends in a dot; <c>@</c> is the origin.</summary>
    /// <param name="text">The text.</param>
    /// <param name="origin">What completes a relative name.</param>
    /// <param name="name">The name, or the root on failure.</param>
    /// <param name="fault">What is wrong, or <see cref="NameFault.None"/>.</param>
    public static bool TryParseRelative(ReadOnlySpan<char> text, DomainName origin, out DomainName name, out NameFault fault)
    {
        name = text is "@" ? origin : default;
        fault = NameFault.None;
        if (text is "@") return true;
        Span<byte> wire = stackalloc byte[MaximumLength];
        if (!TryParseRelative(text, origin, wire, out var length, out var labels, out fault)) return false;
        if (labels > 0) name = new(wire[..length].ToArray(), 0, length, labels);
        return true;
    }

    /// <summary>Reads a name of a zone file into the octets of its wire form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="origin">What completes a relative name.</param>
    /// <param name="wire">Room for <see cref="MaximumLength"/> octets.</param>
    /// <param name="length">How many the name has.</param>
    /// <param name="fault">What is wrong, or <see cref="NameFault.None"/>.</param>
    internal static bool TryParseRelative(ReadOnlySpan<char> text, DomainName origin, Span<byte> wire, out int length, out NameFault fault) =>
        TryParseRelative(text, origin, wire, out length, out _, out fault);

    private static bool TryParseRelative(ReadOnlySpan<char> text, DomainName origin, Span<byte> wire, out int length, out int labels, out NameFault fault)
    {
        fault = NameFault.None;
        if (text is "@")
        {
            origin.Wire.CopyTo(wire);
            (length, labels) = (origin.Length, origin.LabelCount);
            return true;
        }

        fault = Scan(text, wire, out length, out labels, out var isAbsolute);
        if (fault != NameFault.None) return false;
        if (isAbsolute) return true;
        if (length - 1 + origin.Length > MaximumLength)
        {
            fault = NameFault.NameTooLong;
            return false;
        }

        origin.Wire.CopyTo(wire[(length - 1)..]);
        length += origin.Length - 1;
        labels += origin.LabelCount;
        return true;
    }

    /// <summary>Reads presentation form; for constants and tests.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is not a domain name.</exception>
    public static DomainName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var name, out var fault) ? name : throw new FormatException($"not a domain name ({fault}): {text}");
    }

    /// <summary>Reads what a person typed: presentation form, in which labels may be written with the letters of their language (RFC 5891); those become A-labels.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The name, or the root on failure.</param>
    /// <param name="fault">What is wrong, or <see cref="NameFault.None"/>; <see cref="NameFault.NotAscii"/> for a label that no A-label can stand for, <see cref="NameFault.NotComposed"/> for one that this runtime cannot bring into Normalization Form C.</param>
    public static bool TryFromUserInput(string text, out DomainName name, out NameFault fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (InternationalName.TryToAscii(text.Trim(), out var ascii, out fault)) return TryParse(ascii, out name, out fault);
        name = default;
        return false;
    }

    /// <summary>Presentation form with the closing dot; octets that are not plain are escaped (RFC 1035 §5.1).</summary>
    public override string ToString()
    {
        if (_array is null) return ".";
        Span<char> text = stackalloc char[MaximumTextLength];
        return new string(text[..Format(text)]);
    }

    /// <summary>No name is longer in presentation form: four characters an octet.</summary>
    internal const int MaximumTextLength = MaximumLength * 4;

    /// <summary>
    /// For each octet whether it stands for itself in text. What a zone-file reader would take for something else does not:
    /// the dot, quotes, brackets, comments, and @ and $ that begin names and directives.
    /// </summary>
    private static readonly bool[] IsPlain = [.. Enumerable.Range(0, 256).Select(octet => octet is > 0x20 and < 0x7F && !".\\\"();@$".Contains((char)octet))];

    /// <summary>Writes presentation form with the closing dot.</summary>
    /// <param name="text">At least <see cref="MaximumTextLength"/> characters.</param>
    /// <returns>How many were written.</returns>
    internal int Format(Span<char> text)
    {
        var wire = Wire;
        var written = 0;
        var at = 0;
        if (wire[0] == 0) text[written++] = '.';
        while (wire[at] != 0)
        {
            foreach (var octet in wire.Slice(at + 1, wire[at]))
            {
                if (IsPlain[octet])
                {
                    text[written++] = (char)octet;
                }
                else if (octet is > 0x20 and < 0x7F)
                {
                    text[written++] = '\\';
                    text[written++] = (char)octet;
                }
                else
                {
                    text[written++] = '\\';
                    text[written++] = (char)('0' + (octet / 100));
                    text[written++] = (char)('0' + (octet / 10 % 10));
                    text[written++] = (char)('0' + (octet % 10));
                }
            }

            text[written++] = '.';
            at += wire[at] + 1;
        }

        return written;
    }

    private static NameFault Scan(ReadOnlySpan<char> text, Span<byte> wire, out int length, out int labels, out bool isAbsolute)
    {
        length = 0;
        labels = 0;
        isAbsolute = true;
        if (text.IsEmpty) return NameFault.Empty;
        if (text is ".")
        {
            wire[0] = 0;
            length = 1;
            return NameFault.None;
        }

        isAbsolute = false;
        var start = 0;
        length = 1;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character == '.')
            {
                if (length - start == 1) return NameFault.EmptyLabel;
                if (!Close(wire, ref start, ref length, ref labels)) return NameFault.NameTooLong;
                if (i == text.Length - 1) isAbsolute = true;
                continue;
            }

            byte octet;
            if (character == '\\')
            {
                if (!TextEscape.TryRead(text, ref i, out octet)) return NameFault.BadEscape;
            }
            else if (character is > ' ' and < '\x7F')
            {
                octet = (byte)character;
            }
            else
            {
                return NameFault.NotAscii;
            }

            if (length - start > MaximumLabelLength) return NameFault.LabelTooLong;
            if (length >= MaximumLength - 1) return NameFault.NameTooLong;
            wire[length++] = octet;
        }

        if (!isAbsolute && !Close(wire, ref start, ref length, ref labels)) return NameFault.NameTooLong;
        wire[start] = 0;
        return NameFault.None;
    }

    /// <summary>Ends the label that begins at <paramref name="start"/> and makes room for the next length octet.</summary>
    private static bool Close(Span<byte> wire, ref int start, ref int length, ref int labels)
    {
        if (length >= MaximumLength) return false;
        wire[start] = (byte)(length - start - 1);
        labels++;
        start = length++;
        return true;
    }
}
