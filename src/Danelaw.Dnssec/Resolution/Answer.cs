using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution;

/// <summary>What a lookup concluded. Immutable. The default of every field is the least trusted one.</summary>
public sealed record Answer
{
    /// <summary>What was asked, spelt as it was asked.</summary>
    public required Question Question { get; init; }

    /// <summary>The verdict on the whole: the weakest link of the chain and of the proof at its end (bogus, then indeterminate, insecure, secure).</summary>
    public Security Security { get; init; }

    /// <summary>NOERROR, NXDOMAIN or YXDOMAIN for an answer; another code for a failure; null when no reply came. For bogus that of the reply which was judged.</summary>
    public ResponseCode? ResponseCode { get; init; }

    /// <summary>The RRsets of the answer in order, aliases first: CNAME, or DNAME and the CNAME that it makes; each with its own verdict. Empty for bogus and indeterminate.</summary>
    public ImmutableArray<AnswerLink> Chain { get; init; } = [];

    /// <summary>Why the verdict is as it is.</summary>
    public LookupReason Reason { get; init; }

    /// <summary>The reason as a sentence for people, with the records, keys, servers and the RFC section concerned. Never empty.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>The extended error (RFC 8914) that belongs to the reason: in every failing verdict, and where insecurity has one (27, 1, 2); otherwise null.</summary>
    public ExtendedError? ExtendedError { get; init; }

    /// <summary>For a failure: what it is about, by which rule, and what to do next; otherwise null.</summary>
    public LookupFailure? Failure { get; init; }

    /// <summary>For an insecure answer the zone at which trust ends: the one that is not signed, or where its delegation is left out of a proof (opt-out, NSEC3 iterations) the zone above, whose proof it is. Null for every other answer, and for RRSIG records, which nobody signs.</summary>
    public DomainName? InsecureZone { get; init; }

    /// <summary>What should be told although it does not change the verdict, such as SHA-1 signatures.</summary>
    public ImmutableArray<LookupNote> Notes { get; init; } = [];

    /// <summary>Seconds that the answer may be kept for: the smallest TTL, for denials that of RFC 2308 §5; never beyond the end of a signature that it rests on. Of what was kept: what is left of it, in whole seconds.</summary>
    public uint TimeToLive { get; init; }

    /// <summary>The zones of the chain of trust, anchor first, then downwards; those of every alias in turn, each zone once. Empty when there is no anchor, and for what failed before a zone was trusted.</summary>
    public ImmutableArray<TrustLink> Trust { get; init; } = [];

    /// <summary>The name at the end of the aliases; the name asked for when there are none.</summary>
    public DomainName FinalName { get; init; }

    /// <summary>The records asked for, at the end of the chain; null for a denial and for a failure.</summary>
    public RecordSet? Records => Chain.Length > 0 && Chain[^1].Records is { } last && (last.Type == Question.Type || Question.Type == RecordType.ANY) ? last : null;

    /// <summary>Whether an alias was followed.</summary>
    public bool IsAlias => !FinalName.Equals(Question.Name);

    /// <summary>Whether it is a failure: bogus or indeterminate (RFC 7672 §2.1.1).</summary>
    public bool IsFailure => Security is Security.Bogus or Security.Indeterminate;
}

/// <summary>One RRset of an answer's chain with the verdict on it alone.</summary>
/// <param name="Records">The RRset.</param>
/// <param name="Security">Its verdict.</param>
public sealed record AnswerLink(RecordSet Records, Security Security)
{
    /// <summary>Seconds: the TTL that the zone gives the RRset, as its signature says (RFC 4034 §3.1.4), whatever caches have left of it; null unless the RRset is secure.</summary>
    public uint? OriginalTimeToLive { get; init; }

    /// <summary>Seconds: the TTL that a cache may begin to count down from: the original one where there is a signature, whatever TTL was sent (RFC 4035 §5.3.3); otherwise the one that was sent.</summary>
    public uint LongestTimeToLive => OriginalTimeToLive ?? Records.TimeToLive;
}

/// <summary>Something worth telling beside the verdict.</summary>
/// <param name="Code">A finding code, such as <c>DNSSEC-SHA1</c>.</param>
/// <param name="Zone">The zone concerned.</param>
/// <param name="Text">One sentence.</param>
public sealed record LookupNote(string Code, DomainName Zone, string Text);
