using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Validation;

internal sealed partial class ChainOfTrust
{
    private ChainVerdict.Done Succeed(Draft draft, ResponseCode code, DomainName name) => new(draft.ToAnswer(code, name, _now), null);

    private ChainVerdict.Done Fail(Draft draft, Reply reply, Standing standing, Ground ground)
    {
        var at = ground.Blamed is { } blamed && _evidence.TryGet(blamed, out var its) ? its : reply;
        var text = ground.Text;
        if (at is { Server: { } server, Failure: null })
        {
            text = $"{text}; the reply is from {server}";

            // A forwarder that drops RRSIG records makes every signed zone bogus: that is worth saying.
            if (FailureRules.LacksEdns(at)) text = $"{text}, which answers without EDNS, so that no signature can come with it (RFC 3225 §3, RFC 6891)";
            else if (!at.HasSignatures && (!at.HasDnssecOk || !_evidence.HasSignatures)) text = $"{text}, which seems not to pass DNSSEC records";
        }

        var answer = new Answer
        {
            Question = draft.Question,
            Security = standing == Standing.Bogus ? Security.Bogus : Security.Indeterminate,
            ResponseCode = standing == Standing.Bogus ? reply.Code : at.Failure is null ? reply.Code : at.Code,
            Reason = ground.Reason,
            Explanation = text,
            ExtendedError = new ExtendedError((ushort)(ground.Code ?? ExtendedErrorCode.Other), text),
            Notes = draft.Notes,
            Trust = TrustDownTo(draft, at.Question.Name),
            FinalName = draft.Question.Name,
            Failure = FailureOf(ground, at),
        };
        return new(answer, ground.Blamed);
    }

    /// <summary>What the fault is about: as its place said, or else what was asked when the reply at fault came.</summary>
    private LookupFailure FailureOf(Ground ground, Reply at)
    {
        var (owner, type) = ground.About is { } about ? (about.Owner, about.Type) : (at.Question.Name, at.Question.Type);
        var zone = ground.About?.Zone ?? ZoneOf(at);
        var isAnchor = zone is { } its && _policy.Anchors.TryGet(its, out _);
        var isOfResolver = at is { Zone: null, Server: not null, Failure: null } && FailureRules.IsOfSignatures(ground.Reason) && (FailureRules.LacksEdns(at) || !_evidence.HasSignatures);
        return new(
            zone,
            owner,
            type,
            ground.About?.KeyTag,
            ground.About?.Algorithm,
            at.Server,
            ground.About?.Rule ?? FailureRules.RuleOf(ground.Reason),
            ground.Mend ?? FailureRules.MendWithoutEdns(ground.Reason, at) ?? (isOfResolver ? FailureRules.MendOfResolver(at) : FailureRules.MendOf(ground.Reason, zone, owner, type, isAnchor)))
        {
            IsOfResolver = isOfResolver,
        };
    }

    /// <summary>
    /// The zone whose servers gave a reply, or failed to: as referrals led to it, or as the question tells. Null when a resolver failed for a name of which it is not known in which zone it lies.
    /// </summary>
    private DomainName? ZoneOf(Reply at)
    {
        if (at.Zone is { } asked) return asked;
        var (name, type) = (at.Question.Name, at.Question.Type);
        if (type == RecordType.DNSKEY) return name;

        // RFC 4035 §3.1.4.1: the DS set is the zone above's.
        if (type == RecordType.DS && !name.IsRoot) return LowestTrusted(name.Parent);
        return at.Failure is null ? LowestTrusted(name) : null;
    }

    /// <summary>The lowest zone at or above a name whose keys are believed; the root when there is none.</summary>
    private DomainName LowestTrusted(DomainName name)
    {
        for (var labels = name.LabelCount; labels >= 0; labels--)
            if (_evidence.TryGetZone(name.Suffix(labels), out var zone) && zone.Standing == Standing.Secure) return zone.Zone;
        return DomainName.Root;
    }

    /// <summary>The chain of trust as far as it held.</summary>
    private ImmutableArray<TrustLink> TrustDownTo(Draft draft, DomainName name)
    {
        for (var labels = name.LabelCount; labels >= 0; labels--)
        {
            if (!_evidence.TryGetZone(name.Suffix(labels), out var zone) || zone.Links.IsEmpty) continue;
            return [.. draft.Trust.Concat(zone.Links).DistinctBy(link => link.Zone)];
        }

        return draft.Trust;
    }

    /// <summary>An answer in the making: its links, and the weakest of their verdicts.</summary>
    private sealed class Draft(Question question)
    {
        private readonly List<AnswerLink> _links = [];
        private readonly List<ZoneTrust> _zones = [];
        private readonly List<LookupNote> _notes = [];
        private HashSet<DomainName>? _visited;
        private SignatureUse? _signature;
        private uint _timeToLive = MaximumTimeToLive;
        private DateTimeOffset _signatureEnd = DateTimeOffset.MaxValue;
        private DenialKind _denial;
        private DomainName? _insecureZone;

        internal Question Question { get; } = question;

        internal Standing Standing { get; private set; } = Standing.Secure;

        internal Ground? Ground { get; private set; }

        /// <summary>Where the last verdict that was not taken leads.</summary>
        internal Step Stopped => Standing == Standing.Pending ? Step.Pending : Step.Failed;

        internal ImmutableArray<LookupNote> Notes => [.. _zones.SelectMany(zone => zone.Notes).Concat(_notes).Distinct()];

        internal ImmutableArray<TrustLink> Trust
        {
            get
            {
                if (_zones.Count == 0) return [];
                if (_zones.Count == 1) return _zones[0].Links;
                return [.. _zones.SelectMany(zone => zone.Links).DistinctBy(link => link.Zone)];
            }
        }

        /// <summary>Takes a verdict into the answer; false when it is no verdict yet or a failure.</summary>
        internal bool Take(in SetVerdict verdict, RecordSet? records = null)
        {
            if (verdict.Standing is not (Standing.Secure or Standing.Insecure))
            {
                (Standing, Ground) = (verdict.Standing, verdict.Ground);
                return false;
            }

            // A chain is as good as its weakest link; the first weak one gives the reason.
            if (verdict.Standing == Standing.Insecure && Standing == Standing.Secure) (Standing, Ground, _insecureZone) = (Standing.Insecure, verdict.Ground, verdict.Zone?.Zone);
            if (verdict.Zone is { } zone)
            {
                if (!_zones.Contains(zone)) _zones.Add(zone);
                if (zone.SignatureEnd < _signatureEnd) _signatureEnd = zone.SignatureEnd;
            }

            if (verdict.SignatureEnd < _signatureEnd) _signatureEnd = verdict.SignatureEnd;
            if (verdict.Signature is { } signature)
            {
                _signature = signature.Use;
                if (signature.UsesSha1) AddSha1(signature.Use.Signer, signature.Use.Algorithm);
            }

            _timeToLive = Math.Min(_timeToLive, verdict.TimeToLive);
            _denial = verdict.Kind;
            if (records is null) return true;
            var isSecure = verdict.Standing == Standing.Secure;
            _links.Add(new(records with { TimeToLive = Math.Min(records.TimeToLive, verdict.TimeToLive) }, isSecure ? Security.Secure : Security.Insecure)
            {
                OriginalTimeToLive = isSecure ? verdict.Signature?.OriginalTimeToLive : null,
            });
            return true;
        }

        internal Step Fail(Standing standing, Ground ground)
        {
            (Standing, Ground) = (standing, ground);
            return Step.Failed;
        }

        /// <summary>How far the answer has come.</summary>
        internal (Standing Standing, Ground? Ground, int Links) Mark => (Standing, Ground, _links.Count);

        /// <summary>Takes back what was taken, or what failed, since a mark. Lifetimes that became shorter stay so.</summary>
        internal void Return((Standing Standing, Ground? Ground, int Links) mark)
        {
            (Standing, Ground) = (mark.Standing, mark.Ground);
            _links.RemoveRange(mark.Links, _links.Count - mark.Links);
        }

        /// <summary>Takes the RRSIG records at a name, which nothing vouches for; false when there are none.</summary>
        internal bool TellSignatures(Reply reply, DomainName name)
        {
            Standing = Standing.Insecure;
            Ground = new(LookupReason.SignatureQuery, $"RRSIG records are not signed themselves: {name} RRSIG is never secure (RFC 4035 §2.2)");
            _timeToLive = 0;
            if (!reply.Answer.TryFind(name, RecordType.RRSIG, out var set)) return false;
            _links.Add(new(set.Records, Security.Insecure));
            _timeToLive = set.TimeToLive;
            return true;
        }

        /// <summary>Whether an alias may lead to a name: each name once, and not too many.</summary>
        internal bool TryVisit(DomainName name, int limit)
        {
            _visited ??= [Question.Name];
            return _visited.Add(name) && _visited.Count <= limit + 1;
        }

        internal Answer ToAnswer(ResponseCode code, DomainName name, DateTimeOffset now)
        {
            var isPositive = code == ResponseCode.NoError && _denial == DenialKind.Unproven;
            var reason = Ground?.Reason ?? (code == ResponseCode.NameError ? LookupReason.ProvenNameError : isPositive || code == ResponseCode.YXDomain ? LookupReason.ValidSignature : LookupReason.ProvenNoData);
            return new()
            {
                Question = Question,
                Security = Standing == Standing.Secure ? Security.Secure : Security.Insecure,
                ResponseCode = code,
                Chain = [.. _links],
                Reason = reason,
                Explanation = Ground?.Text ?? Explain(reason, name),
                ExtendedError = Ground?.Code is { } extended ? new ExtendedError((ushort)extended, Ground.Text) : null,
                InsecureZone = Standing == Standing.Insecure ? _insecureZone : null,
                Notes = Notes,
                Trust = Trust,
                TimeToLive = (uint)Math.Clamp((_signatureEnd - now).TotalSeconds, 0, _timeToLive),
                FinalName = name,
            };
        }

        private string Explain(LookupReason reason, DomainName name)
        {
            var zone = _zones.Count > 0 ? _zones[^1] : null;
            var chain = zone is { Links: [var first, ..] } ? $"; the chain of trust begins at {first.Zone}" : "";
            return reason switch
            {
                LookupReason.ProvenNoData => $"{zone?.Zone} proves that {name} has no {RecordTypes.ToText(Question.Type)} records{chain}",
                LookupReason.ProvenNameError => $"{zone?.Zone} proves that {name} does not exist{chain}",
                _ => _signature is { } use ? $"signed by key {use.KeyTag} ({SecurityAlgorithms.ToText(use.Algorithm)}) of {use.Signer}{chain}" : $"signed{chain}",
            };
        }

        private void AddSha1(DomainName zone, SecurityAlgorithm algorithm)
        {
            var note = new LookupNote(NoteCodes.Sha1, zone, $"{zone} signs with SHA-1 (algorithm {(int)algorithm}), which RFC 9905 retires");
            if (!_notes.Contains(note)) _notes.Add(note);
        }
    }
}
