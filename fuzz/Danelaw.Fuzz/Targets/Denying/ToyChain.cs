using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Fuzz.Targets.Denying;

/// <summary>The records of denial that a signer makes for a zone: written down from RFC 4034 §4 and RFC 5155 §7.1, apart from our own signer.</summary>
internal static class ToyChain
{
    internal static List<NsecRecord> Nsec(ToyZone zone)
    {
        var names = zone.Visible.ToList();
        var records = new List<NsecRecord>();
        for (var i = 0; i < names.Count; i++)
        {
            var types = zone.IsCut(names[i]) ? zone.TypesAt(names[i]).Where(type => type is RecordType.NS or RecordType.DS) : zone.TypesAt(names[i]);
            records.Add(new(names[i], names[(i + 1) % names.Count], TypeBitmap.Create(types.Concat([RecordType.RRSIG, RecordType.NSEC]))));
        }

        return records;
    }

    internal static List<Nsec3Record> Nsec3(ToyZone zone, bool isOptOut, ushort iterations, byte[] salt)
    {
        var types = new Dictionary<DomainName, TypeBitmap>();
        foreach (var name in zone.Visible)
        {
            // RFC 5155 §7.1: with opt-out, unsigned delegations have none, nor have empty names above them alone.
            if (isOptOut && zone.IsUnsignedCut(name)) continue;
            for (var labels = zone.Apex.LabelCount; labels < name.LabelCount; labels++) types.TryAdd(name.Suffix(labels), default);
            var own = zone.IsCut(name) ? zone.TypesAt(name).Where(type => type is RecordType.NS or RecordType.DS) : zone.TypesAt(name);
            types[name] = TypeBitmap.Create(zone.IsUnsignedCut(name) ? own : own.Append(RecordType.RRSIG));
        }

        var hashed = types.Select(each => (Hash: Hash(each.Key, iterations, salt), each.Value)).ToList();
        hashed.Sort((left, right) => left.Hash.AsSpan().SequenceCompareTo(right.Hash));
        return [.. hashed.Select((each, i) => Make(each.Hash, hashed[(i + 1) % hashed.Count].Hash, each.Value))];

        Nsec3Record Make(byte[] owner, byte[] next, TypeBitmap listed) =>
            new(new Octets(owner), new(Nsec3Hash.Sha1Algorithm, isOptOut ? Nsec3Data.OptOutFlag : (byte)0, iterations, new Octets(salt), new Octets(next), listed));
    }

    internal static byte[] Hash(DomainName name, ushort iterations, byte[] salt)
    {
        var hash = new byte[Nsec3Hash.Length];
        Nsec3Hash.Compute(name, iterations, salt, hash);
        return hash;
    }
}
