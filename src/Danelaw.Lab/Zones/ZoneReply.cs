using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Lab.Zones;

/// <summary>What one zone knows of a question. Closed.</summary>
internal enum ZoneOutcome
{
    /// <summary>The name does not exist.</summary>
    NameError = 0,

    /// <summary>The name exists without the type.</summary>
    NoData,

    /// <summary>The records asked for.</summary>
    Answer,

    /// <summary>An alias: CNAME, or DNAME with the CNAME that it makes.</summary>
    Alias,

    /// <summary>A DNAME whose result would be too long (RFC 6672 §2.2).</summary>
    AliasTooLong,

    /// <summary>The name lies in a zone that is delegated away.</summary>
    Referral,
}

/// <summary>What one zone says to a question: records for the answer and authority sections with their signatures and proofs, as RFC 4035 §3.1 wants them for askers that set DO.</summary>
/// <param name="Outcome">What is known.</param>
/// <param name="Answers">For the answer section.</param>
/// <param name="Authorities">For the authority section: SOA and denials, or the delegation with DS or its denial.</param>
/// <param name="Target">For an alias where it leads; for a referral the cut.</param>
internal sealed record ZoneReply(ZoneOutcome Outcome, ImmutableArray<ResourceRecord> Answers, ImmutableArray<ResourceRecord> Authorities, DomainName Target = default);
