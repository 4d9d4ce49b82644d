using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Interop.Tests.Hostile.Catalogue.Realm;

/// <summary>All records of one zone as it was signed once: what somebody has who listened for long enough.</summary>
internal sealed class GenuineZone
{
    private readonly ILookup<(DomainName Owner, RecordType Type), ResourceRecord> _sets;
    private readonly ILookup<(DomainName Owner, RecordType Type), ResourceRecord> _signatures;

    public GenuineZone(DomainName apex, string signedText)
    {
        Apex = apex;
        Records = [.. Read(signedText)];
        _sets = Records.Where(record => record.Type != RecordType.RRSIG).ToLookup(record => (record.Owner, record.Type));
        _signatures = Records.Where(record => record.Type == RecordType.RRSIG).ToLookup(record => (record.Owner, RrsigData.ReadTypeCovered(record.Data)));
    }

    public DomainName Apex { get; }

    public IReadOnlyList<ResourceRecord> Records { get; }

    /// <summary>The records of a set.</summary>
    public IEnumerable<ResourceRecord> Bare(DomainName owner, RecordType type) => _sets[(owner, type)];

    /// <summary>The signatures over a set.</summary>
    public IEnumerable<ResourceRecord> Signatures(DomainName owner, RecordType type) => _signatures[(owner, type)];

    /// <summary>The records of a set and the signatures over it; it must be there.</summary>
    public IReadOnlyList<ResourceRecord> Signed(DomainName owner, RecordType type)
    {
        ResourceRecord[] signed = [.. Bare(owner, type), .. Signatures(owner, type)];
        return signed.Length > 0 ? signed : throw new InvalidOperationException($"{Apex} has no {RecordTypes.ToText(type)} at {owner}");
    }

    public IReadOnlyList<ResourceRecord> Soa => Signed(Apex, RecordType.SOA);

    public bool UsesNsec3 => _sets.Any(set => set.Key.Type == RecordType.NSEC3);

    /// <summary>The record that stands for a name in the chain of denial, as far as it has one.</summary>
    public IReadOnlyList<ResourceRecord> Matching(DomainName name)
    {
        if (!UsesNsec3) return Signed(name, RecordType.NSEC);
        return Nsec3Hash.TryToOwner(Hash(name), Apex, out var owner) ? Signed(owner, RecordType.NSEC3) : throw new InvalidOperationException($"{name}: no hash");
    }

    /// <summary>The record whose span holds a name that has none of its own.</summary>
    public IReadOnlyList<ResourceRecord> Covering(DomainName name)
    {
        if (!UsesNsec3)
        {
            var owner = Of(RecordType.NSEC).Select(record => record.Owner).Where(owner => owner < name).Max();
            return Signed(owner, RecordType.NSEC);
        }
        _ = Nsec3Hash.TryToOwner(Hash(name), Apex, out var hashed);
        var owners = Of(RecordType.NSEC3).Select(record => record.Owner).Order().ToList();
        var before = owners.Where(owner => owner < hashed).ToList();
        return Signed(before.Count > 0 ? before[^1] : owners[^1], RecordType.NSEC3);
    }

    /// <summary>What a server adds to NXDOMAIN: SOA, and the records that deny the name and the wildcard above it.</summary>
    public IReadOnlyList<ResourceRecord> NameError(DomainName name)
    {
        var closest = name.Parent;
        while (!Exists(closest)) closest = closest.Parent;
        IEnumerable<ResourceRecord> proof = [.. UsesNsec3 ? Matching(closest) : [], .. Covering(name.Suffix(closest.LabelCount + 1)), .. Covering(closest.ToWildcardChild())];
        return [.. Soa, .. proof.Distinct()];
    }

    /// <summary>What a server adds to an answer without data at a name that is there.</summary>
    public IReadOnlyList<ResourceRecord> NoData(DomainName name) => [.. Soa, .. Matching(name)];

    /// <summary>All records of denial.</summary>
    public IEnumerable<ResourceRecord> Of(RecordType type) => Records.Where(record => record.Type == type);

    private bool Exists(DomainName name) => Records.Any(record => record.Type is not (RecordType.NSEC3 or RecordType.RRSIG) && record.Owner.IsAtOrBelow(name));

    private byte[] Hash(DomainName name)
    {
        if (!Nsec3Data.TryRead(Of(RecordType.NSEC3).First().Data, out var parameters)) throw new InvalidOperationException($"{Apex}: an NSEC3 cannot be read");
        var hash = new byte[Nsec3Hash.Length];
        Nsec3Hash.Compute(name, parameters.Iterations, parameters.Salt.Span, hash);
        return hash;
    }

    private static IEnumerable<ResourceRecord> Read(string text)
    {
        using var reader = new ZoneReader(new StringReader(text), new ZoneReaderOptions { DefaultTtl = 300 });
        while (true)
        {
            var isRecord = reader.TryRead(out var record, out var fault);
            if (fault is not null) throw new InvalidOperationException(fault.ToString());
            if (!isRecord) yield break;
            yield return record;
        }
    }
}
