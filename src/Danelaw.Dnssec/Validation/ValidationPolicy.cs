using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Validation;

/// <summary>What judging goes by, besides the evidence and the time.</summary>
internal sealed record ValidationPolicy
{
    internal required TrustAnchors Anchors { get; init; }

    internal ImmutableArray<DomainName> NegativeAnchors { get; init; } = [];

    /// <summary>Whole seconds of leeway at both ends of a signature.</summary>
    internal int ClockSkew { get; init; }

    internal bool AcceptSha1 { get; init; } = true;

    /// <summary>
    /// Whether signatures by SHA-1 can be verified at all: some systems' policies forbid it, and then they are of an algorithm that is not supported (RFC 9905 §2), not wrong.
    /// Null to find out about this machine when the first such zone comes.
    /// </summary>
    internal bool? VerifiesSha1 { get; init; }

    internal int Nsec3IterationLimit { get; init; } = 150;

    internal Limits Limits { get; init; } = Limits.Default;

    internal bool Supports(SecurityAlgorithm algorithm) => SecurityAlgorithms.IsSupported(algorithm) && (!SecurityAlgorithms.UsesSha1(algorithm) || (AcceptSha1 && (VerifiesSha1 ?? Sha1Support.IsThere)));

    internal bool Supports(DigestAlgorithm digest) => digest is DigestAlgorithm.Sha256 or DigestAlgorithm.Sha384 || (digest == DigestAlgorithm.Sha1 && AcceptSha1);

    /// <summary>Whether what a zone signed counts at a name: the name's nearest anchor stands at or above the zone, and no negative anchor between (RFC 7646 §2).</summary>
    internal bool Counts(DomainName zone, DomainName name)
    {
        if (!Anchors.TryFindNearest(name, out var anchor) || !zone.IsAtOrBelow(anchor.Zone)) return false;
        foreach (var negative in NegativeAnchors)
            if (name.IsAtOrBelow(negative) && negative.LabelCount >= anchor.Zone.LabelCount) return false;
        return true;
    }
}
