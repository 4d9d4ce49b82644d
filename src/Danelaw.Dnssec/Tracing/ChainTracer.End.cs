using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tracing;

internal sealed partial class ChainTracer
{
    /// <summary>Where the chain ends: at the reply that judging blames, or at the delegation that is not signed.</summary>
    private TracedEnd? End(Question? blamed, ImmutableArray<TracedZone> zones, ImmutableArray<TracedStep> steps)
    {
        if (_answer.Security == Security.Secure) return null;
        var (name, type) = blamed is { } question ? (question.Name, question.Type) : (_answer.FinalName, _answer.Question.Type);
        var zone = type == RecordType.DNSKEY ? name : Holder(name, type) ?? name;
        if (!_answer.IsFailure)
        {
            // The topmost zone that is not signed is where the chain ends.
            var cut = zones.FirstOrDefault(each => each.Security == Security.Insecure && _answer.FinalName.IsAtOrBelow(each.Zone)) ?? zones.FirstOrDefault(each => each.Security == Security.Insecure);
            if (cut is not null) (zone, name, type) = (cut.Zone, cut.Zone, cut.IsAnchor ? RecordType.DNSKEY : RecordType.DS);
        }

        var isSpan = _answer.Reason == LookupReason.OptOut && type != RecordType.DS;
        var isWildcard = isSpan && steps.Any(step => step is { Set: not null, Denial: not null });
        var signature = FaultOf(SetAt(name, type, zones, steps));
        var reply = blamed is { } asked && _evidence.TryGet(asked, out var found) ? found : null;
        return new(_answer.Reason, zone, name, type)
        {
            IsBreak = _answer.IsFailure,
            Text = _answer.Explanation,
            Rule = isWildcard ? "RFC 5155 §9.2" : _answer.Failure?.Rule ?? FailureRules.RuleOf(_answer.Reason),
            Code = _answer.ExtendedError?.Code,
            KeyTag = signature?.KeyTag,
            Algorithm = signature?.Algorithm,
            Server = reply?.Server?.ToString(),
            Mend = _answer.Failure?.Mend ?? (isWildcard ? Mends.OptOutWildcard(zone) : isSpan ? Mends.OptOutName(zone) : Mends.Of(_answer.Reason, zone, Above(zone))),
        };
    }

    private static TracedSet? SetAt(DomainName name, RecordType type, ImmutableArray<TracedZone> zones, ImmutableArray<TracedStep> steps) => type switch
    {
        RecordType.DNSKEY => zones.FirstOrDefault(zone => zone.Zone.Equals(name))?.KeySet,
        RecordType.DS => zones.FirstOrDefault(zone => zone.Zone.Equals(name))?.DelegationSet,
        _ => steps.LastOrDefault(step => step.Security is Security.Bogus or Security.Indeterminate)?.Set,
    };

    /// <summary>The signature that bears the fault of the verdict.</summary>
    private TracedSignature? FaultOf(TracedSet? set)
    {
        if (set is null || !_answer.IsFailure) return null;
        foreach (var signature in set.Signatures)
            if (signature.State == _answer.Reason) return signature;
        foreach (var signature in set.Signatures)
            if (!signature.IsValid) return signature;
        return null;
    }
}
