using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Audit;

/// <summary>Something that was found on a host, with what to do about it.</summary>
/// <param name="Code">The stable code, one of <see cref="AuditCodes"/> or <see cref="FindingCodes"/>; its page is <c>docs/findings/CODE.md</c>.</param>
/// <param name="Severity">How grave it is.</param>
/// <param name="Subject">What it is about: a program, a service, a domain or a file.</param>
/// <param name="Place">Where it stands; null where it stands in no file.</param>
/// <param name="Text">One or two sentences that say what is the case here, and why it matters with its source.</param>
/// <param name="Mend">What to do.</param>
public sealed record AuditFinding(string Code, Severity Severity, string Subject, Place? Place, string Text, Mend Mend);

/// <summary>What to do about a finding.</summary>
/// <param name="Text">The next step for people; empty when there is nothing to do.</param>
public sealed record Mend(string Text)
{
    /// <summary>Nothing to do.</summary>
    public static Mend None { get; } = new("");

    /// <summary>What is altered on the host, where that is all there is to it.</summary>
    public ImmutableArray<Change> Changes { get; init; } = [];
}

/// <summary>Something that could not be seen, so that nothing is said about it.</summary>
/// <param name="What">What was to be seen.</param>
/// <param name="Why">Why it could not, and how it can be.</param>
public sealed record Unseen(string What, string Why)
{
    /// <summary>What to do about it, in lines of ours; empty where nothing is known.</summary>
    public string Mend { get; init; } = "";

    /// <summary>Whether it may name certificates and keys that a server shows.</summary>
    internal bool MayNameChains { get; init; }

    /// <summary>Whether root would see it.</summary>
    internal bool IsForRoot => Why.EndsWith("run as root", StringComparison.Ordinal);
}
