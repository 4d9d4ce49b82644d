using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Validation;

/// <summary>What is known of a zone, or of a name that was taken for one. Immutable, shared by lookups through the cache.</summary>
internal sealed class ZoneTrust
{
    internal static ZoneTrust Pending { get; } = new() { Zone = default };

    internal required DomainName Zone { get; init; }

    internal Standing Standing { get; init; }

    /// <summary>Why it is not secure; null when it is.</summary>
    internal Ground? Ground { get; init; }

    /// <summary>The zone's keys; null unless it is secure.</summary>
    internal ZoneKeys? Keys { get; init; }

    /// <summary>The chain of trust down to here.</summary>
    internal ImmutableArray<TrustLink> Links { get; init; } = [];

    internal ImmutableArray<LookupNote> Notes { get; init; } = [];

    /// <summary>The earliest end of the signatures that this rests on.</summary>
    internal DateTimeOffset SignatureEnd { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Until when it may be kept: TTLs and signatures of all that it rests on.</summary>
    internal DateTimeOffset KeepUntil { get; init; } = DateTimeOffset.MaxValue;

    internal static ZoneTrust Failed(DomainName zone, Ground ground) => new()
    {
        Zone = zone,
        Standing = IsIndeterminate(ground.Reason) ? Standing.Indeterminate : Standing.Bogus,
        Ground = ground,
    };

    internal static bool IsIndeterminate(LookupReason reason) => reason
        is LookupReason.TimedOut or LookupReason.Unreachable or LookupReason.ServerFailed or LookupReason.MalformedReply
        or LookupReason.AliasLoop or LookupReason.LimitReached or LookupReason.ChainUnavailable or LookupReason.NotRecorded or LookupReason.None;
}

/// <summary>What a name is to the zone above it.</summary>
internal enum CutKind
{
    Pending = 0,

    /// <summary>A signed delegation: an authenticated DS set of which something is supported.</summary>
    Signed,

    /// <summary>A delegation that is proven not to be signed in a way that we support.</summary>
    Unsigned,

    /// <summary>Proven to be no delegation.</summary>
    None,

    /// <summary>The zone above is itself insecure.</summary>
    InsecureAbove,
    Bogus,
    Indeterminate,
}

/// <summary>What a name is to the zone above it, as a DS question found out. Immutable, shared by lookups through the cache.</summary>
internal sealed record ZoneCut
{
    internal static ZoneCut Pending { get; } = new();

    internal CutKind Kind { get; init; }

    /// <summary>Why it is neither signed nor no cut at all.</summary>
    internal Ground? Ground { get; init; }

    /// <summary>The zone above, whose keys decided; null for failures.</summary>
    internal ZoneTrust? Parent { get; init; }

    /// <summary>Whether the name is an alias in the zone above, so that the DS question was answered by another name's.</summary>
    internal bool IsAlias { get; init; }

    /// <summary>Whether the record that calls it a delegation lists data beside, as no zone has it at one (RFC 4035 §2.3).</summary>
    internal bool ListsData { get; init; }

    /// <inheritdoc cref="DenialProof.BeginsOptOut"/>
    internal bool BeginsOptOut { get; init; }

    internal DelegationSet? Delegation { get; init; }

    internal RecordSet? DelegationSigners { get; init; }

    internal SignatureUse? Signature { get; init; }

    internal DateTimeOffset SignatureEnd { get; init; } = DateTimeOffset.MaxValue;

    internal DateTimeOffset KeepUntil { get; init; } = DateTimeOffset.MaxValue;
}
