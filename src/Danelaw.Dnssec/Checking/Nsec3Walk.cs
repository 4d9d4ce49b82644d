using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Checking;

/// <summary>Goes along the chains, hash by hash: the first octet of a key is the number of its chain.</summary>
internal sealed class Nsec3Walk(DomainName apex, Findings findings)
{
    // Names before the first record of a chain are covered by the last, which is met at the end.
    private const int MaximumWaiting = 4096;

    private readonly List<ExpectedNsec3> _waiting = [];
    private byte[]? _first;
    private byte[]? _last;
    private FoundNsec3 _record;
    private int _chain = -1;

    /// <summary>The next name that the chain should hold.</summary>
    internal void Expect(byte[] key, in ExpectedNsec3 name, bool hasRecord)
    {
        Enter(key[0]);
        if (hasRecord) return;
        if (!name.MayLack) Missing(name, "");
        else if (_last is null && _waiting.Count < MaximumWaiting) _waiting.Add(name);
        else if (_last is not null && !_record.IsOptOut) Missing(name, ", and the record that covers its hash has no opt-out flag");
    }

    /// <summary>The record of a name.</summary>
    internal void Match(in ExpectedNsec3 name, in FoundNsec3 record)
    {
        if (DenialTypes.Difference(record.Types, name.Types) is { } difference) findings.Error(ZoneFindingCodes.DenialTypes, name.Owner, RecordType.NSEC3, record.Place, $"the NSEC3 record of {name.Owner} {difference}");
    }

    /// <summary>A record that belongs to no name.</summary>
    internal void Extra(ReadOnlySpan<byte> key, in FoundNsec3 record) =>
        findings.Error(ZoneFindingCodes.DenialExtra, OwnerOf(key), RecordType.NSEC3, record.Place, "the NSEC3 record belongs to no name of the zone: it denies nothing truly (RFC 5155 §7.1)");

    /// <summary>Goes to a record: the one before must point to it.</summary>
    internal void Step(ReadOnlySpan<byte> key, in FoundNsec3 record)
    {
        Enter(key[0]);
        if (_last is not null && key.SequenceEqual(_last))
        {
            findings.Error(ZoneFindingCodes.DenialExtra, OwnerOf(key), RecordType.NSEC3, record.Place, "more than one NSEC3 record of the chain stands at this hash (RFC 5155 §7.1)");
            return;
        }

        if (_last is not null) CheckNext(key[1..]);
        _first ??= key.ToArray();
        (_last, _record) = (key.ToArray(), record);
    }

    /// <summary>The last record points to the first.</summary>
    internal void EndChain()
    {
        if (_last is not null) CheckNext(_first.AsSpan(1));
        foreach (var name in _waiting)
            if (_last is null || !_record.IsOptOut) Missing(name, _last is null ? "" : ", and the record that covers its hash has no opt-out flag");
        (_first, _last) = (null, null);
        _waiting.Clear();
    }

    private void Enter(int chain)
    {
        if (_chain == chain) return;
        if (_chain >= 0) EndChain();
        _chain = chain;
    }

    private void CheckNext(ReadOnlySpan<byte> next)
    {
        if (_record.Next.AsSpan().SequenceEqual(next)) return;
        findings.Error(ZoneFindingCodes.DenialNext, OwnerOf(_last), RecordType.NSEC3, _record.Place, $"the NSEC3 record points to the hash {Hash(_record.Next)}, and the next one is {Hash(next)} (RFC 5155 §7.1)");
    }

    private void Missing(in ExpectedNsec3 name, string more) =>
        findings.Error(ZoneFindingCodes.DenialMissing, name.Owner, RecordType.NSEC3, name.Place, $"the name has no NSEC3 record{more} (RFC 5155 §7.1)");

    private DomainName OwnerOf(ReadOnlySpan<byte> key) => Nsec3Hash.TryToOwner(key[1..], apex, out var owner) ? owner : apex;

    private static string Hash(ReadOnlySpan<byte> hash)
    {
        Span<byte> digits = stackalloc byte[Base32Hex.EncodedLength(Nsec3Hash.Length)];
        Base32Hex.Encode(hash, digits);
        return System.Text.Encoding.ASCII.GetString(digits);
    }
}
