using System.Globalization;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Tests.Rollover;

/// <summary>What explorers of worlds share: the worlds that were reached and the ways to them, and the plan's states by their numbers.</summary>
/// <typeparam name="T">A world.</typeparam>
internal abstract class WorldExplorer<T>
    where T : struct
{
    private readonly Dictionary<RolloverState, int> _numbers = [];
    private readonly Dictionary<T, (T From, string Event)> _seen = [];
    private readonly Queue<T> _open = new();

    /// <summary>How many worlds were reached.</summary>
    public int Count => _seen.Count;

    /// <summary>How many moves lead from one to another.</summary>
    public long Moves { get; private set; }

    /// <summary>How often each thing came about: actions, phases entered, events, refusals.</summary>
    public SortedDictionary<string, int> Told { get; } = new(StringComparer.Ordinal);

    /// <summary>The way to a world that breaks the law; null when there is none.</summary>
    public string? CounterExample { get; private set; }

    /// <summary>The plan's states, by their numbers.</summary>
    protected List<RolloverState> Plans { get; } = [];

    /// <summary>The longest wait that there can be.</summary>
    protected TimeSpan Longest { get; set; }

    protected static TimeSpan Unit => RolloverPieces.Unit;

    protected static TimeSpan Margin => RolloverPieces.Unit;

    /// <summary>Whether the plan, in a state, does not ask how much time has passed: no wait runs, and no TTL but that of now has ever been seen.</summary>
    protected bool IsTimeless(int plan, int timeToLive) => Plans[plan] is var state && state.Held.All(held => held.Time >= RolloverPlan.WaitFor(state, Margin)) && state.TimesToLive.Entries.All(entry => entry.TimeToLive == timeToLive * Unit) && state.Servers.All(known => known.Gone is null);

    /// <summary>The same world without what makes no difference.</summary>
    protected abstract T Normal(T world);

    /// <summary>What breaks the law in a world; null for nothing.</summary>
    protected abstract string? ViolationOf(T world);

    /// <summary>Whether the time for which some records were held matters to a chain that can be shown yet.</summary>
    protected abstract bool IsAwaited(RolloverState state, HeldSet held);

    /// <summary>A state without what no chain that can be brought is judged by.</summary>
    protected abstract RolloverState Bare(RolloverState state);

    /// <summary>Goes on from every world until none is left.</summary>
    protected void Explore(T first, Action<T> goOn)
    {
        Add(first, default, $"begin");
        while (CounterExample is null && _open.TryDequeue(out var world)) goOn(world);
    }

    protected void Add(T world, T from, FormattableString told)
    {
        if (CounterExample is not null) return;
        Moves++;
        world = Normal(world);
        if (!_seen.TryAdd(world, (from, ""))) return;
        _seen[world] = (from, told.ToString(CultureInfo.InvariantCulture));
        if (ViolationOf(world) is { } violation) CounterExample = Way(world, violation);
        else _open.Enqueue(world);
    }

    protected void Tell(string what) => Told[what] = Told.GetValueOrDefault(what) + 1;

    /// <summary>A plan's state by its number: the moment of its look as the beginning of time, and a wait that is long enough as just that.</summary>
    protected int NumberOf(RolloverState state)
    {
        var wait = RolloverPlan.WaitFor(state, Margin) is var now && now > Longest ? now : Longest;
        var normal = Bare(state) with
        {
            Owners = [],
            LastLook = new("boot", TimeSpan.Zero),
            Held = [.. state.Held.Where(held => IsAwaited(state, held)).Select(held => held.Time < wait ? held : held with { Time = wait })],

            // In these worlds no copy of a zone comes to be too old to be served.
            TimesToLive = TimeToLiveMemory.Of([.. state.TimesToLive.Entries.Select(entry => entry with { Unseen = entry.Unseen > entry.TimeToLive ? entry.TimeToLive + Unit : entry.Unseen })], state.TimesToLive.Copies.Select(copy => copy with { Unseen = TimeSpan.Zero })),
        };
        if (_numbers.TryGetValue(normal, out var number)) return number;
        Plans.Add(normal);
        _numbers.Add(normal, Plans.Count - 1);
        Tell("phase " + normal.Phase);
        return Plans.Count - 1;
    }

    private string Way(T world, string violation)
    {
        var lines = new List<string> { violation };
        for (; _seen.TryGetValue(world, out var step); world = step.From)
        {
            lines.Add($"{step.Event}: {world}");
            if (step.Event == "begin") break;
        }

        lines.Reverse();
        return string.Join('\n', lines);
    }
}
