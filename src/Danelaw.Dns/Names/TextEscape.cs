namespace Danelaw.Dns.Names;

/// <summary>The escapes of zone files (RFC 1035 §5.1), in names and in character-strings alike.</summary>
internal static class TextEscape
{
    /// <summary>Reads <c>\DDD</c> or <c>\X</c> at <paramref name="at"/>, which stands on the backslash and is left on the last character read.</summary>
    internal static bool TryRead(ReadOnlySpan<char> text, ref int at, out byte octet)
    {
        octet = 0;
        if (at + 1 >= text.Length) return false;
        var next = text[at + 1];
        if (!char.IsAsciiDigit(next))
        {
            if (next is < ' ' or > '~') return false;
            octet = (byte)next;
            at++;
            return true;
        }

        if (at + 3 >= text.Length || !char.IsAsciiDigit(text[at + 2]) || !char.IsAsciiDigit(text[at + 3])) return false;
        var value = ((next - '0') * 100) + ((text[at + 2] - '0') * 10) + (text[at + 3] - '0');
        if (value > 255) return false;
        octet = (byte)value;
        at += 3;
        return true;
    }
}
