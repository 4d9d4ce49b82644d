using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering.Operating;
using Danelaw.Cli.Running;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;

namespace Danelaw.Cli.Commands;

/// <summary><c>rollover watch</c>: the same as <c>rollover run</c>, again and again, where there is no timer.</summary>
internal sealed class RolloverWatchCommand : RolloverVerb
{
    private readonly Option<string> _every = Flag.Value("--every", "DURATION", "the time between two looks; default 1m");

    public override string Name => "rollover watch";

    public override string Summary => "rollover run again and again, where there is no timer";

    public override IReadOnlyList<string> Description =>
    [
        "Looks as rollover run does, waits, and looks again until it is ended. What was done is written a line each. When the state cannot be kept for a while (a full disk), nothing is done so long. The settings are read once: restart it when they change. Where systemd is, its timer is the better way.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "never: it runs until it is ended"), (1, "the state cannot be used when it begins")];

    public override IReadOnlyList<string> Examples => ["danelaw rollover watch", "danelaw rollover watch --every 10s mx"];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("what is rolled", [Config, _every, Margin]), ("asking the DNS", Dns.All)];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var settings = ReadSettings(call);
        var rolls = WithMargin(call, RollsOf(call, settings));
        var every = call.Parsed.GetValue(_every) is { } text ? Quantity.Duration("--every", text, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)) : TimeSpan.FromMinutes(1);
        var options = new RunnerOptions { Faults = ReadFaults(call), StandbyFolder = settings.StandbyFolder, Patience = TimeSpan.Zero, Rolls = settings.Rolls, Memory = new() };
        try
        {
            return await WithNetworkAsync(
                call,
                async (network, publishers) =>
                {
                    var said = new Dictionary<string, string>(StringComparer.Ordinal);
                    await new Vigil(every, call.Surroundings.Clock) { Tell = fault => TellFault(call, fault) }.KeepAsync(LookAsync, cancellationToken).ConfigureAwait(false);
                    return ExitCode.Good;

                    async Task LookAsync()
                    {
                        if (OperatingSystem.IsWindows()) return;

                        // Between two looks the state is free, for a run by hand or by a hook.
                        using var store = RolloverStore.Open(settings.StateFile);
                        var runner = store is null ? null : new RolloverRunner(store, network, publishers, options, call.Surroundings.Clock);
                        var results = runner is null ? [] : await runner.RunAllAsync(rolls, cancellationToken).ConfigureAwait(false);
                        foreach (var (roll, result) in rolls.Zip(results))
                        {
                            var told = ToldRoll.Of(roll, result, []) with { Forms = await FormsAsync(roll, result, network, cancellationToken).ConfigureAwait(false) };

                            // Times and counts go on by themselves; what is said beside them is news.
                            var line = string.Concat($"{told.Verdict} {told.Phase} {string.Join(' ', [.. result.Faults, .. result.Problems])}".Where(letter => !char.IsAsciiDigit(letter)));
                            var isNew = !said.TryGetValue(roll.Name, out var before) || before != line;
                            said[roll.Name] = line;
                            if (isNew || !result.Done.IsEmpty) Tell(call, "watch", [told]);
                        }
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (RolloverStoreException fault)
        {
            return TellStore(call, fault);
        }
    }

    private static void TellFault(Call call, Exception fault)
    {
        if (fault is RolloverStoreException store)
        {
            TellStore(call, store);
            return;
        }

        // What was begun is kept, and the next look goes on with it as after a kill.
        call.Voice.Fault(fault);
    }
}
