using System.Collections.Concurrent;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Dnssec.Tests.Worlds;

/// <summary>Keys and worlds that many tests share.</summary>
internal static class TestKeys
{
    private static readonly ConcurrentDictionary<(string, SecurityAlgorithm, DnskeyFlags), SigningKey> Made = [];

    /// <summary>A key by name: the same for the same name, algorithm and flags.</summary>
    internal static SigningKey Get(string name, SecurityAlgorithm algorithm = SecurityAlgorithm.EcdsaP256Sha256, DnskeyFlags flags = DnskeyFlags.KeySigning) =>
        Made.GetOrAdd((name, algorithm, flags), id => SigningKey.Generate(id.Item2, id.Item3, 1024));

    /// <summary>Two keys of the same tag and algorithm; Ed25519 keys are made fast enough to find them.</summary>
    internal static (SigningKey First, SigningKey Second) Colliding()
    {
        var seen = new Dictionary<ushort, SigningKey>();
        while (true)
        {
            var key = SigningKey.Generate(SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning);
            if (!seen.TryAdd(key.KeyTag, key)) return (seen[key.KeyTag], key);
        }
    }
}

internal static class StandardWorld
{
    /// <summary>A root, two TLDs (NSEC, and NSEC3 with opt-out), and zones below them of all sorts.</summary>
    internal static World Create()
    {
        return new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk"), TestKeys.Get("root-zsk", flags: DnskeyFlags.Zone) } },
            new TestZone("nsec.") { Keys = { TestKeys.Get("nsec") } },
            new TestZone("opt.") { Keys = { TestKeys.Get("opt") }, Nsec3 = new() { OptOut = true } },
            new TestZone("hash.") { Keys = { TestKeys.Get("hash") }, Nsec3 = new() { Iterations = 3, Salt = new(new byte[] { 0xAB, 0xCD }) } },
            new TestZone("sec.nsec.", Content) { Keys = { TestKeys.Get("sec.nsec") } },
            new TestZone("sec.opt.", Content) { Keys = { TestKeys.Get("sec.opt") }, Nsec3 = new() },
            new TestZone("sec.hash.", Content) { Keys = { TestKeys.Get("sec.hash") }, Nsec3 = new() { Iterations = 5, Salt = new(new byte[] { 1, 2, 3 }) } },
            new TestZone("out.nsec.", Content) { Keys = { TestKeys.Get("out.nsec") }, Nsec3 = new() { OptOut = true } },
            new TestZone("uns.nsec.", Content),
            new TestZone("uns.opt.", Content),
            new TestZone("uns.hash.", Content),
            new TestZone("island.nsec.", Content) { Keys = { TestKeys.Get("island") }, Delegation = _ => [] },
            new TestZone("below.uns.nsec.", Content) { Keys = { TestKeys.Get("below") } },
            new TestZone("deep.sub.sec.nsec.", "@ 300 TXT deep") { Keys = { TestKeys.Get("deep") } },
            new TestZone("plain.sec.nsec.", "@ 300 TXT plain\nwww 300 A 192.0.2.9"),
            new TestZone("child.sec.nsec.", "@ 300 TXT child\nwww 300 A 192.0.2.9\nalias 300 CNAME www.sec.opt.") { Keys = { TestKeys.Get("child") } });
    }

    private const string Content = """
        @ 300 TXT apex
        @ 300 MX 10 mx
        mx 300 A 192.0.2.25
        _25._tcp.mx 300 TLSA 3 1 1 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20
        www 300 A 192.0.2.80
        www 300 A 192.0.2.81
        WWW 300 TXT web
        alias 300 CNAME www
        twice 300 CNAME alias
        across 300 CNAME www.sec.opt.
        toinsecure 300 CNAME www.uns.nsec.
        nowhere 300 CNAME missing
        loop 300 CNAME pool
        pool 300 CNAME loop
        moved 300 DNAME www2
        x.www2 300 A 192.0.2.82
        tonsec 300 DNAME sec.nsec.
        *.wild 300 A 192.0.2.99
        *.wild 300 TXT wild
        m.wild 300 TXT between
        *.walias 300 CNAME www
        leaf.ent 300 A 192.0.2.7
        """;
}
