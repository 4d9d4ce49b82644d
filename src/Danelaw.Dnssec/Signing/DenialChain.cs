using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing.Sorting;

namespace Danelaw.Dnssec.Signing;

/// <summary>What denials need to know of the zone.</summary>
/// <param name="Apex">The owner of the SOA.</param>
/// <param name="Class">The class of all records.</param>
/// <param name="NegativeTimeToLive">Seconds that a denial may be kept: the smaller of the SOA's TTL and its MINIMUM field (RFC 2308 §5, RFC 9077 §3).</param>
internal sealed record ZoneFrame(DomainName Apex, RecordClass Class, uint NegativeTimeToLive);

/// <summary>A denial that is complete, and signatures that an earlier signing left at its place.</summary>
internal readonly record struct Denial(RecordSet Set, ImmutableArray<Octets> Signatures);

/// <summary>Collects the names of a zone in canonical order and makes the records that deny all others.</summary>
internal abstract class DenialChain(ZoneFrame frame) : IDisposable
{
    protected ZoneFrame Frame { get; } = frame;

    /// <summary>Takes the next name; gives the denial that has become complete by it, if any.</summary>
    internal abstract Denial? Add(in ZoneNode node);

    /// <summary>Takes what is left of earlier denials at a name.</summary>
    internal abstract void AddOld(DomainName owner, ImmutableArray<Octets> signatures);

    /// <summary>Gives what is complete only at the end.</summary>
    internal abstract IEnumerable<Denial> Rest();

    public virtual void Dispose()
    {
    }
}

/// <summary>NSEC (RFC 4034 §4, RFC 4035 §2.3): each name points to the next.</summary>
internal sealed class NsecChain(ZoneFrame frame) : DenialChain(frame)
{
    private DomainName _owner;
    private TypeBitmap? _types;
    private ImmutableArray<Octets> _old = [];

    internal override Denial? Add(in ZoneNode node)
    {
        if (node.Kind == ZoneNodeKind.Occluded) return null;
        Denial? complete = _types is null ? null : Make(node.Owner);
        (_owner, _old) = (node.Owner, node.Signatures);
        Span<RecordType> types = stackalloc RecordType[Math.Min(node.Sets.Length + 2, 512)];
        if (types.Length < node.Sets.Length + 2) types = new RecordType[node.Sets.Length + 2];
        var count = node.WriteOwnTypes(types);
        // RFC 4035 §2.3: NSEC and its signature stand at every name of the chain.
        types[count++] = RecordType.RRSIG;
        types[count++] = RecordType.NSEC;
        _types = TypeBitmap.Create(types[..count]);
        return complete;
    }

    internal override void AddOld(DomainName owner, ImmutableArray<Octets> signatures)
    {
        // What an NSEC3 chain left is of no use here.
    }

    // RFC 4034 §4.1.1: the last name points to the apex.
    internal override IEnumerable<Denial> Rest() => [Make(Frame.Apex)];

    private Denial Make(DomainName next) =>
        new(new(_owner, RecordType.NSEC, Frame.Class, Frame.NegativeTimeToLive, [new NsecData(next, _types!.Value).ToOctets()]), _old);
}

/// <summary>NSEC3 (RFC 5155 §7.1): each hash points to the next; names that exist only because of names below them have one too.</summary>
internal sealed class Nsec3Chain(ZoneFrame frame, Nsec3Options options, SortLimits limits) : DenialChain(frame)
{
    private readonly OctetSorter _entries = new(limits);
    private readonly OctetSorter _old = new(limits with { ChunkLength = Math.Min(limits.ChunkLength, 1 << 20) });
    private DomainName _previous = frame.Apex;

    internal static ResourceRecord ParameterRecord(DomainName apex, RecordClass recordClass, Nsec3Options options)
    {
        // RFC 5155 §4.1.2: the flags are zero here, also with opt-out. The TTL is 0 as BIND has it: nobody but servers of the zone needs it.
        return new ResourceRecord(apex, RecordType.NSEC3PARAM, recordClass, 0, new Nsec3ParamData(Nsec3Hash.Sha1Algorithm, 0, options.Iterations, options.Salt).ToOctets());
    }

    internal override Denial? Add(in ZoneNode node)
    {
        if (node.Kind == ZoneNodeKind.Occluded) return null;
        var isUnsignedDelegation = node.Kind == ZoneNodeKind.Delegation && !node.Has(RecordType.DS);
        // RFC 5155 §7.1: with opt-out, unsigned delegations need no NSEC3, nor do empty names above them alone.
        if (options.OptOut && isUnsignedDelegation) return null;

        // In canonical order a name that has been seen before is an ancestor of the one just before this.
        var known = Math.Max(Frame.Apex.LabelCount, node.Owner.CommonAncestor(_previous).LabelCount);
        for (var labels = known + 1; labels < node.Owner.LabelCount; labels++) Add(node.Owner.Suffix(labels), default);
        _previous = node.Owner;

        Span<RecordType> types = stackalloc RecordType[Math.Min(node.Sets.Length + 1, 512)];
        if (types.Length < node.Sets.Length + 1) types = new RecordType[node.Sets.Length + 1];
        var count = node.WriteOwnTypes(types);
        // RFC 5155 §7.1: RRSIG only where something at the name itself is signed.
        if (!isUnsignedDelegation) types[count++] = RecordType.RRSIG;
        Add(node.Owner, TypeBitmap.Create(types[..count]));
        return null;
    }

    internal override void AddOld(DomainName owner, ImmutableArray<Octets> signatures)
    {
        Span<byte> key = stackalloc byte[CanonicalKey.MaximumLength];
        var length = CanonicalKey.Write(owner, key);
        foreach (var signature in signatures)
            if (RrsigData.ReadTypeCovered(signature) == RecordType.NSEC3) _old.Add(key[..length], signature.Span);
    }

    internal override IEnumerable<Denial> Rest()
    {
        var entries = _entries.Sort();
        var old = new OldSignatures(_old.Sort());
        if (!entries.MoveNext()) yield break;
        var first = (Hash: entries.Key.ToArray(), Types: Octets.Copy(entries.Payload));
        var last = first;
        while (entries.MoveNext())
        {
            if (entries.Key.SequenceEqual(last.Hash)) throw new ZoneRefusedException("two names have the same NSEC3 hash: choose another salt (RFC 5155 §7.1)");
            var next = (Hash: entries.Key.ToArray(), Types: Octets.Copy(entries.Payload));
            yield return Make(last.Hash, next.Hash, last.Types, old);
            last = next;
        }

        // RFC 5155 §7.1: the last hash points to the first.
        yield return Make(last.Hash, first.Hash, last.Types, old);
    }

    public override void Dispose()
    {
        base.Dispose();
        _entries.Dispose();
        _old.Dispose();
    }

    private Denial Make(byte[] hash, byte[] next, Octets octets, OldSignatures old)
    {
        if (!Nsec3Hash.TryToOwner(hash, Frame.Apex, out var owner)) throw new ZoneRefusedException("the zone's name is too long for NSEC3");
        TypeBitmap.TryRead(octets, out var types);
        var data = new Nsec3Data(Nsec3Hash.Sha1Algorithm, options.OptOut ? Nsec3Data.OptOutFlag : (byte)0, options.Iterations, options.Salt, new Octets(next), types);
        return new(new(owner, RecordType.NSEC3, Frame.Class, Frame.NegativeTimeToLive, [data.ToOctets()]), old.Take(owner));
    }

    private void Add(DomainName name, TypeBitmap types)
    {
        Span<byte> hash = stackalloc byte[Nsec3Hash.Length];
        Nsec3Hash.Compute(name, options.Iterations, options.Salt.Span, hash);
        _entries.Add(hash, types.ToOctets().Span);
    }

    /// <summary>Signatures that an earlier signing left, by owner in canonical order, which is that of the hashes.</summary>
    private sealed class OldSignatures(SortedEntries entries)
    {
        private bool _has = entries.MoveNext();

        internal ImmutableArray<Octets> Take(DomainName owner)
        {
            if (!_has) return [];
            Span<byte> key = stackalloc byte[CanonicalKey.MaximumLength];
            key = key[..CanonicalKey.Write(owner, key)];
            while (_has && entries.Key.SequenceCompareTo(key) < 0) _has = entries.MoveNext();
            if (!_has || !entries.Key.SequenceEqual(key)) return [];
            var found = ImmutableArray.CreateBuilder<Octets>(1);
            for (; _has && entries.Key.SequenceEqual(key); _has = entries.MoveNext()) found.Add(Octets.Copy(entries.Payload));
            return found.ToImmutable();
        }
    }
}
