using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Zones;

namespace Danelaw.Dnssec.Signing;

/// <summary>What came of signing a zone file.</summary>
public sealed record ZoneSigningOutcome
{
    /// <summary>Whether the whole zone was signed and written; otherwise what was written is of no use.</summary>
    public bool IsSigned { get; init; }

    /// <summary>Why not; empty when it was.</summary>
    public string Fault { get; init; } = "";

    /// <summary>What is wrong with the text of the zone, when that is why; otherwise null.</summary>
    public ZoneFault? Syntax { get; init; }

    /// <summary>The apex; the root when it was not found.</summary>
    public DomainName Apex { get; init; }

    /// <summary>The serial that the zone came with.</summary>
    public uint OldSerial { get; init; }

    /// <summary>The serial that it has now.</summary>
    public uint Serial { get; init; }

    /// <summary>The parameters of NSEC3 that the zone has now; null when it denies by NSEC, or was not signed.</summary>
    public Nsec3Options? Nsec3 { get; init; }

    /// <summary>How many names the zone has, those with nothing but glue included and empty ones not.</summary>
    public long Names { get; init; }

    /// <summary>How many records were written.</summary>
    public long Records { get; init; }

    /// <summary>How many signatures were made.</summary>
    public long SignaturesMade { get; init; }

    /// <summary>How many signatures that the zone brought were kept.</summary>
    public long SignaturesKept { get; init; }

    /// <summary>When the first of the signatures ends, made or kept; null where there is none.</summary>
    public DateTimeOffset? FirstExpiration { get; init; }

    /// <summary>What an operator should know, in sentences; the first hundred.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}

/// <summary>How far signing or checking has come.</summary>
/// <param name="RecordsRead">Records that were read.</param>
/// <param name="RecordsDone">Records that were written, or checked; 0 while the input is still being read.</param>
public readonly record struct ZoneProgress(long RecordsRead, long RecordsDone);
