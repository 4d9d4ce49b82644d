using System.Buffers.Binary;
using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Dnssec.Checking;

/// <summary>What the apex says of the zone, and whether that fits together.</summary>
internal sealed class ApexAudit
{
    private const int MaximumChains = 4;
    private const int LimitOfValidators = 150;

    private ApexAudit(ZoneFrame frame, uint serial, CheckedKeys keys, bool hasNsec, ImmutableArray<Nsec3ParamData> chains, bool hasNsec3)
    {
        (Frame, Serial, Keys, HasNsec, Chains, HasNsec3) = (frame, serial, keys, hasNsec, chains, hasNsec3);
    }

    internal ZoneFrame Frame { get; }

    internal uint Serial { get; }

    internal CheckedKeys Keys { get; }

    internal bool HasNsec { get; }

    internal bool HasNsec3 { get; }

    /// <summary>The complete NSEC3 chains that are followed.</summary>
    internal ImmutableArray<Nsec3ParamData> Chains { get; }

    /// <summary>Null when the zone is none, or not signed.</summary>
    /// <param name="name">The apex.</param>
    /// <param name="options">How the zone is checked.</param>
    /// <param name="serial">That of the SOA; 0 when there is none that can be read.</param>
    internal static ApexAudit? Read(CheckedName name, ZoneCheckOptions options, out uint serial)
    {
        serial = 0;
        var findings = name.Findings;
        if (name.Find(RecordType.SOA) is not { } soa || soa.Set.Data.Length > 1 || !SoaData.TryRead(soa.Set.Data[0], out var fields))
        {
            findings.Error(ZoneFindingCodes.Contents, name.Owner, RecordType.SOA, name.Place, "the apex needs exactly one well-formed SOA record (RFC 1035 §5.2)");
            return null;
        }

        serial = fields.Serial;
        if (!name.Has(RecordType.NS)) findings.Error(ZoneFindingCodes.Contents, name.Owner, RecordType.NS, soa.Place, "the apex has no NS record (RFC 1035 §3.3.11)");
        var frame = new ZoneFrame(name.Owner, soa.Set.Class, Math.Min(soa.Set.TimeToLive, fields.Minimum));
        if (name.Find(RecordType.DNSKEY) is not { } dnskey)
        {
            findings.Error(ZoneFindingCodes.Unsigned, name.Owner, RecordType.DNSKEY, soa.Place, "the zone has no DNSKEY record: it is not signed (RFC 4035 §2.1)");
            return null;
        }

        var keys = CheckedKeys.Read(dnskey, findings);
        if (keys.Algorithms.IsEmpty) findings.Error(ZoneFindingCodes.Key, name.Owner, RecordType.DNSKEY, dnskey.Place, "no key of the set can sign the zone (RFC 4034 §2.1.1)");
        var ds = options.DsOf(name.Owner);
        CheckDs(name, dnskey, keys, ds);
        CheckChildRecords(name, keys, ds);
        var (hasNsec, chains) = (name.Has(RecordType.NSEC), Nsec3Chains(name, out var hasNsec3));
        if (!hasNsec && !hasNsec3) findings.Error(ZoneFindingCodes.Denial, name.Owner, null, soa.Place, "the apex has neither an NSEC nor an NSEC3PARAM record: the zone denies nothing (RFC 4035 §2.3, RFC 5155 §4)");
        return new(frame, fields.Serial, keys, hasNsec, chains, hasNsec3);
    }

    private static void CheckDs(CheckedName name, in CheckedSet dnskey, CheckedKeys keys, ImmutableArray<Octets> ds)
    {
        foreach (var one in ds)
        {
            if (keys.Named(name.Owner, one).Any(key => key.Verifier is not null && !key.Data.IsRevoked)) continue;
            name.Findings.Warning(ZoneFindingCodes.Ds, name.Owner, RecordType.DNSKEY, dnskey.Place, $"the DS record {Dns.Zones.RecordText.Format(RecordType.DS, one)} {Unmatched(name, keys, one)}");
        }
    }

    private static string Unmatched(CheckedName name, CheckedKeys keys, Octets ds) =>
        DsData.TryRead(ds, out var data) && !keys.Named(name.Owner, ds).Any() && keys.Of(data.KeyTag, data.Algorithm).Any()
            ? $"has the tag and the algorithm of key {data.KeyTag} of the zone, and its digest is not that of this key: it is of another one, or was mistyped"
            : "names no key of the zone";

    private static void CheckChildRecords(CheckedName name, CheckedKeys keys, ImmutableArray<Octets> ds)
    {
        var cds = name.Find(RecordType.CDS);
        var cdnskey = name.Find(RecordType.CDNSKEY);
        var named = new HashSet<CheckedKey>();
        if (cds is { } digests) CheckSet(name, digests, data => keys.Named(name.Owner, data), data => data.Length > 3 && data.Span[2] == 0, [0, 0, 0, 0, 0], named);
        var given = new HashSet<CheckedKey>();
        if (cdnskey is { } whole) CheckSet(name, whole, data => keys.All.Where(key => key.Rdata == data), data => data.Length > 3 && data.Span[3] == 0, [0, 0, 3, 0, 0], given);
        // RFC 7344 §4: where both are published they must match in content.
        if (cds is { } both && cdnskey is not null && !named.SetEquals(given)) name.Findings.Error(ZoneFindingCodes.ChildRecords, name.Owner, RecordType.CDS, both.Place, "the CDS and the CDNSKEY records do not name the same keys (RFC 7344 §4)");
        if (cds is { } asked && !ds.IsEmpty && !asked.Set.Data.ToHashSet().SetEquals(ds)) name.Findings.Note(ZoneFindingCodes.ChildRecords, name.Owner, RecordType.CDS, asked.Place, "the CDS records differ from the DS records: the parent is asked to change them (RFC 7344 §4)");
    }

    private static void CheckSet(CheckedName name, in CheckedSet set, Func<Octets, IEnumerable<CheckedKey>> find, Func<Octets, bool> isDelete, ReadOnlySpan<byte> deleteForm, HashSet<CheckedKey> named)
    {
        var (findings, type) = (name.Findings, set.Set.Type);
        foreach (var data in set.Set.Data)
        {
            if (isDelete(data))
            {
                // RFC 8078 §4: exactly that form, and nothing beside it.
                if (!data.Span.SequenceEqual(deleteForm)) findings.Error(ZoneFindingCodes.ChildRecords, name.Owner, type, set.Place, "the record that asks for removal is malformed (RFC 8078 §4)");
                if (set.Set.Data.Length > 1) findings.Error(ZoneFindingCodes.ChildRecords, name.Owner, type, set.Place, "the record that asks for removal stands beside others (RFC 8078 §4)");
                continue;
            }

            var count = named.Count;
            foreach (var key in find(data).Where(key => key.Verifier is not null && !key.Data.IsRevoked)) named.Add(key);
            if (!find(data).Any()) findings.Error(ZoneFindingCodes.ChildRecords, name.Owner, type, set.Place, $"a {RecordTypes.ToText(type)} record names no key of the zone (RFC 7344 §4.1)");
        }
    }

    private static ImmutableArray<Nsec3ParamData> Nsec3Chains(CheckedName name, out bool hasNsec3)
    {
        var chains = ImmutableArray.CreateBuilder<Nsec3ParamData>();
        hasNsec3 = false;
        if (name.Find(RecordType.NSEC3PARAM) is not { } set) return [];
        foreach (var rdata in set.Set.Data)
        {
            if (!Nsec3ParamData.TryRead(rdata, out var data))
            {
                Say(ZoneSeverity.Error, "the NSEC3PARAM record is malformed (RFC 5155 §4.2)");
                continue;
            }

            // RFC 5155 §4.1.2: with any flag set servers pass it over.
            if (data.Flags != 0) continue;
            hasNsec3 = true;
            if (data.HashAlgorithm != Nsec3Hash.Sha1Algorithm) Say(ZoneSeverity.Error, $"the hash algorithm {data.HashAlgorithm} is unknown (RFC 5155 §11)");
            else if (data.Iterations > Nsec3Hash.MostIterations) Say(ZoneSeverity.Error, $"{data.Iterations} iterations: validators call the zone insecure or refuse it, and the chain is not followed here (RFC 9276 §3.2)");
            else if (chains.Count < MaximumChains) chains.Add(data);
            if (data.Iterations is > LimitOfValidators and <= Nsec3Hash.MostIterations) Say(ZoneSeverity.Warning, $"{data.Iterations} iterations: most validators call the zone insecure (RFC 9276 §3.2)");
            else if (data.Iterations is > 0 and <= LimitOfValidators) Say(ZoneSeverity.Note, $"{data.Iterations} iterations cost servers and validators time and hide nothing: use 0 (RFC 9276 §3.1)");
            if (!data.Salt.IsEmpty) Say(ZoneSeverity.Note, "the salt has no use: leave it out (RFC 9276 §3.1)");
        }

        return chains.ToImmutable();

        void Say(ZoneSeverity severity, string text) => name.Findings.Add(ZoneFindingCodes.Nsec3Parameters, severity, name.Owner, RecordType.NSEC3PARAM, set.Place, text);
    }

    /// <summary>The digests that the ZONEMD records ask for.</summary>
    internal static ImmutableArray<ZoneDigestAlgorithm> Digests(CheckedName name) =>
        name.Find(RecordType.ZONEMD) is { } set
            ? [.. set.Set.Data.Where(IsKnownDigest).Select(data => (ZoneDigestAlgorithm)data.Span[5]).Distinct()]
            : [];

    /// <summary>RFC 8976 §4: at least one record of a known scheme and hash must fit; one that does not fit is told.</summary>
    internal static void CheckDigests(CheckedSet set, uint serial, ImmutableArray<Octets> computed, Findings findings)
    {
        var seen = new HashSet<(byte, byte)>();
        foreach (var data in set.Set.Data)
        {
            if (data.Length < 6 + 12) Say(ZoneSeverity.Error, "the ZONEMD record is malformed (RFC 8976 §2.2)");
            else if (!seen.Add((data.Span[4], data.Span[5]))) Say(ZoneSeverity.Error, "two ZONEMD records have the same scheme and hash (RFC 8976 §2)");
            else if (BinaryPrimitives.ReadUInt32BigEndian(data.Span) != serial) Say(ZoneSeverity.Error, $"the ZONEMD record is for serial {BinaryPrimitives.ReadUInt32BigEndian(data.Span)}, and the SOA has {serial} (RFC 8976 §4)");
            else if (!IsKnownDigest(data)) Say(ZoneSeverity.Note, "the scheme or hash of a ZONEMD record is unknown here (RFC 8976 §4)");
            else if (!computed.Contains(data)) Say(ZoneSeverity.Error, "the digest of the ZONEMD record is not that of the zone (RFC 8976 §4)");
        }

        void Say(ZoneSeverity severity, string text) => findings.Add(ZoneFindingCodes.Digest, severity, set.Set.Owner, RecordType.ZONEMD, set.Place, text);
    }

    private static bool IsKnownDigest(Octets data) => data.Length > 6 && data.Span[4] == ZoneDigest.SimpleScheme && ZoneDigest.IsSupported((ZoneDigestAlgorithm)data.Span[5]);
}
