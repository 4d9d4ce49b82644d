using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>Worlds that are signed, and the folder with what was needed for that.</summary>
internal sealed class BuiltWorlds : IDisposable
{
    private BuiltWorlds(TestFolder folder, List<WorldPlan> worlds) => (Folder, Worlds) = (folder, worlds);

    public TestFolder Folder { get; }

    public List<WorldPlan> Worlds { get; }

    public static async Task<BuiltWorlds> MakeAsync(int first, int count, KeyPool pool, CancellationToken cancellationToken)
    {
        var built = new BuiltWorlds(new TestFolder("worlds"), [.. Enumerable.Range(first, count).Select(seed => WorldPlan.Draw(seed, pool))]);
        var builder = new WorldBuilder(built.Folder, TimeProvider.System.GetUtcNow());
        await Parallel.ForEachAsync(built.Worlds, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (world, token) => await builder.BuildAsync(world, token));
        return built;
    }

    public void Dispose() => Folder.Dispose();
}

/// <summary>Signs the zones of a world, ties them together, and spoils what its plan says is spoilt.</summary>
internal sealed class WorldBuilder(TestFolder folder, DateTimeOffset now)
{
    private readonly ZoneTools _tools = new(folder);
    private readonly SignatureValidity _sound = new(now.AddDays(-7), now.AddDays(21));

    public async Task BuildAsync(WorldPlan world, CancellationToken cancellationToken)
    {
        foreach (var zone in world.Zones.Where(zone => zone.IsSigned)) Delegate(world, zone);
        foreach (var zone in world.Zones)
        {
            zone.Sound = await _tools.SignAsync(zone, ValidityOf(zone), cancellationToken);
            zone.Served = [.. zone.Sound];
        }

        foreach (var zone in world.Zones.Where(zone => zone.IsSigned)) SpoilChain(world, zone);
        var spoiler = new SetSpoiler(world, now);
        foreach (var zone in world.Zones.Where(zone => zone.IsSigned && !world.IsSound)) spoiler.Spoil(zone);
        if (world.IsSound)
            foreach (var zone in world.Zones.Where(zone => zone.IsSigned)) spoiler.Vary(zone);
        world.Conclude();
    }

    private SignatureValidity ValidityOf(ZonePlan zone) => zone.Fault switch
    {
        ChainFault.AllExpired => new(now.AddDays(-37), now.AddMinutes(-10)),
        ChainFault.AllInFuture => new(now.AddHours(3), now.AddDays(21)),
        _ => _sound,
    };

    /// <summary>The DS records that the parent publishes, or the anchors.</summary>
    private static void Delegate(WorldPlan world, ZonePlan zone)
    {
        var random = world.Random;
        var entry = zone.Keys.FirstOrDefault(key => key.Flags.HasFlag(DnskeyFlags.SecureEntryPoint)) ?? zone.Keys[0];
        var good = entry.ToDs(zone.Apex);
        var another = world.Pool.Take(random, entry.Algorithm == SecurityAlgorithm.Ed25519 ? SecurityAlgorithm.EcdsaP256Sha256 : SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning, zone.Keys);
        var sha1 = entry.ToDs(zone.Apex, DigestAlgorithm.Sha1);
        Octets[] signers = zone.Fault switch
        {
            ChainFault.NoDs => [],
            ChainFault.DsOfUnknownAlgorithmBeside => [With(good, 2, 200), good],
            ChainFault.DsOfUnknownDigestBeside => [good, With(good, 3, 200)],
            ChainFault.DsBySha1 => [sha1],
            ChainFault.DsBySha384 => [entry.ToDs(zone.Apex, DigestAlgorithm.Sha384)],
            ChainFault.DsBySha1WrongBeside => [Flip(sha1), good],
            ChainFault.DsOfMissingKeyBeside => [another.ToDs(zone.Apex), good],
            ChainFault.DsOfUnusedAlgorithmBeside => [good, another.ToDs(zone.Apex)],
            ChainFault.DsOfUnknownAlgorithm => [With(good, 2, (byte)(random.Next(2) == 0 ? 200 : 17))],
            ChainFault.DsOfUnknownDigest => [With(good, 3, (byte)(random.Next(2) == 0 ? 200 : 5))],
            ChainFault.DsFlipped => [Flip(good)],
            ChainFault.DsOfAnotherKey => [another.ToDs(zone.Apex)],
            ChainFault.DsBySha256WrongBesideSha1 => [sha1, Flip(good)],
            ChainFault.KeyRevoked => [Altered(zone, entry).ToDs],
            ChainFault.KeyWithoutZoneFlag or ChainFault.KeyOfAnotherProtocol => [Altered(zone, entry).ToDs],
            _ => random.Next(4) == 0 && entry.Flags.HasFlag(DnskeyFlags.SecureEntryPoint) ? [.. zone.Keys.Where(key => key.Flags == entry.Flags).Select(key => key.ToDs(zone.Apex))] : [good],
        };
        if (zone.Fault == ChainFault.DsOfUnusedAlgorithmBeside)
        {
            zone.Tool = ZoneTool.Ours;
            zone.Records.Add(new ResourceRecord(zone.Apex, RecordType.DNSKEY, RecordClass.IN, 3600, another.ToDnskey()));
        }

        if (zone.Parent is { } parent)
        {
            var timeToLive = (uint)random.Next(60, 7200);
            parent.Records.AddRange(signers.Select(data => new ResourceRecord(zone.Apex, RecordType.DS, RecordClass.IN, timeToLive, data)));
            return;
        }

        world.Anchors.AddRange(signers.Select(data => new ResourceRecord(zone.Apex, RecordType.DS, RecordClass.IN, 3600, data)));
        if (random.Next(2) > 0) return;
        world.Anchors.Clear();
        world.Anchors.Add(new ResourceRecord(zone.Apex, RecordType.DNSKEY, RecordClass.IN, 3600, entry.ToDnskey()));
    }

    /// <summary>The DNSKEY as it is published in the place of the honest one, and the DS that fits it.</summary>
    private static (Octets Key, ushort Tag, Octets ToDs) Altered(ZonePlan zone, SigningKey entry)
    {
        var honest = DnskeyData.TryRead(entry.ToDnskey(), out var read) ? read : throw new FormatException("DNSKEY");
        var altered = zone.Fault switch
        {
            ChainFault.KeyRevoked => honest with { Flags = (ushort)(honest.Flags | (ushort)DnskeyFlags.Revoked) },
            ChainFault.KeyWithoutZoneFlag => honest with { Flags = (ushort)(honest.Flags & ~(ushort)DnskeyFlags.Zone) },
            _ => honest with { Protocol = 2 },
        };
        return (altered.ToOctets(), altered.KeyTag(), DelegationSigner.Create(zone.Apex, altered.ToOctets(), DigestAlgorithm.Sha256));
    }

    private void SpoilChain(WorldPlan world, ZonePlan zone)
    {
        var keys = new SetPlace(zone.Apex, RecordType.DNSKEY);
        switch (zone.Fault)
        {
            case ChainFault.Unsigned:
                zone.Served = zone.Records;
                break;
            case ChainFault.KeysMissing:
                zone.Served.RemoveAll(record => record.Type == RecordType.DNSKEY || Covers(record, keys));
                break;
            case ChainFault.KeysUnsigned:
                zone.Served.RemoveAll(record => Covers(record, keys));
                break;
            case ChainFault.AllStripped:
                zone.Served.RemoveAll(record => record.Type is RecordType.RRSIG or RecordType.NSEC or RecordType.NSEC3 or RecordType.NSEC3PARAM);
                break;
            case ChainFault.KeySignatureCorrupt:
                zone.Served = [.. zone.Served.Select(record => Covers(record, keys) ? record with { Data = Flip(record.Data) } : record)];
                break;
            case ChainFault.KeySignatureExpired:
                Resign(zone, zone.Keys, null, new SignatureValidity(now.AddDays(-30), now.AddHours(-1)));
                break;
            case ChainFault.KeySignatureNotByEntry:
                Resign(zone, [zone.Keys[1]], null, _sound);
                break;
            case ChainFault.KeyRevoked or ChainFault.KeyWithoutZoneFlag or ChainFault.KeyOfAnotherProtocol:
                var (key, tag, _) = Altered(zone, zone.Keys[0]);
                zone.Served = [.. zone.Served.Select(record => record.Type == RecordType.DNSKEY && record.Data == zone.Keys[0].ToDnskey() ? record with { Data = key } : record)];
                Resign(zone, [zone.Keys[0]], tag, _sound);
                break;
            case ChainFault.DsSignatureCorrupt:
                var ds = new SetPlace(zone.Apex, RecordType.DS);
                zone.Parent!.Served = [.. zone.Parent.Served.Select(record => Covers(record, ds) ? record with { Data = Flip(record.Data) } : record)];
                zone.Parent.Bad.Add(ds);
                break;
        }
    }

    private static void Resign(ZonePlan zone, IEnumerable<SigningKey> keys, ushort? tag, SignatureValidity validity)
    {
        var place = new SetPlace(zone.Apex, RecordType.DNSKEY);
        var set = zone.Served.Where(record => record.Type == RecordType.DNSKEY).ToList();
        zone.Served.RemoveAll(record => Covers(record, place));
        foreach (var key in keys)
        {
            var fields = HandSigner.Honest(set, key, zone.Apex, validity);
            zone.Served.Add(HandSigner.Sign(set, key, tag is { } named ? fields with { KeyTag = named } : fields));
        }
    }

    internal static bool Covers(ResourceRecord record, SetPlace place) =>
        record.Type == RecordType.RRSIG && record.Owner == place.Owner && RrsigData.ReadTypeCovered(record.Data) == place.Type;

    /// <summary>One octet of the data replaced.</summary>
    private static Octets With(Octets data, int at, byte value)
    {
        var octets = data.ToArray();
        octets[at] = value;
        return new Octets(octets);
    }

    /// <summary>One bit of the last octet turned: of a digest, or of a signature.</summary>
    internal static Octets Flip(Octets data) => With(data, data.Length - 1, (byte)(data.Span[^1] ^ 0x10));
}
