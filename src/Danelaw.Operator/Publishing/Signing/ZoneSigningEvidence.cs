using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Operator.Publishing.Signing;

/// <summary>What one server of the zone says of its keys. Evidence, immutable.</summary>
/// <param name="Host">The server.</param>
/// <param name="Address">Its address.</param>
public sealed record SigningServer(DomainName Host, IPAddress Address)
{
    /// <summary>Why it gave no answer, as a phrase; empty when it did.</summary>
    public string Fault { get; init; } = "";

    /// <summary>Its DNSKEY set.</summary>
    public ImmutableArray<Octets> Keys { get; init; } = [];

    /// <summary>Whether its SOA is signed by these keys as it must be: secure when they themselves are trusted.</summary>
    public Security ByItself { get; init; }

    /// <summary>Whether its SOA is secure by the chain of trust from above, the DS set taken from the zone above directly.</summary>
    public Security FromAbove { get; init; }

    /// <summary>Why that is so.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>Whether it has CDS or CDNSKEY records (RFC 7344).</summary>
    public bool HasChildSigners { get; init; }

    /// <summary>What it says that it is (version.bind); empty when it does not say.</summary>
    public string Version { get; init; } = "";
}

/// <summary>What one server of the zone above says of the zone. Evidence, immutable.</summary>
/// <param name="Server">The server: its name and address.</param>
/// <param name="Security">The verdict on its answer.</param>
/// <param name="Signers">The DS set; null where it gave no valid answer.</param>
/// <param name="Detail">Why not.</param>
public sealed record ParentServer(string Server, Security Security, ImmutableArray<Octets>? Signers, string Detail);

/// <summary>All that was asked about a zone's signing. Immutable.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="IsZone">Whether it is one: it has name servers of its own.</param>
public sealed record ZoneSigningEvidence(DomainName Zone, bool IsZone)
{
    /// <summary>Why nobody knows whether it is a zone; empty where that is known.</summary>
    public string Doubt { get; init; } = "";

    /// <summary>The zone's servers.</summary>
    public ImmutableArray<SigningServer> Servers { get; init; } = [];

    /// <summary>The servers of the zone above.</summary>
    public ImmutableArray<ParentServer> Parents { get; init; } = [];

    /// <summary>The zone above; the root for a zone below it.</summary>
    public DomainName Parent { get; init; }
}
