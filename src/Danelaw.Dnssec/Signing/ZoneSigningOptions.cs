using Danelaw.Dns;

namespace Danelaw.Dnssec.Signing;

/// <summary>How a zone is signed.</summary>
public sealed record ZoneSigningOptions
{
    /// <summary>From when to when the signatures hold.</summary>
    public required SignatureValidity Validity { get; init; }

    /// <summary>NSEC3 and its parameters (RFC 5155); null, the default, for NSEC.</summary>
    public Nsec3Options? Nsec3 { get; init; }

    /// <summary>Seconds for the DNSKEY records; null, the default, for the TTL of DNSKEY records that the zone brings, else that of its SOA.</summary>
    public uint? DnskeyTimeToLive { get; init; }
}

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
