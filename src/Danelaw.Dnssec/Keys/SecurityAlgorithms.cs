using System.Globalization;

namespace Danelaw.Dnssec.Keys;

/// <summary>The names of <see cref="SecurityAlgorithm"/> and which of them are supported.</summary>
public static class SecurityAlgorithms
{
    private static readonly (SecurityAlgorithm Algorithm, string Mnemonic)[] Mnemonics =
    [
        (SecurityAlgorithm.Delete, "DELETE"),
        (SecurityAlgorithm.RsaMd5, "RSAMD5"),
        (SecurityAlgorithm.DiffieHellman, "DH"),
        (SecurityAlgorithm.DsaSha1, "DSA"),
        (SecurityAlgorithm.RsaSha1, "RSASHA1"),
        (SecurityAlgorithm.DsaNsec3Sha1, "DSA-NSEC3-SHA1"),
        (SecurityAlgorithm.RsaSha1Nsec3Sha1, "RSASHA1-NSEC3-SHA1"),
        (SecurityAlgorithm.RsaSha256, "RSASHA256"),
        (SecurityAlgorithm.RsaSha512, "RSASHA512"),
        (SecurityAlgorithm.EccGost, "ECC-GOST"),
        (SecurityAlgorithm.EcdsaP256Sha256, "ECDSAP256SHA256"),
        (SecurityAlgorithm.EcdsaP384Sha384, "ECDSAP384SHA384"),
        (SecurityAlgorithm.Ed25519, "ED25519"),
        (SecurityAlgorithm.Ed448, "ED448"),
        (SecurityAlgorithm.Sm2Sm3, "SM2SM3"),
        (SecurityAlgorithm.EccGost12, "ECC-GOST12"),
        (SecurityAlgorithm.Indirect, "INDIRECT"),
        (SecurityAlgorithm.PrivateDns, "PRIVATEDNS"),
        (SecurityAlgorithm.PrivateOid, "PRIVATEOID"),
    ];

    /// <summary>Whether signatures of this algorithm can be verified and made: 5, 7, 8, 10, 13, 14, 15 and 16.</summary>
    /// <param name="algorithm">Any number.</param>
    /// <returns>False for every number without an implementation; what is signed by those alone is insecure (RFC 4035 §5.2).</returns>
    public static bool IsSupported(SecurityAlgorithm algorithm) => algorithm
        is SecurityAlgorithm.RsaSha1 or SecurityAlgorithm.RsaSha1Nsec3Sha1
        or SecurityAlgorithm.RsaSha256 or SecurityAlgorithm.RsaSha512
        or SecurityAlgorithm.EcdsaP256Sha256 or SecurityAlgorithm.EcdsaP384Sha384
        or SecurityAlgorithm.Ed25519 or SecurityAlgorithm.Ed448;

    /// <summary>Whether the algorithm's signatures rest on SHA-1 (5 and 7), which RFC 9905 retires.</summary>
    /// <param name="algorithm">Any number.</param>
    /// <returns>True for 5 and 7, else false.</returns>
    public static bool UsesSha1(SecurityAlgorithm algorithm) =>
        algorithm is SecurityAlgorithm.RsaSha1 or SecurityAlgorithm.RsaSha1Nsec3Sha1;

    /// <summary>The registry's mnemonic, such as <c>ECDSAP256SHA256</c>; the decimal number where there is none.</summary>
    /// <param name="algorithm">Any number.</param>
    /// <returns>Upper-case text, never empty.</returns>
    public static string ToText(SecurityAlgorithm algorithm)
    {
        foreach (var (candidate, mnemonic) in Mnemonics)
        {
            if (candidate == algorithm) return mnemonic;
        }

        return ((byte)algorithm).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Reads a mnemonic in any case, or a decimal number from 0 to 255 (RFC 4034 §2.2).</summary>
    /// <param name="text">What stands in the algorithm field.</param>
    /// <param name="algorithm">The number; 0 when the text is refused.</param>
    /// <returns>False when the text is neither.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out SecurityAlgorithm algorithm)
    {
        foreach (var (candidate, mnemonic) in Mnemonics)
        {
            if (!text.Equals(mnemonic, StringComparison.OrdinalIgnoreCase)) continue;
            algorithm = candidate;
            return true;
        }

        var isNumber = byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        algorithm = (SecurityAlgorithm)number;
        return isNumber;
    }
}
