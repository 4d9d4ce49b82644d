using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Dnssec.Tests.Worlds;

/// <summary>One zone of a scripted world, and what its authoritative server says of a name in it.</summary>
internal sealed class TestZone
{
    internal static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);
    internal static readonly SignatureValidity Validity = new(Now.AddDays(-7), Now.AddDays(21));

    private readonly List<ResourceRecord> _unsigned = [];
    private SortedDictionary<DomainName, Dictionary<RecordType, SignedRecords>> _nodes = [];
    private List<(byte[] Hash, SignedRecords Set)> _nsec3 = [];

    internal TestZone(string apex, string records = "")
    {
        Apex = Text.Name(apex);
        Add($"@ 3600 SOA ns hostmaster 1 7200 3600 1209600 300\n@ 3600 NS ns\nns 3600 A 192.0.2.53");
        Add(records);
    }

    internal DomainName Apex { get; }

    /// <summary>The keys; none for an unsigned zone.</summary>
    internal List<SigningKey> Keys { get; init; } = [];

    /// <summary>Which digests of which keys the parent gets; null for a SHA-256 digest of each key.</summary>
    internal Func<TestZone, IEnumerable<Octets>>? Delegation { get; init; }

    internal Nsec3Options? Nsec3 { get; init; }

    internal SignatureValidity SignedFor { get; init; } = Validity;

    internal bool IsSigned => Keys.Count > 0;

    /// <summary>Changes the signed records before they are served.</summary>
    internal Func<IEnumerable<ResourceRecord>, IEnumerable<ResourceRecord>>? Spoil { get; set; }

    internal void Add(string lines)
    {
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) _unsigned.Add(Text.Record(line, Apex));
    }

    internal void Add(ResourceRecord record) => _unsigned.Add(record);

    internal IEnumerable<Octets> DelegationSigners() => Delegation?.Invoke(this) ?? Keys.Select(key => key.ToDs(Apex));

    internal void Sign()
    {
        var records = IsSigned ? ZoneSigner.Sign(_unsigned, Keys, new() { Validity = SignedFor, Nsec3 = Nsec3 }) : _unsigned;
        Load(Spoil is null ? records : Spoil(records));
    }

    private void Load(IEnumerable<ResourceRecord> records)
    {
        _nodes = [];
        var list = records.ToList();
        foreach (var group in list.Where(record => record.Type != RecordType.RRSIG).GroupBy(record => (record.Owner, record.Type)))
        {
            if (!_nodes.TryGetValue(group.Key.Owner, out var node)) _nodes.Add(group.Key.Owner, node = []);
            node.Add(group.Key.Type, new([.. group], [.. list.Where(record => record.Type == RecordType.RRSIG && record.Owner == group.Key.Owner && RrsigData.ReadTypeCovered(record.Data) == group.Key.Type)]));
        }

        _nsec3 = [];
        foreach (var (owner, node) in _nodes)
        {
            if (!node.TryGetValue(RecordType.NSEC3, out var set)) continue;
            var hash = new byte[20];
            Assert.True(Base32Hex.TryDecode(owner.GetLabel(0), hash));
            _nsec3.Add((hash, set));
        }
    }

    /// <summary>The set at a name, if there is one.</summary>
    internal SignedRecords? Find(DomainName name, RecordType type) => _nodes.TryGetValue(name, out var node) && node.TryGetValue(type, out var set) ? set : null;

    internal IEnumerable<(DomainName Name, RecordType Type, SignedRecords Set)> Sets => _nodes.SelectMany(node => node.Value.Select(set => (node.Key, set.Key, set.Value)));

    /// <summary>Answers for one name of this zone, by RFC 1034 §4.3.2, RFC 4035 §3.1 and RFC 5155 §7.2.</summary>
    internal ZoneReply Answer(DomainName name, RecordType type)
    {
        for (var labels = Apex.LabelCount + 1; labels < name.LabelCount; labels++)
            if (Find(name.Suffix(labels), RecordType.DNAME) is { } above) return new() { Answer = [above], Dname = above };

        if (Exists(name)) return AtNode(name, name, type, []);

        var closest = name.Parent;
        while (!Exists(closest)) closest = closest.Parent;
        var nextCloser = name.Suffix(closest.LabelCount + 1);
        var wildcard = closest.ToWildcardChild();
        if (Find(wildcard) is { } node)
        {
            // RFC 5155 §7.2.6: beside a wildcard's answer only the next closer name is denied; its ancestor is named by the signature.
            var isPositive = node.ContainsKey(type) || Follows(node, type) is not null;
            return AtNode(wildcard, name, type, isPositive && IsSigned && Nsec3 is not null ? [Cover(nextCloser)] : ProofOfAbsence(nextCloser, null));
        }

        return new() { IsNameError = true, Authority = [.. Soa(), .. ProofOfAbsence(nextCloser, wildcard)] };
    }

    private ZoneReply AtNode(DomainName source, DomainName name, RecordType type, IEnumerable<SignedRecords> proof)
    {
        var node = Find(source) ?? [];
        if (type == RecordType.ANY && node.Count > 0) return new() { Answer = [.. node.Values.Select(set => set.As(name))], Authority = [.. proof] };
        if (type == RecordType.RRSIG && node.Count > 0) return new() { Answer = [new([.. node.Values.SelectMany(set => set.Signatures)], [])] };
        if (node.TryGetValue(type, out var set)) return new() { Answer = [set.As(name)], Authority = [.. proof] };

        if (Follows(node, type) is { } cname) return new() { Answer = [cname.As(name)], Authority = [.. proof], Cname = cname };
        return new() { Authority = [.. Soa(), .. ProofOfTypes(source), .. proof] };
    }

    /// <summary>The alias that answers for a type. As BIND and Knot have it: NSEC records stand beside aliases and not behind them (RFC 4035 §2.5).</summary>
    private static SignedRecords? Follows(Dictionary<RecordType, SignedRecords> node, RecordType type) => type != RecordType.NSEC && node.TryGetValue(RecordType.CNAME, out var cname) ? cname : null;

    private IEnumerable<SignedRecords> Soa() => [Find(Apex, RecordType.SOA)!];

    private Dictionary<RecordType, SignedRecords>? Find(DomainName name) => _nodes.TryGetValue(name, out var node) && !node.ContainsKey(RecordType.NSEC3) ? node : null;

    /// <summary>Whether the name owns records or has names below it that do.</summary>
    private bool Exists(DomainName name) => _nodes.Any(node => node.Key.IsAtOrBelow(name) && !node.Value.ContainsKey(RecordType.NSEC3));

    private SignedRecords[] ProofOfTypes(DomainName name)
    {
        if (!IsSigned) return [];
        if (Nsec3 is null) return Find(name, RecordType.NSEC) is { } own ? [own] : [Nsec(name)];
        if (Match(name) is { } matching) return [matching];

        // An unsigned delegation in an opt-out span (RFC 5155 §7.2.4).
        return ClosestEncloserProof(name, out _);
    }

    private IEnumerable<SignedRecords> ProofOfAbsence(DomainName nextCloser, DomainName? wildcard)
    {
        if (!IsSigned) return [];
        if (Nsec3 is null) return wildcard is { } star ? new[] { Nsec(nextCloser), Nsec(star) }.Distinct() : [Nsec(nextCloser)];
        var proof = ClosestEncloserProof(nextCloser, out var provable);
        return (wildcard is null ? proof : [.. proof, Cover(provable.ToWildcardChild())]).Distinct();
    }

    /// <summary>An empty non-terminal above nothing but unsigned delegations may have no record of its own; the closest provable encloser is then further up (RFC 5155 §6, §7.1).</summary>
    private SignedRecords[] ClosestEncloserProof(DomainName name, out DomainName closest)
    {
        closest = name.Parent;
        while (Match(closest) is null) closest = closest.Parent;
        return [Match(closest)!, Cover(name.Suffix(closest.LabelCount + 1))];
    }

    /// <summary>The NSEC set whose span holds the name.</summary>
    private SignedRecords Nsec(DomainName name) =>
        _nodes.Where(node => node.Key <= name && node.Value.ContainsKey(RecordType.NSEC)).Select(node => node.Value[RecordType.NSEC]).Last();

    private SignedRecords? Match(DomainName name) => _nsec3.FirstOrDefault(each => each.Hash.AsSpan().SequenceEqual(Hash(name))).Set;

    private SignedRecords Cover(DomainName name)
    {
        var hash = Hash(name);
        var sorted = _nsec3.OrderBy(each => Convert.ToHexString(each.Hash), StringComparer.Ordinal).ToList();
        var before = sorted.FindLastIndex(each => each.Hash.AsSpan().SequenceCompareTo(hash) < 0);
        return sorted[before < 0 ? sorted.Count - 1 : before].Set;
    }

    private byte[] Hash(DomainName name)
    {
        var hash = new byte[20];
        Nsec3Hash.Compute(name, Nsec3!.Iterations, Nsec3.Salt.Span, hash);
        return hash;
    }
}

/// <summary>Records of one RRset and their signatures, as they are served.</summary>
internal sealed record SignedRecords(List<ResourceRecord> Records, List<ResourceRecord> Signatures)
{
    internal IEnumerable<ResourceRecord> All => Records.Concat(Signatures);

    /// <summary>The set as a wildcard gives it to a name.</summary>
    internal SignedRecords As(DomainName name) => Records.Count > 0 && Records[0].Owner.EqualsExactly(name)
        ? this
        : new([.. Records.Select(record => record with { Owner = name })], [.. Signatures.Select(record => record with { Owner = name })]);
}

/// <summary>What a zone says of one name.</summary>
internal sealed record ZoneReply
{
    internal List<SignedRecords> Answer { get; init; } = [];

    internal List<SignedRecords> Authority { get; init; } = [];

    internal SignedRecords? Cname { get; init; }

    internal SignedRecords? Dname { get; init; }

    internal bool IsNameError { get; init; }
}
