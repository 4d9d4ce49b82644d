using System.Buffers.Binary;
using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Signing.Sorting;

namespace Danelaw.Dnssec.Checking;

/// <summary>
/// Follows each complete NSEC3 chain (RFC 5155 §7.1). What the chain must hold and what it holds are gathered while the names pass, both sorted by hash,
/// and then walked side by side.
/// </summary>
internal sealed class Nsec3Audit(ZoneFrame frame, ImmutableArray<Nsec3ParamData> chains, SortLimits limits) : IDisposable
{
    // kind (1) | line (4) | file (2) | owner length (1) | owner | types
    private const int ExpectedHead = 8;

    // flags (1) | line (4) | file (2) | next (20) | types
    private const int FoundHead = 7 + Nsec3Hash.Length;

    private readonly OctetSorter _expected = new(limits);
    private readonly OctetSorter _found = new(limits);
    private readonly byte[] _payload = new byte[ExpectedHead + DomainName.MaximumLength + 65536];
    private DomainName _previousAll = frame.Apex;
    private DomainName _previousMust = frame.Apex;

    internal void Add(CheckedName name)
    {
        if (name.Find(RecordType.NSEC3) is { } set)
            foreach (var rdata in set.Set.Data) AddFound(name, set, rdata);
        if (name.IsDenialOnly || name.Kind == ZoneNodeKind.Occluded) return;

        // RFC 5155 §7.1: over an opt-out span unsigned delegations, and the empty names above them alone, may be left out.
        var mayLack = name.Kind == ZoneNodeKind.Delegation && !name.Has(RecordType.DS);
        AddEmptyNames(name, mayLack ? _previousAll : _previousMust, mayLack);
        _previousAll = name.Owner;
        if (!mayLack) _previousMust = name.Owner;
        Expect(name.Owner, mayLack, name.Place, mayLack ? DenialTypes.Of(name) : DenialTypes.Of(name, RecordType.RRSIG));
    }

    /// <summary>Compares.</summary>
    internal void End(Findings findings)
    {
        var expected = _expected.Sort();
        var found = _found.Sort();
        var walk = new Nsec3Walk(frame.Apex, findings);
        var (hasExpected, hasFound) = (expected.MoveNext(), found.MoveNext());
        while (hasExpected || hasFound)
        {
            var order = !hasExpected ? 1 : !hasFound ? -1 : expected.Key.SequenceCompareTo(found.Key);
            if (order <= 0)
            {
                var name = ReadExpected(expected);
                var key = expected.Key.ToArray();
                // An empty name may stand above both signed and unsigned ones.
                while ((hasExpected = expected.MoveNext()) && expected.Key.SequenceEqual(key))
                {
                    var other = ReadExpected(expected);
                    if (!other.Types.IsEmpty && !name.Types.IsEmpty) findings.Error(ZoneFindingCodes.Denial, other.Owner, RecordType.NSEC3, other.Place, $"{other.Owner} and {name.Owner} have the same hash (RFC 5155 §7.1)");
                    name = name with { MayLack = name.MayLack && other.MayLack };
                }

                walk.Expect(key, name, hasRecord: order == 0);
                if (order < 0) continue;
                walk.Match(name, ReadFound(found));
            }
            else
            {
                walk.Extra(found.Key, ReadFound(found));
            }

            walk.Step(found.Key, ReadFound(found));
            hasFound = found.MoveNext();
        }

        walk.EndChain();
    }

    public void Dispose()
    {
        _expected.Dispose();
        _found.Dispose();
    }

    private void AddFound(CheckedName name, in CheckedSet set, Octets rdata)
    {
        var isRead = Nsec3Data.TryRead(rdata, out var data);
        Span<byte> key = stackalloc byte[1 + Nsec3Hash.Length];
        var isPlaced = name.Owner.LabelCount == frame.Apex.LabelCount + 1 && Base32Hex.TryDecode(name.Owner.GetLabel(0), key[1..]);
        if (!isRead || !isPlaced || data.NextHash.Length != Nsec3Hash.Length || data.Types.ToOctets().Length > 65000)
        {
            name.Findings.Error(ZoneFindingCodes.DenialExtra, name.Owner, RecordType.NSEC3, set.Place, isRead && !isPlaced ? "the NSEC3 record's name is no hash directly below the apex (RFC 5155 §3)" : "the NSEC3 record is malformed (RFC 5155 §3.2)");
            return;
        }

        if ((data.Flags & ~Nsec3Data.OptOutFlag) != 0) name.Findings.Error(ZoneFindingCodes.Nsec3Parameters, name.Owner, RecordType.NSEC3, set.Place, $"the flags are {data.Flags}: validators ignore the record (RFC 5155 §8.2)");
        DenialTypes.CheckTimeToLive(name, set, frame);
        var chain = -1;
        for (var i = 0; i < chains.Length; i++)
            if (data.HashAlgorithm == chains[i].HashAlgorithm && data.Iterations == chains[i].Iterations && data.Salt == chains[i].Salt) chain = i;
        if (chain < 0)
        {
            name.Findings.Warning(ZoneFindingCodes.Nsec3Parameters, name.Owner, RecordType.NSEC3, set.Place, "the record has parameters of no NSEC3PARAM record: no server uses it (RFC 5155 §4)");
            return;
        }

        key[0] = (byte)chain;
        _payload[0] = data.Flags;
        WritePlace(set.Place);
        data.NextHash.Span.CopyTo(_payload.AsSpan(7));
        var types = data.Types.ToOctets().Span;
        types.CopyTo(_payload.AsSpan(FoundHead));
        _found.Add(key, _payload.AsSpan(0, FoundHead + types.Length));
    }

    private void AddEmptyNames(CheckedName name, DomainName previous, bool mayLack)
    {
        // In canonical order a name that has been seen before is an ancestor of the one just before this.
        var known = Math.Max(frame.Apex.LabelCount, name.Owner.CommonAncestor(previous).LabelCount);
        for (var labels = known + 1; labels < name.Owner.LabelCount; labels++) Expect(name.Owner.Suffix(labels), mayLack, name.Place, default);
    }

    private void Expect(DomainName owner, bool mayLack, Place place, TypeBitmap bitmap)
    {
        var types = bitmap.ToOctets().Span;
        _payload[0] = mayLack ? (byte)1 : (byte)0;
        WritePlace(place);
        _payload[7] = (byte)owner.Length;
        owner.Wire.CopyTo(_payload.AsSpan(ExpectedHead));
        types.CopyTo(_payload.AsSpan(ExpectedHead + owner.Length));
        Span<byte> key = stackalloc byte[1 + Nsec3Hash.Length];
        for (var i = 0; i < chains.Length; i++)
        {
            key[0] = (byte)i;
            Nsec3Hash.Compute(owner, chains[i].Iterations, chains[i].Salt.Span, key[1..]);
            _expected.Add(key, _payload.AsSpan(0, ExpectedHead + owner.Length + types.Length));
        }
    }

    private void WritePlace(Place place)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_payload.AsSpan(1), place.Line);
        BinaryPrimitives.WriteUInt16LittleEndian(_payload.AsSpan(5), (ushort)place.File);
    }

    private static Place ReadPlace(ReadOnlySpan<byte> payload) => new(BinaryPrimitives.ReadInt32LittleEndian(payload[1..]), BinaryPrimitives.ReadUInt16LittleEndian(payload[5..]));

    private static ExpectedNsec3 ReadExpected(SortedEntries entries)
    {
        var payload = entries.Payload;
        int length = payload[7];
        DomainName.TryFromWire(payload.Slice(ExpectedHead, length), out var owner);
        TypeBitmap.TryRead(Octets.Copy(payload[(ExpectedHead + length)..]), out var types);
        return new(owner, payload[0] == 1, ReadPlace(payload), types);
    }

    private static FoundNsec3 ReadFound(SortedEntries entries)
    {
        var payload = entries.Payload;
        TypeBitmap.TryRead(Octets.Copy(payload[FoundHead..]), out var types);
        return new((payload[0] & Nsec3Data.OptOutFlag) != 0, ReadPlace(payload), payload.Slice(7, Nsec3Hash.Length).ToArray(), types);
    }
}

/// <summary>A name that a chain holds, or over an opt-out span may lack.</summary>
internal readonly record struct ExpectedNsec3(DomainName Owner, bool MayLack, Place Place, TypeBitmap Types);

/// <summary>An NSEC3 record of a chain.</summary>
internal readonly record struct FoundNsec3(bool IsOptOut, Place Place, byte[] Next, TypeBitmap Types);
