using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Tracing;

/// <summary>Where a chain of trust ends before the answer: broken, or because nothing is signed from there on.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Zone">The zone concerned.</param>
/// <param name="Name">The owner of the RRset concerned.</param>
/// <param name="Type">Its type: DS for a delegation, DNSKEY for a zone's keys, NSEC-like denials under the type that is denied.</param>
public sealed record TracedEnd(LookupReason Reason, DomainName Zone, DomainName Name, RecordType Type)
{
    /// <summary>Whether it is a break: the answer is bogus or indeterminate. Otherwise the answer is insecure.</summary>
    public bool IsBreak { get; init; }

    /// <summary>One sentence without a full stop.</summary>
    public string Text { get; init; } = "";

    /// <summary>The rule that decides: RFC and section.</summary>
    public string Rule { get; init; } = "";

    /// <summary>The extended error (RFC 8914); null where insecurity has none.</summary>
    public ushort? Code { get; init; }

    /// <summary>The tag of the key concerned; null when no one key is.</summary>
    public ushort? KeyTag { get; init; }

    /// <summary>The algorithm concerned; null when no one key is.</summary>
    public SecurityAlgorithm? Algorithm { get; init; }

    /// <summary>Whose reply showed it; null when nobody's did.</summary>
    public string? Server { get; init; }

    /// <summary>What to do, a sentence or two.</summary>
    public string Mend { get; init; } = "";
}
