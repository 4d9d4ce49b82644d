namespace Danelaw.Operator.Publishing;

/// <summary>What came of it.</summary>
/// <param name="Outcome">In short.</param>
/// <param name="Detail">For a failure a phrase for people: what, and what to do.</param>
public sealed record PublishResult(PublishOutcome Outcome, string Detail);
