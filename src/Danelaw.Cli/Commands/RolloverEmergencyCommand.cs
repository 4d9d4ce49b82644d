using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering.Operating;
using Danelaw.Cli.Running;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;

namespace Danelaw.Cli.Commands;

/// <summary><c>rollover emergency</c>: the current key is lost.</summary>
internal sealed class RolloverEmergencyCommand : RolloverVerb
{
    private readonly Option<bool> _dryRun = Flag.Of("--dry-run", "say how it would go on, from what is kept; nothing is changed");

    private readonly Option<string> _key = Flag.Value("--key", "DIGITS", "the lost key, by the first digits of its 3 1 1 record as status shows them; default: what is shown");

    public override string Name => "rollover emergency";

    public override string Summary => "the key in use is lost: the shortest path to another";

    public override IReadOnlyList<string> Description =>
    [
        "Takes note that somebody else may have the key in use, which is then never taken up again, wherever it still lies. With a standby key (danelaw rollover standby make) whose record every cache has, that one is shown at once, with a certificate of its own until another is brought. Without one, it says what to do and how many minutes it takes.",
    ];

    public override IReadOnlyList<string> Usage => ["NAME [--key DIGITS] [--dry-run] [OPTION ...]"];

    public override IReadOnlyList<string> Examples => ["danelaw rollover emergency mx", "danelaw rollover emergency mx --dry-run"];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("what is rolled", [Config, _key, _dryRun, Margin]), ("asking the DNS", Dns.All)];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var settings = ReadSettings(call);
        var roll = WithMargin(call, OneRollOf(call, settings))[0];
        var options = new RunnerOptions { Faults = ReadFaults(call), StandbyFolder = settings.StandbyFolder, Rolls = settings.Rolls };
        try
        {
            return await WithNetworkAsync(
                call,
                async (network, publishers) =>
                {
                    if (OperatingSystem.IsWindows()) return ExitCode.Misuse;
                    using var store = await OpenAsync(call, settings, cancellationToken).ConfigureAwait(false);
                    if (store is null) return ExitCode.Undetermined;

                    var runner = new RolloverRunner(store, network, publishers, options, call.Surroundings.Clock);
                    var isAsked = call.Parsed.GetValue(_dryRun);
                    var (path, fault) = runner.DeclareEmergency(roll, isAsked, call.Parsed.GetValue(_key));
                    if (fault is not null)
                    {
                        call.Voice.Error(fault);
                        return ExitCode.Bad;
                    }

                    var result = isAsked ? null : await runner.RunAsync(roll, cancellationToken).ConfigureAwait(false);
                    var events = store.Events(roll.Name, ToldRoll.MostEvents);
                    var told = result is null ? ToldRoll.Of(roll, store.Read(roll.Name), events) : ToldRoll.Of(roll, result, events) with { Forms = await FormsAsync(roll, result, network, cancellationToken).ConfigureAwait(false) };
                    told = told with { Problems = [.. path, .. told.Problems] };
                    Tell(call, "emergency", [told]);
                    return CodeOf([told]);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (RolloverStoreException fault)
        {
            return TellStore(call, fault);
        }
    }
}
