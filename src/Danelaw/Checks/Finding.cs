namespace Danelaw.Checks;

/// <summary>Something that was found, with what to do about it.</summary>
/// <param name="Code">The stable code, one of <see cref="FindingCodes"/>; its page is <c>docs/findings/CODE.md</c>.</param>
/// <param name="Severity">How grave it is.</param>
/// <param name="Subject">What it is about: a domain, a host, an endpoint or a record, in presentation form.</param>
/// <param name="Text">One or two sentences that say what is the case here.</param>
/// <param name="Mend">What to do next; empty when there is nothing to do.</param>
public sealed record Finding(string Code, Severity Severity, string Subject, string Text, string Mend);
