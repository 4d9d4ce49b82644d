using System.Collections.Immutable;
using Danelaw.Dns;

namespace Danelaw.Operator.Publishing.Signing;

/// <summary>How far a zone is on its way to be signed. Closed.</summary>
public enum ZoneSigningState
{
    /// <summary>No server of the zone answers, or none was found; or the zone is signed, and one of its servers does not answer.</summary>
    Unreachable = 0,

    /// <summary>The name is no zone: it has no name servers of its own.</summary>
    NoZone,

    /// <summary>The zone above has DS records, and the zone does not fit them: validating resolvers refuse it.</summary>
    Broken,

    /// <summary>No server has keys, and the zone above has no DS records; or none that validating resolvers can use.</summary>
    Unsigned,

    /// <summary>Some servers have the zone signed as it must be, others not.</summary>
    PartlySigned,

    /// <summary>It is signed at every server, and the zone above has no DS record yet.</summary>
    AwaitingSigner,

    /// <summary>Some servers of the zone above have the DS record, others not yet.</summary>
    AwaitingParents,

    /// <summary>It is signed, and a zone above is not: no chain of trust can lead here.</summary>
    ParentUnsigned,

    /// <summary>Every server is secure by the chain of trust.</summary>
    Secure,
}

/// <summary>The DNS server that a zone is signed at. Closed.</summary>
public enum SigningSoftware
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>BIND.</summary>
    Bind,

    /// <summary>Knot DNS.</summary>
    Knot,

    /// <summary>PowerDNS.</summary>
    PowerDns,

    /// <summary>NSD, or another that serves files which are signed beforehand.</summary>
    Nsd,
}

/// <summary>What was concluded about a zone's signing.</summary>
/// <param name="State">In short.</param>
/// <param name="Reason">A sentence for people.</param>
/// <param name="Software">What the zone's servers say that they are.</param>
/// <param name="Keys">The keys for the registrar's form; empty while there are none.</param>
/// <param name="Signers">The DS set that the zone above has.</param>
public sealed record ZoneSigningReport(ZoneSigningState State, string Reason, SigningSoftware Software, ImmutableArray<RegistrarKey> Keys, ImmutableArray<Octets> Signers);
