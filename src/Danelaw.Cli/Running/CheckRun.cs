using Danelaw.Checks;
using Danelaw.Checks.Recording;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Reports;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Probes;
using Danelaw.Servers;

namespace Danelaw.Cli.Running;

/// <summary>Checks the targets of one call. May be used by several threads.</summary>
/// <param name="settings">Whom to ask, and how to judge.</param>
/// <param name="transport">Carries the queries.</param>
/// <param name="servers">Carries the questions to the name servers of the zones on the way; null leaves them alone.</param>
/// <param name="prober">Looks at the servers.</param>
/// <param name="optionsFor">How each target is checked.</param>
/// <param name="steps">Shows how far it has come.</param>
/// <param name="output">How much text tells.</param>
/// <param name="voice">Is told of faults of ours.</param>
/// <param name="state">What earlier runs have left, and where results are kept for later ones; null for nothing.</param>
/// <param name="drawsChains">Whether the chains of trust are to be seen. Then each check is recorded, and asks for all of it.</param>
internal sealed class CheckRun(DnsSettings settings, IDnsTransport transport, IDnsTransport? servers, IProber prober, Func<CheckTarget, CheckOptions> optionsFor, CheckSteps steps, Output output, Voice voice, CheckState? state, bool drawsChains)
{
    private readonly Resolver _resolver = new(transport, settings.ToResolverOptions(), settings.Clock);

    /// <summary>Checks a target, unless its result is kept. A result that is to be kept is, when this returns.</summary>
    public async Task<CheckResult> CheckAsync(CheckTarget target, CancellationToken cancellationToken)
    {
        var result = state?.Find(target.Text);
        if (result is null)
        {
            result = await AskSafelyAsync(target, cancellationToken).ConfigureAwait(false);

            // A fault of ours is no result: the next run asks again.
            if (state is not null && result is { IsFault: false, Report: { } report })
            {
                result = result with { Text = CheckText.Plain(report, output), JudgedAt = settings.Clock.GetUtcNow() };
                state.Keep(result);
            }
        }

        steps.CountOne();
        return result;
    }

    /// <summary>The net below: what was not foreseen about one target takes no other target with it. Misuse, a reader that went away, and what the whole machine lacks end the run as ever.</summary>
    private async Task<CheckResult> AskSafelyAsync(CheckTarget target, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(target, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // As at the edge of the command: a fault of ours, said with what to report (docs/decisions/0293).
        catch (Exception exception) when (OwnFault.Is(exception, cancellationToken))
        {
            voice.Fault(exception, target.Text);
            return CheckResult.OfFault(target.Text);
        }
#pragma warning restore CA1031
    }

    private async Task<CheckResult> AskAsync(CheckTarget target, CancellationToken cancellationToken) => drawsChains
        ? (await RecordAsync(target, cancellationToken).ConfigureAwait(false)).Result
        : CheckResult.Of(await new DaneChecker(_resolver, prober, optionsFor(target), settings.Clock) { Servers = OpenSurvey() }.CheckAsync(target, steps.Of(target), cancellationToken).ConfigureAwait(false));

    /// <summary>Checks a target and keeps the evidence.</summary>
    public async Task<(CheckResult Result, CheckRecording Recording)> RecordAsync(CheckTarget target, CancellationToken cancellationToken)
    {
        var exchanges = new RecordingTransport(transport);
        var (report, recording) = await CheckRecording.CheckAsync(target, exchanges, prober, servers, settings.ToResolverOptions(), optionsFor(target), settings.Clock, steps.Of(target), cancellationToken).ConfigureAwait(false);
        if (!drawsChains) return (CheckResult.Of(report), recording);

        // Above a break nothing was asked for that the verdict did not need. What the picture needs is kept with the rest, so that a replay draws the same.
        var chains = await ChainPictures.DrawAsync(report, exchanges, recording.Resolver, recording.Now, cancellationToken).ConfigureAwait(false);
        return (CheckResult.Of(report) with { Chains = chains }, recording with { Exchanges = exchanges.Exchanges });
    }

    private ServerSurvey? OpenSurvey() => servers is null ? null : new(_resolver, servers, settings.Clock) { Families = settings.Families, ConnectTo = settings.ConnectTo };

    /// <summary>Judges kept evidence again.</summary>
    public static async Task<CheckResult> ReplayAsync(CheckRecording recording, DateTimeOffset? now, bool drawsChains, CancellationToken cancellationToken)
    {
        var report = await recording.ReplayAsync(now, cancellationToken).ConfigureAwait(false);
        var chains = drawsChains ? await ChainPictures.DrawAsync(report, new ReplayTransport(recording.Exchanges), recording.Resolver, now ?? recording.Now, cancellationToken).ConfigureAwait(false) : [];
        return CheckResult.Of(report) with { Chains = chains };
    }
}
