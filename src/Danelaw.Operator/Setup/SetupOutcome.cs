using System.Collections.Immutable;

namespace Danelaw.Operator.Setup;

/// <summary>How a setup ended. Closed.</summary>
public enum SetupResult
{
    /// <summary>It failed, and what was done is put back, where no sender misses a key by that.</summary>
    Failed = 0,

    /// <summary>It failed, and not everything could be put back.</summary>
    Stuck,

    /// <summary>Something stands in the way; nothing was altered.</summary>
    Refused,

    /// <summary>What could be done is done; something is waited for, and nothing is broken.</summary>
    Waiting,

    /// <summary>There was nothing to do.</summary>
    Nothing,

    /// <summary>It is done.</summary>
    Done,

    /// <summary>It was taken back.</summary>
    Undone,
}

/// <summary>What became of a step. Closed.</summary>
public enum StepState
{
    /// <summary>It was not reached.</summary>
    Planned = 0,

    /// <summary>It was done, and seen to work.</summary>
    Done,

    /// <summary>It is for the operator to do, or to wait for.</summary>
    Waiting,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It was put back.</summary>
    TakenBack,
}

/// <summary>What came of a setup.</summary>
/// <param name="Result">In short.</param>
public sealed record SetupOutcome(SetupResult Result)
{
    /// <summary>What became of each step of the plan, in its order.</summary>
    public ImmutableArray<StepState> Steps { get; init; } = [];

    /// <summary>Sentences for people: what happened, and what to do next.</summary>
    public ImmutableArray<string> Messages { get; init; } = [];

    /// <summary>The folder of the journal; null where nothing was altered.</summary>
    public string? Journal { get; init; }

    /// <summary>Whether files were put back, whatever is still waited for.</summary>
    public bool ArePutBack { get; init; }
}
