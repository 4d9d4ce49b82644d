using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Zones;

namespace Danelaw.Dnssec.Checking;

/// <summary>What a check of a signed zone found.</summary>
public sealed record ZoneCheckReport
{
    /// <summary>Whether the zone was read to its end and has no error.</summary>
    public bool IsSound => Syntax is null && IsComplete && Errors == 0;

    /// <summary>What is wrong with the text, when it could not be read; otherwise null.</summary>
    public ZoneFault? Syntax { get; init; }

    /// <summary>Whether everything was checked.</summary>
    public bool IsComplete { get; init; }

    /// <summary>The apex; the root when it was not found.</summary>
    public DomainName Apex { get; init; }

    /// <summary>The SOA's serial.</summary>
    public uint Serial { get; init; }

    /// <summary>How the zone denies: <c>NSEC</c>, <c>NSEC3</c>, both, or empty.</summary>
    public string Denial { get; init; } = "";

    /// <summary>How many records were read.</summary>
    public long Records { get; init; }

    /// <summary>How many names were checked.</summary>
    public long Names { get; init; }

    /// <summary>How many signatures were verified.</summary>
    public long Signatures { get; init; }

    /// <summary>When the first signature ends; null when there is none.</summary>
    public DateTimeOffset? FirstExpiration { get; init; }

    /// <summary>How many errors there are.</summary>
    public long Errors { get; init; }

    /// <summary>How many warnings there are.</summary>
    public long Warnings { get; init; }

    /// <summary>How many notes there are.</summary>
    public long Notes { get; init; }

    /// <summary>What was found, name by name; denials by NSEC3 and the digest last. At most <see cref="ZoneCheckOptions.MaximumFindings"/>.</summary>
    public ImmutableArray<ZoneFinding> Findings { get; init; } = [];
}
