using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Signing;

/// <summary>How a zone is signed.</summary>
public sealed record ZoneSigningOptions
{
    /// <summary>The zone that the keys are of; a zone file of another zone is refused. Null, the default, for any.</summary>
    public DomainName? Apex { get; init; }

    /// <summary>From when to when the signatures hold.</summary>
    public required SignatureValidity Validity { get; init; }

    /// <summary>NSEC3 and its parameters (RFC 5155); null, the default, for NSEC.</summary>
    public Nsec3Options? Nsec3 { get; init; }

    /// <summary>Whether a zone that brings NSEC3 keeps it, with its parameters and opt-out, where <see cref="Nsec3"/> is null; false by default.</summary>
    public bool KeepsNsec3 { get; init; }

    /// <summary>RDATA of DNSKEY records that are published beside those of the keys and those that the zone brings, and do not sign; empty by default.</summary>
    public ImmutableArray<Octets> PublishedKeys { get; init; } = [];

    /// <summary>RDATA of DNSKEY records that are taken out of the zone, with the CDS and CDNSKEY records that name them; empty by default.</summary>
    public ImmutableArray<Octets> RemovedKeys { get; init; } = [];

    /// <summary>Tags of DNSKEY records that are taken out in the same way; empty by default.</summary>
    public ImmutableArray<ushort> RemovedKeyTags { get; init; } = [];

    /// <summary>Seconds for the DNSKEY records; null, the default, for the TTL of DNSKEY records that the zone brings, else <see cref="DefaultDnskeyTimeToLive"/>.</summary>
    public uint? DnskeyTimeToLive { get; init; }

    /// <summary>Seconds for the DNSKEY records of a zone that brings none; null, the default, for the TTL of its SOA.</summary>
    public uint? DefaultDnskeyTimeToLive { get; init; }

    /// <summary>By how much a signature may end earlier, so that not all are due at once; each is drawn from zero up to this.</summary>
    /// <value>Zero, the default, for none; less than the validity is long.</value>
    public TimeSpan Jitter { get; init; }

    /// <summary>Makes the same jitter again; null, the default, for another one each time.</summary>
    public int? Seed { get; init; }

    /// <summary>Which signatures that the zone brings are kept; null, the default, for none.</summary>
    public SignatureReuse? Reuse { get; init; }

    /// <summary>What becomes of the SOA's serial.</summary>
    public SerialPolicy Serial { get; init; }

    /// <summary>The moment of signing, for serials made from it.</summary>
    /// <value>The default is the beginning of the signatures' validity.</value>
    public DateTimeOffset? Now { get; init; }

    /// <summary>What becomes of the CDS and CDNSKEY records.</summary>
    public ChildRecordPolicy ChildRecords { get; init; }

    /// <summary>The digests of the CDS records that are published.</summary>
    /// <value>By default SHA-256 alone (RFC 8624 §3.3).</value>
    public ImmutableArray<DigestAlgorithm> CdsDigests { get; init; } = [DigestAlgorithm.Sha256];

    /// <summary>The digests over the whole zone to publish as ZONEMD records (RFC 8976); null, the default, for those that the zone brings, computed anew; empty for none.</summary>
    public ImmutableArray<ZoneDigestAlgorithm>? Digests { get; init; }

    /// <summary>Whether a DNSKEY record that the zone brings is taken out.</summary>
    internal bool RemovesKey(Octets dnskey) => RemovedKeys.Contains(dnskey) || (!RemovedKeyTags.IsEmpty && DnskeyData.TryRead(dnskey, out var key) && RemovedKeyTags.Contains(key.KeyTag()));
}

/// <summary>Which signatures that a zone brings are kept: those by the same keys that verify over the records as they are now, are in force, and are not about to end.</summary>
/// <param name="Now">The moment of signing.</param>
/// <param name="Refresh">A signature that ends within this time is made anew.</param>
public sealed record SignatureReuse(DateTimeOffset Now, TimeSpan Refresh);

/// <summary>The parameters of NSEC3 (RFC 5155 §3.1). The default is what RFC 9276 §3.1 asks for: no further iterations, no salt, no opt-out.</summary>
public sealed record Nsec3Options
{
    /// <summary>Further iterations of the hash, 0 by default and recommended (RFC 9276 §3.1); above 150 most validators call the zone insecure.</summary>
    public ushort Iterations { get; init; }

    /// <summary>The salt, at most 255 octets; empty by default and recommended.</summary>
    public Octets Salt { get; init; }

    /// <summary>Whether unsigned delegations are left out of the chain (RFC 5155 §6); false by default.</summary>
    public bool OptOut { get; init; }
}
