using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution.Caching;

/// <summary>
/// Sets that were verified here, each with the signature that stands, and the replies that can be made of them: records, aliases, what a wildcard stands
/// for, and denials (RFC 8198). A reply that is made here is judged like any other; what could not be proven is not made.
/// </summary>
internal sealed class SecureSets
{
    /// <summary>Three hours: denials are kept for no longer (RFC 2308 §5).</summary>
    internal const uint MaximumNegativeTimeToLive = 10800;

    private readonly CacheStore _store;
    private readonly DenialIndex _index = new();
    private volatile bool _hasDnames;

    /// <summary>Makes sets that are kept in a store.</summary>
    /// <param name="capacity">How many octets the store may hold.</param>
    internal SecureSets(long capacity)
    {
        _store = new(capacity, Dropped);
        Listed = new(_store, _index);
    }

    /// <summary>Finds records of denial that the kept sets show to be wrong.</summary>
    internal ListedTypes Listed { get; }

    /// <summary>The store, which holds other things too.</summary>
    internal CacheStore Store => _store;

    /// <summary>Keeps a set that was concluded to be secure.</summary>
    /// <param name="set">The set.</param>
    /// <param name="check">The signature that stands.</param>
    /// <param name="timeToLive">Seconds.</param>
    /// <param name="isNameError">Whether the reply that it stood in had the code NXDOMAIN.</param>
    /// <param name="now">The time.</param>
    internal void Add(SignedSet set, SignatureCheck check, uint timeToLive, bool isNameError, DateTimeOffset now)
    {
        if (!check.IsValid || check.Key is not { } key || set.Data.Count > ushort.MaxValue) return;
        var isDenial = set.Type is RecordType.NSEC or RecordType.NSEC3;
        if (isDenial) timeToLive = Math.Min(timeToLive, MaximumNegativeTimeToLive);
        if (!ResolverCache.TryEnd(ref timeToLive, now, out var until)) return;

        // What was made from a wildcard is kept at the wildcard: it stands for other names as well (RFC 8198 §5.3).
        var owner = set.Owner;
        if (check.IsExpanded && (isDenial || !owner.Suffix(check.Labels).TryToWildcardChild(out owner))) return;
        var zone = check.Signature.SignerName;
        var octets = PackedSet.Pack(owner, set.Data, check.Signature.ToOctets().Span, key.Fingerprint.Span);
        Nsec3Parameters? parameters = null;
        var cost = CacheEntry.Size + CacheEntry.ArrayCost(octets.Length);
        var kind = EntryKind.Set;
        if (isDenial)
        {
            if (set.Data.Count != 1) return;
            if (set.Type == RecordType.NSEC3)
            {
                if (!Nsec3Data.TryRead(set.Data[0], out var nsec3)) return;
                parameters = new(nsec3.Iterations, nsec3.Salt);
            }
            else
            {
                if (!NsecData.TryRead(set.Data[0], out var nsec)) return;

                // A name has two NSEC records when it is a zone cut: the parent's and the child's.
                if (DenialProof.IsParentSide(nsec.Types)) kind = EntryKind.CutDenial;
            }

            cost += DenialIndex.CostOfEntry + (_index.Contains(zone) ? 0 : DenialIndex.CostOfZone);
        }

        var entry = new CacheEntry(kind, octets, owner, set.Type)
        {
            IsNameError = isNameError,
            TimeToLive = timeToLive,
            Until = until,
            Cost = cost,
        };
        if (isDenial) _index.Add(zone, entry, parameters);
        if (!_store.Add(entry, now))
        {
            if (isDenial) _index.Remove(zone, entry);
        }
        else if (set.Type == RecordType.DNAME)
        {
            // Written only to be set: read, changed and written, it could be lost to another thread.
            _hasDnames = true;
        }
    }

    /// <summary>A reply to a question made of what is kept.</summary>
    internal bool TryCompose(Question question, DateTimeOffset now, [NotNullWhen(true)] out Reply? reply)
    {
        reply = null;
        var (name, type) = (question.Name, question.Type);

        // Nobody signs RRSIG records, NSEC3 records are no data, and of all records at a name nobody knows which there are.
        if (question.Class != RecordClass.IN || type is RecordType.RRSIG or RecordType.NSEC3 or RecordType.ANY or RecordType.None) return false;
        if (TryAnswer(question, name, type, now, out reply)) return true;

        // RFC 1034 §3.6.2: where an alias stands nothing else does, but for what DNSSEC puts there.
        if (type is not (RecordType.CNAME or RecordType.NSEC) && TryAnswer(question, name, RecordType.CNAME, now, out reply)) return true;
        for (var above = name; _hasDnames && !above.IsRoot;)
        {
            above = above.Parent;
            if (TryAnswer(question, above, RecordType.DNAME, now, out reply)) return true;
        }

        return TryDeny(question, now, out reply);
    }

    /// <summary>A kept and secure set, as a reply bears it.</summary>
    /// <param name="owner">Where it is kept.</param>
    /// <param name="type">Its type.</param>
    /// <param name="name">The owner that it is to have: the same, or a name that the wildcard at the owner stands for.</param>
    /// <param name="now">The time.</param>
    /// <param name="set">The set.</param>
    /// <param name="zone">The zone that signed it.</param>
    internal bool TryGet(DomainName owner, RecordType type, DomainName name, DateTimeOffset now, [NotNullWhen(true)] out SignedSet? set, out DomainName zone)
    {
        (set, zone) = (null, default);
        return _store.TryGet(EntryKind.Set, owner, type, now, out var entry) && TryUnpack(entry, name, now, out set, out zone);
    }

    /// <summary>A record of denial as a reply bears it, if it is alive.</summary>
    internal bool TryGet(CacheEntry? denial, DateTimeOffset now, [NotNullWhen(true)] out SignedSet? set)
    {
        set = null;
        if (denial is null) return false;
        if (denial.Until <= now.UtcTicks)
        {
            _store.Remove(denial);
            return false;
        }

        _store.Use(denial);
        return TryUnpack(denial, denial.Name, now, out set, out _);
    }

    private bool TryAnswer(Question question, DomainName owner, RecordType type, DateTimeOffset now, [NotNullWhen(true)] out Reply? reply)
    {
        reply = TryGet(owner, type, owner, now, out var set, out var zone) ? Reply.Compose(question, ResponseCode.NoError, zone, new(set), null) : null;
        return reply is not null;
    }

    private bool TryDeny(Question question, DateTimeOffset now, [NotNullWhen(true)] out Reply? reply)
    {
        reply = null;

        // RFC 4035 §2.4: the DS set, and so its denial, belongs to the zone above.
        var lowest = question.Type == RecordType.DS && !question.Name.IsRoot ? question.Name.Parent : question.Name;
        for (var zone = lowest; ; zone = zone.Parent)
        {
            // The lowest zone that is known by its records is the one to ask: those above say nothing about its names.
            if (_index.TryGet(zone, out var denials))
                return (denials.HasNsec && new NsecSynthesis(this, denials, now).TryCompose(question, out reply))
                    || (denials.HasNsec3 && new Nsec3Synthesis(this, denials, now).TryCompose(question, out reply));
            if (zone.IsRoot) return false;
        }
    }

    private static bool TryUnpack(CacheEntry entry, DomainName owner, DateTimeOffset now, [NotNullWhen(true)] out SignedSet? set, out DomainName zone)
    {
        (set, zone) = (null, default);
        var left = entry.SecondsLeft(now);
        if (left == 0 || !entry.Packed.TryReadSignature(out var octets, out var key) || !RrsigData.TryRead(octets, out var signature)) return false;
        set = new(owner, entry.Type);
        foreach (var data in entry.Packed.ReadData()) set.Add(new ResourceRecord(owner, entry.Type, RecordClass.IN, left, data));
        set.Add(signature, left);
        set.RememberVerified(key);
        zone = signature.SignerName;
        return true;
    }

    private void Dropped(CacheEntry entry)
    {
        if (entry.Type is not (RecordType.NSEC or RecordType.NSEC3) || entry.Kind is not (EntryKind.Set or EntryKind.CutDenial)) return;
        if (entry.Packed.TryReadSignature(out var octets, out _) && RrsigData.TryRead(octets, out var signature)) _index.Remove(signature.SignerName, entry);
    }
}
