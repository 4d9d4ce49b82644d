using System.Collections.Immutable;
using System.Security.Cryptography;
using Danelaw.Dns;
using Danelaw.Dns.Records;

namespace Danelaw.Lab.Authority;

/// <summary>A certificate of the lab's with its private key. Immutable.</summary>
public sealed class LabCertificate
{
    internal LabCertificate(string name, LabKey key, Octets der, Octets publicKeyInfo, LabCertificate? issuer)
    {
        Name = name;
        Key = key;
        Der = der;
        PublicKeyInfo = publicKeyInfo;
        Issuer = issuer;
    }

    /// <summary>The common name of its subject.</summary>
    public string Name { get; }

    /// <summary>The certificate in DER.</summary>
    public Octets Der { get; }

    /// <summary>Its SubjectPublicKeyInfo in DER: what selector 1 is about (RFC 6698 §2.1.2).</summary>
    public Octets PublicKeyInfo { get; }

    /// <summary>Who issued it; null when it is its own issuer.</summary>
    public LabCertificate? Issuer { get; }

    /// <summary>The kind of its key.</summary>
    public LabKeyKind KeyKind => Key.Kind;

    /// <summary>It and its issuers, up to and with the one that is its own issuer.</summary>
    public ImmutableArray<LabCertificate> Path
    {
        get
        {
            var path = ImmutableArray.CreateBuilder<LabCertificate>();
            for (var certificate = this; certificate is not null; certificate = certificate.Issuer) path.Add(certificate);
            return path.ToImmutable();
        }
    }

    internal LabKey Key { get; }

    /// <summary>RDATA of a TLSA record for it (RFC 6698 §2.1), computed here apart from the code that the lab is there to test.</summary>
    /// <param name="usage">The usage.</param>
    /// <param name="selector">0 or 1.</param>
    /// <param name="matching">0, 1 or 2.</param>
    public Octets ToTlsa(TlsaUsage usage, TlsaSelector selector = TlsaSelector.PublicKey, TlsaMatching matching = TlsaMatching.Sha256)
    {
        var selected = selector switch
        {
            TlsaSelector.Certificate => Der,
            TlsaSelector.PublicKey => PublicKeyInfo,
            _ => throw new ArgumentOutOfRangeException(nameof(selector)),
        };
        var association = matching switch
        {
            TlsaMatching.Full => selected,
            TlsaMatching.Sha256 => new Octets(SHA256.HashData(selected.Span)),
            TlsaMatching.Sha512 => new Octets(SHA512.HashData(selected.Span)),
            _ => throw new ArgumentOutOfRangeException(nameof(matching)),
        };
        return new TlsaData(usage, selector, matching, association).ToOctets();
    }

    /// <summary>The certificate in PEM.</summary>
    public string ToPem() => ToPem(Der);

    /// <summary>The private key in PEM (PKCS #8).</summary>
    public string PrivateKeyToPem() => Key.ToPem();

    internal static string ToPem(Octets der) => PemEncoding.WriteString("CERTIFICATE", der.Span) + "\n";

    /// <summary>The common name; nothing of the private key.</summary>
    public override string ToString() => Name;
}
