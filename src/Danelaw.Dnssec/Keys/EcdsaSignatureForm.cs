namespace Danelaw.Dnssec.Keys;

/// <summary>ECDSA signatures as libcrypto reads them: <c>ECDSA-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }</c> in DER (RFC 3279 §2.2.3).</summary>
internal static class EcdsaSignatureForm
{
    /// <summary>Two numbers of 48 octets, each with a zero before it; three headers of two octets.</summary>
    internal const int MaximumLength = (2 * 49) + 6;

    private const byte Sequence = 0x30, Integer = 0x02;

    /// <summary>Writes r and s.</summary>
    /// <param name="signature">r | s, of equal length and at most 48 octets each.</param>
    /// <param name="encoded">At least <see cref="MaximumLength"/> octets.</param>
    /// <returns>How many octets were written. All lengths are below 128, so each takes one.</returns>
    internal static int Write(ReadOnlySpan<byte> signature, Span<byte> encoded)
    {
        var half = signature.Length / 2;
        var at = WriteInteger(signature[..half], encoded, 2);
        at = WriteInteger(signature[half..], encoded, at);
        encoded[0] = Sequence;
        encoded[1] = (byte)(at - 2);
        return at;
    }

    /// <summary>X.690 §8.3: as few octets as can be, the first bit being the sign; zero is one octet.</summary>
    private static int WriteInteger(ReadOnlySpan<byte> number, Span<byte> encoded, int at)
    {
        number = number.TrimStart((byte)0);
        var padding = number.IsEmpty || number[0] >= 0x80 ? 1 : 0;
        encoded[at] = Integer;
        encoded[at + 1] = (byte)(number.Length + padding);
        at += 2;
        if (padding == 1) encoded[at++] = 0;
        number.CopyTo(encoded[at..]);
        return at + number.Length;
    }
}
