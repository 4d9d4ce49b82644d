using System.Collections.Immutable;
using Danelaw.Operator.Publishing;

namespace Danelaw.Cli.Running;

/// <summary>In a word what came of publishing. Closed.</summary>
internal enum PublishState
{
    /// <summary>Something failed, and nobody knows whether it was done.</summary>
    Unknown = 0,

    /// <summary>It was not done: the place could not be reached.</summary>
    Unreachable,

    /// <summary>It was not done: the place refuses.</summary>
    Refused,

    /// <summary>It was not done: somebody else has changed the records meanwhile.</summary>
    Changed,

    /// <summary>It was only to be shown, and would change something.</summary>
    WouldPublish,

    /// <summary>It is done, or to be done by a person, and not every server has it yet.</summary>
    Waiting,

    /// <summary>It is done; whether every server has it was not to be waited for.</summary>
    Accepted,

    /// <summary>It is done, and every server has it.</summary>
    Published,

    /// <summary>Nothing was to be done.</summary>
    Unchanged,
}

/// <summary>All that is told of publishing.</summary>
/// <param name="Way">Where, as <c>--to</c> has it.</param>
/// <param name="IsDryRun">Whether nothing was to be changed.</param>
/// <param name="Owners">Each owner.</param>
internal sealed record PublishReport(string Way, bool IsDryRun, ImmutableArray<PublishedOwner> Owners)
{
    /// <summary>What a person has to type in; empty where no person is needed.</summary>
    public ImmutableArray<FormFields> Forms { get; init; } = [];

    /// <summary>What the servers have; null where they were not waited for.</summary>
    public Propagation? Propagation { get; init; }

    /// <summary>Whether anything is to be done.</summary>
    public bool IsChange => Owners.Any(owner => owner.IsChange);

    /// <summary>In a word.</summary>
    public PublishState State
    {
        get
        {
            if (Owners.FirstOrDefault(owner => owner.Outcome is { } outcome && outcome is not (PublishOutcome.Done or PublishOutcome.Unchanged)) is { } failed) return failed.Outcome switch
            {
                PublishOutcome.Unreachable => PublishState.Unreachable,
                PublishOutcome.Refused => PublishState.Refused,
                PublishOutcome.Changed => PublishState.Changed,
                _ => PublishState.Unknown,
            };
            if (IsDryRun) return IsChange ? PublishState.WouldPublish : PublishState.Unchanged;
            var isUnchanged = Owners.All(owner => owner.Outcome == PublishOutcome.Unchanged);
            if (Propagation is { Gate.IsOpen: true }) return isUnchanged ? PublishState.Unchanged : PublishState.Published;
            return Propagation is not null || Owners.Any(owner => owner.Outcome is null) ? PublishState.Waiting : isUnchanged ? PublishState.Unchanged : PublishState.Accepted;
        }
    }

    /// <summary>The exit code.</summary>
    public int ExitCode => State switch
    {
        PublishState.Refused or PublishState.Changed => Running.ExitCode.Bad,
        PublishState.Unknown or PublishState.Unreachable or PublishState.Waiting => Running.ExitCode.Undetermined,
        PublishState.WouldPublish or PublishState.Accepted or PublishState.Published or PublishState.Unchanged => Running.ExitCode.Good,
    };
}
