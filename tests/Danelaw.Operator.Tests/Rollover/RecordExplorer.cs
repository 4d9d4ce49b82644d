using System.Collections.Immutable;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Tests.Rollover;

/// <summary>Drives the plan, and the taking up of a roll, through every such world that can be reached from a first one.</summary>
internal sealed class RecordExplorer : WorldExplorer<RecordWorld>
{
    private static readonly int[] Times = [1, RecordWorld.UsualTtl, RecordWorld.LongTtl];

    private readonly Dictionary<Sight, (int Plan, ImmutableArray<RolloverAction> Actions)> _steps = [];
    private Happening _events;
    private Chain[] _brought = [];
    private int _algorithms;
    private int _published;
    private Kinds _otherKinds;

    /// <summary>What decides; null for the plan.</summary>
    public Func<RolloverState, RolloverObservation, TimeSpan, RolloverStep>? Decide { get; init; }

    /// <summary>The chains that came to be shown.</summary>
    public HashSet<string> Shown { get; } = [];

    /// <summary>Explores.</summary>
    /// <param name="algorithms">How many keys the endpoint has.</param>
    /// <param name="kinds">What the settings want.</param>
    /// <param name="otherKinds">What they want after a change.</param>
    /// <param name="published">What stands there at the beginning.</param>
    /// <param name="isKnown">Whether the roll was taken up already.</param>
    /// <param name="hasStandby">Whether a key was made ahead.</param>
    /// <param name="events">What may happen.</param>
    public void Explore(int algorithms, Kinds kinds, Kinds otherKinds, int published, bool isKnown, bool hasStandby, Happening events)
    {
        (_algorithms, _otherKinds, _published, _events) = (algorithms, otherKinds, published, events);
        (Happening, int[])[] chains = [(Happening.NextKey, [2]), (Happening.OtherAlgorithm, [5]), (Happening.Renewal, [0, 1]), (Happening.OtherIssuer, [0, 6])];
        _brought = [.. chains.Where(pair => (events & pair.Item1) != 0).SelectMany(pair => pair.Item2).Append(RecordPieces.Standby).Select(chain => RecordPieces.ChainFor(chain, kinds))];
        Longest = ((2 * (IsFirstCopyLong ? RecordWorld.LongTtl : RecordWorld.UsualTtl)) * Unit) + Margin;
        var plan = -1;
        if (isKnown)
        {
            var slots = Enumerable.Range(0, algorithms).Select(algorithm => new KeySlot(SlotOf(algorithm), RecordPieces.ChainFor(algorithm * 4, kinds), null, hasStandby && algorithm == 0 ? RecordPieces.Set(RecordPieces.RecordsFor(3, kinds)) : TlsaSet.Empty));

            // Steady for long: what means the keys that are shown has reached every cache.
            var held = slots.SelectMany(slot => HeldSet.PartsOf(slot.Current.Records)).Distinct().Select(part => new HeldSet(part, Longest, true));
            var (first, second) = ((HasLongTtl ? RecordWorld.LongTtl : RecordWorld.UsualTtl) * Unit, (IsFirstCopyLong ? RecordWorld.LongTtl : RecordWorld.UsualTtl) * Unit);
            plan = NumberOf(new()
            {
                Slots = [.. slots],
                LastLook = new("boot", TimeSpan.Zero),
                Held = [.. held],
                TimesToLive = TimeToLiveMemory.Empty.See([first, second], TimeSpan.Zero, false),
                Servers = [new("owner", "first", RecordPieces.Set(published), null) { TimeToLive = first }, new("owner", "second", RecordPieces.Set(published), null) { TimeToLive = second }],
            });
        }

        var files = (byte)(algorithms == 2 ? 4 << 3 : 0);
        var set = published;
        Explore(new RecordWorld(plan, -1, set, set, set, 0, 0, files, files, files, 0, HasLongTtl, IsFirstCopyLong, kinds, Clock.Right, (byte)(hasStandby ? 1 << 3 : 0), events, 0, 0).WithSignature(0).WithSignature(1), world =>
        {
            Look(world);
            foreach (var time in Times) Add(world.After(time), world, $"{time} pass");
            Add((world with { First = world.Master }).WithSignature(0), world, $"the first server gets the zone");
            if (world.Gone == 0 && !HasFallen(world)) Add((world with { Second = world.Master, IsSecondLong = world.IsLongTtl }).WithSignature(1), world, $"the second server gets the zone");
            for (var server = 0; server < 2; server++) Add(world.WithSignature(server), world, $"server {server + 1} has what it has signed anew");
            Add(world.WithCacheOf(0), world, $"the resolver asks the first server");
            if (world.IsSecondAsked) Add(world.WithCacheOf(1), world, $"the resolver asks the second server");
            Happen(world);
        });
    }

    /// <summary>Where there is one chain file it takes keys of either algorithm.</summary>
    private string SlotOf(int algorithm) => _algorithms == 1 ? "any" : RecordPieces.Algorithms[algorithm];

    private int AlgorithmOf(int chain) => _algorithms == 1 ? 0 : RecordPieces.AlgorithmOf(chain);

    private bool HasLongTtl => (_events & Happening.LowerTtl) != 0;

    private bool IsFirstCopyLong => (_events & (Happening.LowerTtl | Happening.LongCopy)) != 0;

    private static bool HasFallen(RecordWorld world) => (world.Left & Happening.Fallen) != 0;

    private bool HasBeside => (_events & Happening.SecondEndpoint) != 0;

    private void Happen(RecordWorld world)
    {
        var left = world.Left;
        void May(Happening what, RecordWorld then)
        {
            if ((left & what) == 0) return;
            Tell(what.ToString());
            Add(then with { Left = then.Left & ~what }, world, $"{what}");
        }

        May(Happening.OtherKinds, world with { Kinds = _otherKinds });
        foreach (var (what, bit) in new[] { (Happening.OtherShort, 1 << (RecordPieces.Other * 2)), (Happening.OtherLong, 2 << (RecordPieces.Other * 2)) })
        {
            // What breaks the world by itself is not the plan's.
            if (IsMeant(world, world.Master | bit)) May(what, world with { Master = world.Master | bit });
        }

        for (var bit = 1; bit < 1 << RecordPieces.RecordCount && (left & Happening.Deletion) != 0; bit <<= 1)
        {
            // Seen at the next look: what comes and goes between two cannot be.
            if ((world.Master & bit) != 0 && new[] { world.Master, world.First, world.Second }.All(set => IsMeant(world, set & ~bit))) May(Happening.Deletion, world with { Master = world.Master & ~bit, First = world.First & ~bit, Second = world.Second & ~bit });
        }

        if (world.Plan >= 0)
        {
            var plan = Plans[world.Plan];
            var slot = plan.Slots[0];
            May(Happening.Emergency, world with { Plan = NumberOf(plan.WithRetired((slot.Next is not null && plan.Phase >= RolloverPhase.Deploying ? slot.Next : slot.Current).Key)) });
            May(Happening.Copying, world with { Copy = world.Plan });
            May(Happening.Loss, world with { Plan = -1 });

            // Once the next key is shown nothing can help against a zone without it; the plan's part is not to show it too early.
            if (world.Gone == 0 && plan.Phase < RolloverPhase.Deploying && IsMeant(world, _published)) May(Happening.OldCopy, world with { Second = _published, IsSecondLong = IsFirstCopyLong, Left = left | Happening.Fallen });
        }

        if (world.Copy >= 0) May(Happening.PuttingBack, world with { Plan = world.Copy, Copy = -1 });
        May(Happening.LowerTtl, world with { IsLongTtl = false, IsSecondLong = false });
        May(Happening.ClockOn, world with { Clock = Clock.MonthsOn });
        May(Happening.ClockBack, world with { Clock = Clock.WeeksBack });
        May(Happening.Renewal, world with { Offered = (byte)(world.Offered | (1 << 1)) });
        if (!HasFallen(world)) May(Happening.Delisting, world with { Gone = 1 });
        May(Happening.OtherIssuer, world with { Offered = (byte)(world.Offered | (1 << 6)) });
        May(Happening.NextKey, world with { Offered = (byte)(world.Offered | (1 << 2)) });
        May(Happening.OtherAlgorithm, world with { Offered = (byte)(world.Offered | (1 << 5)) });
    }

    /// <summary>Whether a set means what is shown and what stands in the files.</summary>
    private bool IsMeant(RecordWorld world, int set) =>
        Enumerable.Range(0, _algorithms).All(algorithm => new[] { world.Shown, world.Beside, world.Installed }.All(chains => RecordPieces.Misled(set, RecordWorld.ChainOf(chains, algorithm)) is null));

    private void Look(RecordWorld world)
    {
        foreach (var (isSilent, isDown) in HasBeside ? [(false, false), (true, false), (false, true), (true, true)] : new[] { (false, false), (true, false) })
        {
            var (plan, actions) = LookAt(world, isSilent, isDown);
            var saved = world with { Plan = plan, SinceLook = 0, Left = world.Left & ~Happening.Fallen };
            FormattableString told = $"the plan looks{(isSilent ? " while the second server is silent" : "")}{(isDown ? " while the second endpoint is down" : "")}{(plan < 0 ? "" : $" ({Plans[plan].Phase})")}";
            Add(saved, world, $"{told}{(actions.IsEmpty ? "" : " and is killed")}");
            Act(saved, world, actions, 0, told);
        }
    }

    private void Act(RecordWorld world, RecordWorld from, ImmutableArray<RolloverAction> actions, int at, FormattableString told)
    {
        if (at == actions.Length) return;
        Tell(actions[at].GetType().Name);
        switch (actions[at])
        {
            case RolloverAction.Publish publish:
                // The one who acts looks at the master once more, and ends where that is refused.
                if (!publish.IsSafeFrom(RecordPieces.Set(world.Master))) return;
                world = world with { Master = RecordPieces.Number(publish.From(RecordPieces.Set(world.Master))) };
                Add(world, from, $"{told} and publishes");
                Act(world, from, actions, at + 1, told);
                break;
            case RolloverAction.Install install:
                // So it does before a chain is put into its file: what is taken out there may be at the servers still.
                var chain = RecordPieces.ChainNumber(install.Chain);
                if (RecordPieces.Misled(world.Master, chain) is not null) return;
                world = world.WithInstalled(AlgorithmOf(chain), chain);
                Add(world, from, $"{told} and installs {RecordPieces.Names[chain]}");
                goto default;
            default:
                foreach (var (first, second) in HasBeside ? [(true, true), (true, false), (false, true)] : new[] { (true, true) })
                {
                    var loaded = world with { Shown = first ? world.Installed : world.Shown, Beside = second ? world.Installed : world.Beside };
                    Add(loaded, from, $"{told} and {(first && second ? "the endpoint loads" : $"only the {(first ? "first" : "second")} endpoint loads")} its files");
                    Act(loaded, from, actions, at + 1, told);
                }

                break;
        }
    }

    private (int Plan, ImmutableArray<RolloverAction> Actions) LookAt(RecordWorld world, bool isSilent, bool isDown)
    {
        var key = new Sight(world.Plan, world.First, world.Second, world.Shown, world.Beside, world.Installed, world.SinceLook, world.IsLongTtl, world.IsSecondLong, world.Kinds, world.Clock, world.Offered, isSilent, isDown, world.Gone > 0, world.SignedFor(0) > 0, world.SignedFor(1) > 0);
        if (_steps.TryGetValue(key, out var known)) return known;
        var algorithms = Enumerable.Range(0, _algorithms).ToArray();
        var offers = Enumerable.Range(0, RecordPieces.Names.Length).Where(chain => (world.Offered & (1 << chain)) != 0 || algorithms.Any(algorithm => RecordWorld.ChainOf(world.Installed, algorithm) == chain)).Select(chain => RecordPieces.ChainFor(chain, world.Kinds));
        var seen = new RolloverObservation
        {
            Uptime = new("boot", world.SinceLook * Unit),
            Now = RecordPieces.At(world.Clock),
            Servers = [.. new ServerView[] { new("owner", "first", world.SignedFor(0) > 0 ? RecordPieces.Set(world.First) : null, world.Ttl * Unit), new("owner", "second", isSilent || world.SignedFor(1) == 0 ? null : RecordPieces.Set(world.Second), world.TtlOf(1) * Unit) }.Take(world.Gone > 0 ? 1 : 2)],
            Endpoints = [.. algorithms.Select(algorithm => ViewOf("endpoint", world.Shown, algorithm, world.Kinds)), .. HasBeside ? algorithms.Select(algorithm => isDown ? new("beside", SlotOf(algorithm), null) : ViewOf("beside", world.Beside, algorithm, world.Kinds)) : []],
            Installed = algorithms.ToImmutableDictionary(SlotOf, algorithm => RecordPieces.ChainFor(RecordWorld.ChainOf(world.Installed, algorithm), world.Kinds).Content),
            Offers = [.. offers.OrderBy(chain => chain.IsOwn).ThenByDescending(chain => chain.NotBefore).Select(chain => new Offer(SlotOf(AlgorithmOf(RecordPieces.ChainNumber(chain))), chain))],
            Standby = ImmutableDictionary<string, TlsaSet>.Empty.Add(SlotOf(0), RecordPieces.Set(RecordPieces.RecordsFor(3, world.Kinds))),
        };
        var state = world.Plan >= 0 ? Plans[world.Plan] : RolloverAdoption.Judge(seen, [.. algorithms.Select(algorithm => (SlotOf(algorithm), ImmutableArray.Create(RecordPieces.ChainFor(RecordWorld.ChainOf(world.Installed, algorithm), world.Kinds))))], true, world.Ttl * Unit).State;
        var result = (-1, ImmutableArray<RolloverAction>.Empty);
        if (state is null)
        {
            Tell("not taken up");
        }
        else
        {
            var step = Decide is null ? RolloverPlan.Next(state, seen, Margin, RecordWorld.DelegationLifeFor(_events) * Unit) : Decide(state, seen, Margin);
            if (step.Refusal is not null) Tell("refused");
            result = (NumberOf(step.State), step.Actions);
        }

        _steps.Add(key, result);
        return result;
    }

    private EndpointView ViewOf(string name, byte shown, int algorithm, Kinds kinds)
    {
        var chain = RecordPieces.ChainFor(RecordWorld.ChainOf(shown, algorithm), kinds);
        return new(name, SlotOf(algorithm), chain.Key) { Leaf = chain.Leaf, Meaning = chain.Meaning };
    }

    protected override bool IsAwaited(RolloverState state, HeldSet held) =>
        _brought.Any(chain => chain.Meaning.Contains(held.Records) && state.Slots.All(slot => slot.Current.Content != chain.Content)) || (MayGoBack && state.Rolling is { } slot && slot.Current.Meaning.Contains(held.Records));

    /// <summary>Whether the key of before may come to be shown again.</summary>
    private bool MayGoBack => (_events & Happening.Emergency) != 0;

    protected override RolloverState Bare(RolloverState state) => state with
    {
        Servers = (_events & Happening.Delisting) == 0 ? [] : state.Servers,
        Foreign = (_events & (Happening.Renewal | Happening.OtherIssuer)) == 0 ? TlsaSet.Empty : state.Foreign,
        Over = TlsaSet.Of(state.Over).Records,
    };

    protected override RecordWorld Normal(RecordWorld world) =>
        world.Plan < 0 || (IsTimeless(world.Plan, world.Ttl) && (world.Left & Happening.LowerTtl) == 0) ? world with { SinceLook = 0 } : world;

    protected override string? ViolationOf(RecordWorld world)
    {
        for (var algorithm = 0; algorithm < _algorithms; algorithm++) Shown.UnionWith([RecordPieces.Names[RecordWorld.ChainOf(world.Shown, algorithm)], RecordPieces.Names[RecordWorld.ChainOf(world.Beside, algorithm)]]);
        if (world.Plan >= 0 && Plans[world.Plan].Slots.Any(slot => slot.Leaving is not null)) Tell("leaving");
        return world.Violation(_algorithms);
    }

    /// <summary>All that a look depends on. A tuple of so many would be hashed by its last eight alone.</summary>
    private readonly record struct Sight(int Plan, int First, int Second, byte Shown, byte Beside, byte Installed, byte SinceLook, bool IsLongTtl, bool IsSecondLong, Kinds Kinds, Clock Clock, byte Offered, bool IsSilent, bool IsDown, bool IsGone, bool IsFirstSigned, bool IsSecondSigned);
}
