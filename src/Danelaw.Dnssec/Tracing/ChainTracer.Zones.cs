using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tracing;

internal sealed partial class ChainTracer
{
    private ImmutableArray<TracedZone> Zones()
    {
        var zones = ImmutableArray.CreateBuilder<TracedZone>(_zones.Count);

        // Signatures are looked at first: what a key was seen to sign says what it is for.
        var parts = _zones.Select(zone => (Zone: zone, Delegation: Delegation(zone), Keys: SetOf(new(zone, RecordType.DNSKEY)))).ToArray();
        foreach (var (zone, delegation, keys) in parts) zones.Add(Zone(zone, delegation, keys));
        return zones.MoveToImmutable();
    }

    private TracedZone Zone(DomainName name, (TracedSet? Set, TracedDenial? Denial) delegation, TracedSet? keys)
    {
        var isAnchor = _policy.Anchors.TryGet(name, out var anchor);
        var signers = isAnchor ? anchor!.DelegationSigners : delegation.Set?.Records.Data ?? [];
        var told = DelegationSigners(name, signers);
        var keysTold = KeysOf(name) is { } its && keys is not null ? Keys(its, keys, told, isAnchor ? anchor!.Keys : []) : [];
        var (security, why) = VerdictOn(name);
        return new(name)
        {
            Parent = Above(name),
            Security = security,
            IsAnchor = isAnchor,
            DelegationSet = isAnchor ? null : delegation.Set,
            Denial = isAnchor ? null : delegation.Denial,
            DelegationSigners = told.Length > Told ? told[..Told] : told,
            DelegationSignersLeftOut = Math.Max(0, told.Length - Told),
            AnchorKeys = isAnchor ? [.. anchor!.Keys.Select(Tag)] : [],
            KeySet = keys,
            Keys = keysTold.Length > Told ? keysTold[..Told] : keysTold,
            KeysLeftOut = Math.Max(0, keysTold.Length - Told),
            Why = why,
        };
    }

    private (TracedSet? Set, TracedDenial? Denial) Delegation(DomainName zone)
    {
        if (zone.IsRoot || _policy.Anchors.TryGet(zone, out _) || !_evidence.TryGet(new(zone, RecordType.DS), out var reply) || reply.Failure is not null) return (null, null);
        if (reply.Answer.TryFind(zone, RecordType.DS, out var set)) return (Set(set), null);
        return Above(zone) is { } above ? (null, Denial(reply, zone, RecordType.DS, above)) : (null, null);
    }

    private TracedSet? SetOf(Dns.Messages.Question question) =>
        _evidence.TryGet(question, out var reply) && reply.Failure is null && reply.Answer.TryFind(question.Name, question.Type, out var set) ? Set(set) : null;

    private (Security Security, string? Why) VerdictOn(DomainName zone)
    {
        if (_evidence.Zones.TryGetValue(zone, out var trust) && trust.Zone.Equals(zone) && trust.Standing is not Standing.NotAZone) return (SecurityOf(trust.Standing), trust.Ground?.Text);
        if (!_evidence.Cuts.TryGetValue(zone, out var cut))
            return _policy.NegativeAnchors.Contains(zone) ? (Security.Insecure, _answer.Explanation) : (Security.Indeterminate, null);
        return cut.Kind switch
        {
            CutKind.Unsigned or CutKind.InsecureAbove => (Security.Insecure, cut.Ground?.Text),
            CutKind.Bogus => (Security.Bogus, cut.Ground?.Text),
            CutKind.Pending or CutKind.Signed or CutKind.None or CutKind.Indeterminate => (Security.Indeterminate, cut.Ground?.Text),
        };
    }

    private static Security SecurityOf(Standing standing) => standing switch
    {
        Standing.Secure => Security.Secure,
        Standing.Insecure => Security.Insecure,
        Standing.Bogus => Security.Bogus,
        Standing.Pending or Standing.NotAZone or Standing.Indeterminate => Security.Indeterminate,
    };

    private ImmutableArray<TracedDelegationSigner> DelegationSigners(DomainName zone, ImmutableArray<Octets> data)
    {
        if (data.IsEmpty) return [];
        var usable = DelegationSet.Read(data, _policy).Usable;
        var keys = KeysOf(zone);
        var told = ImmutableArray.CreateBuilder<TracedDelegationSigner>();
        foreach (var octets in data)
        {
            // Beyond a limit they are no more than counted: each costs as many digests as keys have its tag.
            if (!DsData.TryRead(octets, out var ds)) continue;
            told.Add(new(ds.KeyTag, (SecurityAlgorithm)ds.Algorithm, (DigestAlgorithm)ds.DigestType, ds.Digest, told.Count < MostCompared ? StateOf(ds, zone, usable, keys) : DelegationSignerState.NotCompared));
        }

        return [.. told.OrderByDescending(ds => ds.State == DelegationSignerState.Matches)];
    }

    private DelegationSignerState StateOf(in DsData ds, DomainName zone, ImmutableArray<DsData> usable, ZoneKeys? keys)
    {
        if (!_policy.Supports((SecurityAlgorithm)ds.Algorithm) || !_policy.Supports((DigestAlgorithm)ds.DigestType)) return DelegationSignerState.Unsupported;
        if (!usable.Contains(ds)) return DelegationSignerState.Passed;
        if (keys is null) return DelegationSignerState.NotCompared;
        var state = DelegationSignerState.NoKey;
        var tried = 0;
        foreach (var key in keys.Keys)
        {
            if (key.Tag != ds.KeyTag || (byte)key.Algorithm != ds.Algorithm) continue;
            if (tried++ == _policy.Limits.KeysPerTag) return DelegationSignerState.NotCompared;
            if (DelegationSet.Fits(ds, zone, key)) return DelegationSignerState.Matches;
            state = DelegationSignerState.WrongDigest;
        }

        return state;
    }

    private ImmutableArray<TracedKey> Keys(ZoneKeys keys, TracedSet set, ImmutableArray<TracedDelegationSigner> delegation, ImmutableArray<Octets> anchors)
    {
        var told = ImmutableArray.CreateBuilder<TracedKey>();
        foreach (var key in keys.Keys)
        {
            if (!DnskeyData.TryRead(key.Data, out var view)) continue;

            // Of keys with one tag the digest tells which is meant.
            var isTrusted = anchors.Contains(key.Data)
                || delegation.Any(ds => ds.State == DelegationSignerState.Matches && ds.KeyTag == key.Tag && ds.Algorithm == key.Algorithm && DelegationSet.Fits(new(ds.KeyTag, (byte)ds.Algorithm, (byte)ds.DigestType, ds.Digest), keys.Zone, key));
            var signsKeys = set.Signatures.Any(signature => signature.IsValid && signature.KeyTag == key.Tag && signature.Algorithm == key.Algorithm);
            told.Add(new(
                key.Tag,
                view.Flags,
                key.Algorithm,
                KeySize.BitsOf(key.Algorithm, view.PublicKey.Span),
                told.Count < MostCompared ? Role(keys, key, view, isTrusted, signsKeys) : view.IsSecureEntryPoint ? KeyRole.KeySigning : KeyRole.ZoneSigning,
                isTrusted,
                signsKeys,
                view.IsRevoked,
                key.Fitness == KeyFitness.Fit));
        }

        // Where not all are told, those that the chain rests on are.
        return told.Count <= Told ? told.ToImmutable() : [.. told.OrderByDescending(key => key.IsTrusted).ThenByDescending(key => key.SignsKeys)];
    }

    /// <summary>RFC 4034 §2.1.1 makes the SEP bit a hint and no more: what a key was seen to sign decides with it.</summary>
    private KeyRole Role(ZoneKeys keys, ZoneKey key, in DnskeyData view, bool isTrusted, bool signsKeys)
    {
        var isAlone = keys.Keys.Count(other => other.Algorithm == key.Algorithm && other.Fitness == KeyFitness.Fit) == 1 && key.Fitness == KeyFitness.Fit;
        var signsRecords = _signers.Contains((keys.Zone, key.Tag, (byte)key.Algorithm)) && SignsOthers(keys.Zone, key);
        if (view.IsSecureEntryPoint) return signsRecords || isAlone ? KeyRole.Combined : KeyRole.KeySigning;
        return isTrusted || (isAlone && signsKeys) ? KeyRole.Combined : KeyRole.ZoneSigning;
    }

    /// <summary>Whether a key signed anything at hand beside the key set.</summary>
    private bool SignsOthers(DomainName zone, ZoneKey key)
    {
        foreach (var reply in _evidence.Replies)
        {
            foreach (var set in reply.Answer.Sets.Concat(reply.Authority.Sets))
            {
                if (set.Type == RecordType.DNSKEY) continue;
                foreach (var (signature, _) in set.Signatures)
                    if (signature.KeyTag == key.Tag && signature.Algorithm == (byte)key.Algorithm && signature.SignerName.Equals(zone)) return true;
            }
        }

        return false;
    }

    private static ushort Tag(Octets key) => DnskeyData.TryRead(key, out var view) ? view.KeyTag() : (ushort)0;
}
