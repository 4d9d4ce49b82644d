using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Lab.Faults;

/// <summary>What the lab's DNS server does instead of answering. Closed.</summary>
public enum ReplyFaultKind
{
    /// <summary>Answers SERVFAIL.</summary>
    ServerFailure = 0,

    /// <summary>Answers REFUSED.</summary>
    Refused,

    /// <summary>Says nothing.</summary>
    Silence,

    /// <summary>Answers with octets that are no message behind the right id.</summary>
    Noise,

    /// <summary>Answers another question than the one that was asked.</summary>
    WrongQuestion,

    /// <summary>Answers with another id.</summary>
    WrongId,

    /// <summary>Leaves the signatures out.</summary>
    WithoutSignatures,

    /// <summary>Leaves the denials out, with their signatures.</summary>
    WithoutDenials,

    /// <summary>Says on UDP that it was truncated, and on TCP nothing.</summary>
    TruncatedForEver,
}

/// <summary>Makes the lab's DNS server misbehave for one question.</summary>
/// <param name="Name">The name asked for.</param>
/// <param name="Type">The type asked for; null for every type.</param>
/// <param name="Kind">What it does.</param>
/// <param name="IncludesBelow">Whether names below the name are meant too.</param>
public sealed record ReplyFault(DomainName Name, RecordType? Type, ReplyFaultKind Kind, bool IncludesBelow = false)
{
    internal bool Concerns(DomainName name, RecordType type) =>
        (Type is null || Type == type) && (IncludesBelow ? name.IsAtOrBelow(Name) : name == Name);
}
