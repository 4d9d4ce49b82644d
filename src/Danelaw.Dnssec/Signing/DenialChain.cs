using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Signing;

/// <summary>Collects the names of a zone in canonical order and makes the records that deny all others.</summary>
internal abstract class DenialChain(ZoneContents zone)
{
    protected ZoneContents Zone { get; } = zone;

    /// <summary>Takes the next name; gives the denial that has become complete by it, if any.</summary>
    internal abstract RecordSet? Add(ZoneNode node);

    /// <summary>Gives what is complete only at the end.</summary>
    internal abstract IEnumerable<RecordSet> Rest();
}

/// <summary>NSEC (RFC 4034 §4, RFC 4035 §2.3): each name points to the next.</summary>
internal sealed class NsecChain(ZoneContents zone) : DenialChain(zone)
{
    private DomainName _owner;
    private TypeBitmap? _types;

    internal override RecordSet? Add(ZoneNode node)
    {
        if (node.Kind == ZoneNodeKind.Occluded) return null;
        var complete = _types is null ? null : Make(node.Owner);
        _owner = node.Owner;
        // RFC 4035 §2.3: at a cut only the types of the parent's side; NSEC and its signature stand at every name of the chain.
        _types = TypeBitmap.Create(node.Sets.Select(set => set.Type).Where(node.IsOwn).Append(RecordType.RRSIG).Append(RecordType.NSEC));
        return complete;
    }

    // RFC 4034 §4.1.1: the last name points to the apex.
    internal override IEnumerable<RecordSet> Rest() => [Make(Zone.Apex)];

    private RecordSet Make(DomainName next) =>
        new(_owner, RecordType.NSEC, Zone.Soa.Class, Zone.NegativeTimeToLive, [new NsecData(next, _types!.Value).ToOctets()]);
}

/// <summary>NSEC3 (RFC 5155 §7.1): each hash points to the next; names that exist only because of names below them have one too.</summary>
internal sealed class Nsec3Chain(ZoneContents zone, Nsec3Options options) : DenialChain(zone)
{
    private readonly List<(byte[] Hash, TypeBitmap Types)> _entries = [];
    private DomainName _previous = zone.Apex;

    internal static ResourceRecord ParameterRecord(ZoneContents zone, Nsec3Options options)
    {
        // RFC 5155 §4.1.2: the flags are zero here, also with opt-out. The TTL is 0 as BIND has it: nobody but servers of the zone needs it.
        return new ResourceRecord(zone.Apex, RecordType.NSEC3PARAM, zone.Soa.Class, 0, new Nsec3ParamData(Nsec3Hash.Sha1Algorithm, 0, options.Iterations, options.Salt).ToOctets());
    }

    internal override RecordSet? Add(ZoneNode node)
    {
        if (node.Kind == ZoneNodeKind.Occluded) return null;
        var isUnsignedDelegation = node.Kind == ZoneNodeKind.Delegation && !node.Has(RecordType.DS);
        // RFC 5155 §7.1: with opt-out, unsigned delegations need no NSEC3, nor do empty names above them alone.
        if (options.OptOut && isUnsignedDelegation) return null;

        // In canonical order a name that has been seen before is an ancestor of the one just before this.
        var known = Math.Max(Zone.Apex.LabelCount, node.Owner.CommonAncestor(_previous).LabelCount);
        for (var labels = known + 1; labels < node.Owner.LabelCount; labels++) Add(node.Owner.Suffix(labels), default);
        _previous = node.Owner;

        var types = node.Sets.Select(set => set.Type).Where(node.IsOwn);
        // RFC 5155 §7.1: RRSIG only where something at the name itself is signed.
        Add(node.Owner, TypeBitmap.Create(isUnsignedDelegation ? types : types.Append(RecordType.RRSIG)));
        return null;
    }

    internal override IEnumerable<RecordSet> Rest()
    {
        _entries.Sort(static (left, right) => left.Hash.AsSpan().SequenceCompareTo(right.Hash));
        for (var i = 0; i < _entries.Count; i++)
        {
            var (hash, types) = _entries[i];
            // RFC 5155 §7.1: the last hash points to the first.
            var next = _entries[(i + 1) % _entries.Count].Hash;
            if (_entries.Count > 1 && hash.AsSpan().SequenceEqual(next)) throw new InvalidOperationException("two names have the same NSEC3 hash: choose another salt (RFC 5155 §7.1)");
            if (!Nsec3Hash.TryToOwner(hash, Zone.Apex, out var owner)) throw new InvalidOperationException("the zone's name is too long for NSEC3");
            var data = new Nsec3Data(Nsec3Hash.Sha1Algorithm, options.OptOut ? Nsec3Data.OptOutFlag : (byte)0, options.Iterations, options.Salt, new Octets(next), types);
            yield return new RecordSet(owner, RecordType.NSEC3, Zone.Soa.Class, Zone.NegativeTimeToLive, [data.ToOctets()]);
        }
    }

    private void Add(DomainName name, TypeBitmap types)
    {
        var hash = new byte[Nsec3Hash.Length];
        Nsec3Hash.Compute(name, options.Iterations, options.Salt.Span, hash);
        _entries.Add((hash, types));
    }
}
