using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Tests.Rollover;

/// <summary>Drives the plan, and the taking up of a roll, through every such world that can be reached from a first one.</summary>
internal sealed class RecordExplorer
{
    private static readonly TimeSpan Unit = RolloverPieces.Unit, Margin = Unit;
    private static readonly int[] Times = [1, RecordWorld.UsualTtl, RecordWorld.LongTtl];

    private readonly List<RolloverState> _plans = [];
    private readonly List<bool> _timeless = [];
    private readonly Dictionary<RolloverState, int> _numbers = [];
    private readonly Dictionary<RecordWorld, (RecordWorld From, string Event)> _seen = [];
    private readonly Dictionary<(int, int, int, byte, byte, byte, bool, Kinds, Clock, byte, bool, bool), (int Plan, ImmutableArray<RolloverAction> Actions)> _steps = [];
    private readonly Queue<RecordWorld> _open = new();
    private TimeSpan _longest;
    private Happening _events;
    private Chain[] _brought = [];
    private int _algorithms;
    private Kinds _otherKinds;

    /// <summary>How many worlds were reached.</summary>
    public int Count => _seen.Count;

    /// <summary>How often each thing came about: actions, phases, events, refusals.</summary>
    public SortedDictionary<string, int> Told { get; } = new(StringComparer.Ordinal);

    /// <summary>What decides.</summary>
    public Func<RolloverState, RolloverObservation, TimeSpan, RolloverStep> Decide { get; init; } = (state, seen, margin) => RolloverPlan.Next(state, seen, margin, RecordWorld.DelegationLife * Unit);

    /// <summary>The way to a world that breaks the law; null when there is none.</summary>
    public string? CounterExample { get; private set; }

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
        (_algorithms, _otherKinds, _events) = (algorithms, otherKinds, events);
        (Happening, int[])[] chains = [(Happening.NextKey, [2]), (Happening.OtherAlgorithm, [5]), (Happening.Renewal, [0, 1]), (Happening.OtherIssuer, [0, 6])];
        _brought = [.. chains.Where(pair => (events & pair.Item1) != 0).SelectMany(pair => pair.Item2).Append(RecordPieces.Standby).Select(chain => RecordPieces.ChainFor(chain, kinds))];
        _longest = ((2 * ((events & Happening.LowerTtl) != 0 ? RecordWorld.LongTtl : RecordWorld.UsualTtl)) * Unit) + Margin;
        var plan = -1;
        if (isKnown)
        {
            var slots = Enumerable.Range(0, algorithms).Select(algorithm => new KeySlot(RecordPieces.Algorithms[algorithm], RecordPieces.ChainFor(algorithm * 4, kinds), null, hasStandby && algorithm == 0 ? RecordPieces.Set(RecordPieces.RecordsFor(3, kinds)) : TlsaSet.Empty));


            // Steady for long: what means the keys that are shown has reached every cache.
            var held = slots.SelectMany(slot => HeldSet.PartsOf(slot.Current.Records)).Distinct().Select(part => new HeldSet(part, _longest, true));
            plan = NumberOf(new() { Slots = [.. slots], LastLook = new("boot", TimeSpan.Zero), Held = [.. held], Servers = [new("owner", "first", RecordPieces.Set(published), null), new("owner", "second", RecordPieces.Set(published), null)] });
        }

        var files = (byte)(algorithms == 2 ? 4 << 3 : 0);
        var set = published;
        Add(new(plan, -1, set, set, set, 0, 0, files, files, 0, (events & Happening.LowerTtl) != 0, kinds, Clock.Right, (byte)(hasStandby ? 1 << 3 : 0), events, 0), default, $"begin");
        while (CounterExample is null && _open.TryDequeue(out var world))
        {
            Look(world);
            foreach (var time in Times) Add(world.After(time), world, $"{time} pass");
            Add(world with { First = world.Master }, world, $"the first server gets the zone");
            if (world.Gone == 0) Add(world with { Second = world.Master }, world, $"the second server gets the zone");
            Add(world with { Cache = world.First, CachedFor = (byte)world.Ttl }, world, $"the resolver asks the first server");
            if (world.IsSecondAsked) Add(world with { Cache = world.Second, CachedFor = (byte)world.Ttl }, world, $"the resolver asks the second server");
            Happen(world);
        }
    }

    private void Happen(RecordWorld world)
    {
        var left = world.Left;
        void May(Happening what, RecordWorld then)
        {
            if ((left & what) == 0) return;
            Told[what.ToString()] = Told.GetValueOrDefault(what.ToString()) + 1;
            Add(then with { Left = left & ~what }, world, $"{what}");
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
            var plan = _plans[world.Plan];
            var slot = plan.Slots[0];
            May(Happening.Emergency, world with { Plan = NumberOf(plan.WithRetired((slot.Next is not null && plan.Phase >= RolloverPhase.Deploying ? slot.Next : slot.Current).Key)) });
            May(Happening.Copying, world with { Copy = world.Plan });
            May(Happening.Loss, world with { Plan = -1 });
        }

        if (world.Copy >= 0) May(Happening.PuttingBack, world with { Plan = world.Copy, Copy = -1 });
        May(Happening.LowerTtl, world with { IsLongTtl = false });
        May(Happening.ClockOn, world with { Clock = Clock.MonthsOn });
        May(Happening.ClockBack, world with { Clock = Clock.WeeksBack });
        May(Happening.Renewal, world with { Offered = (byte)(world.Offered | (1 << 1)) });
        May(Happening.Delisting, world with { Gone = 1 });
        May(Happening.OtherIssuer, world with { Offered = (byte)(world.Offered | (1 << 6)) });
        May(Happening.NextKey, world with { Offered = (byte)(world.Offered | (1 << 2)) });
        May(Happening.OtherAlgorithm, world with { Offered = (byte)(world.Offered | (1 << 5)) });
    }

    /// <summary>Whether a set means what is shown and what stands in the files.</summary>
    private bool IsMeant(RecordWorld world, int set) =>
        Enumerable.Range(0, _algorithms).All(algorithm => RecordPieces.Misled(set, world.ChainOf(algorithm, true)) is null && RecordPieces.Misled(set, world.ChainOf(algorithm, false)) is null);

    private void Look(RecordWorld world)
    {
        foreach (var isSilent in new[] { false, true })
        {
            var (plan, actions) = LookAt(world, isSilent);
            var saved = world with { Plan = plan, SinceLook = 0 };
            FormattableString told = $"the plan looks{(isSilent ? " while the second server is silent" : "")}{(plan < 0 ? "" : $" ({_plans[plan].Phase})")}";
            Add(saved, world, $"{told}{(actions.IsEmpty ? "" : " and is killed")}");
            Act(saved, world, actions, 0, told);
        }
    }

    private void Act(RecordWorld world, RecordWorld from, ImmutableArray<RolloverAction> actions, int at, FormattableString told)
    {
        if (at == actions.Length) return;
        Told[actions[at].GetType().Name] = Told.GetValueOrDefault(actions[at].GetType().Name) + 1;
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
                world = world.WithInstalled(RecordPieces.AlgorithmOf(chain), chain);
                Add(world, from, $"{told} and installs {RecordPieces.Names[chain]}");
                goto default;
            default:
                world = world with { Shown = world.Installed };
                Add(world, from, $"{told} and the endpoint loads its files");
                Act(world, from, actions, at + 1, told);
                break;
        }
    }

    private (int Plan, ImmutableArray<RolloverAction> Actions) LookAt(RecordWorld world, bool isSilent)
    {
        var key = (world.Plan, world.First, world.Second, world.Shown, world.Installed, world.SinceLook, world.IsLongTtl, world.Kinds, world.Clock, world.Offered, isSilent, world.Gone > 0);
        if (_steps.TryGetValue(key, out var known)) return known;
        var ttl = world.Ttl * Unit;
        var algorithms = Enumerable.Range(0, _algorithms).ToArray();
        var offers = Enumerable.Range(0, RecordPieces.Names.Length).Where(chain => (world.Offered & (1 << chain)) != 0 || algorithms.Any(algorithm => world.ChainOf(algorithm, false) == chain)).Select(chain => RecordPieces.ChainFor(chain, world.Kinds));
        var seen = new RolloverObservation
        {
            Uptime = new("boot", world.SinceLook * Unit),
            Now = RecordPieces.At(world.Clock),
            Servers = [.. new ServerView[] { new("owner", "first", RecordPieces.Set(world.First), ttl), new("owner", "second", isSilent ? null : RecordPieces.Set(world.Second), ttl) }.Take(world.Gone > 0 ? 1 : 2)],
            Endpoints = [.. algorithms.Select(algorithm => new EndpointView("endpoint", RecordPieces.Algorithms[algorithm], ShownBy(world, algorithm).Key) { Leaf = ShownBy(world, algorithm).Leaf, Meaning = ShownBy(world, algorithm).Meaning })],
            Installed = algorithms.ToImmutableDictionary(algorithm => RecordPieces.Algorithms[algorithm], algorithm => RecordPieces.ChainFor(world.ChainOf(algorithm, false), world.Kinds).Content),
            Offers = [.. offers.OrderBy(chain => chain.IsOwn).ThenByDescending(chain => chain.NotBefore).Select(chain => new Offer(RecordPieces.Algorithms[RecordPieces.AlgorithmOf(RecordPieces.ChainNumber(chain))], chain))],
            Standby = ImmutableDictionary<string, TlsaSet>.Empty.Add("ecdsa", RecordPieces.Set(RecordPieces.RecordsFor(3, world.Kinds))),
        };
        var state = world.Plan >= 0 ? _plans[world.Plan] : RolloverAdoption.Judge(seen, [.. algorithms.Select(algorithm => (RecordPieces.Algorithms[algorithm], ImmutableArray.Create(RecordPieces.ChainFor(world.ChainOf(algorithm, false), world.Kinds))))], true, ttl).State;
        var result = (-1, ImmutableArray<RolloverAction>.Empty);
        if (state is null)
        {
            Told["not taken up"] = Told.GetValueOrDefault("not taken up") + 1;
        }
        else
        {
            var step = Decide(state, seen, Margin);
            if (step.Refusal is not null) Told["refused"] = Told.GetValueOrDefault("refused") + 1;
            result = (NumberOf(step.State), step.Actions);
        }

        _steps.Add(key, result);
        return result;
    }

    private static Chain ShownBy(RecordWorld world, int algorithm) => RecordPieces.ChainFor(world.ChainOf(algorithm, true), world.Kinds);

    /// <summary>A plan's state by its number, the moment of its look as the beginning of time, a wait that is long enough as just that, and without what no chain that can be brought is judged by.</summary>
    private int NumberOf(RolloverState state)
    {
        var wait = RolloverPlan.WaitFor(state, Margin) is var now && now > _longest ? now : _longest;
        var memory = TimeToLiveMemory.Of(state.TimesToLive.Entries.Select(entry => entry with { Unseen = entry.Unseen > entry.TimeToLive ? entry.TimeToLive + Unit : entry.Unseen }));
        var normal = state with
        {
            LastLook = new("boot", TimeSpan.Zero),
            Held = [.. state.Held.Where(held => _brought.Any(chain => chain.Meaning.Contains(held.Records) && state.Slots.All(slot => slot.Current.Content != chain.Content))).Select(held => held.Time < wait ? held : held with { Time = wait })],
            TimesToLive = memory,
            Owners = [],
            Servers = (_events & Happening.Delisting) == 0 ? [] : state.Servers,
            Foreign = (_events & (Happening.Renewal | Happening.OtherIssuer)) == 0 ? TlsaSet.Empty : state.Foreign,
            Over = TlsaSet.Of(state.Over).Records,
        };
        if (_numbers.TryGetValue(normal, out var number)) return number;
        _plans.Add(normal);
        _timeless.Add(normal.Held.All(held => held.Time >= RolloverPlan.WaitFor(normal, Margin)) && normal.TimesToLive.Entries.Length < 2 && normal.Servers.All(known => known.Gone is null));
        _numbers.Add(normal, _plans.Count - 1);
        var phase = "phase " + normal.Phase;
        Told[phase] = Told.GetValueOrDefault(phase) + 1;
        return _plans.Count - 1;
    }

    private void Add(RecordWorld world, RecordWorld from, FormattableString told)
    {
        if (CounterExample is not null) return;

        // Where no wait runs and only one TTL has ever been seen, the plan does not ask how much time has passed.
        if (world.Plan < 0 || (_timeless[world.Plan] && (world.Left & Happening.LowerTtl) == 0)) world = world with { SinceLook = 0 };
        if (_seen.ContainsKey(world)) return;
        _seen.Add(world, (from, told.ToString(CultureInfo.InvariantCulture)));
        for (var algorithm = 0; algorithm < _algorithms; algorithm++) Shown.Add(RecordPieces.Names[world.ChainOf(algorithm, true)]);
        if (world.Violation(_algorithms) is { } violation) CounterExample = Way(world, violation);
        else _open.Enqueue(world);
    }

    private string Way(RecordWorld world, string violation)
    {
        var lines = new List<string> { violation };
        while (_seen.TryGetValue(world, out var step) && step.Event != "begin")
        {
            lines.Add($"{step.Event}: {world}");
            world = step.From;
        }

        lines.Add($"begin: {world}");
        lines.Reverse();
        return string.Join('\n', lines);
    }
}
