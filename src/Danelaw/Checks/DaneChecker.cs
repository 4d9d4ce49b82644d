using Danelaw.Checks.Recording;
using Danelaw.Dnssec.Resolution;
using Danelaw.Probes;
using Danelaw.Servers;

namespace Danelaw.Checks;

/// <summary>Conducts a check: finds the hosts, validates every lookup, probes every address, judges, explains. Thread-safe; checks may run side by side.</summary>
/// <param name="lookup">Answers questions to the DNS.</param>
/// <param name="prober">Looks at endpoints. To an address it makes one connection at a time, from all the checks of this checker; a <see cref="PoliteProber"/> keeps to that, and to more, across checkers.</param>
/// <param name="options">How the check is made.</param>
/// <param name="clock">Its time judges certificates; its timers measure the time limit.</param>
public sealed class DaneChecker(ILookup lookup, IProber prober, CheckOptions options, TimeProvider clock)
{
    /// <summary>The part of the time limit after which name servers of which none has answered are left alone: 3 s of the usual 45.</summary>
    private const int PartForSilence = 15;

    private readonly IPatientProber _prober = prober switch
    {
        PoliteProber polite => polite,
        RecordingProber { IsPatient: true } recording => recording,
        _ => new PoliteProber(prober, clock, new() { ConnectionsPerMinute = 0, Keep = TimeSpan.Zero }),
    };

    /// <summary>Asks the name servers of every zone on the way; they change no verdict. Default null: they are left alone.</summary>
    public ServerSurvey? Servers { get; init; }

    /// <summary>Checks one target. What DNS and servers do is in the report, never an exception.</summary>
    /// <param name="target">What to check.</param>
    /// <param name="progress">Is told of each step; may be null.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<CheckReport> CheckAsync(CheckTarget target, IProgress<CheckProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var budget = new CheckBudget(lookup, _prober, options, clock, cancellationToken);
        var tour = Servers is null ? null : new ZoneTour(budget, Servers, clock, cancellationToken);
        var conductor = new Conductor(budget, options, progress, cancellationToken) { AskServers = tour is null ? null : found => tour.AskAsync(found, options.TimeLimit / PartForSilence) };
        var evidence = await conductor.GatherAsync(target).ConfigureAwait(false);

        // The only look at the clock: everything is judged at one moment.
        return CheckJudge.Judge(evidence, options, clock.GetUtcNow(), cancellationToken);
    }
}
