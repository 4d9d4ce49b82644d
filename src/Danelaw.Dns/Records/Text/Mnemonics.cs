using System.Globalization;

namespace Danelaw.Dns.Records.Text;

/// <summary>Words that zone files may have in place of numbers.</summary>
internal static class Mnemonics
{
    /// <summary>RFC 4034 App. A.1, and the algorithms that came after it, by the names of the registry.</summary>
    private static readonly (string Text, byte Number)[] Algorithms =
    [
        ("RSAMD5", 1), ("DH", 2), ("DSA", 3), ("ECC", 4), ("RSASHA1", 5), ("DSA-NSEC3-SHA1", 6), ("NSEC3DSA", 6), ("RSASHA1-NSEC3-SHA1", 7), ("NSEC3RSASHA1", 7),
        ("RSASHA256", 8), ("RSASHA512", 10), ("ECC-GOST", 12), ("ECCGOST", 12), ("ECDSAP256SHA256", 13), ("ECDSAP384SHA384", 14), ("ED25519", 15), ("ED448", 16),
        ("SM2SM3", 17), ("ECC-GOST12", 23), ("INDIRECT", 252), ("PRIVATEDNS", 253), ("PRIVATEOID", 254),
    ];

    /// <summary>RFC 4034 App. A.2 and the registry "Digest Algorithms".</summary>
    private static readonly (string Text, byte Number)[] Digests =
        [("SHA-1", 1), ("SHA1", 1), ("SHA-256", 2), ("SHA256", 2), ("GOST", 3), ("SHA-384", 4), ("SHA384", 4)];

    /// <summary>RFC 4398 §2.1.</summary>
    private static readonly (string Text, ushort Number)[] Certificates =
        [("PKIX", 1), ("SPKI", 2), ("PGP", 3), ("IPKIX", 4), ("ISPKI", 5), ("IPGP", 6), ("ACPKIX", 7), ("IACPKIX", 8), ("URI", 253), ("OID", 254)];

    /// <summary>RFC 8945 §3, §4.2: what the error field of TSIG says, where it differs from the header's codes.</summary>
    private static readonly (string Text, ushort Number)[] Errors =
        [("NOERROR", 0), ("FORMERR", 1), ("SERVFAIL", 2), ("NXDOMAIN", 3), ("NOTIMP", 4), ("REFUSED", 5), ("BADSIG", 16), ("BADKEY", 17), ("BADTIME", 18), ("BADMODE", 19), ("BADNAME", 20), ("BADALG", 21), ("BADTRUNC", 22)];

    internal static bool TryAlgorithm(ReadOnlySpan<char> text, out byte number) => TryFind(Algorithms, text, byte.MaxValue, out number);

    internal static bool TryDigest(ReadOnlySpan<char> text, out byte number) => TryFind(Digests, text, byte.MaxValue, out number);

    internal static bool TryCertificate(ReadOnlySpan<char> text, out ushort number) => TryFind(Certificates, text, ushort.MaxValue, out number);

    internal static bool TryError(ReadOnlySpan<char> text, out ushort number) => TryFind(Errors, text, ushort.MaxValue, out number);

    internal static string CertificateText(ushort number) => Text(Certificates, number);

    internal static string ErrorText(ushort number) => Text(Errors, number);

    private static string Text((string Text, ushort Number)[] words, ushort number)
    {
        foreach (var word in words)
            if (word.Number == number) return word.Text;
        return number.ToString(CultureInfo.InvariantCulture);
    }

    private static bool TryFind<T>((string Text, T Number)[] words, ReadOnlySpan<char> text, ulong maximum, out T number)
        where T : struct, System.Numerics.INumber<T>
    {
        number = default;
        if (text.IsEmpty) return false;
        if (char.IsAsciiDigit(text[0]))
        {
            if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > maximum) return false;
            number = T.CreateChecked(value);
            return true;
        }

        foreach (var word in words)
        {
            if (!text.Equals(word.Text, StringComparison.OrdinalIgnoreCase)) continue;
            number = word.Number;
            return true;
        }

        return false;
    }
}
