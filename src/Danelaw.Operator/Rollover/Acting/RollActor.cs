using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.Versioning;
using Danelaw.Dns.Names;
using Danelaw.Operator.Processes;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover.Observing;
using Danelaw.Operator.Rollover.Settings;

namespace Danelaw.Operator.Rollover.Acting;

/// <summary>What came of an action.</summary>
/// <param name="Done">What was done, a sentence each, for the history.</param>
/// <param name="Failure">Why it was not done, as a sentence; null when it was.</param>
/// <param name="MayPass">Whether that may pass by itself.</param>
internal sealed record ActionResult(ImmutableArray<string> Done, string? Failure = null, bool MayPass = false);

/// <summary>Does what the plan says. Each action may be done twice, by a process that was killed and its successor.</summary>
/// <param name="publishers">Makes the publisher of a roll.</param>
/// <param name="readChain">Finds the content of a chain file.</param>
/// <param name="faults">Where a test kills.</param>
/// <param name="clock">Measures time limits.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class RollActor(Func<PublisherSettings, IZonePublisher> publishers, Func<RollSettings, Chain, byte[]?> readChain, FaultPoints faults, TimeProvider clock)
{
    /// <summary>How long places that cannot be read may take together before the rest is left alone.</summary>
    private static readonly TimeSpan MostForSilence = TimeSpan.FromSeconds(30);

    /// <summary>Does one.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="action">What to do.</param>
    /// <param name="places">Where the owners' records stand.</param>
    /// <param name="isTimeToRepeat">Whether a master that has the records already is to see to it that its server shows them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal async Task<ActionResult> DoAsync(RollSettings roll, RolloverAction action, ImmutableDictionary<DomainName, DomainName> places, bool isTimeToRepeat, CancellationToken cancellationToken)
    {
        try
        {
            return action switch
            {
                RolloverAction.Publish publish => await PublishAsync(roll, publish, places, isTimeToRepeat, cancellationToken).ConfigureAwait(false),
                RolloverAction.Install install => await InstallAsync(roll, install, places, cancellationToken).ConfigureAwait(false),
                _ => await ReloadAsync(roll, cancellationToken).ConfigureAwait(false),
            };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new([], $"nothing was changed, because {fault.Message}");
        }
    }

    /// <summary>What would stand in the way of publishing, at the first place where something does; null for nothing. Nothing is changed.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="places">Where the owners' records stand.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal async Task<string?> RehearseAsync(RollSettings roll, ImmutableDictionary<DomainName, DomainName> places, CancellationToken cancellationToken)
    {
        var publisher = publishers(roll.Publisher);
        foreach (var place in Places(roll, places))
        {
            var result = await publisher.RehearseAsync(place, cancellationToken).ConfigureAwait(false);
            if (result.Outcome is not (PublishOutcome.Done or PublishOutcome.Unchanged)) return $"{place}: {Told(result.Detail)}";
        }

        return null;
    }

    private async Task<ActionResult> PublishAsync(RollSettings roll, RolloverAction.Publish publish, ImmutableDictionary<DomainName, DomainName> places, bool isTimeToRepeat, CancellationToken cancellationToken)
    {
        var publisher = publishers(roll.Publisher);
        var done = ImmutableArray.CreateBuilder<string>();
        string? failure = null;
        var mayPass = true;
        var isFirst = true;
        var begin = clock.GetTimestamp();
        foreach (var place in Places(roll, places))
        {
            var master = await publisher.ReadAsync(place, cancellationToken).ConfigureAwait(false);
            if (master.Outcome != PublishOutcome.Done)
            {
                failure ??= $"{place} cannot be read where it is mastered: {Told(master.Detail)}";
                mayPass &= master.Outcome is PublishOutcome.Unreachable or PublishOutcome.Unknown;

                // Whoever hangs at one place hangs at the others, and a run has not the time of all of them.
                if (clock.GetElapsedTime(begin) > MostForSilence) break;
                continue;
            }

            // A master that has them already is asked again now and then, with the TTL that it has: whoever wrote a zone file may have been ended before the server was made to read it.
            var records = publish.From(master.Records);
            var isRepeated = master.Records.Equals(records);
            if (isRepeated && !isTimeToRepeat) continue;
            if (!publish.IsSafeFrom(master.Records))
            {
                // What is mastered may be ahead of what servers were seen to have.
                failure ??= $"{place} was not published: beside {master.Records} it would keep some senders from finding what is shown";
                mayPass = false;
                continue;
            }

            faults.Reach(isFirst ? "before-publish" : "between-publish");
            isFirst = false;
            var result = await publisher.PublishAsync(new(place, master.Records, records, isRepeated ? master.TimeToLive ?? roll.TimeToLive : roll.TimeToLive), cancellationToken).ConfigureAwait(false);
            if (result.Outcome == PublishOutcome.Done) done.Add($"{place} has {(records.IsEmpty ? "no records" : RollTelling.Short(records))}{(result.Detail.Length > 0 ? $"; {result.Detail}" : "")}");
            else if (result.Outcome != PublishOutcome.Unchanged)
            {
                failure ??= $"{place} was not published: {Told(result.Detail)}";
                mayPass &= result.Outcome is PublishOutcome.Unreachable or PublishOutcome.Unknown or PublishOutcome.Changed;
            }
        }

        faults.Reach("after-publish");
        return new(done.ToImmutable(), failure, failure is not null && mayPass);
    }

    private async Task<ActionResult> InstallAsync(RollSettings roll, RolloverAction.Install install, ImmutableDictionary<DomainName, DomainName> places, CancellationToken cancellationToken)
    {
        var settings = roll.Chains.First(chain => EndpointSurvey.SlotOf(chain.Algorithm) == install.Algorithm);
        if (readChain(roll, install.Chain) is not { } pem) return new([], $"the chain that belongs into {settings.File} is kept nowhere any more: put it there by hand (certificate valid until {install.Chain.NotAfter:yyyy-MM-dd}), or let the ACME client bring another");

        // What servers still give may be taken out where it is mastered: by a state of before this one, or by hand. A chain waits for no publisher that hangs.
        var publisher = publishers(roll.Publisher);
        var begin = clock.GetTimestamp();
        foreach (var place in Places(roll, places))
        {
            var master = await publisher.ReadAsync(place, cancellationToken).ConfigureAwait(false);
            if (master.Outcome != PublishOutcome.Done && clock.GetElapsedTime(begin) > MostForSilence) break;
            if (master.Outcome == PublishOutcome.Done && !SetMeaning.Means(master.Records, install.Chain))
                return new([], $"{settings.File} was left as it is: {place} is mastered without a record that means the chain which belongs there, and the servers will follow", MayPass: true);
        }

        var unsure = new ChainInstaller(faults).Install(settings, pem);
        var reloaded = await ReloadAsync(roll, cancellationToken).ConfigureAwait(false);
        return reloaded with { Failure = reloaded.Failure ?? unsure, Done = [$"{settings.File} holds the chain of key {install.Chain.Key.ToHex()[..16]}, valid until {install.Chain.NotAfter:yyyy-MM-dd}", .. reloaded.Done] };
    }

    private async Task<ActionResult> ReloadAsync(RollSettings roll, CancellationToken cancellationToken)
    {
        faults.Reach("before-reload");
        string? failure = null;
        for (var i = 0; i < roll.Reload.Length; i++)
        {
            if (i > 0) faults.Reach("between-reload");

            // One server that cannot be reloaded does not keep the others from it.
            failure = await RunAsync(roll.Reload[i], roll.ReloadTime, cancellationToken).ConfigureAwait(false) ?? failure;
        }

        faults.Reach("after-reload");
        return new(roll.Reload.IsEmpty || failure is not null ? [] : [$"reloaded: {string.Join("; ", roll.Reload.Select(command => string.Join(' ', command)))}"], failure);
    }

    /// <summary>Makes a server read its files anew.</summary>
    /// <returns>Null when it succeeded; otherwise what went wrong, as a sentence.</returns>
    private async Task<string?> RunAsync(ImmutableArray<string> command, TimeSpan limit, CancellationToken cancellationToken)
    {
        var end = await Programs.RunAsync(command, ProgramSurroundings.System, "", limit, clock, cancellationToken).ConfigureAwait(false);
        return end.ExitCode switch
        {
            0 => null,
            { } code => string.Create(CultureInfo.InvariantCulture, $"the command {string.Join(' ', command)} failed with status {code}{(end.LastWords.Length > 0 ? $": {end.LastWords}" : "")}"),
            null => $"the command {string.Join(' ', command)} failed: {end.Detail}",
        };
    }

    /// <summary>A variable that a person's shell has is not there for the unit.</summary>
    private static string Told(string detail) => detail.EndsWith(" is not set", StringComparison.Ordinal) ? $"{detail}; the systemd unit has only those that a drop-in gives it (systemctl edit danelaw-rollover: EnvironmentFile=)" : detail;

    /// <summary>Where the records are to stand, each place once.</summary>
    private static IEnumerable<DomainName> Places(RollSettings roll, ImmutableDictionary<DomainName, DomainName> places) =>
        roll.TlsaOwners.Select(owner => places.GetValueOrDefault(owner, owner)).Distinct();
}
