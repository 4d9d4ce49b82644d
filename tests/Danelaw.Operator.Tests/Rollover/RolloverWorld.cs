using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Tests.Rollover;

/// <summary>
/// A world in which a rollover runs: two names with two ports, so four owners; each at two authoritative servers; two caching resolvers; two
/// endpoints, each with an RSA and an ECDSA key; and the plan's own state. One owner is watched through the resolvers; the other three only gate the
/// plan, and are alike, so that it does not matter which is which. Time counts in units of which the usual TTL has three.
/// </summary>
/// <param name="Owners">For each owner twelve bits: the set that is meant, and that at each server. The watched one is lowest, the others in order.</param>
/// <param name="Caches">For each resolver eight bits: the set that it has of the watched owner (none: a denial), and for how long; no time, nothing.</param>
/// <param name="Endpoints">A bit for each endpoint and algorithm: whether it shows the next key.</param>
/// <param name="Installed">A bit for each algorithm: whether the next chain is in its file.</param>
/// <param name="Plan">The plan's state, by its number.</param>
/// <param name="SinceLook">The time since the plan's last look.</param>
/// <param name="HasRebooted">Whether the machine was started anew since.</param>
/// <param name="IsLongTtl">Whether the zone has the long TTL.</param>
/// <param name="Troubles">How many of each trouble are still to come: two bits each for a changed TTL, a server that falls back, a reboot, a clock that is set.</param>
internal readonly record struct RolloverWorld(ulong Owners, ushort Caches, byte Endpoints, byte Installed, int Plan, byte SinceLook, bool HasRebooted, bool IsLongTtl, byte Troubles)
{
    public const int UsualTtl = 3, LongTtl = 4, OwnerCount = 4, Longest = 9;

    /// <summary>The records, each a bit of a set: the current and the next key of either algorithm.</summary>
    public const int CurrentEcdsa = 1, NextEcdsa = 2, CurrentRsa = 4, NextRsa = 8;

    public int Ttl => IsLongTtl ? LongTtl : UsualTtl;

    public int Meant(int owner) => (int)((Owners >> (owner * 12)) & 15);

    public int At(int owner, int server) => (int)((Owners >> ((owner * 12) + 4 + (server * 4))) & 15);

    public int Cached(int resolver) => (Caches >> (resolver * 8)) & 15;

    public int CachedFor(int resolver) => (Caches >> ((resolver * 8) + 4)) & 15;

    public bool ShowsNext(int endpoint, int algorithm) => (Endpoints >> ((endpoint * 2) + algorithm) & 1) != 0;

    public int Left(int trouble) => (Troubles >> (trouble * 2)) & 3;

    public RolloverWorld WithMeant(int owner, int set) => this with { Owners = (Owners & ~(15UL << (owner * 12))) | ((ulong)set << (owner * 12)) };

    public RolloverWorld WithServer(int owner, int server, int set)
    {
        var shift = (owner * 12) + 4 + (server * 4);
        return this with { Owners = (Owners & ~(15UL << shift)) | ((ulong)set << shift) };
    }

    public RolloverWorld WithCache(int resolver, int set, int time)
    {
        var shift = resolver * 8;
        return this with { Caches = (ushort)((Caches & ~(255 << shift)) | ((set | (time << 4)) << shift)) };
    }

    public RolloverWorld Without(int trouble) => this with { Troubles = (byte)(Troubles - (1 << (trouble * 2))) };

    public RolloverWorld WithTrouble(int trouble, int value) => this with { Troubles = (byte)((Troubles & ~(3 << (trouble * 2))) | (value << (trouble * 2))) };

    public RolloverWorld After(int time)
    {
        var world = this with { SinceLook = (byte)Math.Min(Longest, SinceLook + time) };
        for (var resolver = 0; resolver < 2; resolver++)
        {
            var left = Math.Max(0, CachedFor(resolver) - time);
            world = world.WithCache(resolver, left == 0 ? 0 : Cached(resolver), left);
        }

        return world;
    }

    /// <summary>The same world with what is alike in one order: the three owners that are not watched, and the two resolvers.</summary>
    public RolloverWorld Ordered(bool hasAlike)
    {
        const ulong Owner = 0xfff;
        ulong a = (Owners >> 12) & Owner, b = (Owners >> 24) & Owner, c = (Owners >> 36) & Owner;
        if (a > b) (a, b) = (b, a);
        if (b > c) (b, c) = (c, b);
        if (a > b) (a, b) = (b, a);
        if (!hasAlike) (a, b, c) = ((Owners >> 12) & Owner, (Owners >> 24) & Owner, (Owners >> 36) & Owner);
        int first = Caches & 255, second = Caches >> 8;
        return this with { Owners = (Owners & Owner) | (a << 12) | (b << 24) | (c << 36), Caches = (ushort)(first < second ? second | (first << 8) : first | (second << 8)) };
    }

    /// <summary>The law: whatever set a sender may see, by a cache or from a server, each endpoint shows for each algorithm a key that is in it.</summary>
    public string? Violation()
    {
        for (var resolver = 0; resolver < 2; resolver++)
        {
            if (CachedFor(resolver) > 0 && Fault(Cached(resolver)) is { } fault) return $"through a resolver that keeps {Name(Cached(resolver))}: {fault}";
        }

        for (var owner = 0; owner < OwnerCount; owner++)
        {
            for (var server = 0; server < 2; server++)
            {
                if (Fault(At(owner, server)) is { } fault) return $"straight from server {server + 1}, which has {Name(At(owner, server))}: {fault}";
            }
        }

        return null;
    }

    private string? Fault(int set)
    {
        if (set == 0) return null;
        for (var endpoint = 0; endpoint < 2; endpoint++)
        {
            for (var algorithm = 0; algorithm < 2; algorithm++)
            {
                var shown = (ShowsNext(endpoint, algorithm) ? NextEcdsa : CurrentEcdsa) << (2 * algorithm);
                if ((set & shown) == 0) return $"endpoint {endpoint + 1} shows {Name(shown)}";
            }
        }

        return null;
    }

    private static readonly string[] Names = [.. Enumerable.Range(0, 16).Select(Told)];

    public static string Name(int set) => Names[set];

    private static string Told(int set) => set == 0 ? "no records" : string.Join("+", new[] { (CurrentEcdsa, "E1"), (NextEcdsa, "E2"), (CurrentRsa, "R1"), (NextRsa, "R2") }.Where(pair => (set & pair.Item1) != 0).Select(pair => pair.Item2));

    public override string ToString()
    {
        var world = this;
        var owners = string.Join(" ", Enumerable.Range(0, OwnerCount).Select(owner => $"{Name(world.At(owner, 0))}|{Name(world.At(owner, 1))}"));
        var caches = string.Join(" ", Enumerable.Range(0, 2).Select(resolver => world.CachedFor(resolver) == 0 ? "empty" : $"{Name(world.Cached(resolver))} for {world.CachedFor(resolver)}"));
        return $"servers {owners}; caches {caches}; endpoints {Convert.ToString(Endpoints, 2).PadLeft(4, '0')}";
    }
}

/// <summary>What the plan works with, in the world's terms.</summary>
internal static class RolloverPieces
{
    public static readonly TimeSpan Unit = TimeSpan.FromSeconds(100);
    public static readonly DateTimeOffset Now = new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);

    public static readonly string[] Algorithms = ["ECDSA", "RSA"];

    private static readonly TlsaSet[] Sets = [.. Enumerable.Range(0, 16).Select(set => TlsaSet.Of(Enumerable.Range(0, 4).Where(bit => (set & (1 << bit)) != 0).Select(Record)))];

    public static Chain[] Chains { get; } = [.. Enumerable.Range(0, 4).Select(bit => new Chain(Digest(0x10 + bit), Digest(0x20 + bit), Sets[1 << bit], Now.AddDays(-1), Now.AddDays(400)))];

    public static TlsaSet Set(int set) => Sets[set];

    public static int Number(TlsaSet set) => Array.FindIndex(Sets, one => one.Equals(set));

    public static int ChainNumber(Chain chain) => Array.FindIndex(Chains, one => one.Content == chain.Content);

    private static TlsaRecord Record(int bit) => new(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, Digest(0x20 + bit));

    private static Octets Digest(int seed) => new(Enumerable.Repeat((byte)seed, 32).ToArray());
}
