using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Validation;

/// <summary>One section of a reply as RRsets with their signatures. Only what is asked for by owner and type is ever taken out of it.</summary>
internal sealed class SetTable
{
    private const int ScanLimit = 12;
    private readonly List<SignedSet> _sets = [];
    private Dictionary<(DomainName Owner, RecordType Type), SignedSet>? _index;
    private HashSet<(DomainName Owner, RecordType Type)>? _lost;

    /// <summary>Groups the records of a section. Records of another class than IN are left out.</summary>
    /// <param name="records">The section.</param>
    /// <param name="keepsSignatures">Whether RRSIG records are also RRsets of their own: only where RRSIG was asked for.</param>
    /// <param name="zone">The zone outside of which records are left out; null for none.</param>
    internal SetTable(ImmutableArray<ResourceRecord> records, bool keepsSignatures, DomainName? zone = null)
    {
        var hasSignatures = false;
        foreach (var record in records)
        {
            if (record.Class != RecordClass.IN || record.Type == RecordType.OPT || (zone is { } top && !record.Owner.IsAtOrBelow(top))) continue;
            hasSignatures |= record.Type == RecordType.RRSIG;
            if (record.Type != RecordType.RRSIG || keepsSignatures) GetOrAdd(record.Owner, record.Type).Add(record);
        }

        if (hasSignatures) Attach(records);
        for (var i = _sets.Count - 1; i >= 0; i--)
            if (_sets[i] is { Type: RecordType.NSEC, Data.Count: 2 } both && both.TrySplitAtCut(out var child)) _sets.Insert(i + 1, child);
    }

    /// <summary>Takes RRsets as they are, each of another owner or type.</summary>
    internal SetTable(params ReadOnlySpan<SignedSet> sets)
    {
        foreach (var set in sets)
        {
            _sets.Add(set);
            HasSignatures |= set.Signatures.Count > 0;
        }
    }

    /// <summary>The RRsets in the order in which their first records came.</summary>
    internal IReadOnlyList<SignedSet> Sets => _sets;

    /// <summary>Whether there is any RRSIG record at all.</summary>
    internal bool HasSignatures { get; private set; }

    /// <summary>Whether an RRSIG record stands alone whose RRset at the same name is missing.</summary>
    internal bool HasSignatureWithoutSet(DomainName owner, RecordType type) => _lost is not null && _lost.Contains((owner, type));

    /// <summary>Gives RRSIG records of another section to the sets that have none; a server may have put them there.</summary>
    internal void AttachMissing(ImmutableArray<ResourceRecord> records)
    {
        if (_sets.TrueForAll(set => set.Signatures.Count > 0)) return;
        foreach (var record in records)
        {
            if (record.Type != RecordType.RRSIG || record.Class != RecordClass.IN || !RrsigData.TryRead(record.Data, out var signature)) continue;
            if (TryFind(record.Owner, signature.TypeCovered, out var set)) set.Add(signature, record.TimeToLive);
        }
    }

    internal bool TryFind(DomainName owner, RecordType type, [NotNullWhen(true)] out SignedSet? set)
    {
        if (_index is not null) return _index.TryGetValue((owner, type), out set);
        foreach (var candidate in _sets)
        {
            if (candidate.Type != type || !candidate.Owner.Equals(owner)) continue;
            set = candidate;
            return true;
        }

        set = null;
        return false;
    }

    private void Attach(ImmutableArray<ResourceRecord> records)
    {
        foreach (var record in records)
        {
            if (record.Type != RecordType.RRSIG || record.Class != RecordClass.IN || !RrsigData.TryRead(record.Data, out var signature)) continue;
            HasSignatures = true;

            // RFC 4035 §5.3.1: RRSIG and RRset MUST have the same owner and class, and the type covered MUST be the RRset's type.
            if (TryFind(record.Owner, signature.TypeCovered, out var set)) set.Add(signature, record.TimeToLive);
            else (_lost ??= []).Add((record.Owner, signature.TypeCovered));
        }
    }

    private SignedSet GetOrAdd(DomainName owner, RecordType type)
    {
        if (_sets.Count > 0 && _sets[^1] is var last && last.Type == type && last.Owner.Equals(owner)) return last;
        if (TryFind(owner, type, out var set)) return set;
        set = new(owner, type);
        _sets.Add(set);
        if (_index is not null) _index.Add((owner, type), set);
        else if (_sets.Count > ScanLimit) _index = _sets.ToDictionary(each => (each.Owner, each.Type));
        return set;
    }
}
