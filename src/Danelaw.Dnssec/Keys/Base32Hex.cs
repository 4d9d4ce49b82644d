namespace Danelaw.Dnssec.Keys;

/// <summary>Base 32 with the extended hex alphabet (RFC 4648 §7), without padding, as NSEC3 owner names bear it (RFC 5155 §3.3).</summary>
internal static class Base32Hex
{
    private static ReadOnlySpan<byte> Alphabet => "0123456789abcdefghijklmnopqrstuv"u8;

    internal static int EncodedLength(int octets) => ((octets * 8) + 4) / 5;

    /// <summary>Writes lower-case digits; the text has <see cref="EncodedLength"/> of them.</summary>
    internal static void Encode(ReadOnlySpan<byte> data, Span<byte> text)
    {
        var (bits, count, position) = (0u, 0, 0);
        foreach (var octet in data)
        {
            bits = ((bits << 8) | octet) & 0xFFFF;
            count += 8;
            while (count >= 5)
            {
                count -= 5;
                text[position++] = Alphabet[(int)(bits >> count) & 31];
            }
        }

        if (count > 0) text[position] = Alphabet[(int)(bits << (5 - count)) & 31];
    }

    /// <summary>Reads digits in either case. False for other characters, a wrong length for the buffer, or bits set in what is left over.</summary>
    internal static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> data)
    {
        if (text.Length != EncodedLength(data.Length)) return false;

        var (bits, count, position) = (0u, 0, 0);
        foreach (var character in text)
        {
            var digit = Digit(character);
            if (digit < 0) return false;
            bits = ((bits << 5) | (uint)digit) & 0xFFFF;
            count += 5;
            if (count < 8) continue;
            count -= 8;
            data[position++] = (byte)((bits >> count) & 0xFF);
        }

        return (bits & ((1u << count) - 1)) == 0;
    }

    private static int Digit(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => character - '0',
        >= (byte)'a' and <= (byte)'v' => character - 'a' + 10,
        >= (byte)'A' and <= (byte)'V' => character - 'A' + 10,
        _ => -1,
    };
}
