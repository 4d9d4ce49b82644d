using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Tracing;

/// <summary>A reply that says that there is no such name or type, with the records that are to prove it.</summary>
/// <param name="Name">The name that is denied; for a wildcard's answer the next closer name (RFC 5155 §1.3).</param>
/// <param name="Type">The type that is denied; <see cref="RecordType.None"/> where the name itself is.</param>
/// <param name="Zone">The zone that denies.</param>
public sealed record TracedDenial(DomainName Name, RecordType Type, DomainName Zone)
{
    /// <summary>Whether the records prove it.</summary>
    public bool IsProven { get; init; }

    /// <summary>Whether the reply says that the name does not exist at all.</summary>
    public bool IsNameError { get; init; }

    /// <summary>Whether the proof rests on an opt-out span (RFC 5155 §6).</summary>
    public bool IsOptOut { get; init; }

    /// <summary>What the proof lacks; null when it stands, and when it was not judged.</summary>
    public string? Why { get; init; }

    /// <summary>The longest ancestor of the name that is shown to exist (RFC 5155 §1.3); null when none is, or when the name itself is.</summary>
    public DomainName? ClosestEncloser { get; init; }

    /// <summary>The NSEC and NSEC3 records of the reply.</summary>
    public ImmutableArray<TracedDenialRecord> Records { get; init; } = [];
}

/// <summary>One NSEC or NSEC3 record.</summary>
/// <param name="Set">The record with its signatures.</param>
/// <param name="Owner">The name or hash at which its span begins.</param>
/// <param name="Next">The name or hash at which its span ends.</param>
/// <param name="Types">The types at its owner, as text.</param>
public sealed record TracedDenialRecord(TracedSet Set, string Owner, string Next, string Types)
{
    /// <summary>Whether it is an NSEC3 record.</summary>
    public bool IsHashed { get; init; }

    /// <summary>Whether unsigned delegations may lie in its span (RFC 5155 §6).</summary>
    public bool IsOptOut { get; init; }

    /// <summary>Additional rounds of the hash (RFC 5155 §3.1.3).</summary>
    public int Iterations { get; init; }

    /// <summary>The name that it shows to exist, with its types; an NSEC record with another owner shows an empty non-terminal (RFC 4592 §2.2.2). Null when it is not that of any name concerned.</summary>
    public DomainName? Matches { get; init; }

    /// <summary>The name that it shows not to exist; null when no name concerned lies in its span.</summary>
    public DomainName? Covers { get; init; }
}
