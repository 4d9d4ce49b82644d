namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>For whom a question is asked: a lookup with its budget, or an inquiry that waits for the address of a server.</summary>
/// <param name="Budget">The lookup's budget.</param>
internal sealed record Errand(Budget Budget)
{
    /// <summary>The inquiry that waits for this; null when the lookup itself does.</summary>
    internal Inquiry? For { get; init; }

    /// <summary>How many lookups of addresses wait for one another.</summary>
    internal int Depth { get; init; }

    /// <summary>Whether the reply is going to be judged, so that the zones' keys are needed as well.</summary>
    internal bool IsJudged { get; init; }
}
