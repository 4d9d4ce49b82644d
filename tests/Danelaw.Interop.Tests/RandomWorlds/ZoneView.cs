using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>What a zone says to a question, and so what has to be proven.</summary>
internal enum ProofClass
{
    None = 0,
    Positive,
    Keys,
    Wildcard,
    WildcardNoData,
    NameError,
    NoData,
    EmptyNonTerminal,
    DsPositive,
    DsAbsence,
    DsAbsenceByOptOut,
    Cname,
    WildcardCname,
    Dname,
    DnameTooLong,
    Any,
    Signatures,
    Outside,
}

/// <summary>One step of an answer.</summary>
/// <param name="Class">What kind of proof it needs.</param>
/// <param name="Data">The RRsets of the answer, with the SOA of a denial.</param>
/// <param name="Denials">The records of denial that it needs.</param>
/// <param name="Target">Where an alias leads.</param>
/// <param name="OverOptOut">Whether the proof rests on an opt-out span.</param>
internal sealed record ZoneStep(ProofClass Class, ImmutableArray<SetPlace> Data, ImmutableArray<SetPlace> Denials, DomainName? Target = null, bool OverOptOut = false);

/// <summary>
/// A soundly signed zone as RFC 1034 §4.3.2, RFC 4592, RFC 6672, RFC 4035 §3.1 and RFC 5155 §7.2 read it: the answer to a question and what proves it.
/// Written for these tests, apart from every validator and server.
/// </summary>
internal sealed class ZoneView
{
    private readonly DomainName _apex;
    private readonly Dictionary<DomainName, Dictionary<RecordType, ResourceRecord>> _nodes = [];
    private readonly List<DomainName> _spans = [];
    private readonly List<(byte[] Hash, DomainName Owner, bool IsOptOut)> _hashes = [];
    private readonly (ushort Iterations, byte[] Salt) _parameters;

    public ZoneView(DomainName apex, IEnumerable<ResourceRecord> records)
    {
        _apex = apex;
        foreach (var record in records)
        {
            if (record.Type == RecordType.RRSIG) continue;
            if (record.Type == RecordType.NSEC3)
            {
                if (!Nsec3Data.TryRead(record.Data, out var data)) throw new FormatException($"{record.Owner} NSEC3");
                _parameters = (data.Iterations, data.Salt.ToArray());
                _hashes.Add((Base32(record.Owner.GetLabel(0)), record.Owner, data.IsOptOut));
                continue;
            }

            if (record.Type == RecordType.NSEC) _spans.Add(record.Owner);
            Node(record.Owner)[record.Type] = record;
        }

        _spans.Sort();
        _hashes.Sort((left, right) => left.Hash.AsSpan().SequenceCompareTo(right.Hash));
    }

    /// <summary>The answer; null below a cut.</summary>
    public ZoneStep? Find(DomainName name, RecordType type)
    {
        for (var labels = _apex.LabelCount; labels <= name.LabelCount; labels++)
        {
            var above = name.Suffix(labels);
            if (!_nodes.TryGetValue(above, out var at)) break;
            var isName = labels == name.LabelCount;
            if (labels > _apex.LabelCount && at.ContainsKey(RecordType.NS) && !(isName && type == RecordType.DS)) return null;
            if (!isName && at.TryGetValue(RecordType.DNAME, out var dname)) return Redirected(name, above, dname);
        }

        return _nodes.TryGetValue(name, out var node) ? AtName(name, node, type) : Missing(name, type);
    }

    /// <summary>The record of denial of a name itself; none where it has none.</summary>
    public ImmutableArray<SetPlace> OwnDenial(DomainName name) =>
        _hashes.Count > 0 ? Matches(name) : _spans.BinarySearch(name) >= 0 ? [new SetPlace(name, RecordType.NSEC)] : [];

    private ZoneStep AtName(DomainName name, Dictionary<RecordType, ResourceRecord> node, RecordType type)
    {
        if (type == RecordType.ANY && node.Count > 0) return new ZoneStep(ProofClass.Any, [.. node.Keys.Select(each => new SetPlace(name, each))], []);
        if (type == RecordType.RRSIG && node.Count > 0) return new ZoneStep(ProofClass.Signatures, [], []);
        if (node.ContainsKey(type))
        {
            var kind = type == RecordType.DS ? ProofClass.DsPositive : type == RecordType.DNSKEY ? ProofClass.Keys : ProofClass.Positive;
            return new ZoneStep(kind, [new SetPlace(name, type)], []);
        }

        if (node.TryGetValue(RecordType.CNAME, out var alias)) return new ZoneStep(ProofClass.Cname, [new SetPlace(name, RecordType.CNAME)], [], TargetOf(alias));
        var isCut = type == RecordType.DS && node.ContainsKey(RecordType.NS) && name != _apex;
        var (denials, optOut) = NoData(name);
        return Denied(isCut ? optOut ? ProofClass.DsAbsenceByOptOut : ProofClass.DsAbsence : node.Count == 0 ? ProofClass.EmptyNonTerminal : ProofClass.NoData, denials, optOut);
    }

    private ZoneStep Missing(DomainName name, RecordType type)
    {
        var encloser = name.Parent;
        while (!_nodes.ContainsKey(encloser)) encloser = encloser.Parent;
        var nextCloser = name.Suffix(encloser.LabelCount + 1);
        if (!encloser.TryToWildcardChild(out var wildcard) || !_nodes.TryGetValue(wildcard, out var node))
        {
            var (none, over) = _hashes.Count > 0 ? HashedNameError(encloser, nextCloser) : ([.. Span(name), .. Span(encloser.ToWildcardChild())], false);
            return Denied(ProofClass.NameError, none, over);
        }

        var (expansion, optOut) = _hashes.Count > 0 ? Covers(nextCloser) : (Span(name), false);
        if (type == RecordType.ANY && node.Count > 0) return new ZoneStep(ProofClass.Any, [.. node.Keys.Where(each => each != RecordType.NSEC || _hashes.Count == 0).Select(each => new SetPlace(wildcard, each))], expansion, OverOptOut: optOut);
        if (type == RecordType.RRSIG && node.Count > 0) return new ZoneStep(ProofClass.Signatures, [], []);
        if (node.ContainsKey(type)) return new ZoneStep(ProofClass.Wildcard, [new SetPlace(wildcard, type)], expansion, OverOptOut: optOut);
        if (node.TryGetValue(RecordType.CNAME, out var alias))
            return new ZoneStep(ProofClass.WildcardCname, [new SetPlace(wildcard, RecordType.CNAME)], expansion, TargetOf(alias), optOut);
        var here = _hashes.Count > 0 ? [.. Matches(encloser), .. Matches(wildcard)] : Span(wildcard);
        return Denied(ProofClass.WildcardNoData, [.. expansion, .. here], optOut);
    }

    private ZoneStep Redirected(DomainName name, DomainName owner, ResourceRecord dname)
    {
        var data = ImmutableArray.Create(new SetPlace(owner, RecordType.DNAME));
        return name.TryReplaceSuffix(owner, TargetOf(dname), out var moved)
            ? new ZoneStep(ProofClass.Dname, data, [], moved)
            : new ZoneStep(ProofClass.DnameTooLong, data, []);
    }

    private ZoneStep Denied(ProofClass kind, ImmutableArray<SetPlace> denials, bool optOut) =>
        new(kind, [new SetPlace(_apex, RecordType.SOA)], denials, OverOptOut: optOut);

    private (ImmutableArray<SetPlace> Denials, bool OptOut) NoData(DomainName name)
    {
        if (_hashes.Count == 0) return (Span(name), false);
        if (Matches(name) is { IsEmpty: false } match) return (match, false);
        // RFC 5155 §7.2.4, and ENTs that exist by unsigned delegations alone.
        var (encloser, nextCloser) = Provable(name.Parent, name);
        var (covers, optOut) = Covers(nextCloser);
        return ([.. Matches(encloser), .. covers], optOut);
    }

    private (ImmutableArray<SetPlace> Denials, bool OptOut) HashedNameError(DomainName encloser, DomainName nextCloser)
    {
        (encloser, nextCloser) = Provable(encloser, nextCloser);
        var (covers, optOut) = Covers(nextCloser);
        return ([.. Matches(encloser), .. covers, .. Covers(encloser.ToWildcardChild()).Denials], optOut);
    }

    private (DomainName Encloser, DomainName NextCloser) Provable(DomainName encloser, DomainName nextCloser)
    {
        while (encloser != _apex && Matches(encloser).IsEmpty) (encloser, nextCloser) = (encloser.Parent, encloser);
        return (encloser, nextCloser);
    }

    // The NSEC at the name, or the one whose span holds it.
    private ImmutableArray<SetPlace> Span(DomainName name)
    {
        if (_spans.Count == 0) return [];
        var found = _spans.BinarySearch(name);
        return [new SetPlace(_spans[found >= 0 ? found : Math.Max(0, ~found - 1)], RecordType.NSEC)];
    }

    private ImmutableArray<SetPlace> Matches(DomainName name)
    {
        var hash = Hash(name);
        foreach (var each in _hashes)
            if (each.Hash.AsSpan().SequenceEqual(hash)) return [new SetPlace(each.Owner, RecordType.NSEC3)];
        return [];
    }

    private (ImmutableArray<SetPlace> Denials, bool OptOut) Covers(DomainName name)
    {
        var hash = Hash(name);
        var at = _hashes.FindLastIndex(each => each.Hash.AsSpan().SequenceCompareTo(hash) <= 0);
        var (_, owner, optOut) = _hashes[at < 0 ? ^1 : at];
        return ([new SetPlace(owner, RecordType.NSEC3)], optOut);
    }

    private byte[] Hash(DomainName name)
    {
        var hash = new byte[Nsec3Hash.Length];
        Nsec3Hash.Compute(name, _parameters.Iterations, _parameters.Salt, hash);
        return hash;
    }

    private Dictionary<RecordType, ResourceRecord> Node(DomainName name)
    {
        if (_nodes.TryGetValue(name, out var node)) return node;
        // Names above exist too (RFC 4592 §2.2.2).
        if (name.IsBelow(_apex)) Node(name.Parent);
        return _nodes[name] = [];
    }

    private static DomainName TargetOf(ResourceRecord alias) => NameData.TryRead(alias.Data, out var data) ? data.Name : throw new FormatException($"{alias.Owner}: no alias");

    /// <summary>Whether a hash lies between that of an NSEC3 record's owner and its next one, around the end of the ring too (RFC 5155 §3.1.7).</summary>
    public static bool Spans(DomainName owner, Octets next, ReadOnlySpan<byte> hash)
    {
        var start = Base32(owner.GetLabel(0)).AsSpan();
        var end = next.Span;
        var (isBehind, isBefore) = (start.SequenceCompareTo(hash) < 0, hash.SequenceCompareTo(end) < 0);
        return start.SequenceCompareTo(end) < 0 ? isBehind && isBefore : isBehind || isBefore;
    }

    // RFC 4648 §7.
    private static byte[] Base32(ReadOnlySpan<byte> label)
    {
        var octets = new byte[label.Length * 5 / 8];
        int bits = 0, held = 0, at = 0;
        foreach (var letter in label)
        {
            var value = letter <= '9' ? letter - '0' : (letter | 0x20) - 'a' + 10;
            held = (held << 5) | value;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            octets[at++] = (byte)(held >> bits);
            held &= (1 << bits) - 1;
        }
        return octets;
    }
}
