using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Lab.Zones;

/// <summary>A zone, signed or not, from which questions are answered (RFC 1034 §4.3.2, RFC 4592, RFC 6672, RFC 4035 §3.1, RFC 5155 §7.2). Immutable. What was broken in its records is broken in its answers.</summary>
public sealed class LabZone
{
    private readonly Dictionary<DomainName, ZoneNode> _nodes = [];
    private readonly DenialIndex _denials;
    private readonly uint _negativeTimeToLive;

    /// <summary>Takes the records of a zone as they are.</summary>
    /// <param name="records">The records with their signatures and denials, in any order; one SOA is among them.</param>
    /// <exception cref="ArgumentException">There is no SOA.</exception>
    public LabZone(IEnumerable<ResourceRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        Records = [.. records];
        var soa = Records.FirstOrDefault(record => record.Type == RecordType.SOA);
        if (!SoaData.TryRead(soa.Data, out var fields)) throw new ArgumentException("a zone has a SOA record", nameof(records));
        Apex = soa.Owner;
        _negativeTimeToLive = Math.Min(soa.TimeToLive, fields.Minimum);

        var signatures = Records.Where(record => record.Type == RecordType.RRSIG)
            .ToLookup(record => (record.Owner, RrsigData.ReadTypeCovered(record.Data)));
        var denials = new List<SignedSet>();
        foreach (var group in Records.Where(record => record.Type != RecordType.RRSIG).GroupBy(record => (record.Owner, record.Type)))
        {
            var set = new SignedSet([.. group], [.. signatures[group.Key]]);
            if (group.Key.Type is RecordType.NSEC or RecordType.NSEC3) denials.Add(set);
            // RFC 5155 §7.2.8: the owner of an NSEC3 record is no name of the zone.
            if (group.Key.Type != RecordType.NSEC3) Node(group.Key.Owner).Sets[group.Key.Type] = set;
        }

        _denials = DenialIndex.Of(Apex, denials);
    }

    /// <summary>The apex.</summary>
    public DomainName Apex { get; }

    /// <summary>Every record of the zone.</summary>
    public ImmutableArray<ResourceRecord> Records { get; }

    internal ZoneReply Find(DomainName name, RecordType type)
    {
        for (var labels = Apex.LabelCount; labels < name.LabelCount || (labels == name.LabelCount && type != RecordType.DS); labels++)
        {
            var ancestor = name.Suffix(labels);
            if (!_nodes.TryGetValue(ancestor, out var above)) break;
            if (labels > Apex.LabelCount && above.Sets.ContainsKey(RecordType.NS)) return Referral(ancestor, above);
            if (labels < name.LabelCount && above.Sets.TryGetValue(RecordType.DNAME, out var dname)) return Redirected(name, ancestor, dname);
        }

        return _nodes.TryGetValue(name, out var node) ? Existing(name, node, type) : Missing(name, type);
    }

    private ZoneReply Existing(DomainName name, ZoneNode node, RecordType type)
    {
        if (type is RecordType.ANY or RecordType.RRSIG)
        {
            var all = node.Sets.Values.SelectMany(set => type == RecordType.ANY ? set.All : set.Signatures).ToImmutableArray();
            return all.IsEmpty ? NoData(_denials.NoData(name)) : new ZoneReply(ZoneOutcome.Answer, all, []);
        }

        if (node.Sets.TryGetValue(type, out var set)) return new ZoneReply(ZoneOutcome.Answer, [.. set.All], []);
        if (node.Sets.TryGetValue(RecordType.CNAME, out var alias)) return new ZoneReply(ZoneOutcome.Alias, [.. alias.All], [], TargetOf(alias));
        return NoData(_denials.NoData(name));
    }

    private ZoneReply Missing(DomainName name, RecordType type)
    {
        var encloser = name.Parent;
        while (!_nodes.ContainsKey(encloser)) encloser = encloser.Parent;
        var nextCloser = name.Suffix(encloser.LabelCount + 1);
        if (!encloser.TryToWildcardChild(out var wildcard) || !_nodes.TryGetValue(wildcard, out var source))
            return new ZoneReply(ZoneOutcome.NameError, [], [.. NegativeSoa(), .. _denials.NameError(name, encloser, nextCloser)]);

        if (source.Sets.TryGetValue(type, out var set))
            return new ZoneReply(ZoneOutcome.Answer, [.. set.ExpandedTo(name)], _denials.Expansion(name, nextCloser));
        if (source.Sets.TryGetValue(RecordType.CNAME, out var alias))
            return new ZoneReply(ZoneOutcome.Alias, [.. alias.ExpandedTo(name)], _denials.Expansion(name, nextCloser), TargetOf(alias));
        return NoData(_denials.WildcardNoData(name, encloser, nextCloser, wildcard));
    }

    private static ZoneReply Redirected(DomainName name, DomainName owner, SignedSet dname)
    {
        var target = TargetOf(dname);
        if (!name.TryReplaceSuffix(owner, target, out var moved)) return new ZoneReply(ZoneOutcome.AliasTooLong, [.. dname.All], []);
        var record = dname.Records[0];
        var made = new ResourceRecord(name, RecordType.CNAME, record.Class, record.TimeToLive, new NameData(moved).ToOctets());
        return new ZoneReply(ZoneOutcome.Alias, [.. dname.All, made], [], moved);
    }

    private ZoneReply Referral(DomainName cut, ZoneNode node)
    {
        // RFC 4035 §3.1.4: DS, or the proof that there is none.
        var security = node.Sets.TryGetValue(RecordType.DS, out var ds) ? [.. ds.All] : _denials.NoData(cut);
        return new ZoneReply(ZoneOutcome.Referral, [], [.. node.Sets[RecordType.NS].Records, .. security], cut);
    }

    private ZoneReply NoData(ImmutableArray<ResourceRecord> denial) => new(ZoneOutcome.NoData, [], [.. NegativeSoa(), .. denial]);

    private IEnumerable<ResourceRecord> NegativeSoa() => _nodes[Apex].Sets[RecordType.SOA].BoundedBy(_negativeTimeToLive);

    private static DomainName TargetOf(SignedSet alias) => NameData.TryRead(alias.Records[0].Data, out var data) ? data.Name : default;

    private ZoneNode Node(DomainName name)
    {
        if (_nodes.TryGetValue(name, out var node)) return node;
        // Names above it exist too, up to the apex (RFC 4592 §2.2.2).
        if (name.IsBelow(Apex)) Node(name.Parent);
        return _nodes[name] = new ZoneNode();
    }
}
