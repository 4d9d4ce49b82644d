using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Checking;

/// <summary>Checks every signature of a name. Has buffers of its own: one for each thread.</summary>
internal sealed class SignatureAudit(DomainName apex, CheckedKeys keys, ZoneCheckOptions options)
{
    private readonly SignatureMaker _octets = new(apex, keys: null, reuse: null);
    private readonly SerialTime _now = SerialTime.From(options.Now);
    private readonly ImmutableArray<Octets> _ds = options.DsOf(apex);
    private readonly List<CheckedKey> _good = [];
    private readonly HashSet<byte> _told = [];
    private readonly HashSet<(byte Algorithm, ushort Tag)> _toldKeys = [];
    private readonly List<CheckedSignature> _strange = [];

    internal long Verified { get; private set; }

    /// <summary>Seconds from now until the first signature ends; null when there was none.</summary>
    internal int? SecondsLeft { get; private set; }

    internal void Check(CheckedName name)
    {
        foreach (var set in name.Sets)
        {
            if (name.IsSigned(set.Set.Type)) CheckSet(name, set);
        }

        foreach (var signature in name.Signatures)
        {
            var type = signature.Data.TypeCovered;
            if (!name.Has(type)) name.Findings.Error(ZoneFindingCodes.SignatureExtra, name.Owner, type, signature.Place, "a signature covers records that are not there (RFC 4035 §2.2)");
            else if (!name.IsSigned(type)) name.Findings.Error(ZoneFindingCodes.SignatureExtra, name.Owner, type, signature.Place, $"a signature stands over {(type == RecordType.NS ? "the NS records of a delegation" : "glue, or records below a delegation or DNAME")} (RFC 4035 §2.2)");
        }
    }

    private void CheckSet(CheckedName name, in CheckedSet set)
    {
        _good.Clear();
        _told.Clear();
        _toldKeys.Clear();
        _strange.Clear();
        var count = 0;
        foreach (var signature in name.Signatures)
        {
            if (signature.Data.TypeCovered != set.Set.Type) continue;
            count++;
            var told = name.Findings.List.Count;
            if (Check(name, set, signature) is { } key) _good.Add(key);
            else if (name.Findings.List.Count > told) Told(signature.Data);
        }

        if (count == 0)
        {
            name.Findings.Error(ZoneFindingCodes.SignatureMissing, name.Owner, set.Set.Type, set.Place, "the records are not signed (RFC 4035 §2.2)");
            return;
        }

        // RFC 6781 §4.1.4: signatures by a key that is not published yet are a stage of rolling to another algorithm, and validators pass them over.
        foreach (var signature in _strange)
        {
            var severity = _good.Count > 0 ? ZoneSeverity.Warning : ZoneSeverity.Error;
            name.Findings.Add(ZoneFindingCodes.SignatureKey, severity, name.Owner, set.Set.Type, signature.Place, $"{Said(signature.Data)}: the DNSKEY set has no such key (RFC 4035 §5.3.1)");
            if (severity == ZoneSeverity.Error) _told.Add(signature.Data.Algorithm);
        }

        foreach (var algorithm in keys.Algorithms)
        {
            // A signature that is there and no good has been told of. A revoked key's proves that it is revoked, and nothing else (RFC 5011 §2.1).
            if (!_good.Exists(key => key.Data.Algorithm == (byte)algorithm && !key.Data.IsRevoked) && !_told.Contains((byte)algorithm))
                name.Findings.Error(ZoneFindingCodes.Algorithm, name.Owner, set.Set.Type, set.Place, $"no good signature by a key of algorithm {SecurityAlgorithms.ToText(algorithm)}, which the DNSKEY set has (RFC 4035 §2.2)");
        }

        // Below the apex these types mean nothing, and anybody signs them who signs the rest.
        if (name.Owner != apex) return;
        if (set.Set.Type == RecordType.DNSKEY) CheckKeySet(name, set);
        else if (set.Set.Type is RecordType.CDS or RecordType.CDNSKEY) CheckChildRecords(name, set);

        void Told(in RrsigData data)
        {
            _told.Add(data.Algorithm);
            _toldKeys.Add((data.Algorithm, data.KeyTag));
        }
    }

    private void CheckKeySet(CheckedName name, in CheckedSet set)
    {
        // RFC 5011 §2.1: it is the key's own signature that revokes it.
        foreach (var key in keys.All)
        {
            if (key is { MaySign: true, Verifier: not null, Data.IsRevoked: true } && !_good.Contains(key) && !IsTold(key))
                name.Findings.Error(ZoneFindingCodes.KeySet, name.Owner, RecordType.DNSKEY, set.Place, $"the revoked key {key.Tag} does not sign the DNSKEY set, so it does not count as revoked (RFC 5011 §2.1)", ZoneMends.RevokedKey);
        }

        if (!_ds.IsEmpty)
        {
            if (_good.Exists(IsNamed)) return;
            if (!keys.All.Any(IsNamed)) name.Findings.Error(ZoneFindingCodes.KeySet, name.Owner, RecordType.DNSKEY, set.Place, "no DS record names a key of the zone (RFC 4035 §5.2)", ZoneMends.Of(ZoneFindingCodes.Ds));
            else if (!keys.All.Any(IsNamedAndTold)) name.Findings.Error(ZoneFindingCodes.KeySet, name.Owner, RecordType.DNSKEY, set.Place, "no key that the DS records name signs the DNSKEY set (RFC 4035 §5.2)");
            return;
        }

        foreach (var algorithm in WithoutEntry())
            name.Findings.Error(ZoneFindingCodes.KeySet, name.Owner, RecordType.DNSKEY, set.Place, $"no key of algorithm {SecurityAlgorithms.ToText(algorithm)} with the SEP flag signs the DNSKEY set (RFC 4035 §2.4, RFC 6840 §6.2)");
    }

    /// <summary>RFC 7344 §4.1: the parent believes these sets by a key that it names.</summary>
    private void CheckChildRecords(CheckedName name, in CheckedSet set)
    {
        if (_ds.IsEmpty)
        {
            foreach (var algorithm in WithoutEntry())
                name.Findings.Error(ZoneFindingCodes.ChildRecords, name.Owner, set.Set.Type, set.Place, $"no key of algorithm {SecurityAlgorithms.ToText(algorithm)} with the SEP flag signs the records, so the parent will not believe them (RFC 7344 §4.1)");
        }
        else if (!_good.Exists(IsNamed) && !keys.All.Any(IsNamedAndTold))
        {
            name.Findings.Error(ZoneFindingCodes.ChildRecords, name.Owner, set.Set.Type, set.Place, "the records are not signed by a key that the DS records name, so the parent will not believe them (RFC 7344 §4.1)");
        }
    }

    /// <summary>Whether a DS record leads to a key; to a revoked one none does (RFC 5011 §2.1).</summary>
    private bool IsNamed(CheckedKey key) => !key.Data.IsRevoked && _ds.Any(ds => keys.Named(apex, ds).Contains(key));

    /// <summary>Whether the key's signature over the set at hand is there and no good, and that was told: nothing else is to be said of it.</summary>
    private bool IsTold(CheckedKey key) => _toldKeys.Contains((key.Data.Algorithm, key.Tag));

    private bool IsNamedAndTold(CheckedKey key) => IsNamed(key) && IsTold(key);

    /// <summary>The algorithms that have keys with the SEP flag, none of which signs the set at hand.</summary>
    private IEnumerable<SecurityAlgorithm> WithoutEntry() =>
        keys.Algorithms.Where(algorithm => keys.All.Where(key => key.IsEntry && key.Data.Algorithm == (byte)algorithm).ToList() is { Count: > 0 } entries && !_good.Exists(entries.Contains) && !entries.Exists(IsTold));

    /// <summary>The key that made the signature; null when it is not good.</summary>
    private CheckedKey? Check(CheckedName name, CheckedSet set, CheckedSignature signature)
    {
        var data = signature.Data;
        var isGood = true;
        // RFC 4035 §5.3.1, in its order.
        if (data.SignerName != apex) Fault($"the signer is {data.SignerName}, not the zone");
        if (data.Labels != name.Owner.LabelCount - (name.Owner.IsWildcard ? 1 : 0)) Fault($"the labels field is {data.Labels}, and the name has {name.Owner.LabelCount - (name.Owner.IsWildcard ? 1 : 0)}");
        if (data.OriginalTtl != set.Set.TimeToLive) Fault($"the original TTL is {data.OriginalTtl}, and the records have {set.Set.TimeToLive}");
        else if (signature.TimeToLive != set.Set.TimeToLive) name.Findings.Warning(ZoneFindingCodes.SignatureFields, name.Owner, set.Set.Type, signature.Place, $"{Said(data)}: its TTL is {signature.TimeToLive}, and that of the records is {set.Set.TimeToLive} (RFC 4034 §3)");
        if (new SerialTime(data.Inception).SecondsTo(new(data.Expiration)) <= 0) Fault("its end is not behind its beginning");
        else isGood &= CheckTimes(name, set, signature);
        if (!isGood) return null;

        CheckedKey? named = null;
        foreach (var key in keys.Of(data.KeyTag, data.Algorithm))
        {
            // Of several keys with one tag that counts which may sign.
            if (named is null || key.MaySign) named = key;
            if (key.Verifier is null) continue;
            Verified++;
            if (!key.Verifier.Verify(_octets.SignedOctets(data, set.Set), data.Signature.Span)) continue;
            // RFC 5011 §2.1.
            if (!key.Data.IsRevoked || set.Set.Type == RecordType.DNSKEY) return key;
            Fault("it is by a revoked key (RFC 5011 §2.1)");
            return null;
        }

        if (named is null) _strange.Add(signature);
        else if (!named.MaySign) name.Findings.Error(ZoneFindingCodes.SignatureKey, name.Owner, set.Set.Type, signature.Place, $"{Said(data)}: that key {(named.Data.IsZoneKey ? $"has protocol {named.Data.Protocol}, not 3" : "lacks the ZONE flag")} and may sign nothing (RFC 4034 §2.1, RFC 4035 §5.3.1)");
        else if (named.Verifier is not null) name.Findings.Error(ZoneFindingCodes.SignatureBogus, name.Owner, set.Set.Type, signature.Place, $"{Said(data)} does not verify over the records (RFC 4035 §5.3.3)");
        return null;

        void Fault(string what)
        {
            isGood = false;
            name.Findings.Error(ZoneFindingCodes.SignatureFields, name.Owner, set.Set.Type, signature.Place, $"{Said(data)}: {what} (RFC 4035 §5.3.1)");
        }
    }

    private bool CheckTimes(CheckedName name, in CheckedSet set, in CheckedSignature signature)
    {
        var data = signature.Data;
        var left = _now.SecondsTo(new(data.Expiration));
        SecondsLeft = Math.Min(SecondsLeft ?? int.MaxValue, left);
        if (left < 0)
        {
            name.Findings.Error(ZoneFindingCodes.SignatureExpired, name.Owner, set.Set.Type, signature.Place, $"{Said(data)} ended {Moment(data.Expiration)}");
            return false;
        }

        if (_now.SecondsTo(new(data.Inception)) > 0)
        {
            name.Findings.Error(ZoneFindingCodes.SignatureNotYet, name.Owner, set.Set.Type, signature.Place, $"{Said(data)} begins {Moment(data.Inception)}");
            return false;
        }

        if (left < options.WarnBefore.TotalSeconds) name.Findings.Warning(ZoneFindingCodes.SignatureSoon, name.Owner, set.Set.Type, signature.Place, $"{Said(data)} ends {Moment(data.Expiration)}");
        return true;
    }

    private string Moment(uint serial) => new SerialTime(serial).Near(options.Now).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Said(in RrsigData data) => string.Create(CultureInfo.InvariantCulture, $"the signature by key {data.KeyTag} ({SecurityAlgorithms.ToText((SecurityAlgorithm)data.Algorithm)})");
}
