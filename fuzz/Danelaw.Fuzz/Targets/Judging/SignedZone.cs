using System.Security.Cryptography;
using System.Text;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Fuzz.Targets.Denying;

namespace Danelaw.Fuzz.Targets.Judging;

/// <summary>What a zone may be believed to be.</summary>
internal enum ZoneStanding
{
    /// <summary>Signed, and so is every zone above it.</summary>
    Signed = 0,

    /// <summary>Not signed, or below what is not, or by an algorithm that nobody knows.</summary>
    Unsigned,

    /// <summary>Signed like the first kind, by the adversary: whatever he says of its names is what the zone says.</summary>
    Hostile,

    /// <summary>Signed, and its NSEC3 records have more iterations than are computed: denials are insecure (RFC 9276 §3.2).</summary>
    ManyIterations,
}

/// <summary>Records of one RRset with their signatures.</summary>
internal sealed record ServedSet(DomainName Owner, RecordType Type, List<ResourceRecord> Records, List<ResourceRecord> Signatures)
{
    internal IEnumerable<ResourceRecord> All => Records.Concat(Signatures);

    /// <summary>The set as a wildcard gives it to a name.</summary>
    internal ServedSet As(DomainName name) => Owner.Equals(name) ? this : new(name, Type, [.. Records.Select(record => record with { Owner = name })], [.. Signatures.Select(record => record with { Owner = name })]);
}

/// <summary>One zone of the world, with its key, its records and what an honest server says of its names (RFC 4035 §3.1, RFC 5155 §7.2).</summary>
internal sealed class SignedZone
{
    internal static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);
    internal static readonly SignatureValidity Validity = new(Now.AddDays(-7), Now.AddDays(21));

    private readonly List<ResourceRecord> _unsigned = [];
    private readonly Nsec3Options? _nsec3;
    private readonly SortedDictionary<DomainName, Dictionary<RecordType, ServedSet>> _nodes = [];
    private readonly List<(byte[] Hash, ServedSet Set)> _hashed = [];

    internal SignedZone(string apex, ZoneStanding standing, bool hasKey, Nsec3Options? nsec3, string text)
    {
        (Apex, Standing, _nsec3) = (DomainName.Parse(apex), standing, nsec3);
        if (hasKey) Key = MakeKey(apex);
        using var reader = new ZoneReader(new StringReader("@ 3600 SOA ns host 1 7200 3600 1209600 300\n@ 3600 NS ns\nns 3600 A 192.0.2.53\n" + text), new() { Origin = Apex });
        while (reader.TryRead(out var record, out var fault)) _unsigned.Add(record);
    }

    internal DomainName Apex { get; }

    internal ZoneStanding Standing { get; }

    internal SigningKey? Key { get; }

    internal bool IsOptOut => _nsec3 is { OptOut: true };

    /// <summary>What is true of its names.</summary>
    internal ToyZone Names { get; private set; } = new(DomainName.Root, []);

    internal IEnumerable<ServedSet> Sets => _nodes.Values.SelectMany(node => node.Values);

    /// <summary>Keys by name: the same in every run, since an Ed25519 seed is any 32 octets.</summary>
    internal static SigningKey MakeKey(string name) =>
        Ed25519SigningKey.Import(DnskeyFlags.KeySigning, SHA256.HashData(Encoding.ASCII.GetBytes("Danelaw fuzz key of " + name)))!;

    internal void Delegate(SignedZone child, IEnumerable<Octets> delegationSigners)
    {
        _unsigned.Add(new(child.Apex, RecordType.NS, RecordClass.IN, 3600, new NameData(child.Apex.Prepend("ns")).ToOctets()));
        foreach (var ds in delegationSigners) _unsigned.Add(new(child.Apex, RecordType.DS, RecordClass.IN, 3600, ds));
    }

    internal void Sign()
    {
        var records = (Key is null ? _unsigned : ZoneSigner.Sign(_unsigned, [Key], new() { Validity = Validity, Nsec3 = _nsec3 })).ToList();
        var signatures = records.Where(record => record.Type == RecordType.RRSIG).ToLookup(record => (record.Owner, RrsigData.ReadTypeCovered(record.Data)));
        foreach (var group in records.Where(record => record.Type != RecordType.RRSIG).GroupBy(record => (record.Owner, record.Type)))
        {
            var set = new ServedSet(group.Key.Owner, group.Key.Type, [.. group], [.. signatures[group.Key]]);
            if (!_nodes.TryGetValue(set.Owner, out var node)) _nodes.Add(set.Owner, node = []);
            node.Add(set.Type, set);
            if (set.Type != RecordType.NSEC3) continue;
            var hash = new byte[Nsec3Hash.Length];
            if (Base32Hex.TryDecode(set.Owner.GetLabel(0), hash)) _hashed.Add((hash, set));
        }

        Names = new(Apex, Sets.Where(set => set.Type is not (RecordType.NSEC3 or RecordType.NSEC)).Select(set => (set.Owner, set.Type)));
    }

    internal ServedSet? Find(DomainName name, RecordType type) => _nodes.TryGetValue(name, out var node) && node.TryGetValue(type, out var set) ? set : null;

    /// <summary>The set that stands for a name: its own, or a wildcard's where there is no such name.</summary>
    internal ServedSet? FindOrExpand(DomainName name, RecordType type)
    {
        if (Find(name, type) is { } own) return own;
        return Names.IsHidden(name) || Names.Exists(name) ? null : Find(Names.ClosestEncloser(name).ToWildcardChild(), type);
    }

    /// <summary>What an honest server of the zone answers.</summary>
    internal (List<ServedSet> Answer, List<ServedSet> Authority, bool IsNameError) Reply(DomainName name, RecordType type)
    {
        for (var labels = Apex.LabelCount + 1; labels < name.LabelCount; labels++)
            if (Find(name.Suffix(labels), RecordType.DNAME) is { } above) return ([above], [], false);
        if (Names.Exists(name)) return AtNode(name, name, type, []);

        var closest = Names.ClosestEncloser(name);
        var nextCloser = name.Suffix(closest.LabelCount + 1);
        var wildcard = closest.ToWildcardChild();
        return Names.Exists(wildcard)
            ? AtNode(wildcard, name, type, Absence(closest, nextCloser))
            : ([], [Find(Apex, RecordType.SOA)!, .. Absence(closest, nextCloser, wildcard)], true);
    }

    private (List<ServedSet> Answer, List<ServedSet> Authority, bool IsNameError) AtNode(DomainName source, DomainName name, RecordType type, IEnumerable<ServedSet> proof)
    {
        var node = _nodes.GetValueOrDefault(source) ?? [];
        if (type == RecordType.ANY && node.Count > 0) return ([.. node.Values.Select(set => set.As(name))], [.. proof], false);
        if (node.TryGetValue(type, out var set) || node.TryGetValue(RecordType.CNAME, out set)) return ([set.As(name)], [.. proof], false);
        return ([], [Find(Apex, RecordType.SOA)!, .. OwnDenial(source), .. proof], false);
    }

    private IEnumerable<ServedSet> OwnDenial(DomainName name)
    {
        if (Key is null) return [];
        if (_nsec3 is null) return [Nsec(name)];
        if (Matching(name) is { } own) return [own];

        // An unsigned delegation in an opt-out span (RFC 5155 §7.2.4).
        var closest = name.Parent;
        while (Matching(closest) is null) closest = closest.Parent;
        return [Matching(closest)!, Covering(name.Suffix(closest.LabelCount + 1))];
    }

    private IEnumerable<ServedSet> Absence(DomainName closest, params DomainName[] names)
    {
        if (Key is null) return [];
        if (_nsec3 is null) return names.Select(Nsec).Distinct();

        // A name that is there only for unsigned delegations below it may have no record of its own.
        return names.Select(Covering).Concat(Matching(closest) is { } matching ? [matching] : []).Distinct();
    }

    private ServedSet Nsec(DomainName name) => _nodes.Where(node => node.Key <= name && node.Value.ContainsKey(RecordType.NSEC)).Select(node => node.Value[RecordType.NSEC]).Last();

    private ServedSet? Matching(DomainName name) => _hashed.FirstOrDefault(each => each.Hash.AsSpan().SequenceEqual(Hash(name))).Set;

    private ServedSet Covering(DomainName name)
    {
        var hash = Hash(name);
        var last = _hashed.MaxBy(each => Convert.ToHexString(each.Hash), StringComparer.Ordinal);
        return _hashed.Where(each => each.Hash.AsSpan().SequenceCompareTo(hash) < 0).DefaultIfEmpty(last).MaxBy(each => Convert.ToHexString(each.Hash), StringComparer.Ordinal).Set;
    }

    private byte[] Hash(DomainName name) => ToyChain.Hash(name, _nsec3!.Iterations, _nsec3.Salt.ToArray());
}
