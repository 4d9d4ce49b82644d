using System.Collections.Immutable;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Tests.Rollover;

/// <summary>Drives the plan through every world that can be reached from the first one.</summary>
internal sealed class RolloverExplorer : WorldExplorer<RolloverWorld>
{
    private const int TtlChange = 0, FallBack = 1, Reboot = 2, ClockStep = 3;

    /// <summary>A server has fallen back, and the plan has not looked since: what is over before anybody looks cannot be seen.</summary>
    private const int Fallen = 2;

    private static readonly int[] Times = [1, RolloverWorld.UsualTtl - 1, RolloverWorld.UsualTtl, RolloverWorld.UsualTtl + 1];

    private readonly Dictionary<Sight, (int Plan, ImmutableArray<RolloverAction> Actions)> _steps = [];
    private int _owners;
    private int _rolls;

    /// <summary>What decides; the plan, unless a test puts another in its place.</summary>
    public Func<RolloverState, RolloverObservation, TimeSpan, RolloverStep> Decide { get; init; } = RolloverPlan.Next;

    /// <summary>Whether a world was reached in which all that was offered is shown by both endpoints, and published alone.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Explores.</summary>
    /// <param name="owners">How many owners there are: two or four.</param>
    /// <param name="rolls">How many of the two algorithms are offered a new key, one after the other.</param>
    /// <param name="troubles">How many of each: changed TTLs, servers that fall back, reboots, clocks that are set.</param>
    /// <param name="hasStandby">Whether the next ECDSA key has been made ahead, to be published always, and the current one is lost.</param>
    public void Explore(int owners, int rolls, bool hasStandby, params ReadOnlySpan<int> troubles)
    {
        _owners = owners;
        _rolls = rolls;
        Longest = ((2 * (troubles[TtlChange] > 0 ? RolloverWorld.LongTtl : RolloverWorld.UsualTtl)) * RolloverPieces.Unit) + Margin;
        var state = new RolloverState
        {
            Slots = [.. Enumerable.Range(0, 2).Select(algorithm => new KeySlot(RolloverPieces.Algorithms[algorithm], RolloverPieces.Chains[algorithm * 2], null, hasStandby && algorithm == 0 ? RolloverPieces.Set(RolloverWorld.NextEcdsa) : TlsaSet.Empty))],
            LastLook = new("boot", TimeSpan.Zero),
            Retired = hasStandby ? [RolloverPieces.Chains[0].Key] : [],
        };
        byte left = 0;
        for (var i = 0; i < troubles.Length; i++) left |= (byte)(troubles[i] << (i * 2));
        Explore(new(0, 0, 0, 0, NumberOf(state), 0, false, troubles[TtlChange] > 0, left), world =>
        {
            Look(world);
            Pass(world);
            Spread(world);
            Ask(world);
            Trouble(world);
        });
    }

    private void Pass(RolloverWorld world)
    {
        foreach (var time in Times) Add(world.After(time), world, $"{time} pass");
    }

    /// <summary>A server gets what is meant.</summary>
    private void Spread(RolloverWorld world)
    {
        for (var owner = world.Left(FallBack) == Fallen ? 1 : 0; owner < _owners; owner++)
        {
            for (var server = 0; server < 2; server++)
            {
                if (world.At(owner, server) != world.Meant(owner)) Add(world.WithServer(owner, server, world.Meant(owner)), world, $"server {server + 1} gets {RolloverWorld.Name(world.Meant(owner))} of owner {owner + 1}");
            }
        }
    }

    /// <summary>A resolver fetches the watched owner's set, or its denial, from a server.</summary>
    private void Ask(RolloverWorld world)
    {
        for (var resolver = 0; resolver < 2; resolver++)
        {
            for (var server = 0; server < 2; server++) Add(world.WithCache(resolver, world.At(0, server), world.Ttl), world, $"resolver {resolver + 1} asks server {server + 1}");
        }
    }

    private void Trouble(RolloverWorld world)
    {
        if (world.Left(TtlChange) > 0) Add((world with { IsLongTtl = !world.IsLongTtl }).Without(TtlChange), world, $"somebody changes the TTL");
        if (world.Left(Reboot) > 0) Add((world with { HasRebooted = true, SinceLook = 0 }).Without(Reboot), world, $"the machine starts anew");
        if (world.Left(FallBack) != 1) return;
        for (var server = 0; server < 2; server++)
        {
            // An old copy of the zone: without what was published last.
            var old = world.At(0, server) switch
            {
                RolloverWorld.CurrentEcdsa | RolloverWorld.NextEcdsa | RolloverWorld.CurrentRsa => RolloverWorld.CurrentEcdsa | RolloverWorld.CurrentRsa,
                RolloverWorld.NextEcdsa | RolloverWorld.CurrentRsa | RolloverWorld.NextRsa => RolloverWorld.NextEcdsa | RolloverWorld.CurrentRsa,
                _ => -1,
            };

            // Once the next key is shown nothing can help against a zone without it; the plan's part is not to show it too early.
            if (old >= 0 && world.Endpoints == (old == (RolloverWorld.NextEcdsa | RolloverWorld.CurrentRsa) ? 0b0101 : 0) && !IsDeployed(world)) Add(world.WithServer(0, server, old).WithTrouble(FallBack, Fallen), world, $"server {server + 1} falls back to {RolloverWorld.Name(old)}");
        }
    }

    private bool IsDeployed(RolloverWorld world) => Plans[world.Plan].Phase == RolloverPhase.Retiring || (Plans[world.Plan].Phase == RolloverPhase.Deploying && world.Installed != (world.Endpoints & 3));

    /// <summary>The plan looks, decides, and does, as far as it comes: it may be killed before the first action, and after each.</summary>
    private void Look(RolloverWorld world)
    {
        for (var down = 0; down < 3; down++)
        {
            for (var stepped = 0; stepped <= (world.Left(ClockStep) > 0 ? 1 : 0); stepped++)
            {
                var (plan, actions) = LookAt(world, down, stepped > 0);
                var saved = world with { Plan = plan, SinceLook = 0, HasRebooted = false };
                if (stepped > 0) saved = saved.Without(ClockStep);

                // Seen with what it has fallen back to, or not seen at all: then it may be as before at the next look, and has given that to caches meanwhile.
                if (saved.Left(FallBack) == Fallen && (down == 0 || world.At(0, down - 1) != world.Meant(0))) saved = saved.WithTrouble(FallBack, 0);
                FormattableString told = $"the plan looks{(down > 0 ? $" while server {down} is silent" : "")}{(stepped > 0 ? " at a clock that was set forward" : "")}";
                Add(saved, world, $"{told} ({Plans[plan].Phase}){(actions.IsEmpty ? "" : " and is killed")}");
                Act(saved, world, actions, 0, told);
            }
        }
    }

    private void Act(RolloverWorld world, RolloverWorld from, ImmutableArray<RolloverAction> actions, int at, FormattableString told)
    {
        if (at == actions.Length) return;
        var action = actions[at];
        Tell(action.GetType().Name);
        switch (action)
        {
            case RolloverAction.Publish publish:
                // Owner by owner: it may come no further than the first, or not to it.
                foreach (var owners in new[] { 0b1111, 0b0001, 0b1110 })
                {
                    var published = world;
                    for (var owner = 0; owner < _owners; owner++)
                    {
                        if ((owners & (1 << owner)) != 0) published = published.WithMeant(owner, RolloverPieces.Number(publish.From(RolloverPieces.Set(published.Meant(owner)))));
                    }

                    Add(published, from, $"{told} and publishes {RolloverWorld.Name(RolloverPieces.Number(publish.Records))}{(owners == 0b1111 ? "" : " for some owners")}");
                    Act(published, from, actions, at + 1, told);
                }

                break;
            case RolloverAction.Install install:
                var chain = RolloverPieces.ChainNumber(install.Chain);
                var bit = 1 << (chain / 2);
                var installed = world with { Installed = (byte)(chain % 2 == 0 ? world.Installed & ~bit : world.Installed | bit) };
                Add(installed, from, $"{told} and installs {RolloverWorld.Name(1 << chain)}");
                Load(installed, from, actions, at, told);
                break;
            case RolloverAction.Reload:
                Load(world, from, actions, at, told);
                break;
        }
    }

    /// <summary>Either endpoint, or both, or none, load what is in the files.</summary>
    private void Load(RolloverWorld world, RolloverWorld from, ImmutableArray<RolloverAction> actions, int at, FormattableString told)
    {
        for (var loaded = 1; loaded < 4; loaded++)
        {
            var endpoints = world.Endpoints;
            for (var endpoint = 0; endpoint < 2; endpoint++)
            {
                if ((loaded & (1 << endpoint)) != 0) endpoints = (byte)((endpoints & ~(3 << (endpoint * 2))) | (world.Installed << (endpoint * 2)));
            }

            var reloaded = world with { Endpoints = endpoints };
            Add(reloaded, from, $"{told} and {(loaded == 3 ? "both endpoints load" : $"endpoint {loaded} loads")} the files");
            Act(reloaded, from, actions, at + 1, told);
        }
    }

    private (int Plan, ImmutableArray<RolloverAction> Actions) LookAt(RolloverWorld world, int down, bool isStepped)
    {
        var key = new Sight(world.Plan, world.Owners, world.Endpoints, world.Installed, world.SinceLook, world.HasRebooted, world.IsLongTtl, down, isStepped);
        if (_steps.TryGetValue(key, out var known)) return known;
        var servers = ImmutableArray.CreateBuilder<ServerView>();
        var endpoints = ImmutableArray.CreateBuilder<EndpointView>();
        for (var owner = 0; owner < _owners; owner++)
        {
            for (var server = 0; server < 2; server++) servers.Add(new($"owner {owner}", $"server {server}", server + 1 == down ? null : RolloverPieces.Set(world.At(owner, server)), world.Ttl * RolloverPieces.Unit));
        }

        for (var endpoint = 0; endpoint < 2; endpoint++)
        {
            for (var algorithm = 0; algorithm < 2; algorithm++) endpoints.Add(new($"endpoint {endpoint}", RolloverPieces.Algorithms[algorithm], RolloverPieces.Chains[(algorithm * 2) + (world.ShowsNext(endpoint, algorithm) ? 1 : 0)].Key));
        }

        var step = Decide(Plans[world.Plan], new()
        {
            Uptime = new(world.HasRebooted ? "another boot" : "boot", world.SinceLook * RolloverPieces.Unit),
            Now = isStepped ? RolloverPieces.Now.AddDays(30) : RolloverPieces.Now,
            Servers = servers.ToImmutable(),
            Endpoints = endpoints.ToImmutable(),
            Installed = Enumerable.Range(0, 2).ToImmutableDictionary(algorithm => RolloverPieces.Algorithms[algorithm], algorithm => RolloverPieces.Chains[(algorithm * 2) + ((world.Installed >> algorithm) & 1)].Content),
            Offers = [.. Enumerable.Range(0, _rolls).Select(algorithm => new Offer(RolloverPieces.Algorithms[algorithm], RolloverPieces.Chains[(algorithm * 2) + 1]))],
        }, Margin);
        var result = (NumberOf(step.State), step.Actions);
        _steps.Add(key, result);
        return result;
    }

    protected override bool IsAwaited(RolloverState state, HeldSet held) =>
        RolloverPieces.Chains.Where((chain, number) => number % 2 == 1 && state.Slots.All(slot => slot.Current.Content != chain.Content)).Any(chain => chain.Meaning.Contains(held.Records));

    protected override RolloverState Bare(RolloverState state) => state with { Servers = [] };

    protected override RolloverWorld Normal(RolloverWorld world)
    {
        world = world.Ordered(_owners == RolloverWorld.OwnerCount);
        return IsTimeless(world.Plan, world.Ttl) && world.Left(TtlChange) == 0 ? world with { SinceLook = 0, HasRebooted = false } : world;
    }

    protected override string? ViolationOf(RolloverWorld world)
    {
        HasEnded |= IsEnd(world);
        return world.Violation();
    }

    private bool IsEnd(RolloverWorld world)
    {
        var shown = _rolls == 1 ? 0b0101 : 0b1111;
        var published = _rolls == 1 ? RolloverWorld.NextEcdsa | RolloverWorld.CurrentRsa : RolloverWorld.NextEcdsa | RolloverWorld.NextRsa;
        return world.Endpoints == shown && Plans[world.Plan] is { Phase: RolloverPhase.Steady, Rolling: null } && Enumerable.Range(0, _owners * 2).All(cell => world.At(cell / 2, cell % 2) == published);
    }

    /// <summary>All that a look depends on. A tuple of so many would be hashed by its last eight alone.</summary>
    private readonly record struct Sight(int Plan, ulong Owners, byte Endpoints, byte Installed, byte SinceLook, bool HasRebooted, bool IsLongTtl, int Down, bool IsStepped);
}
