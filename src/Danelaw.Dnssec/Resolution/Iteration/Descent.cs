using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>What following the referrals to an answer came to.</summary>
/// <param name="Reply">The last reply: an answer or a failure; for a DS question also the referral that holds the DS set.</param>
internal sealed record Found(ZoneReply Reply)
{
    /// <summary>Referrals passed whose word on DS nobody has judged yet.</summary>
    internal List<(Exchange Exchange, DomainName Parent, DomainName Child)>? Referrals { get; init; }

    /// <summary>The DNSKEY sets that were asked for on the way.</summary>
    internal List<Task<ZoneReply>>? Keys { get; init; }
}

/// <summary>
/// Follows referrals from the nearest zone that is known down to the one that holds a name (RFC 1034 §5.3.3), showing each zone no more of the name than it needs (RFC 9156).
/// DS is asked of the zone above the name (RFC 4035 §3.1.4.1).
/// </summary>
internal sealed class Descent(Iterator iterator, Question question, Errand errand)
{
    private List<(Exchange, DomainName, DomainName)>? _referrals;
    private List<Task<ZoneReply>>? _keys;

    /// <summary>Goes down.</summary>
    internal async ValueTask<Found> RunAsync()
    {
        var isSigners = question.Type == RecordType.DS && !question.Name.IsRoot;
        var nearest = await iterator.Delegations.FindNearestAsync(isSigners ? question.Name.Parent : question.Name, errand).ConfigureAwait(false);
        if (nearest is null) return Failed(default, LookupReason.ServerFailed, "no root hint stands at or above it");

        var minimiser = new Minimiser(question.Name);
        Meet(nearest, nearest.Referral);
        var isKept = true;
        (Delegation Delegation, ZoneReply Reply)? failed = null;
        for (var referrals = 0; ;)
        {
            var name = minimiser.Next(nearest.Zone);
            var isWhole = name.LabelCount == question.Name.LabelCount;

            // RFC 9156 §2.1: a type that every server knows, and that says nothing about what is wanted.
            var asked = isWhole ? question : new Question(name, RecordType.A);
            if (failed is not null) iterator.Inquiries.Forget(nearest.Zone, asked);
            var reply = await iterator.Inquiries.AskAsync(nearest, asked, isPart: !isWhole, errand).ConfigureAwait(false);
            if (reply.Kind == ReplyKind.Referral)
            {
                var child = reply.Delegation!;
                if (failed is { } before && child.HasServersOf(before.Delegation)) return Done(before.Reply);
                isKept = false;
                if (isSigners && child.Zone.Equals(question.Name)) return Done(reply);
                if (++referrals > errand.Budget.Limits.Referrals)
                    return Failed(nearest.Zone, LookupReason.LimitReached, $"{errand.Budget.Limits.Referrals} referrals, the last to {child.Zone}, are as many as are followed");
                nearest = child;
                Meet(child, reply.Exchange);
            }
            else if (isKept && reply is { Failure: not null, IsAbandoned: false })
            {
                // The zone's servers may have moved since they were learnt, or somebody else may have named them: whoever refers to them is asked anew, once.
                isKept = false;
                failed = (nearest, reply);
                iterator.Delegations.Remove(nearest);
                iterator.Inquiries.Forget(nearest.Zone, new(nearest.Zone, RecordType.NS));
                nearest = (await iterator.Delegations.FindNearestAsync(isSigners ? question.Name.Parent : question.Name, errand).ConfigureAwait(false))!;
                if (nearest.HasServersOf(failed.Value.Delegation)) return Done(reply);
                minimiser = new Minimiser(question.Name);
                Meet(nearest, nearest.Referral);
            }
            else if (isWhole || reply.IsAbandoned)
            {
                return Done(reply);
            }
            else if (reply.Failure is not null)
            {
                // RFC 9156 §2.3: a server that stumbles over a part of the name may know the whole.
                if (!reply.HasAnswered) return Done(reply);
                minimiser.ShowAll();
            }
            else if (reply.Exchange!.Message!.ResponseCode != ResponseCode.NoError)
            {
                // There should be nothing below (RFC 8020), but servers err about names that only have names below them: the whole name decides (RFC 9156 §2.3).
                minimiser.ShowAll();
            }
        }
    }

    /// <summary>A signed delegation on the way to what is going to be judged: its DS set is judged, and its keys will be needed.</summary>
    private void Meet(Delegation delegation, Exchange? referral)
    {
        if (!errand.IsJudged || referral is null) return;
        delegation.Referral = null;
        var read = referral.Read();
        (_referrals ??= []).Add((read, delegation.Parent, delegation.Zone));
        if (!delegation.IsSigned || !HasUsableSigner(read.Message!, delegation.Zone)) return;
        var keys = new Question(delegation.Zone, RecordType.DNSKEY);
        if (keys != question) (_keys ??= []).Add(iterator.Inquiries.AskAsync(delegation, keys, isPart: false, errand).AsTask());
    }

    private bool HasUsableSigner(DnsMessage referral, DomainName zone)
    {
        foreach (var record in referral.Authorities)
        {
            if (record.Type == RecordType.DS && record.Owner.Equals(zone) && DsData.TryRead(record.Data, out var signer)
                && iterator.Policy.Supports((SecurityAlgorithm)signer.Algorithm) && iterator.Policy.Supports((DigestAlgorithm)signer.DigestType)) return true;
        }

        return false;
    }

    private Found Done(ZoneReply reply) => new(reply) { Referrals = _referrals, Keys = _keys };

    private Found Failed(DomainName zone, LookupReason reason, string text) => Done(new()
    {
        Zone = zone,
        Failure = new(reason, $"{question.Name} {RecordTypes.ToText(question.Type)}: {text}") { Blamed = question },
    });
}
