using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tracing;

/// <summary>
/// Tells what a lookup gathered and what was concluded of it, link by link. Pure: it asks nothing and decides nothing; the verdicts are those of
/// <see cref="ChainOfTrust"/>, and signatures that judging passed over are checked here within limits of their own.
/// </summary>
internal sealed partial class ChainTracer
{
    /// <summary>How many signatures of one RRset, and keys or DS records of one set, are told.</summary>
    private const int Told = 32;

    /// <summary>How many keys and DS records are held against each other.</summary>
    private const int MostCompared = 128;

    private readonly Evidence _evidence;
    private readonly ValidationPolicy _policy;
    private readonly DateTimeOffset _now;
    private readonly Answer _answer;
    private readonly Work _work;
    private readonly Dictionary<DomainName, ZoneKeys?> _keys = [];
    private readonly HashSet<(DomainName Zone, ushort Tag, byte Algorithm)> _signers = [];
    private readonly List<DomainName> _zones = [];

    private ChainTracer(Evidence evidence, ValidationPolicy policy, DateTimeOffset now, Answer answer)
    {
        (_evidence, _policy, _now, _answer) = (evidence, policy, now, answer);
        _work = new(policy.Limits);
    }

    /// <summary>Tells.</summary>
    /// <param name="evidence">What was gathered, nothing of it from earlier lookups.</param>
    /// <param name="answer">What was concluded.</param>
    /// <param name="policy">What it was judged by.</param>
    /// <param name="now">When.</param>
    internal static ChainTrace Trace(Evidence evidence, Answer answer, ValidationPolicy policy, DateTimeOffset now)
    {
        var blamed = (ChainOfTrust.Judge(evidence, policy, now) as ChainVerdict.Done)?.Blamed;
        var tracer = new ChainTracer(evidence, policy, now, answer);
        tracer.FindZones(blamed);
        var steps = tracer.Steps(blamed);
        var zones = tracer.Zones();
        return new()
        {
            Answer = answer,
            Now = now,
            Zones = zones,
            Steps = steps,
            Replies = [.. evidence.Replies.Select(Tell)],
            End = tracer.End(blamed, zones, steps),
        };
    }

    private static TracedReply Tell(Reply reply) => new(reply.Question, reply.Server?.ToString(), reply.Zone, reply.Code, reply.Failure?.Text, reply.HasSignatures);

    /// <summary>The zones that the way leads through: those that were judged, and the delegations that ended it.</summary>
    private void FindZones(Question? blamed)
    {
        var names = new HashSet<DomainName>();
        foreach (var (name, trust) in _evidence.Zones)
            if (trust.Standing is Standing.Secure or Standing.Insecure or Standing.Bogus or Standing.Indeterminate && trust.Zone.Equals(name)) names.Add(name);
        foreach (var (name, cut) in _evidence.Cuts)
        {
            if (cut.Kind is CutKind.Signed or CutKind.Unsigned) names.Add(name);
            else if (cut.Kind is CutKind.Bogus or CutKind.Indeterminate && blamed is { Type: RecordType.DS or RecordType.DNSKEY } && blamed.Value.Name.Equals(name) && IsSaidToBeAZone(name)) names.Add(name);
            else if (cut.Kind == CutKind.InsecureAbove && EndsHere(name, cut)) names.Add(name);
        }

        foreach (var anchor in _policy.Anchors.Zones)
            if (_evidence.TryGet(new(anchor.Zone, RecordType.DNSKEY), out _)) names.Add(anchor.Zone);
        foreach (var negative in _policy.NegativeAnchors)
            if (_answer.Reason == LookupReason.NegativeAnchor && (_answer.FinalName.IsAtOrBelow(negative) || _answer.Question.Name.IsAtOrBelow(negative))) names.Add(negative);
        _zones.AddRange(names.Order());
    }

    /// <summary>
    /// Whether any reply says that a zone begins at a name: its servers were asked, or an RRset stands there that only a zone's apex or a delegation has. A name of which the zone
    /// above proves nothing is not told as a zone only because DS was asked for there.
    /// </summary>
    private bool IsSaidToBeAZone(DomainName name)
    {
        foreach (var reply in _evidence.Replies)
        {
            if (reply.Zone is { } served && served.Equals(name)) return true;
            foreach (var set in reply.Answer.Sets.Concat(reply.Authority.Sets))
                if (set.Type is RecordType.SOA or RecordType.NS or RecordType.DS or RecordType.DNSKEY && set.Owner.Equals(name)) return true;
        }

        return false;
    }

    /// <summary>Whether a name is the first below a zone whose denials, by opt-out or too many iterations, leave it insecure.</summary>
    private bool EndsHere(DomainName name, ZoneCut cut) =>
        cut.Ground?.Reason is LookupReason.OptOut or LookupReason.TooManyIterations
        && cut.Parent is { } parent
        && !_evidence.Cuts.Any(other => other.Value.Kind == CutKind.InsecureAbove && name.IsBelow(other.Key) && other.Value.Parent?.Zone.Equals(parent.Zone) == true);

    private DomainName? Above(DomainName zone)
    {
        DomainName? above = null;
        foreach (var other in _zones)
            if (zone.IsBelow(other) && (above is not { } found || other.LabelCount > found.LabelCount)) above = other;
        return above;
    }

    /// <summary>The zone that holds a name, as far as the way shows.</summary>
    private DomainName? Holder(DomainName name, RecordType type)
    {
        var lowest = type == RecordType.DS && !name.IsRoot ? name.Parent : name;
        DomainName? holder = null;
        foreach (var zone in _zones)
            if (lowest.IsAtOrBelow(zone) && (holder is not { } found || zone.LabelCount > found.LabelCount)) holder = zone;
        return holder;
    }

    /// <summary>The keys that a zone shows, believed or not; null when they were not asked for or not had.</summary>
    private ZoneKeys? KeysOf(DomainName zone)
    {
        if (_keys.TryGetValue(zone, out var known)) return known;
        ZoneKeys? keys = null;
        if (_evidence.TryGet(new(zone, RecordType.DNSKEY), out var reply) && reply.Failure is null && reply.Answer.TryFind(zone, RecordType.DNSKEY, out var set)) keys = ZoneKeys.Read(set);
        return _keys[zone] = keys;
    }

    private TracedSet Set(SignedSet set)
    {
        var signatures = ImmutableArray.CreateBuilder<TracedSignature>();
        foreach (var (signature, _) in set.Signatures)
        {
            if (signatures.Count == Told) break;
            var told = Signature(set, signature);
            if (told.IsValid) _signers.Add((told.Signer, told.KeyTag, (byte)told.Algorithm));
            signatures.Add(told);
        }

        return new(set.Records, signatures.ToImmutable(), set.Signatures.Count - signatures.Count);
    }

    private TracedSignature Signature(SignedSet set, in RrsigData signature)
    {
        var state = LookupReason.None;
        if (KeysOf(signature.SignerName) is { } keys)
        {
            var fault = SignatureChecker.FindFault(set, keys, signature, _policy, _now, _work);
            state = fault switch
            {
                null => LookupReason.ValidSignature,
                { Reason: LookupReason.LimitReached } => LookupReason.None,
                { Code: ExtendedErrorCode.DnskeyMissing } => LookupReason.KeyMissing,
                _ => fault.Reason,
            };
        }

        var labels = set.Owner.IsWildcard ? set.Owner.LabelCount - 1 : set.Owner.LabelCount;
        return new(
            signature.SignerName,
            signature.KeyTag,
            (SecurityAlgorithm)signature.Algorithm,
            new SerialTime(signature.Inception).Near(_now),
            new SerialTime(signature.Expiration).Near(_now),
            state,
            signature.Labels < labels)
        {
            Labels = signature.Labels,
        };
    }
}
