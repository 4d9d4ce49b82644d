using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering.Operating;
using Danelaw.Cli.Running;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;

namespace Danelaw.Cli.Commands;

/// <summary><c>rollover run</c>: looks at every roll once, and carries it on as far as it goes now.</summary>
internal sealed class RolloverRunCommand : RolloverVerb
{
    private readonly Option<bool> _dryRun = Flag.Of("--dry-run", "look, and say what would be done; nothing is kept, published, written or reloaded");
    private readonly Option<string> _patience = Flag.Value("--patience", "DURATION", "how long to wait for servers and endpoints, for all rolls together, before the rest is left to the next run; default 20s");

    public override string Name => "rollover run";

    public override string Summary => "publish, deploy and retire renewed keys without a gap";

    public override IReadOnlyList<string> Description =>
    [
        "Looks at what the ACME client has brought, at every authoritative server, at every endpoint and at the chain files, and does what is safe now: a new key is published beside the current one, deployed when every cache must have its record, and the old record taken out when every endpoint shows it. A certificate for the same key is deployed at once.",
        "Run it from a timer and from the ACME client's hook: it may be run at any time, killed at any time, and twice at once. It begins nothing more after seven minutes, or a longer --patience, and ends what still runs two minutes later; the next run goes on. Exit status 3 only means that something is waited for.",
        "Where nothing is to be published it finds out, once a day and without changing anything, whether it could be, and warns where it could not. With --dry-run it says all that a run would do now, as far as servers and endpoints follow at once.",
    ];

    public override IReadOnlyList<string> Examples =>
    [
        "danelaw rollover run",
        "danelaw rollover run --dry-run",
        "danelaw rollover run mx --resolver 127.0.0.1 --json",
    ];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("what is rolled", [Config, _dryRun, _patience, Margin]), ("asking the DNS", Dns.All)];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var settings = ReadSettings(call);
        var rolls = WithMargin(call, RollsOf(call, settings));
        var isAsked = call.Parsed.GetValue(_dryRun);
        var patience = call.Parsed.GetValue(_patience) is { } text ? Quantity.Duration("--patience", text, TimeSpan.Zero, TimeSpan.FromHours(1)) : new RunnerOptions().Patience;
        var options = new RunnerOptions
        {
            Faults = ReadFaults(call),
            StandbyFolder = settings.StandbyFolder,
            Rolls = settings.Rolls,
            Looking = roll => call.Voice.Progress($"{roll.Name}: looking"),
            Patience = patience,

            // Whoever wants to wait longer is not cut short.
            Limit = patience < new RunnerOptions().Limit ? new RunnerOptions().Limit : patience + TimeSpan.FromMinutes(1),
        };
        try
        {
            return await WithNetworkAsync(
                call,
                async (network, publishers) =>
                {
                    using var store = isAsked ? RolloverStore.OpenToRead(settings.StateFile) ?? RolloverStore.Empty() : RolloverStore.Open(settings.StateFile);
                    if (store is null)
                    {
                        call.Voice.Error($"{RolloverStore.Busy}: nothing was done");
                        return ExitCode.Undetermined;
                    }

                    if (OperatingSystem.IsWindows()) return ExitCode.Misuse;
                    var runner = new RolloverRunner(store, network, publishers, options, call.Surroundings.Clock);
                    var results = isAsked ? await runner.AskAllAsync(rolls, cancellationToken).ConfigureAwait(false) : await runner.RunAllAsync(rolls, cancellationToken).ConfigureAwait(false);
                    var told = new List<ToldRoll>();
                    foreach (var (roll, result) in rolls.Zip(results)) told.Add(ToldRoll.Of(roll, result, store.Events(roll.Name, ToldRoll.MostEvents)) with { Forms = await FormsAsync(roll, result, network, cancellationToken).ConfigureAwait(false) });
                    Tell(call, isAsked ? "plan" : "run", told);
                    TellUnnamed(call, settings, store);
                    return CodeOf(told);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (RolloverStoreException fault)
        {
            return TellStore(call, fault);
        }
    }
}
