using Danelaw.Checks;
using Danelaw.Checks.Recording;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering.Reports;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Probes;

namespace Danelaw.Cli.Running;

/// <summary>Checks the targets of one call. May be used by several threads.</summary>
/// <param name="settings">Whom to ask, and how to judge.</param>
/// <param name="transport">Carries the queries.</param>
/// <param name="prober">Looks at the servers.</param>
/// <param name="optionsFor">How each target is checked.</param>
/// <param name="steps">Shows how far it has come.</param>
/// <param name="drawsChains">Whether the chains of trust are to be seen. Then each check is recorded, and asks for all of it.</param>
internal sealed class CheckRun(DnsSettings settings, IDnsTransport transport, IProber prober, Func<CheckTarget, CheckOptions> optionsFor, CheckSteps steps, bool drawsChains)
{
    private readonly Resolver _resolver = new(transport, settings.ToResolverOptions(), settings.Clock);

    /// <summary>Checks a target.</summary>
    public async Task<CheckResult> CheckAsync(CheckTarget target, CancellationToken cancellationToken)
    {
        CheckResult result;
        if (drawsChains) (result, _) = await RecordAsync(target, cancellationToken).ConfigureAwait(false);
        else result = CheckResult.Of(await new DaneChecker(_resolver, prober, optionsFor(target), settings.Clock).CheckAsync(target, steps.Of(target), cancellationToken).ConfigureAwait(false));
        steps.CountOne();
        return result;
    }

    /// <summary>Checks a target and keeps the evidence.</summary>
    public async Task<(CheckResult Result, CheckRecording Recording)> RecordAsync(CheckTarget target, CancellationToken cancellationToken)
    {
        var (report, recording) = await CheckRecording.CheckAsync(target, transport, prober, settings.ToResolverOptions(), optionsFor(target), settings.Clock, steps.Of(target), cancellationToken).ConfigureAwait(false);
        return (await WithChainsAsync(report, recording, recording.Now, drawsChains, cancellationToken).ConfigureAwait(false), recording);
    }

    /// <summary>Judges kept evidence again.</summary>
    public static async Task<CheckResult> ReplayAsync(CheckRecording recording, DateTimeOffset? now, bool drawsChains, CancellationToken cancellationToken) =>
        await WithChainsAsync(await recording.ReplayAsync(now, cancellationToken).ConfigureAwait(false), recording, now ?? recording.Now, drawsChains, cancellationToken).ConfigureAwait(false);

    private static async Task<CheckResult> WithChainsAsync(CheckReport report, CheckRecording recording, DateTimeOffset now, bool drawsChains, CancellationToken cancellationToken) =>
        CheckResult.Of(report) with { Chains = drawsChains ? await ChainPictures.DrawAsync(report, recording, now, cancellationToken).ConfigureAwait(false) : [] };
}
