using System.Diagnostics.CodeAnalysis;
using System.Text;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Validation;

/// <summary>
/// Judges what a lookup has gathered: whether a chain of signatures leads from a trust anchor to the answer, or to the proof of its absence, or to the
/// proof that nothing is signed there (RFC 4033 §5, RFC 4035 §5). A pure function of evidence, policy and time; it asks for what it lacks.
/// </summary>
/// <remarks>
/// The way up: the RRSIG records of a set name a zone; that zone's keys are believed if its DS set, signed by a zone above, or an anchor vouches for
/// them; and so on to the anchor. Where records bear no signature the way goes down instead, from the nearest anchor, asking each label for DS:
/// only a proof that a delegation is not signed makes anything insecure.
/// </remarks>
internal sealed partial class ChainOfTrust
{
    private readonly Evidence _evidence;
    private readonly ValidationPolicy _policy;
    private readonly DateTimeOffset _now;
    private readonly List<Question> _needs = [];
    private readonly HashSet<DomainName> _cutsInWork = [];
    private readonly List<Reply> _replies = [];

    private ChainOfTrust(Evidence evidence, ValidationPolicy policy, DateTimeOffset now) => (_evidence, _policy, _now) = (evidence, policy, now);

    private Work Work => _evidence.Work;

    /// <summary>Judges.</summary>
    /// <param name="evidence">What has been gathered.</param>
    /// <param name="policy">Anchors, limits and options.</param>
    /// <param name="now">The time at which signatures are judged.</param>
    internal static ChainVerdict Judge(Evidence evidence, ValidationPolicy policy, DateTimeOffset now)
    {
        var judge = new ChainOfTrust(evidence, policy, now);
        return judge.JudgeLookup() is { } done ? done : new ChainVerdict.Needs([.. judge._needs]);
    }

    /// <summary>Whether a reply that was made of kept sets is one of a zone whose word counts for the question.</summary>
    internal static bool MayDecide(Reply reply, ValidationPolicy policy) => reply.Zone is { } zone && policy.Counts(zone, LowestApex(reply.Question.Name, reply.Question.Type));

    /// <summary>Follows the aliases from name to name; null when evidence is missing.</summary>
    private ChainVerdict.Done? JudgeLookup()
    {
        var asked = _evidence.Question;
        var draft = new Draft(asked);
        var name = asked.Name;
        if (Find(asked) is not { } reply) return null;
        while (true)
        {
            if (reply.Failure is { } failure) return Fail(draft, reply, Standing.Indeterminate, failure);
            if (!_replies.Contains(reply)) _replies.Add(reply);
            var before = draft.Mark;
            switch (JudgeStep(draft, reply, ref name))
            {
                case Step.Pending: return null;

                case Step.Failed when SmallerQuestion(draft, reply, name) is { } smaller:
                    if (Find(smaller) is not { } own) return null;
                    if (own.Failure is not null) return Fail(draft, reply, draft.Standing, draft.Ground!);
                    draft.Return(before);
                    reply = own;
                    continue;
                case Step.Failed: return Fail(draft, reply, draft.Standing, draft.Ground!);
                case Step.Answered: return Succeed(draft, ResponseCode.NoError, name);
                case Step.NoData: return Succeed(draft, ResponseCode.NoError, name);
                case Step.NameError: return Succeed(draft, ResponseCode.NameError, name);
                case Step.TooLong: return Succeed(draft, ResponseCode.YXDomain, name);
                case Step.Alias:
                    if (!draft.TryVisit(name, _policy.Limits.Aliases))
                        return Fail(draft, reply, Standing.Indeterminate, new Ground(LookupReason.AliasLoop, $"the aliases from {asked.Name} lead in a circle, or further than {_policy.Limits.Aliases} steps: at {name}").At(reply));
                    break;
            }

            // What the same reply says about the alias's target belongs to the answer; where it says nothing, the target is asked for.
            if (Continues(reply, name, asked.Type)) continue;
            if (Find(new(name, asked.Type)) is not { } next) return null;
            reply = next;
        }
    }

    /// <summary>
    /// What else to ask where a reply falls short. What stands behind an alias without its proof may have it in a reply of its own: NSD leaves out the denial of a wildcard that a DNAME
    /// leads to. And what is more than is looked at for all aliases together may be little enough for each of them.
    /// </summary>
    /// <returns>Null when there is nothing.</returns>
    private static Question? SmallerQuestion(Draft draft, Reply reply, DomainName name)
    {
        var type = draft.Question.Type;
        var holdsTooMuch = draft is { Standing: Standing.Indeterminate, Ground.HoldsTooMuch: true };
        if (draft.Standing != Standing.Bogus && !holdsTooMuch) return null;
        if (!name.Equals(reply.Question.Name)) return new(name, type);
        return holdsTooMuch && type is not (RecordType.CNAME or RecordType.ANY) && reply.Question.Type == type && reply.Answer.TryFind(name, RecordType.CNAME, out _) ? new(name, RecordType.CNAME) : null;
    }

    /// <summary>Whether the answer section goes on at a name that an alias led to.</summary>
    internal static bool Continues(Reply reply, DomainName name, RecordType type) =>
        (reply.Zone is not { } zone || name.IsAtOrBelow(zone))
        && (reply.Answer.TryFind(name, type, out _) || reply.Answer.TryFind(name, RecordType.CNAME, out _) || reply.TryFindDname(name, out _));

    private enum Step
    {
        Pending = 0,
        Answered,
        NoData,
        NameError,
        Alias,
        TooLong,
        Failed,
    }

    /// <summary>Judges what a reply says about one name; an alias moves the name on.</summary>
    private Step JudgeStep(Draft draft, Reply reply, ref DomainName name)
    {
        var type = draft.Question.Type;

        // RRSIG records are not signed: they are never an RRset of their own to believe (RFC 4035 §2.2).
        if (type == RecordType.RRSIG) return draft.TellSignatures(reply, name) ? Step.Answered : Step.NoData;

        if (reply.TryFindDname(name, out var dname)) return JudgeDname(draft, reply, dname, ref name);
        if (type == RecordType.ANY && JudgeEverything(draft, reply, name) is { } step) return step;
        if (reply.Answer.TryFind(name, type, out var set)) return Take(draft, reply, set, JudgeSet(set, reply)) ? Step.Answered : draft.Stopped;
        if (reply.Answer.TryFind(name, RecordType.CNAME, out var cname)) return JudgeCname(draft, reply, cname, ref name);

        var denial = JudgeDenial(reply, name, type, checksSoa: true);
        if (!draft.Take(denial)) return draft.Stopped;
        return denial.Kind == DenialKind.NameError ? Step.NameError : Step.NoData;
    }

    private Step JudgeCname(Draft draft, Reply reply, SignedSet cname, ref DomainName name)
    {
        var verdict = JudgeSet(cname, reply);
        // RFC 2181 §10.1: an alias has one target. Where somebody has added one, the signature tells it first.
        if (cname.Data.Count != 1 || !NameData.TryRead(cname.Data[0], out var target))
            return !Take(draft, reply, cname, verdict) ? draft.Stopped
                : draft.Fail(Standing.Indeterminate, new Ground(LookupReason.MalformedReply, $"{cname}: there is not exactly one target (RFC 2181 §10.1)").At(reply));
        if (MayBeOfLostDname(reply, cname, verdict))
        {
            foreach (var owner in LostDnames(cname))
                if (Find(new(owner, RecordType.DNAME)) is null) return Step.Pending;
            if (TryFindLostDname(_evidence, cname, out var above, out var dname)) return JudgeDname(draft, above, dname, ref name);
        }

        if (!Take(draft, reply, cname, verdict)) return draft.Stopped;
        name = target.Name;
        return Step.Alias;
    }

    /// <summary>Whether a CNAME may be one that a DNAME made, which the resolver has lost: nobody has signed it, though its zone is signed. Who asks the zone's own servers gets the DNAME from them.</summary>
    private static bool MayBeOfLostDname(Reply reply, SignedSet cname, in SetVerdict verdict) =>
        verdict is { Standing: Standing.Bogus, Ground.Reason: LookupReason.SignatureMissing } && reply.Zone is null && cname.Signatures.Count == 0 && !cname.Owner.IsRoot;

    /// <summary>Where a DNAME would stand that makes a CNAME: above all labels that name and target have in common at their beginning, or above the first.</summary>
    private static IEnumerable<DomainName> LostDnames(SignedSet cname)
    {
        var parent = cname.Owner.Parent;
        yield return parent;
        if (!NameData.TryRead(cname.Data[0], out var target)) yield break;
        var common = 0;
        while (common < cname.Owner.LabelCount && common < target.Name.LabelCount && Ascii.EqualsIgnoreCase(cname.Owner.GetLabel(common), target.Name.GetLabel(common))) common++;
        if (common > 1) yield return cname.Owner.Suffix(cname.Owner.LabelCount - common);
    }

    /// <summary>The DNAME that makes a CNAME without signature, as it was asked for at a name above (RFC 6672 §5.3.1).</summary>
    internal static bool TryFindLostDname(Evidence evidence, SignedSet cname, [NotNullWhen(true)] out Reply? reply, [NotNullWhen(true)] out SignedSet? dname)
    {
        foreach (var above in LostDnames(cname))
        {
            if (evidence.TryGet(new(above, RecordType.DNAME), out reply) && reply.Failure is null && reply.Answer.TryFind(above, RecordType.DNAME, out dname)
                && dname.Data.Count == 1 && NameData.TryRead(dname.Data[0], out var to) && cname.Owner.TryReplaceSuffix(above, to.Name, out var made)
                && NameData.TryRead(cname.Data[0], out var target) && target.Name.Equals(made)) return true;
        }

        (reply, dname) = (null, null);
        return false;
    }

    /// <summary>The CNAME that a DNAME makes is not signed: the DNAME's signature vouches for it (RFC 6672 §5.3.1).</summary>
    private Step JudgeDname(Draft draft, Reply reply, SignedSet dname, ref DomainName name)
    {
        var verdict = JudgeSet(dname, reply);
        if (!Take(draft, reply, dname, verdict)) return draft.Stopped;
        if (dname.Data.Count != 1 || !NameData.TryRead(dname.Data[0], out var target))
            return draft.Fail(Standing.Indeterminate, new Ground(LookupReason.MalformedReply, $"{dname}: there is not exactly one target (RFC 6672 §2.4)").At(reply));

        // RFC 6672 §2.2: what does not fit into a name is YXDOMAIN.
        if (!name.TryReplaceSuffix(dname.Owner, target.Name, out var renamed)) return Step.TooLong;

        // RFC 6672 §5.3.1: a CNAME beside the DNAME is the one that the DNAME makes, or the reply was tampered with.
        if (reply.Answer.TryFind(name, RecordType.CNAME, out var cname)
            && (cname.Data.Count != 1 || !NameData.TryRead(cname.Data[0], out var claimed) || !claimed.Name.Equals(renamed)))
            return draft.Fail(Standing.Bogus, new Ground(LookupReason.AliasMismatch, $"{cname} does not lead where {dname} leads, to {renamed} (RFC 6672 §5.3.1)").At(reply));

        // RFC 6672 §3.1: the CNAME has the DNAME's TTL.
        draft.Take(verdict, new(name, RecordType.CNAME, RecordClass.IN, dname.TimeToLive, [new NameData(renamed).ToOctets()]));
        if (draft.Question.Type is RecordType.CNAME or RecordType.ANY) return Step.Answered;
        name = renamed;
        return Step.Alias;
    }

    /// <summary>Takes a set into the answer; one that is secure may stand in others too.</summary>
    private bool Take(Draft draft, Reply reply, SignedSet set, in SetVerdict verdict)
    {
        if (!draft.Take(verdict, set.Records)) return false;
        if (verdict is { Standing: Standing.Secure, Signature: { } check }) _evidence.Conclude(set, reply, check);
        return true;
    }

    /// <summary>Everything at a name (RFC 8482): each RRset that came is judged; null when none came.</summary>
    private Step? JudgeEverything(Draft draft, Reply reply, DomainName name)
    {
        Step? step = null;
        foreach (var set in reply.Answer.Sets)
        {
            if (!set.Owner.Equals(name)) continue;
            if (!draft.Take(JudgeSet(set, reply), set.Records)) return draft.Stopped;
            step = Step.Answered;
        }

        return step;
    }

    /// <summary>The reply to a question; null when it still has to be asked, which is noted.</summary>
    private Reply? Find(Question question)
    {
        if (_evidence.TryGet(question, out var reply)) return reply;
        Want(question);
        return null;
    }

    /// <summary>Notes a question that is going to be needed.</summary>
    private void Want(Question question)
    {
        if (!_needs.Contains(question) && !_evidence.TryGet(question, out _)) _needs.Add(question);
    }
}
