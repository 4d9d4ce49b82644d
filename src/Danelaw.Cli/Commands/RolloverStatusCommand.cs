using System.CommandLine;
using Danelaw.Cli.Rendering.Operating;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Rollover.Settings;

namespace Danelaw.Cli.Commands;

/// <summary><c>rollover status</c>: where each key is, since when, and what happens next and when.</summary>
internal sealed class RolloverStatusCommand : RolloverVerb
{
    public override string Name => "rollover status";

    public override string Summary => "where each key is, and what happens next and when";

    public override IReadOnlyList<string> Description =>
    [
        "Tells what is kept of each roll since its last run; neither the DNS nor a server is asked. -v shows more of what has happened.",
    ];

    public override IReadOnlyList<string> Examples => ["danelaw rollover status", "danelaw rollover status mx --json"];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("what is rolled", [Config])];

    public override Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var settings = ReadSettings(call);
        var rolls = RollsOf(call, settings);
        try
        {
            using var store = RolloverStore.OpenToRead(settings.StateFile) ?? RolloverStore.Empty();
            ToldRoll[] told = [.. rolls.Select(roll => Read(store, roll, call.Surroundings.Clock.GetUtcNow()))];
            Tell(call, "status", told);
            TellUnnamed(call, settings, store);
            return Task.FromResult(CodeOf(told));
        }
        catch (RolloverStoreException fault)
        {
            return Task.FromResult(TellStore(call, fault));
        }
    }

    private static ToldRoll Read(RolloverStore store, RollSettings roll, DateTimeOffset now)
    {
        var events = store.Events(roll.Name, ToldRoll.MostEvents);
        try
        {
            return ToldRoll.Of(roll, store.Read(roll.Name), events, now);
        }
        catch (RolloverStoreException fault) when (fault.Roll is not null)
        {
            return ToldRoll.Of(roll, (KeptRoll?)null, events) with { Verdict = RollVerdict.Failed, Faults = [fault.Message] };
        }
    }
}
