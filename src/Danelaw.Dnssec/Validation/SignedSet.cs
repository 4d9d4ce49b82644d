using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Validation;

/// <summary>An RRset as one section of a reply holds it, with the RRSIG records that stand beside it. Not shared between threads.</summary>
internal sealed class SignedSet(DomainName owner, RecordType type)
{
    private readonly List<Octets> _data = [];
    private readonly List<(RrsigData Signature, uint TimeToLive)> _signatures = [];
    private HashSet<Octets>? _seen;
    private RecordSet? _records;
    private ZoneKeys? _checkedBy;
    private SignatureCheck? _check;
    private Octets _verifiedBy;

    internal DomainName Owner { get; private set; } = owner;

    internal RecordType Type { get; } = type;

    /// <summary>The smallest TTL among its records (RFC 2181 §5.2).</summary>
    internal uint TimeToLive { get; private set; } = uint.MaxValue;

    /// <summary>The RDATA of its records, without duplicates.</summary>
    internal IReadOnlyList<Octets> Data => _data;

    /// <summary>The signatures in the order received, each with the TTL of its record.</summary>
    internal IReadOnlyList<(RrsigData Signature, uint TimeToLive)> Signatures => _signatures;

    internal RecordSet Records => _records ??= new(Owner, Type, RecordClass.IN, TimeToLive, [.. _data]);

    public override string ToString() => $"{Owner} {RecordTypes.ToText(Type)}";

    internal void Add(in ResourceRecord record)
    {
        TimeToLive = Math.Min(TimeToLive, record.TimeToLive);
        _verifiedBy = default;
        if (_data.Count < 8 ? _data.Contains(record.Data) : !(_seen ??= [.. _data]).Add(record.Data)) return;
        _data.Add(record.Data);
    }

    /// <summary>Adds a signature; what stands there already counts once.</summary>
    internal void Add(in RrsigData signature, uint timeToLive)
    {
        if (_signatures.Count < 8)
        {
            foreach (var (known, _) in _signatures)
                if (known == signature) return;
        }

        _signatures.Add((signature, timeToLive));
        _verifiedBy = default;
    }

    /// <summary>
    /// RFC 4034 §4: at a zone cut there are two NSEC records, the parent's and that of the child's apex, which lists SOA. Along a chain of aliases both may stand in one reply: two sets
    /// of two zones. The parent's stays here, the child's is given.
    /// </summary>
    internal bool TrySplitAtCut([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SignedSet? child)
    {
        child = null;
        if (Type != RecordType.NSEC || _data.Count != 2 || !NsecData.TryRead(_data[0], out var one) || !NsecData.TryRead(_data[1], out var other)) return false;
        if (one.Types.Contains(RecordType.SOA) == other.Types.Contains(RecordType.SOA)) return false;
        var at = one.Types.Contains(RecordType.SOA) ? 0 : 1;
        child = new(Owner, Type);
        child.Add(new ResourceRecord(Owner, Type, RecordClass.IN, TimeToLive, _data[at]));
        foreach (var (signature, timeToLive) in _signatures)
            if (signature.SignerName.Equals(Owner)) child.Add(signature, timeToLive);
        _data.RemoveAt(at);
        _signatures.RemoveAll(each => each.Signature.SignerName.Equals(Owner));
        (_seen, _records, _check) = (null, null, null);
        return true;
    }

    /// <summary>
    /// Remembers that the one signature there is was verified before, over these very octets, by a key: the cryptographic check need not be made again.
    /// All else that is demanded of a signature is. Whatever is added afterwards takes that away.
    /// </summary>
    /// <param name="key">The key's fingerprint.</param>
    internal void RememberVerified(Octets key) => _verifiedBy = _signatures.Count == 1 ? key : default;

    /// <summary>Whether the one signature there is was verified before by just this key.</summary>
    internal bool WasVerifiedBy(ZoneKey key) => !_verifiedBy.IsEmpty && _verifiedBy == key.Fingerprint;

    /// <summary>Takes the records out of the packet that they came in, for what is kept after the lookup.</summary>
    internal void LeavePacket()
    {
        Owner = Owner.ToOwned();
        for (var i = 0; i < _data.Count; i++) _data[i] = _data[i].ToOwned();
        _records = null;
    }

    /// <summary>Whether a signature of the set stands: checked once for each set of keys, then remembered.</summary>
    internal SignatureCheck Check(ZoneKeys keys, ValidationPolicy policy, DateTimeOffset now, Work work)
    {
        if (_check is null || !keys.HasSameKeys(_checkedBy))
        {
            _check = SignatureChecker.Check(this, keys, policy, now, work);
            _checkedBy = keys;
        }

        return _check;
    }

    /// <summary>The same records and signatures, of which nothing has been checked yet: for another time than they were checked at.</summary>
    internal SignedSet Unchecked()
    {
        var copy = new SignedSet(Owner, Type);
        foreach (var record in Records.Records) copy.Add(record);
        foreach (var (signature, timeToLive) in _signatures) copy.Add(signature, timeToLive);
        return copy;
    }

    /// <summary>Canonical form and order (RFC 4034 §6.2, §6.3).</summary>
    internal ImmutableArray<Octets> ToCanonicalData() => RecordData.ToCanonicalOrder(Type, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_data));
}
