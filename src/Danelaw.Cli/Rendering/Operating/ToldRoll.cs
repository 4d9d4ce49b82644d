using System.Collections.Immutable;
using Danelaw.Operator;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Rollover.Settings;

namespace Danelaw.Cli.Rendering.Operating;

/// <summary>A roll as it is told, after a run or from what is kept.</summary>
internal sealed record ToldRoll
{
    /// <summary>As many events are told in JSON, and with <c>-v</c>.</summary>
    public const int MostEvents = 50;

    /// <summary>The timer looks each minute, and a watch at least each hour.</summary>
    private static readonly TimeSpan MostUnseen = TimeSpan.FromHours(2);

    public required RollSettings Settings { get; init; }

    public required RollVerdict Verdict { get; init; }

    /// <summary>What is kept; null for a roll that was never taken up.</summary>
    public KeptRoll? Kept { get; init; }

    public ImmutableArray<string> Done { get; init; } = [];

    /// <summary>Whether that is how a run has gone on, of which not all is done yet.</summary>
    public bool IsRun { get; init; }

    /// <summary>With what it would be taken up; null where it is known already.</summary>
    public string? TakenUp { get; init; }

    public ImmutableArray<string> Faults { get; init; } = [];

    public ImmutableArray<string> Problems { get; init; } = [];

    public ImmutableArray<RolloverAction> Planned { get; init; } = [];

    /// <summary>The places whose records are to change.</summary>
    public ImmutableArray<PlannedSet> Changes { get; init; } = [];

    /// <summary>What a person is to type at a DNS host.</summary>
    public ImmutableArray<FormFields> Forms { get; init; } = [];

    public ImmutableArray<RolloverEvent> Events { get; init; } = [];

    /// <summary>The phase in a word.</summary>
    public string Phase => Kept is null ? "unknown" : Kebab.Of(Kept.State.Phase);

    public static ToldRoll Of(RollSettings settings, RollResult result, ImmutableArray<RolloverEvent> events) =>
        new() { Settings = settings, Verdict = result.Verdict, Kept = result.Kept, Done = result.Done, IsRun = true, TakenUp = result.TakenUp, Faults = result.Faults, Problems = result.Problems, Planned = result.Planned, Changes = result.Changes, Events = events };

    /// <summary>The same as it is kept, where something is to look at it all the time: the timer, or <c>rollover watch</c>.</summary>
    public static ToldRoll Of(RollSettings settings, KeptRoll? kept, ImmutableArray<RolloverEvent> events, DateTimeOffset now)
    {
        var told = Of(settings, kept, events);
        return kept is null || now - kept.Looked < MostUnseen
            ? told
            : told with { Verdict = RollVerdict.Failed, Faults = [$"nobody has looked at it for {Duration.Say(now - kept.Looked)}, so no renewal is taken up: systemctl enable --now danelaw-rollover.timer, or let danelaw rollover watch run; journalctl -u danelaw-rollover tells what its runs said", .. told.Faults] };
    }

    public static ToldRoll Of(RollSettings settings, KeptRoll? kept, ImmutableArray<RolloverEvent> events) =>
        new() { Settings = settings, Verdict = kept is { Faults.IsEmpty: false } ? RollVerdict.Failed : kept is { State.Phase: RolloverPhase.Steady, Wait: RolloverWait.Nothing } ? RollVerdict.Done : RollVerdict.Waiting, Kept = kept, Faults = kept?.Faults ?? [], Problems = kept?.Problems ?? [], Events = events };

    /// <summary>How long the wait that is on takes at least from now on; null where that cannot be told.</summary>
    public TimeSpan? Remaining(DateTimeOffset now) =>
        Kept is { Wait: RolloverWait.Caches or RolloverWait.Certificate, Remaining: { } remaining } ? remaining - (now - Kept.Looked) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero : null;
}
