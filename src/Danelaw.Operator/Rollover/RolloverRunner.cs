using System.Collections.Immutable;
using System.Runtime.Versioning;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover.Acting;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Rollover.Observing;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Operator.Rollover.Standby;
using Danelaw.Operator.Setup;
using Danelaw.Probes;

namespace Danelaw.Operator.Rollover;

/// <summary>How a roll stands after a run. Closed.</summary>
public enum RollVerdict
{
    /// <summary>It could not be done; all is as it was, and nothing is broken.</summary>
    Failed = 0,

    /// <summary>It goes on by itself: run it again later.</summary>
    Waiting,

    /// <summary>All is as it should be.</summary>
    Done,
}

/// <summary>What came of a run.</summary>
/// <param name="Verdict">In short.</param>
/// <param name="Kept">How the roll stands; null where it could not be taken up.</param>
/// <param name="Done">What was done, a sentence each.</param>
/// <param name="Faults">What does not pass by itself, a sentence each.</param>
/// <param name="Problems">What is in the way and may pass, or is to be known early, a sentence each.</param>
public sealed record RollResult(RollVerdict Verdict, KeptRoll? Kept, ImmutableArray<string> Done, ImmutableArray<string> Faults, ImmutableArray<string> Problems)
{
    /// <summary>What a run would do, as far as servers and endpoints follow at once, where it was only asked.</summary>
    public ImmutableArray<RolloverAction> Planned { get; init; } = [];

    /// <summary>With what the roll would be taken up, as a sentence, where it was only asked; null where it is known already.</summary>
    public string? TakenUp { get; init; }

    /// <summary>The places whose records are to change, as far as servers were seen to have others yet.</summary>
    public ImmutableArray<PlannedSet> Changes { get; init; } = [];
}

/// <summary>What is to become of the records at one place.</summary>
/// <param name="Place">The owner, or what an alias leads it to.</param>
/// <param name="Before">What a server has there now.</param>
/// <param name="After">What it is to have.</param>
public sealed record PlannedSet(DomainName Place, TlsaSet Before, TlsaSet After);

/// <summary>How a runner works. Immutable.</summary>
public sealed record RunnerOptions
{
    /// <summary>How long one run waits for servers and endpoints before it leaves the rest to the next. Default: 20 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The pause between two looks of a run. Default: 1 s.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after its beginning a run begins no look any more, and leaves the rest to the next. Default: 7 minutes.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(7);

    /// <summary>How long after that it ends what still runs: a command, a hook, a question. Default: 2 minutes, which is a minute before the systemd unit would end it.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a server that was told to reload, or to read its zone, is given before it is told again. Default: 30 s.</summary>
    public TimeSpan ReloadSpacing { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where a test kills. Default: nowhere.</summary>
    public FaultPoints Faults { get; init; } = FaultPoints.None;

    /// <summary>This machine's files.</summary>
    public HostFiles Files { get; init; } = new("/");

    /// <summary>The folder of keys made ahead; null for none.</summary>
    public string? StandbyFolder { get; init; }

    /// <summary>The folder of setup's journals: they say which TTL records had before setup lowered it. Default <see cref="SetupOptions.DefaultJournals"/>.</summary>
    public string SetupJournals { get; init; } = SetupOptions.DefaultJournals;

    /// <summary>The time since boot; null for the kernel's.</summary>
    public Func<Uptime>? Uptime { get; init; }

    /// <summary>All rolls of the settings, so that two which share a TLSA RRset or a key are known however many of them run; empty for those that run.</summary>
    public ImmutableArray<RollSettings> Rolls { get; init; } = [];

    /// <summary>What was told to whom a moment ago, for runners that follow each other; null for a runner of its own.</summary>
    public RunnerMemory? Memory { get; init; }

    /// <summary>Told of each roll before it is looked at; null for nobody.</summary>
    public Action<RollSettings>? Looking { get; init; }
}

/// <summary>
/// Carries a roll on: looks, lets <see cref="RolloverPlan"/> decide, keeps the new state on the disk, and only then acts. Whoever is killed looks again.
/// </summary>
/// <param name="store">Where states are kept.</param>
/// <param name="network">What is asked of the network.</param>
/// <param name="publishers">Makes the publisher of a roll.</param>
/// <param name="options">How it works.</param>
/// <param name="clock">The time.</param>
[UnsupportedOSPlatform("windows")]
public sealed partial class RolloverRunner(RolloverStore store, IRolloverNetwork network, Func<PublisherSettings, IZonePublisher> publishers, RunnerOptions options, TimeProvider clock)
{
    /// <summary>However much there is to do, a run ends after so many looks, and the next goes on.</summary>
    private const int MostRounds = 100;

    private readonly StandbyKeys? _standby = options.StandbyFolder is null ? null : new(options.StandbyFolder);
    private readonly RunnerMemory _memory = options.Memory ?? new();
    private readonly RollSurvey _survey = new(network, options.Rolls);

    /// <summary>Looks at a roll and carries it on as far as it goes now.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RolloverStoreException">The state cannot be kept; nothing was done that was not kept before.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<RollResult> RunAsync(RollSettings roll, CancellationToken cancellationToken = default) => (await RunAllAsync([roll], cancellationToken).ConfigureAwait(false))[0];

    /// <summary>
    /// Looks at every roll, those first that were not looked at for the longest time, and carries each on as far as it goes; then goes on with those that
    /// wait for servers or endpoints, all of them within one patience. It ends early when another command waits for the file of states, or its time is over.
    /// </summary>
    /// <param name="rolls">The rolls.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What came of each, in the order of the rolls.</returns>
    /// <exception cref="RolloverStoreException">The state cannot be kept; nothing was done that was not kept before.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ImmutableArray<RollResult>> RunAllAsync(IReadOnlyList<RollSettings> rolls, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rolls);
        var begin = clock.GetTimestamp();
        Course[] courses = [.. rolls.Select(roll => new Course(roll))];
        List<Course> left = [.. courses.OrderBy(course => store.LookedAt(course.Roll.Name) ?? DateTimeOffset.MinValue)];
        using var end = new CancellationTokenSource(options.Limit + options.Grace, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
        try
        {
            while (true)
            {
                foreach (var course in left.Where(_ => !store.IsWanted && !IsLate())) await GoOnAsync(course, IsLate, both.Token).ConfigureAwait(false);
                left.RemoveAll(course => course.IsOver);
                if (left.Count == 0 || store.IsWanted || IsLate() || clock.GetElapsedTime(begin) >= options.Patience) break;
                await Task.Delay(options.Pause, clock, both.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // What was begun is on the disk, and the next run goes on with it as after a kill.
        }

        var why = store.IsWanted ? "another command was waiting for the state of the rolls" : $"the run had taken its {Duration.Say(options.Limit)}";
        return [.. courses.Select(course => Tell(course, why))];

        bool IsLate() => clock.GetElapsedTime(begin) >= options.Limit;
    }

    private async Task GoOnAsync(Course course, Func<bool> isLate, CancellationToken cancellationToken)
    {
        Round round;
        options.Looking?.Invoke(course.Roll);
        do
        {
            course.IsLooking = true;
            round = await RoundAsync(course.Roll, false, cancellationToken).ConfigureAwait(false);
            course.IsLooking = false;
            course.Done.AddRange(round.Result.Done);
            course.Result = round.Result;
            course.IsOver = round.IsFinal || ++course.Rounds == MostRounds;
        }
        while (round.HasMoved && !course.IsOver && !isLate() && !store.IsWanted);
    }

    private RollResult Tell(Course course, string why) => course switch
    {
        { IsLooking: true } => new(RollVerdict.Waiting, KeptOf(course.Roll), course.Done.ToImmutable(), [], [$"what was at work on it was ended, {Duration.Say(options.Limit + options.Grace)} after the run had begun: the next run goes on where this one was"]),
        { Result: { } result } => result with { Done = course.Done.ToImmutable() },
        _ => new(RollVerdict.Waiting, KeptOf(course.Roll), [], [], [$"it was not looked at: {why}, and the next run looks at this roll first"]),
    };

    private KeptRoll? KeptOf(RollSettings roll)
    {
        try
        {
            return store.Read(roll.Name);
        }
        catch (RolloverStoreException fault) when (fault.Roll is not null)
        {
            return null;
        }
    }

    /// <summary>Looks at a roll and says what would be done. Nothing is kept, published, written or reloaded.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RolloverStoreException">The state cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<RollResult> AskAsync(RollSettings roll, CancellationToken cancellationToken = default) => (await AskAllAsync([roll], cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Looks at every roll and says what would be done. Nothing is kept, published, written or reloaded.</summary>
    /// <param name="rolls">The rolls.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What would come of each, in the order of the rolls.</returns>
    /// <exception cref="RolloverStoreException">The state cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ImmutableArray<RollResult>> AskAllAsync(IReadOnlyList<RollSettings> rolls, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rolls);
        var results = ImmutableArray.CreateBuilder<RollResult>();
        foreach (var roll in rolls)
        {
            options.Looking?.Invoke(roll);
            results.Add((await RoundAsync(roll, true, cancellationToken).ConfigureAwait(false)).Result);
        }

        return results.ToImmutable();
    }

    /// <summary>Makes a key ahead for every chain file of a roll. From the next run on its record is published always.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="replaces">Whether a key that was made before may be replaced.</param>
    /// <returns>The files of requests for certificates; a fault where it was not done.</returns>
    /// <exception cref="RolloverStoreException">The state cannot be kept.</exception>
    public (ImmutableArray<string> Requests, string? Fault) MakeStandby(RollSettings roll, bool replaces)
    {
        ArgumentNullException.ThrowIfNull(roll);
        if (store.Read(roll.Name) is not { } kept) return ([], $"the roll {roll.Name} was not taken up yet: danelaw rollover run does it");
        if (_standby is null) return ([], "there is no folder for keys made ahead");
        if (!replaces && kept.State.Slots.Any(slot => !slot.Standby.IsEmpty)) return ([], $"the roll {roll.Name} has a standby key already; --replace makes another, and takes its record out");
        if (!replaces && roll.Chains.Select(chain => _standby.KeyFile(roll, EndpointSurvey.SlotOf(chain.Algorithm))).FirstOrDefault(File.Exists) is { } there) return ([], $"there is a key in {there} already, although the state does not know it as a standby key: its record may be published, or its certificate in use. --replace writes another over it");
        if (roll.Chains.Any(chain => chain.Algorithm == KeyAlgorithm.Eddsa)) return ([], "no standby key can be made for a chain file of algorithm \"eddsa\": make one with your own tools, and keep it ready");
        var state = kept.State;
        try
        {
            foreach (var chain in roll.Chains) state = state.WithStandby(EndpointSurvey.SlotOf(chain.Algorithm), _standby.Make(roll, chain));

            // The state first: a key whose record is published must not be written over by one that nobody knows of.
            options.Faults.Reach("before-save");
            store.Save(roll.Name, kept.At(clock.GetUtcNow()) with { State = state, Wait = kept.Wait == RolloverWait.Nothing ? RolloverWait.Servers : kept.Wait }, [], ["a standby key was made; the next run publishes its record"]);
            options.Faults.Reach("after-save");
            SettleStandby(roll, state);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return ([], $"the key cannot be written: {fault.Message}");
        }

        return ([.. roll.Chains.Select(chain => _standby.RequestFile(roll, EndpointSurvey.SlotOf(chain.Algorithm)))], null);
    }

    private void SettleStandby(RollSettings roll, RolloverState state)
    {
        foreach (var slot in state.Slots) _standby?.Settle(roll, slot.Algorithm, slot.Standby);
    }

    /// <summary>Takes note that the keys in use of a roll are lost: they are never taken up again, and a standby key takes their place.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="isAsked">Whether it is only said how it would go on.</param>
    /// <param name="key">The first hexadecimal digits, eight at least, of the key that is lost, as they stand in its 3 1 1 record; null for those that are shown.</param>
    /// <returns>How it goes on, a sentence each; a fault where it cannot.</returns>
    /// <exception cref="RolloverStoreException">The state cannot be kept.</exception>
    public (ImmutableArray<string> Path, string? Fault) DeclareEmergency(RollSettings roll, bool isAsked, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(roll);
        if (store.Read(roll.Name) is not { } kept) return ([], $"the roll {roll.Name} was not taken up yet: danelaw rollover run does it");
        var state = kept.State;

        // While the next chain is being deployed an endpoint may show either; from then on it is the key in use.
        if (key is null && state.Phase == RolloverPhase.Deploying && state.Slots.FirstOrDefault(slot => slot.Next is { } coming && coming.Key != slot.Current.Key) is { Next: { } one } half)
            return ([], $"key {RollTelling.Short(one)} is just taking the place of key {RollTelling.Short(half.Current)}, and a server may show either; nothing was altered. Name the one that is lost: --key {RollTelling.Short(one)[..8]} or --key {RollTelling.Short(half.Current)[..8]}");
        var known = state.Slots.SelectMany(slot => slot.Chains);
        Chain[] lost = [.. key is null ? state.Slots.Select(slot => slot.Next is not null && state.Phase >= RolloverPhase.Deploying ? slot.Next : slot.Current) : known.Where(chain => key.Length >= 8 && chain.Key.ToHex().StartsWith(key, StringComparison.OrdinalIgnoreCase))];

        // A key that has taken the place of a lost one is lost too only where somebody says so.
        if (key is null && lost.Length > 0 && lost.All(chain => chain.IsOwn))
            return ([], $"{(lost.Length == 1 ? "the key in use is" : "the keys in use are")} {string.Join(" and ", lost.Select(RollTelling.Short))}, made ahead, which took the place of {(lost.Length == 1 ? "a lost one" : "lost ones")}; nothing was altered. If {(lost.Length == 1 ? "that one is lost as well, name it" : "one of them is lost as well, name that")}: --key {RollTelling.Short(lost[0])[..8]}");
        if (key is null) lost = [.. lost.Where(chain => !chain.IsOwn)];
        if (lost.Length == 0) return ([], $"the roll {roll.Name} has no key {key}: it has {string.Join(" and ", known.Select(RollTelling.Short))}");
        foreach (var chain in lost) state = state.WithRetired(chain.Key);
        try
        {
            if (!isAsked) SettleStandby(roll, state);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return ([], $"the standby key cannot be used: {fault.Message}");
        }

        var path = ImmutableArray.CreateBuilder<string>();
        var wait = RolloverPlan.WaitFor(state, roll.Margin);
        foreach (var slot in state.Slots)
        {
            var name = slot.Algorithm == "any" ? "the key" : $"the {slot.Algorithm} key";
            var isNextLost = slot.Next is not null && lost.Contains(slot.Next);
            if (!isNextLost && !lost.Contains(slot.Current)) continue;
            var isReady = !slot.Standby.IsEmpty && _standby?.RecordsOf(roll, slot.Algorithm) is { IsEmpty: false } records && slot.Standby.Records.Any(records.Records.Contains);
            var left = RolloverPlan.LeftFor(state, slot.Standby, roll.Margin) ?? TimeSpan.Zero;
            var next = slot.Next is null || isNextLost ? TimeSpan.MaxValue : state.Phase >= RolloverPhase.Deploying ? TimeSpan.Zero : RolloverPlan.LeftFor(state, slot.Next.Meaning, roll.Margin) ?? TimeSpan.Zero;
            if (next < TimeSpan.MaxValue && (!isReady || next <= left))
            {
                path.Add($"{name} is being rolled already: the next one is shown in {Duration.Say(next)} at the earliest, which is the shortest safe path");
            }
            else if (isReady)
            {
                try
                {
                    if (!isAsked) _standby!.MakeOwnCertificate(roll, slot.Algorithm, clock.GetUtcNow());
                }
                catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
                {
                    return ([], $"the standby key cannot be used: {fault.Message}");
                }

                path.Add(EmergencyTelling.Takeover(kept, slot, name, roll.Margin));
            }
            else if (isNextLost && RolloverPlan.MayGoBack(state, slot, roll.Margin, clock.GetUtcNow()))
            {
                path.Add($"{name} is lost while it is being deployed: key {RollTelling.Short(slot.Current)}, which was shown before and is meant everywhere, is shown again at once");
            }
            else
            {
                path.Add($"there is no standby key for {(slot.Algorithm == "any" ? "it" : slot.Algorithm)}: let the ACME client renew with a new key now ({RollTelling.NewKey}); from then on it takes {Duration.Say(wait)}, which is the shortest safe path. The old record must stay so long, because senders that know it alone would defer all mail");
            }
        }

        if (!isAsked) store.Save(roll.Name, kept.At(clock.GetUtcNow()) with { State = state }, [], [$"emergency: key {string.Join(" and ", lost.Select(RollTelling.Short))} is lost, and never taken up again", .. path]);
        return (path.ToImmutable(), null);
    }
}
