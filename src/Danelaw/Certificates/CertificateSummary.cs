using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>What people want to know of a certificate. All text in it is foreign: escape it before it is shown.</summary>
public sealed record CertificateSummary
{
    /// <summary>The subject's name in the form of RFC 4514.</summary>
    public string Subject { get; private init; } = "";

    /// <summary>The issuer's name in the form of RFC 4514.</summary>
    public string Issuer { get; private init; } = "";

    /// <summary>The first second at which it is valid; null when the dates cannot be read.</summary>
    public DateTimeOffset? NotBefore { get; private init; }

    /// <summary>The last second at which it is valid; null when the dates cannot be read.</summary>
    public DateTimeOffset? NotAfter { get; private init; }

    /// <summary>The DNS names among its alternative names, in order; empty when those cannot be read.</summary>
    public ImmutableArray<string> DnsNames { get; private init; } = [];

    /// <summary>The kind of its key, such as <c>RSA 2048</c>, <c>ECDSA P-256</c> or <c>Ed25519</c>; an identifier for others.</summary>
    public string KeyAlgorithm { get; private init; } = "";

    /// <summary>Whether subject and issuer are the same; nothing is said of the signature.</summary>
    public bool IsSelfIssued { get; private init; }

    /// <summary>Whether it calls its subject a certificate authority.</summary>
    public bool IsAuthority { get; private init; }

    /// <summary>The SubjectPublicKeyInfo in DER, as it stands in the certificate.</summary>
    public Octets PublicKey { get; private init; }

    /// <summary>Reads a certificate. Parts that cannot be read are left empty; nothing in it can make this throw.</summary>
    /// <param name="der">One certificate in DER.</param>
    /// <param name="summary">The summary, or null.</param>
    /// <returns>False when the octets have not even the frame of a certificate.</returns>
    public static bool TryRead(Octets der, [NotNullWhen(true)] out CertificateSummary? summary)
    {
        summary = null;
        if (!PathCertificate.TryRead(der, out var certificate)) return false;
        var hasDates = Validity.TryRead(certificate.Frame.Validity.Span, out var validity);
        summary = new()
        {
            Subject = certificate.Subject.ToString(),
            Issuer = certificate.Issuer.ToString(),
            NotBefore = hasDates ? validity.NotBefore : null,
            NotAfter = hasDates ? validity.NotAfter : null,
            DnsNames = [.. (certificate.Extensions.AlternativeNames ?? []).Where(name => name.Kind == GeneralNameKind.Dns).Select(name => Encoding.Latin1.GetString(name.Content.Span))],
            KeyAlgorithm = DescribeKey(certificate.Frame.PublicKey),
            IsSelfIssued = certificate.IsSelfIssued,
            IsAuthority = certificate.Extensions.IsAuthority,
            PublicKey = certificate.Frame.PublicKey,
        };
        return true;
    }

    /// <summary>The kind of a public key for people, such as <c>RSA 2048</c>.</summary>
    /// <param name="publicKey">The SubjectPublicKeyInfo in DER.</param>
    public static string DescribeKey(Octets publicKey)
    {
        if (!PublicKeyInfo.TryRead(publicKey.Span, out var info)) return "";
        var algorithm = ObjectIdentifiers.ToText(info.Algorithm);
        return algorithm switch
        {
            "1.2.840.113549.1.1.1" => string.Create(CultureInfo.InvariantCulture, $"RSA {KeySize.OfRsa(info.Key)}"),
            "1.2.840.113549.1.1.10" => string.Create(CultureInfo.InvariantCulture, $"RSA-PSS {KeySize.OfRsa(info.Key)}"),
            "1.2.840.10045.2.1" => $"ECDSA {CurveName(info.Parameters)}",
            "1.3.101.112" => "Ed25519",
            "1.3.101.113" => "Ed448",
            _ => algorithm,
        };
    }

    private static string CurveName(ReadOnlySpan<byte> parameters)
    {
        var reader = new DerReader(parameters);
        if (!reader.TryReadOid(out var oid)) return "(explicit curve)";
        var curve = ObjectIdentifiers.ToText(oid);
        return curve switch
        {
            "1.2.840.10045.3.1.7" => "P-256",
            "1.3.132.0.34" => "P-384",
            "1.3.132.0.35" => "P-521",
            "1.3.132.0.33" => "P-224",
            "1.2.840.10045.3.1.1" => "P-192",
            "1.3.132.0.10" => "secp256k1",
            "1.3.36.3.3.2.8.1.1.7" => "brainpoolP256r1",
            "1.3.36.3.3.2.8.1.1.11" => "brainpoolP384r1",
            "1.3.36.3.3.2.8.1.1.13" => "brainpoolP512r1",
            _ => curve,
        };
    }
}
