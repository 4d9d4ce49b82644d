using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tracing;

/// <summary>One step from the name asked for to the answer: an alias, the records, or their denial.</summary>
/// <param name="Question">The name and type that this step is about.</param>
/// <param name="Asked">The question whose reply shows it.</param>
public sealed record TracedStep(Question Question, Question Asked)
{
    /// <summary>The zone that holds it, as far as that is known.</summary>
    public DomainName? Zone { get; init; }

    /// <summary>Its verdict.</summary>
    public Security Security { get; init; }

    /// <summary>The records; null for a denial and where nothing was had.</summary>
    public TracedSet? Set { get; init; }

    /// <summary>Where the alias leads; null when it is none.</summary>
    public DomainName? Target { get; init; }

    /// <summary>The denial; for records made from a wildcard the proof that no closer name exists; otherwise null.</summary>
    public TracedDenial? Denial { get; init; }

    /// <summary>Why nothing was had; null when something was.</summary>
    public string? Failure { get; init; }
}
