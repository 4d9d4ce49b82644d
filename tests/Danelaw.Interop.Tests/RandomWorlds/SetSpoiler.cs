using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>Spoils single RRsets of a signed zone, and records of denial, each in a way of its own.</summary>
internal sealed class SetSpoiler(WorldPlan world, DateTimeOffset now)
{
    private static readonly SetFault[] Harmless = [SetFault.BadSignatureBeside, SetFault.TtlRaised, SetFault.TtlLowered, SetFault.OwnerInUpperCase];

    private readonly Random _random = world.Random;
    private readonly SignatureValidity _sound = new(now.AddDays(-7), now.AddDays(21));

    /// <summary>Only what does no harm.</summary>
    public void Vary(ZonePlan zone)
    {
        if (!IsIntact(zone)) return;
        foreach (var place in Places(zone))
            if (_random.Next(12) == 0) Apply(zone, place, Harmless[_random.Next(Harmless.Length)]);
    }

    public void Spoil(ZonePlan zone)
    {
        if (!IsIntact(zone)) return;
        Vary(zone);
        if (_random.Next(4) == 0) return;
        var rate = _random.Next(3, 9);
        foreach (var place in Places(zone))
        {
            // Without the SOA no denial of the zone stands: that is seen often enough.
            if (place.Type == RecordType.SOA && _random.Next(4) > 0) continue;
            if (_random.Next(rate) > 0) continue;
            if (IsDenial(place) && _random.Next(2) == 0) Apply(zone, place, (DenialFault)_random.Next(1, (int)DenialFault.IterationsRaised + 1));
            else Apply(zone, place, (SetFault)_random.Next((int)SetFault.Corrupt, (int)SetFault.TypeCovered + 1));
        }
    }

    // What is broken as a whole is left so.
    private static bool IsIntact(ZonePlan zone) => zone.Fault is < ChainFault.DsFlipped or ChainFault.DsFlipped or ChainFault.DsSignatureCorrupt or ChainFault.DsOfAnotherKey;

    // Everything but the keys, which have faults of their own, and the addresses without which nobody finds the zone.
    private static List<SetPlace> Places(ZonePlan zone) =>
        [.. zone.Sound.Where(record => record.Type == RecordType.RRSIG)
            .Select(record => new SetPlace(record.Owner, RrsigData.ReadTypeCovered(record.Data)))
            .Distinct().Where(place => place.Type != RecordType.DNSKEY && place != new SetPlace(zone.Apex.Prepend("ns"), RecordType.A))];

    private static bool IsDenial(SetPlace place) => place.Type is RecordType.NSEC or RecordType.NSEC3;

    private void Apply(ZonePlan zone, SetPlace place, SetFault fault)
    {
        var set = zone.Served.Where(record => record.Owner == place.Owner && record.Type == place.Type).ToList();
        var signatures = zone.Served.Where(record => WorldBuilder.Covers(record, place)).ToList();
        if (set.Count == 0 || signatures.Count == 0 || zone.Bad.Contains(place) || zone.SetFaults.ContainsKey(place)) return;
        var keys = zone.Keys.Where(key => signatures.Any(signature => Read(signature).KeyTag == key.KeyTag && Read(signature).Algorithm == (byte)key.Algorithm)).ToList();
        switch (fault)
        {
            case SetFault.BadSignatureBeside:
                zone.Served.Insert(zone.Served.IndexOf(signatures[0]), signatures[0] with { Data = WorldBuilder.Flip(signatures[0].Data) });
                break;
            case SetFault.TtlRaised:
                Each(zone, record => record.TimeToLive + 1000, set.Concat(signatures));
                break;
            case SetFault.TtlLowered:
                Each(zone, record => Math.Max(1, record.TimeToLive / 2), set.Concat(signatures));
                break;
            case SetFault.OwnerInUpperCase:
                if (IsDenial(place) || place.Owner == zone.Apex) return;
                var upper = InUpperCase(place.Owner);
                zone.Served = [.. zone.Served.Select(record => set.Contains(record) || signatures.Contains(record) ? record with { Owner = upper } : record)];
                break;
            case SetFault.Corrupt:
                Replace(zone, signatures, signature => signature with { Data = WorldBuilder.Flip(signature.Data) });
                break;
            case SetFault.Expired:
                Resign(zone, place, set, keys, fields => With(fields, new(now.AddDays(-30), now.AddSeconds(-90))));
                break;
            case SetFault.Future:
                Resign(zone, place, set, keys, fields => With(fields, new(now.AddHours(3), now.AddDays(20))));
                break;
            case SetFault.TimesReversed:
                Resign(zone, place, set, keys, fields => With(fields, new(now.AddHours(2), now.AddHours(-2))));
                break;
            case SetFault.Unsigned:
                zone.Served.RemoveAll(signatures.Contains);
                break;
            case SetFault.SignerIsParent:
                if (zone.Parent is not { Keys.Count: > 0 } parent) return;
                Resign(zone, place, set, [parent.Keys[^1]], fields => fields with { SignerName = parent.Apex });
                break;
            case SetFault.SignerIsChild:
                Resign(zone, place, set, keys, fields => fields with { SignerName = zone.Apex.Prepend("child10") });
                break;
            case SetFault.LabelsMore:
                Resign(zone, place, set, keys, fields => fields with { Labels = (byte)(fields.Labels + 1) });
                break;
            case SetFault.LabelsFewer:
                if (place.Owner.IsWildcard || place.Owner == zone.Apex) return;
                Resign(zone, place, set, keys, fields => fields with { Labels = (byte)(fields.Labels - 1) });
                break;
            case SetFault.OriginalTtl:
                Replace(zone, signatures, signature => signature with { Data = (Read(signature) with { OriginalTtl = Read(signature).OriginalTtl + 1 }).ToOctets() });
                break;
            case SetFault.AnotherAlgorithm:
                Replace(zone, signatures, signature => signature with { Data = (Read(signature) with { Algorithm = (byte)(_random.Next(2) == 0 ? 200 : Read(signature).Algorithm == 13 ? 15 : 13) }).ToOctets() });
                break;
            case SetFault.AnotherTag:
                Replace(zone, signatures, signature => signature with { Data = (Read(signature) with { KeyTag = (ushort)(Read(signature).KeyTag ^ 0x0101) }).ToOctets() });
                break;
            case SetFault.AnotherKey:
                Resign(zone, place, set, [Stranger(zone)], fields => fields);
                break;
            case SetFault.Forged:
                if (!TryForge(set[0], out var forged)) return;
                zone.Served[zone.Served.IndexOf(set[0])] = forged;
                break;
            case SetFault.TypeCovered:
                // NSD takes a signature over another type for other data beside an alias.
                if (place.Type == RecordType.CNAME) return;
                Replace(zone, signatures, signature => signature with { Data = (Read(signature) with { TypeCovered = RecordType.LOC }).ToOctets() });
                break;
        }

        if (fault >= SetFault.Corrupt) zone.Bad.Add(place);
        zone.SetFaults[place] = fault;
    }

    private void Apply(ZonePlan zone, SetPlace place, DenialFault fault)
    {
        if (zone.SetFaults.ContainsKey(place)) return;
        var record = zone.Served.Single(each => each.Owner == place.Owner && each.Type == place.Type);
        var isNsec = place.Type == RecordType.NSEC;
        var types = isNsec ? (NsecData.TryRead(record.Data, out var nsec) ? nsec.Types : default) : Nsec3Data.TryRead(record.Data, out var read) ? read.Types : default;
        var listed = new List<RecordType>();
        foreach (var type in types) listed.Add(type);
        switch (fault)
        {
            case DenialFault.Missing:
                zone.Served.RemoveAll(each => each == record || WorldBuilder.Covers(each, place));
                zone.Bad.Add(place);
                break;
            case DenialFault.TypesAdded:
                RecordType[] more = [RecordType.CNAME, RecordType.DNAME, RecordType.NS, RecordType.SOA, RecordType.DS, RecordType.MX, RecordType.TLSA, RecordType.AAAA];
                Change(listed.Append(more[_random.Next(more.Length)]), null);
                zone.Lies.Add(place);
                break;
            case DenialFault.TypesRemoved:
                Change(listed.Where((_, index) => index != _random.Next(listed.Count + 1)), null);
                zone.Lies.Add(place);
                break;
            case DenialFault.NextTooNear when isNsec:
                Change(listed, place.Owner.TryPrepend([0], out var near) ? near : place.Owner);
                zone.Lies.Add(place);
                break;
            case DenialFault.NextTooNear:
                Change3(data =>
                {
                    var next = BeforeNext(data.NextHash);
                    // In a short span that comes to lie before the owner: then it goes around, over nearly all that is there.
                    if (ZoneView.Spans(place.Owner, next, data.NextHash.Span)) fault = DenialFault.NextTooFar;
                    return data with { NextHash = next };
                });
                zone.Lies.Add(place);
                break;
            case DenialFault.UnknownHash when !isNsec:
                Change3(data => data with { HashAlgorithm = 6 });
                zone.Bad.Add(place);
                break;
            case DenialFault.UnknownFlags when !isNsec:
                Change3(data => data with { Flags = 0x82 });
                zone.Bad.Add(place);
                break;
            // Taken away over an unsigned delegation the flag makes the zone say that there is no such name.
            case DenialFault.OptOutFlipped when !isNsec:
                Change3(data => data with { Flags = (byte)(data.Flags ^ Nsec3Data.OptOutFlag) });
                zone.Lies.Add(place);
                break;
            case DenialFault.AnotherSalt when !isNsec:
                Change3(data => data with { Salt = new Octets((byte[])[.. data.Salt.Span, 0x77]) });
                zone.Lies.Add(place);
                break;
            case DenialFault.IterationsRaised when !isNsec:
                Change3(data => data with { Iterations = 1000 });
                zone.Lies.Add(place);
                break;
            default:
                return;
        }

        zone.DenialFaults[place] = fault;

        void Change(IEnumerable<RecordType> of, DomainName? next)
        {
            var bitmap = TypeBitmap.Create(of);
            if (isNsec && NsecData.TryRead(record.Data, out var data)) Put(new NsecData(next ?? data.NextName, bitmap).ToOctets());
            else if (Nsec3Data.TryRead(record.Data, out var data3)) Put((data3 with { Types = bitmap }).ToOctets());
        }

        void Change3(Func<Nsec3Data, Nsec3Data> change)
        {
            if (Nsec3Data.TryRead(record.Data, out var data)) Put(change(data).ToOctets());
        }

        void Put(Octets data)
        {
            var changed = record with { Data = data };
            var keys = SignersOf(zone, place);
            zone.Served[zone.Served.IndexOf(record)] = changed;
            Resign(zone, place, [changed], keys, fields => fields);
        }
    }

    // A key that is not among the zone's, published ones included.
    private SigningKey Stranger(ZonePlan zone)
    {
        while (true)
        {
            var key = world.Pool.Take(_random, SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning, zone.Keys);
            if (!zone.Sound.Any(record => record.Type == RecordType.DNSKEY && record.Data == key.ToDnskey())) return key;
        }
    }

    private static List<SigningKey> SignersOf(ZonePlan zone, SetPlace place) =>
        [.. zone.Keys.Where(key => zone.Served.Any(record => WorldBuilder.Covers(record, place) && Read(record).KeyTag == key.KeyTag && Read(record).Algorithm == (byte)key.Algorithm))];

    private void Resign(ZonePlan zone, SetPlace place, List<ResourceRecord> set, IEnumerable<SigningKey> keys, Func<RrsigData, RrsigData> change)
    {
        zone.Served.RemoveAll(record => WorldBuilder.Covers(record, place));
        foreach (var key in keys) zone.Served.Add(HandSigner.Sign(set, key, change(HandSigner.Honest(set, key, zone.Apex, _sound))));
    }

    private static void Replace(ZonePlan zone, List<ResourceRecord> old, Func<ResourceRecord, ResourceRecord> change)
    {
        foreach (var record in old) zone.Served[zone.Served.IndexOf(record)] = change(record);
    }

    private static void Each(ZonePlan zone, Func<ResourceRecord, uint> timeToLive, IEnumerable<ResourceRecord> records) =>
        Replace(zone, [.. records], record => record with { TimeToLive = timeToLive(record) });

    private static RrsigData With(RrsigData fields, SignatureValidity validity) => fields with { Inception = validity.InceptionSeconds, Expiration = validity.ExpirationSeconds };

    private static RrsigData Read(ResourceRecord signature) => RrsigData.TryRead(signature.Data, out var data) ? data : throw new FormatException($"{signature.Owner} RRSIG");

    // Other data of the same form: an address' last octet, a text's, a digest's.
    private static bool TryForge(ResourceRecord record, out ResourceRecord forged)
    {
        forged = record;
        if (record.Type is not (RecordType.A or RecordType.AAAA or RecordType.TXT or RecordType.TLSA or RecordType.DS)) return false;
        forged = record with { Data = WorldBuilder.Flip(record.Data) };
        return true;
    }

    // Some 1/128 of all hashes before the honest one: what lay there is covered by nothing.
    private static Octets BeforeNext(Octets hash)
    {
        var octets = hash.ToArray();
        octets[0] = unchecked((byte)(octets[0] - 2));
        return new Octets(octets);
    }

    private static DomainName InUpperCase(DomainName name)
    {
        var changed = DomainName.Root;
        for (var index = name.LabelCount - 1; index >= 0; index--)
        {
            byte[] label = [.. name.GetLabel(index).ToArray().Select(octet => octet is >= (byte)'a' and <= (byte)'z' ? (byte)(octet - 32) : octet)];
            if (!changed.TryPrepend(label, out var longer)) throw new InvalidOperationException("a label became longer");
            changed = longer;
        }

        return changed;
    }
}
