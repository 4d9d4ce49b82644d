using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Discovery;

namespace Danelaw.Checks.Findings;

/// <summary>What the SRV lookup and the set of its targets tell (RFC 2782, RFC 7673).</summary>
internal static class SrvFindings
{
    internal static IEnumerable<Finding> Of(TargetSubject subject)
    {
        foreach (var service in subject.Evidence.Services)
        {
            if (service.Srv is not { } srv) continue;
            ImmutableArray<HostReport> hosts = [.. subject.Hosts.Where(host => host.Facts.Lead.Srv == srv).Select(host => host.Report)];
            foreach (var finding in Of(subject, service, srv, hosts)) yield return finding;
        }
    }

    private static IEnumerable<Finding> Of(TargetSubject subject, ServiceFacts service, ServiceRoute srv, ImmutableArray<HostReport> hosts)
    {
        var (evidence, _, options, _) = subject;

        // Of a mail domain only what is there is told; that a service is not offered is nothing to tell.
        var isAsked = evidence.Srv is not null;
        var owner = Say.Name(srv.SrvAnswer.Question.Name);
        var domain = Say.Name(srv.Domain);
        switch (srv.Kind)
        {
            case ServiceRouteKind.Failed when LookupWords.OfResolver(srv.SrvAnswer, options) is { } fault:
                yield return new(FindingCodes.SrvLookupFailed, Severity.Error, owner,
                    $"{fault}: {LookupWords.Of(srv.SrvAnswer)}. This says nothing of {domain}.", LookupWords.Mend(srv.SrvAnswer, options));
                yield break;
            case ServiceRouteKind.Failed:
                yield return new(FindingCodes.SrvLookupFailed, Severity.Error, owner,
                    $"The SRV records of {owner} cannot be had: {LookupWords.Of(srv.SrvAnswer)}. Clients that know DANE do not connect (RFC 7673 §3.1).", LookupWords.Mend(srv.SrvAnswer, options, subject.Zones));
                yield break;
            case ServiceRouteKind.NotOffered:
                if (isAsked) yield return new(FindingCodes.SrvNotOffered, Severity.Note, owner, $"The only target at {owner} is \".\": {domain} says that it does not offer this service (RFC 2782).", "");
                yield break;
            case ServiceRouteKind.None when !isAsked:
                yield break;
            case ServiceRouteKind.None:
                yield return new(FindingCodes.SrvNone, Severity.Note, owner, None(evidence, owner, domain), $"If the service is to be found by SRV, publish a record that names its host and port:\n{Line(evidence, srv)}");
                break;
            case ServiceRouteKind.Records:
                break;
        }

        if (!srv.IsSecure) yield return Insecure(subject, srv, hosts, owner);
        if (srv.Unusable.Length > 0)
        {
            yield return new(FindingCodes.SrvTargetUnusable, Severity.Warning, owner,
                $"Of the SRV records at {owner} {Say.List(srv.Unusable.Select(record => string.Create(CultureInfo.InvariantCulture, $"{record.Priority} {record.Weight} {record.Port} {record.Target}")))} {(srv.Unusable.Length == 1 ? "leads" : "lead")} nowhere: \".\" beside other targets means nothing, and nobody listens at port 0 (RFC 2782).",
                $"Take {(srv.Unusable.Length == 1 ? "it" : "them")} out.");
        }

        if (srv.IsSecure && Unprotected(hosts) is { Length: > 0 } weak && hosts.Any(host => host.Verdict is CheckVerdict.Verified or CheckVerdict.Partial or CheckVerdict.Failing))
        {
            yield return new(FindingCodes.SrvSomeUnprotected, Severity.Error, owner,
                $"{Say.List(weak)} {(weak.Length == 1 ? "has" : "have")} no TLSA records that count, other targets at {owner} have. Clients choose a target without regard to TLSA records (RFC 7673 §3.1), and whoever attacks blocks the others.",
                "Publish TLSA records for every target in a signed zone, or take the weak ones out of the SRV records.");
        }

        var leftOut = isAsked ? evidence.HostsLeftOut : service.HostsLeftOut;
        if (leftOut > 0)
        {
            yield return new(FindingCodes.MxTooMany, Severity.Warning, owner,
                string.Create(CultureInfo.InvariantCulture, $"{owner} has {srv.Hosts.Length} targets; the {leftOut} with the worst priority were not looked at."), "Few targets are easier to keep right: two or three names with several addresses each do the same.");
        }
    }

    private static string None(CheckEvidence evidence, string owner, string domain) => evidence.Hosts.IsEmpty
        ? $"There are no SRV records at {owner}, so nothing tells clients which host of {domain} offers the service."
        : $"There are no SRV records at {owner}, so clients go to {domain} itself, and it was judged as the host (RFC 6120 §3.2.2).";

    /// <summary>What a record would look like.</summary>
    private static string Line(CheckEvidence evidence, ServiceRoute srv) =>
        string.Create(CultureInfo.InvariantCulture, $"{srv.SrvAnswer.Question.Name} 3600 IN SRV 0 1 {evidence.Target.Port} HOST.");

    private static Finding Insecure(TargetSubject subject, ServiceRoute srv, ImmutableArray<HostReport> hosts, string owner)
    {
        string[] withTlsa = [.. hosts.Where(host => host.TlsaAnswer is { Records: not null }).Select(Place)];
        var told = srv.Kind == ServiceRouteKind.None ? $"That there are no SRV records at {owner} is not secure" : $"The SRV records at {owner} are not secure";
        return new(FindingCodes.SrvInsecure, Severity.Warning, owner,
            $"{told}: {LookupWords.WhyInsecure(srv.SrvAnswer)}. DANE does not apply to this service then, whatever its hosts have (RFC 7673 §3.1)."
                + (withTlsa.Length == 0 ? "" : $" The TLSA records of {Say.List(withTlsa)} protect nobody who comes this way."),
            $"{LookupWords.Secure(srv.SrvAnswer, srv.SrvAnswer.FinalName, subject.Evidence, subject.Options)}" + (withTlsa.Length == 0 ? " Then publish TLSA records for the hosts." : " The hosts need no change."));
    }

    private static string Place(HostReport host) => string.Create(CultureInfo.InvariantCulture, $"{Say.Name(host.Name)}:{host.Port}");

    private static string[] Unprotected(ImmutableArray<HostReport> hosts) => [.. hosts.Where(host => host.Verdict == CheckVerdict.Unprotected).Select(Place)];
}
