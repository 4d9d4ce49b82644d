using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tracing;

/// <summary>One zone on the way, and how it is bound to the one above.</summary>
/// <param name="Zone">The zone's apex.</param>
public sealed record TracedZone(DomainName Zone)
{
    /// <summary>The zone above; null at the top of a chain.</summary>
    public DomainName? Parent { get; init; }

    /// <summary>Whether its keys are believed; for insecure what the zone above says of it.</summary>
    public Security Security { get; init; }

    /// <summary>Whether a trust anchor vouches for it.</summary>
    public bool IsAnchor { get; init; }

    /// <summary>The DS set at the parent; null under an anchor, and where there is none.</summary>
    public TracedSet? DelegationSet { get; init; }

    /// <summary>The DS records of that set, or of the trust anchor.</summary>
    public ImmutableArray<TracedDelegationSigner> DelegationSigners { get; init; } = [];

    /// <summary>How many DS records were left out because there are too many to tell.</summary>
    public int DelegationSignersLeftOut { get; init; }

    /// <summary>The tags of keys that are trust anchors themselves.</summary>
    public ImmutableArray<ushort> AnchorKeys { get; init; } = [];

    /// <summary>The parent's denial of a DS set; null where there is one.</summary>
    public TracedDenial? Denial { get; init; }

    /// <summary>The DNSKEY set; null when it was not asked for or not had.</summary>
    public TracedSet? KeySet { get; init; }

    /// <summary>The keys of that set; those that are vouched for, or sign the set, come first where there are too many to tell.</summary>
    public ImmutableArray<TracedKey> Keys { get; init; } = [];

    /// <summary>How many keys were left out because there are too many to tell.</summary>
    public int KeysLeftOut { get; init; }

    /// <summary>Why it is not secure, a sentence without a full stop; null when it is.</summary>
    public string? Why { get; init; }
}
