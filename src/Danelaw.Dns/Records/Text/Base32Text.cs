namespace Danelaw.Dns.Records.Text;

/// <summary>Base 32 with the extended hex alphabet, without padding (RFC 4648 §7), as NSEC3 has it (RFC 5155 §3.3).</summary>
internal static class Base32Text
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuv";

    internal static int DecodedLength(int digits) => digits * 5 / 8;

    internal static int EncodedLength(int octets) => ((octets * 8) + 4) / 5;

    /// <summary>Reads digits of either case into <see cref="DecodedLength"/> octets; false for other characters, a number of digits that no octets give, or bits left over that are not zero.</summary>
    internal static bool TryDecode(ReadOnlySpan<char> text, Span<byte> data)
    {
        if (EncodedLength(DecodedLength(text.Length)) != text.Length) return false;
        uint bits = 0;
        var (count, at) = (0, 0);
        foreach (var character in text)
        {
            var digit = character switch
            {
                >= '0' and <= '9' => character - '0',
                >= 'a' and <= 'v' => character - 'a' + 10,
                >= 'A' and <= 'V' => character - 'A' + 10,
                _ => -1,
            };
            if (digit < 0) return false;
            bits = ((bits << 5) | (uint)digit) & 0xFFF;
            count += 5;
            if (count < 8) continue;
            count -= 8;
            data[at++] = (byte)((bits >> count) & 0xFF);
        }

        return (bits & ((1u << count) - 1)) == 0;
    }

    /// <summary>Writes digits in lower case into <see cref="EncodedLength"/> characters.</summary>
    internal static void Encode(ReadOnlySpan<byte> data, Span<char> text)
    {
        uint bits = 0;
        var (count, at) = (0, 0);
        foreach (var octet in data)
        {
            bits = ((bits << 8) | octet) & 0xFFF;
            for (count += 8; count >= 5; count -= 5) text[at++] = Alphabet[(int)(bits >> (count - 5)) & 31];
        }

        if (count > 0) text[at] = Alphabet[(int)(bits << (5 - count)) & 31];
    }
}
