using System.Globalization;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>A random world: a tree of zones below one trust anchor, drawn from a seed.</summary>
internal sealed class WorldPlan
{
    /// <summary>The same in every validator (RFC 9276 §3.2 leaves the figure open).</summary>
    public const int IterationLimit = 150;

    private const int MaximumZones = 7;
    private const int MaximumDepth = 4;

    private readonly Random _random;
    private readonly KeyPool _pool;

    private WorldPlan(int seed, KeyPool pool)
    {
        Seed = seed;
        _pool = pool;
        _random = new Random(seed);
        // Of three worlds one is wholly sound: there an honest answer must never be refused.
        IsSound = _random.Next(3) == 0;
    }

    public int Seed { get; }

    public bool IsSound { get; }

    /// <summary>Whether Danelaw resolves it from the root hints, rather than through a recursive resolver.</summary>
    public bool IsIterated => Seed % 2 == 1;

    /// <summary>Parents first.</summary>
    public List<ZonePlan> Zones { get; } = [];

    public ZonePlan Top => Zones[0];

    /// <summary>What the validators trust to begin with: DS or DNSKEY records of the top zone.</summary>
    public List<ResourceRecord> Anchors { get; } = [];

    /// <summary>Draws a world.</summary>
    public static WorldPlan Draw(int seed, KeyPool pool)
    {
        var world = new WorldPlan(seed, pool);
        world.Grow(DomainName.Parse(string.Create(CultureInfo.InvariantCulture, $"w{seed}.")), null);
        foreach (var zone in world.Zones) world.ChooseSigning(zone);
        var fillers = world.Zones.Select(zone => new ZoneFiller(world._random, world.Zones, zone)).ToList();
        foreach (var filler in fillers) filler.Begin();
        foreach (var filler in fillers) filler.Fill();
        return world;
    }

    private void Grow(DomainName apex, ZonePlan? parent)
    {
        var zone = new ZonePlan(apex, parent) { Server = parent is null ? 1 : parent.Server + (_random.Next(4) == 0 ? 0 : 1) };
        Zones.Add(zone);
        var depth = apex.LabelCount;
        if (Zones.Count >= MaximumZones || zone.Server >= MaximumDepth) return;
        var children = parent is null ? 1 + _random.Next(3) : _random.Next(10) < 4 ? 1 + _random.Next(2) : 0;
        for (var i = 0; i < children && Zones.Count < MaximumZones; i++)
        {
            var child = apex;
            // A cut may lie below an empty non-terminal.
            if (_random.Next(5) == 0) child = child.Prepend($"deep{i}");
            Grow(child.Prepend(_random.Next(6) switch { 0 => $"Sub-{i}", 1 => $"_z{i}", _ => $"child{depth}{i}" }), zone);
        }
    }

    private void ChooseSigning(ZonePlan zone)
    {
        zone.Fault = ChooseFault(zone);
        if (zone.Parent is not null && zone.Fault == ChainFault.NoDs && _random.Next(3) > 0) return;
        var algorithm = ChooseAlgorithm();
        if (_random.Next(2) == 0 && algorithm != SecurityAlgorithm.RsaSha1) zone.Nsec3 = ChooseHashing();
        zone.Tool = _random.Next(12) switch
        {
            0 => ZoneTool.Ldns,
            1 when zone.Nsec3 is not { Iterations: > 150 } => ZoneTool.Bind,
            _ => ZoneTool.Ours,
        };
        ChooseKeys(zone, algorithm);
    }

    private ChainFault ChooseFault(ZonePlan zone)
    {
        if (zone.Parent is null) return IsSound || _random.Next(30) > 0 ? ChainFault.None : Pick(ChainFault.KeysMissing, ChainFault.KeysUnsigned, ChainFault.KeySignatureCorrupt, ChainFault.KeySignatureExpired, ChainFault.AllExpired, ChainFault.AllInFuture, ChainFault.KeySignatureNotByEntry);
        var draw = _random.Next(100);
        if (draw < 22) return ChainFault.NoDs;
        if (draw < 27) return Pick(ChainFault.DsOfUnknownAlgorithm, ChainFault.DsOfUnknownDigest);
        if (draw < 45) return Pick(ChainFault.DsOfUnknownAlgorithmBeside, ChainFault.DsOfUnknownDigestBeside, ChainFault.DsBySha1, ChainFault.DsBySha384, ChainFault.DsBySha1WrongBeside, ChainFault.DsOfMissingKeyBeside, ChainFault.DsOfUnusedAlgorithmBeside);
        if (IsSound || draw < 82) return ChainFault.None;
        return (ChainFault)_random.Next((int)ChainFault.DsFlipped, (int)ChainFault.DsSignatureCorrupt + 1);
    }

    private ChainFault Pick(params ChainFault[] faults) => faults[_random.Next(faults.Length)];

    private SecurityAlgorithm ChooseAlgorithm() => _random.Next(20) switch
    {
        0 => SecurityAlgorithm.RsaSha1,
        1 => SecurityAlgorithm.RsaSha1Nsec3Sha1,
        2 => SecurityAlgorithm.RsaSha512,
        3 => SecurityAlgorithm.EcdsaP384Sha384,
        4 => SecurityAlgorithm.Ed448,
        < 10 => SecurityAlgorithm.EcdsaP256Sha256,
        < 15 => SecurityAlgorithm.RsaSha256,
        _ => SecurityAlgorithm.Ed25519,
    };

    private Nsec3Options ChooseHashing()
    {
        var salt = new byte[_random.Next(3) == 0 ? 1 + _random.Next(8) : 0];
        _random.NextBytes(salt);
        return new Nsec3Options
        {
            Iterations = _random.Next(12) switch { 0 => 500, 1 => 151, 2 => 150, 3 => 10, 4 => 1, _ => 0 },
            Salt = new Dns.Octets(salt),
            OptOut = _random.Next(5) < 2,
        };
    }

    private void ChooseKeys(ZonePlan zone, SecurityAlgorithm algorithm)
    {
        var taken = new List<SigningKey>(zone.Parent?.Keys ?? []);
        SigningKey Take(SecurityAlgorithm of, DnskeyFlags flags)
        {
            var key = _pool.Take(_random, of, flags, taken);
            taken.Add(key);
            return key;
        }

        // Two kinds of keys where the fault needs them apart.
        var apart = zone.Fault is ChainFault.KeySignatureNotByEntry or ChainFault.KeyRevoked or ChainFault.KeyWithoutZoneFlag or ChainFault.KeyOfAnotherProtocol;
        if (apart || _random.Next(5) < 2)
        {
            // Three RSA keys are all that there are, and the parent may have two of them.
            if (KeyPool.IsRsa(algorithm) && taken.Count > 1) algorithm = SecurityAlgorithm.EcdsaP256Sha256;
            zone.Keys.Add(Take(algorithm, DnskeyFlags.KeySigning));
            zone.Keys.Add(Take(algorithm, DnskeyFlags.Zone));
            if (apart) zone.Tool = ZoneTool.Ours;
            return;
        }

        switch (_random.Next(8))
        {
            case 0 when zone.Tool == ZoneTool.Ours:
                var (one, other) = _pool.TakeColliding(_random);
                if (taken.Any(key => key.PublicKey == one.PublicKey)) goto default;
                zone.Keys.Add(one);
                zone.Keys.Add(other);
                break;
            case 1:
                zone.Keys.Add(Take(algorithm, DnskeyFlags.KeySigning));
                zone.Keys.Add(Take(algorithm == SecurityAlgorithm.Ed25519 ? SecurityAlgorithm.EcdsaP256Sha256 : SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning));
                zone.Tool = ZoneTool.Ours;
                break;
            // SEP is a hint for people (RFC 4034 §2.1.1).
            case 2 when zone.Tool == ZoneTool.Ours:
                zone.Keys.Add(Take(algorithm, DnskeyFlags.Zone));
                break;
            default:
                zone.Keys.Add(Take(algorithm, DnskeyFlags.KeySigning));
                break;
        }
    }

    internal Random Random => _random;

    internal KeyPool Pool => _pool;

    /// <summary>Questions with what each must come to, each kind of proof in turn, so that the rare ones are among them.</summary>
    /// <param name="most">How many of one zone's.</param>
    public IEnumerable<(SetPlace Question, Expectation Expected)> Questions(int most)
    {
        var oracle = new Oracle(this);
        var random = new Random(Seed);
        return Zones.SelectMany(zone => zone.Questions.OrderBy(_ => random.Next()).Select(question => (question, oracle.Expect(question.Owner, question.Type)))
            .GroupBy(each => each.Item2.Kind)
            .SelectMany(kind => kind.Index())
            .OrderBy(each => each.Index).Take(most).Select(each => each.Item)).DistinctBy(each => each.question);
    }

    /// <summary>The standing of every zone, parents first.</summary>
    internal void Conclude()
    {
        foreach (var zone in Zones) zone.Standing = Conclude(zone);
    }

    private static PeerStatus? Conclude(ZonePlan zone)
    {
        var parent = zone.Parent is null ? PeerStatus.Secure : zone.Parent.Standing;
        if (parent is not PeerStatus.Secure) return parent;

        // A chain of trust goes down label by label; a delegation that is proven to be unsigned stands by itself only where names around it need have no records, in opt-out zones.
        if (zone.Parent is { } above)
        {
            var denials = zone.Between.SelectMany(name => new ZoneView(above.Apex, above.Sound).Find(name, RecordType.DS)!.Denials).ToList();
            var (isBroken, isLie) = (denials.Any(above.Bad.Contains), denials.Any(above.Lies.Contains));
            if ((isBroken || isLie) && above.HasTooManyIterations) return null;
            var reachesAcross = zone.Fault == ChainFault.NoDs && above.Nsec3 is { OptOut: true };
            var isOwnLie = zone.Fault == ChainFault.NoDs && new ZoneView(above.Apex, above.Sound).Find(zone.Apex, RecordType.DS)!.Denials.Any(above.Lies.Contains);
            if (isBroken && !reachesAcross) return isOwnLie ? null : PeerStatus.Bogus;
            if (isLie && !reachesAcross) return null;
        }

        switch (zone.Fault)
        {
            case ChainFault.NoDs:
                var step = new ZoneView(zone.Parent!.Apex, zone.Parent.Sound).Find(zone.Apex, RecordType.DS)!;
                if (step.Denials.Any(zone.Parent.Bad.Contains)) return zone.Parent.HasTooManyIterations ? null : PeerStatus.Bogus;
                // To deny the DS is all that is asked of these records: other types that they name change nothing, those of a cut do.
                return step.Denials.Any(zone.Parent.Lies.Contains) ? null : PeerStatus.Insecure;
            case ChainFault.DsOfUnknownAlgorithm or ChainFault.DsOfUnknownDigest:
                return zone.Parent!.Bad.Contains(new SetPlace(zone.Apex, RecordType.DS)) ? PeerStatus.Bogus : PeerStatus.Insecure;
            case >= ChainFault.DsFlipped:
                return PeerStatus.Bogus;
            default:
                return zone.Parent is not null && zone.Parent.Bad.Contains(new SetPlace(zone.Apex, RecordType.DS)) ? PeerStatus.Bogus : PeerStatus.Secure;
        }
    }
}
