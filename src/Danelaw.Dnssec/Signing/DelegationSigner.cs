using System.Security.Cryptography;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Signing;

/// <summary>Makes DS records from DNSKEYs (RFC 4034 §5.1).</summary>
public static class DelegationSigner
{
    /// <summary>RDATA of the DS record for a key.</summary>
    /// <param name="owner">The zone that the key belongs to.</param>
    /// <param name="dnskey">RDATA of the DNSKEY, at least 4 octets.</param>
    /// <param name="digest">SHA-1 (1), SHA-256 (2) or SHA-384 (4).</param>
    /// <exception cref="ArgumentException">The RDATA is too short to be a DNSKEY.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The digest type is not supported.</exception>
    public static Octets Create(DomainName owner, Octets dnskey, DigestAlgorithm digest)
    {
        if (!DnskeyData.TryRead(dnskey, out var key)) throw new ArgumentException("not the RDATA of a DNSKEY", nameof(dnskey));

        // RFC 4034 §5.1.4: digest = H( canonical owner name | DNSKEY RDATA ).
        var name = owner.ToCanonical().Wire;
        var data = new byte[name.Length + dnskey.Length];
        name.CopyTo(data);
        dnskey.Span.CopyTo(data.AsSpan(name.Length));
        return new DsData(key.KeyTag(), key.Algorithm, (byte)digest, new Octets(Hash(digest, data))).ToOctets();
    }

    /// <summary>Whether a DS or CDS record names a key. Never throws on foreign octets.</summary>
    /// <param name="owner">The zone that the key belongs to.</param>
    /// <param name="ds">RDATA of the DS or CDS record.</param>
    /// <param name="dnskey">RDATA of the DNSKEY.</param>
    public static bool Names(DomainName owner, Octets ds, Octets dnskey) =>
        DsData.TryRead(ds, out var data) && (DigestAlgorithm)data.DigestType is DigestAlgorithm.Sha1 or DigestAlgorithm.Sha256 or DigestAlgorithm.Sha384
        && DnskeyData.TryRead(dnskey, out _) && CryptographicOperations.FixedTimeEquals(Create(owner, dnskey, (DigestAlgorithm)data.DigestType).Span, ds.Span);

    private static byte[] Hash(DigestAlgorithm digest, byte[] data) => digest switch
    {
#pragma warning disable CA5350 // Old parents still take nothing else (RFC 3658); validators prefer the better digest beside it.
        DigestAlgorithm.Sha1 => SHA1.HashData(data),
#pragma warning restore CA5350
        DigestAlgorithm.Sha256 => SHA256.HashData(data),
        DigestAlgorithm.Sha384 => SHA384.HashData(data),
        _ => throw new ArgumentOutOfRangeException(nameof(digest), digest, "digests of this type cannot be made"),
    };
}
