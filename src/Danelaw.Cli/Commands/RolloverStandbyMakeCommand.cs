using System.Collections.Immutable;
using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering.Operating;
using Danelaw.Cli.Running;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;

namespace Danelaw.Cli.Commands;

/// <summary><c>rollover standby make</c>: a key made ahead, whose record is published always.</summary>
internal sealed class RolloverStandbyMakeCommand : RolloverVerb
{
    private readonly Option<bool> _replace = Flag.Of("--replace", "make another key where there is one; the record of that one is taken out");

    public override string Name => "rollover standby make";

    public override string Summary => "a key made ahead for the day on which one is lost";

    public override IReadOnlyList<string> Description =>
    [
        "Makes a key for each chain file of the roll, in a file that only its owner may read, and a request for a certificate beside it (for certbot certonly --csr). From the next run on its record is published beside that of the key in use, so that it can be shown at once when that one is lost: danelaw rollover emergency.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "it was made"), (1, "it was not made"), (3, "another run is at work")];

    public override IReadOnlyList<string> Usage => ["NAME [--replace] [OPTION ...]"];

    public override IReadOnlyList<string> Examples => ["danelaw rollover standby make mx", "certbot certonly --csr /var/lib/danelaw/standby/mx.csr"];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("what is rolled", [Config, _replace])];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var settings = ReadSettings(call);
        var roll = OneRollOf(call, settings);
        if (OperatingSystem.IsWindows()) return ExitCode.Misuse;
        try
        {
            using var store = await OpenAsync(call, settings, cancellationToken).ConfigureAwait(false);
            if (store is null) return ExitCode.Undetermined;
            var runner = new RolloverRunner(store, NoNetwork.Instance, _ => throw new InvalidOperationException("nothing is published here"), new() { StandbyFolder = settings.StandbyFolder }, call.Surroundings.Clock);
            var (requests, fault) = runner.MakeStandby(roll, call.Parsed.GetValue(_replace));
            if (fault is not null)
            {
                call.Voice.Error(fault);
                return ExitCode.Bad;
            }

            ImmutableArray<string> done = [.. requests.Select(path => $"a key was made; {path} asks for its certificate (certbot certonly --csr), and the certificate is named in offers")];
            Tell(call, "standby", [ToldRoll.Of(roll, store.Read(roll.Name), store.Events(roll.Name, ToldRoll.MostEvents)) with { Done = done }]);
            return ExitCode.Good;
        }
        catch (RolloverStoreException fault)
        {
            return TellStore(call, fault);
        }
    }
}
