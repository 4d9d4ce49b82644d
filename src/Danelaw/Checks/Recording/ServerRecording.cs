using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Transports;

namespace Danelaw.Checks.Recording;

/// <summary>What the name servers were asked beside a check, and what they said. Immutable.</summary>
public sealed record ServerRecording
{
    /// <summary>The label of the name that does not exist.</summary>
    public required string NonName { get; init; }

    /// <summary>Whether the time was over before their zones were found.</summary>
    public bool IsCutShort { get; init; }

    /// <summary>The zones whose servers were not asked to the end.</summary>
    public ImmutableArray<DomainName> CutShort { get; init; } = [];

    /// <summary>Every exchange with a name server, in the canonical order of the questions.</summary>
    public ImmutableArray<Exchange> Exchanges { get; init; } = [];
}
