using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering.Operating;
using Danelaw.Cli.Running;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Rollover.Settings;

namespace Danelaw.Cli.Commands;

/// <summary><c>rollover forget</c>: what is kept of one roll goes, and the next run takes it up anew.</summary>
internal sealed class RolloverForgetCommand : RolloverVerb
{
    private readonly Option<bool> _force = Flag.Of("--force", "forget it in the middle of a roll too");

    public override string Name => "rollover forget";

    public override string Summary => "what is kept of one roll is forgotten";

    public override IReadOnlyList<string> Description =>
    [
        "For a roll whose state no longer fits the world, or that gets other chain files: its state, its copies of chains and its history go, and what is lost by that is told. Nothing in the DNS, in chain files or at servers is touched, and no other roll loses anything. The next run takes up what is shown and published then. A roll that the settings no longer have can be forgotten too.",
        "In the middle of a roll it refuses: the key that is to follow may be kept nowhere else, and its records stay where they are published.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "it is forgotten, or nothing was kept"), (1, "it is in the middle of a roll, or could not be forgotten"), (3, "another command is at work")];

    public override IReadOnlyList<string> Usage => ["NAME [--force] [OPTION ...]"];

    public override IReadOnlyList<string> Examples => ["danelaw rollover forget mx", "danelaw rollover forget mx --force"];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("what is forgotten", [Config, _force])];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var settings = ReadSettings(call);
        if (call.Parsed.GetValue(Names) is not [var name]) throw new MisuseException($"danelaw {Name} takes the name of one roll", $"there is {string.Join(", ", settings.Rolls.Select(one => one.Name))}");
        if (OperatingSystem.IsWindows()) return ExitCode.Misuse;
        try
        {
            using var store = await OpenAsync(call, settings, cancellationToken).ConfigureAwait(false);
            if (store is null) return ExitCode.Undetermined;
            var roll = settings.Rolls.FirstOrDefault(one => one.Name == name);
            if (roll is null && !store.Names().Contains(name)) throw new MisuseException($"there is no roll {name}", $"there is {string.Join(", ", settings.Rolls.Select(one => one.Name).Union(store.Names()))}");
            var done = new List<string>();
            if (!TryRead(store, name, out var kept, out var unread))
            {
                if (!call.Parsed.GetValue(_force))
                {
                    call.Voice.Error(unread);
                    return ExitCode.Bad;
                }

                store.Forget(name);
                done.Add("what was kept is forgotten, and made no sense, so that nobody can say what is lost by that; the DNS, chain files and servers are as they were");
            }
            else if (kept is not null)
            {
                if (kept.State.Phase != RolloverPhase.Steady && !call.Parsed.GetValue(_force))
                {
                    call.Voice.Error($"{name} is in the middle of a roll ({ToldRoll.Of(Without(name), kept, []).Phase}): nothing was forgotten");
                    foreach (var loss in RollTelling.Losses(kept.State)) call.Voice.Hint($"lost would be: {loss}");
                    call.Voice.Hint($"wait until danelaw rollover status says steady, or give --force");
                    return ExitCode.Bad;
                }

                store.Forget(name);
                done.Add("what was kept is forgotten; the DNS, chain files and servers are as they were");
                done.AddRange(RollTelling.Losses(kept.State).Select(loss => $"lost is {loss}"));
                if (roll is null) done.Add("the settings have no such roll: records that it has published stay until danelaw publish --remove takes them out");
            }

            Tell(call, "forget", [ToldRoll.Of(roll ?? Without(name), (KeptRoll?)null, []) with { Done = [.. done] }]);
            return ExitCode.Good;
        }
        catch (RolloverStoreException fault)
        {
            return TellStore(call, fault);
        }
    }

    /// <returns>False where the roll's own row makes no sense.</returns>
    private static bool TryRead(RolloverStore store, string name, out KeptRoll? kept, out string fault)
    {
        (kept, fault) = (null, "");
        try
        {
            kept = store.Read(name);
            return true;
        }
        catch (RolloverStoreException unread) when (unread.Roll is not null)
        {
            fault = unread.Message;
            return false;
        }
    }

    /// <summary>A roll of which the settings say nothing.</summary>
    private static RollSettings Without(string name) => new() { Name = name, Owners = [], Chains = [], Reload = [], Publisher = new PublisherSettings.Manual(null) };
}
