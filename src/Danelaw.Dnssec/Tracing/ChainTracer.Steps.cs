using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tracing;

internal sealed partial class ChainTracer
{
    /// <summary>Follows the aliases as judging does, as far as replies lead; before them what the zone above fails to say of a name that is not known to be a zone.</summary>
    private ImmutableArray<TracedStep> Steps(Question? blamed)
    {
        var steps = ImmutableArray.CreateBuilder<TracedStep>();
        if (blamed is { Type: RecordType.DS } delegation && delegation != _answer.Question && !_zones.Contains(delegation.Name) && _evidence.TryGet(delegation, out var denied)) Step(steps, denied, delegation.Name, RecordType.DS);
        var visited = new HashSet<DomainName>();
        var (name, type) = (_answer.Question.Name, _answer.Question.Type);
        Reply? reply = null;
        while (visited.Add(name) && steps.Count <= _policy.Limits.Aliases + 1)
        {
            // A target that was asked for by itself is told by its own reply, also where one before held records of it: judging did not take those.
            if (_evidence.TryGet(new(name, type), out var own)) reply = own;
            else if (reply is not { Failure: null } || !ChainOfTrust.Continues(reply, name, type)) break;

            // An alias that was asked for as such, because the reply held too much, is told by that.
            if (type is not (RecordType.CNAME or RecordType.ANY) && _evidence.TryGet(new(name, RecordType.CNAME), out var alias) && alias.Failure is null) reply = alias;

            var count = steps.Count;
            if (Step(steps, reply, name, type) is not { } target) break;

            // What was judged broken is followed no further.
            if (_answer.IsFailure && steps.Skip(count).Any(step => step.Security == Security.Bogus)) break;
            name = target;
        }

        return steps.ToImmutable();
    }

    /// <summary>Adds what a reply says about a name; the alias's target, or null at the end.</summary>
    private DomainName? Step(ImmutableArray<TracedStep>.Builder steps, Reply reply, DomainName name, RecordType type)
    {
        var question = new Question(name, type);
        if (reply.Failure is { } failure)
        {
            steps.Add(new(question, reply.Question) { Zone = Holder(name, type), Security = Security.Indeterminate, Failure = failure.Text });
            return null;
        }

        if (reply.TryFindDname(name, out var dname) || TryFindLostDname(ref reply, name, out dname))
        {
            DomainName? target = NameData.TryRead(dname.Data[0], out var to) && name.TryReplaceSuffix(dname.Owner, to.Name, out var renamed) ? renamed : null;
            steps.Add(Positive(reply, dname, question) with { Target = target });
            return type is RecordType.CNAME or RecordType.ANY ? null : target;
        }

        if (type == RecordType.ANY)
        {
            foreach (var each in reply.Answer.Sets)
                if (each.Owner.Equals(name) && steps.Count < Told) steps.Add(Positive(reply, each, question));
            if (steps.Count > 0) return null;
        }

        if (reply.Answer.TryFind(name, type, out var set))
        {
            steps.Add(Positive(reply, set, question));
            return null;
        }

        if (reply.Answer.TryFind(name, RecordType.CNAME, out var cname))
        {
            DomainName? target = NameData.TryRead(cname.Data[0], out var to) ? to.Name : null;
            steps.Add(Positive(reply, cname, question) with { Target = target });
            return target;
        }

        var zone = DenyingZone(reply, name, type);
        var denial = zone is { } its ? Denial(reply, name, type, its) : null;
        steps.Add(new(question, reply.Question) { Zone = zone, Denial = denial, Security = VerdictOn(zone, denial is { IsProven: true, IsOptOut: false }) });
        return null;
    }

    /// <summary>The DNAME that judging asked for where a resolver had passed on nothing but the CNAME that it makes.</summary>
    private bool TryFindLostDname(ref Reply reply, DomainName name, [NotNullWhen(true)] out SignedSet? dname)
    {
        dname = null;
        if (name.IsRoot || !reply.Answer.TryFind(name, RecordType.CNAME, out var cname) || cname.Signatures.Count > 0) return false;
        if (!ChainOfTrust.TryFindLostDname(_evidence, cname, out var above, out dname)) return false;
        reply = above;
        return true;
    }

    private TracedStep Positive(Reply reply, SignedSet set, Question question)
    {
        var told = Set(set);
        var valid = told.Signatures.FirstOrDefault(signature => signature.IsValid);
        var zone = valid.IsValid ? valid.Signer : Holder(set.Owner, set.Type);
        var proof = valid is { IsValid: true, IsExpanded: true } ? Expansion(reply, set, valid) : null;
        return new(question, reply.Question)
        {
            Zone = zone,
            Set = told,
            Denial = proof,
            Security = VerdictOn(zone, told.IsSigned && proof is not { IsProven: false }, set),
        };
    }

    /// <summary>The verdict on a step: that of the answer where it is told there, otherwise what zone and signatures make of it.</summary>
    private Security VerdictOn(DomainName? zone, bool isProven, SignedSet? set = null)
    {
        if (!_answer.IsFailure)
        {
            foreach (var link in _answer.Chain)
                if (set is not null && link.Records.Type == set.Type && link.Records.Owner.Equals(set.Owner)) return link.Security;
            return _answer.Security;
        }

        var standing = zone is { } its ? VerdictOn(its).Security : Security.Indeterminate;
        if (standing != Security.Secure) return standing == Security.Insecure ? Security.Insecure : _answer.Security;
        return isProven ? Security.Secure : _answer.Security;
    }

    private DomainName? DenyingZone(Reply reply, DomainName name, RecordType type)
    {
        var lowest = type == RecordType.DS && !name.IsRoot ? name.Parent : name;
        DomainName? zone = null;
        foreach (var set in reply.Authority.Sets)
        {
            if (set.Type is not (RecordType.NSEC or RecordType.NSEC3)) continue;
            foreach (var (signature, _) in set.Signatures)
                if (lowest.IsAtOrBelow(signature.SignerName) && _zones.Contains(signature.SignerName) && (zone is not { } found || signature.SignerName.LabelCount > found.LabelCount)) zone = signature.SignerName;
        }

        return zone ?? Holder(name, type);
    }
}
