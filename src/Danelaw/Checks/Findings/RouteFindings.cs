using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Discovery;

namespace Danelaw.Checks.Findings;

/// <summary>What the MX lookup and the set of hosts tell.</summary>
internal static class RouteFindings
{
    /// <summary>Large providers have five names and up to ten addresses.</summary>
    private const int ManyHosts = 10;

    private const string FewHosts = "Few mail hosts are easier to keep right: two or three names with several addresses each do the same.";

    internal static IEnumerable<Finding> Of(TargetSubject subject)
    {
        var (evidence, _, options, _) = subject;
        if (evidence.Route is not { } route) yield break;
        var hosts = subject.MailReports;
        var domain = Say.Name(route.Domain);
        switch (route.Kind)
        {
            case MailRouteKind.Failed when LookupWords.OfResolver(route.MxAnswer, options) is { } fault:
                yield return new(FindingCodes.MxLookupFailed, Severity.Error, domain,
                    $"{fault}: {LookupWords.Of(route.MxAnswer)}. This says nothing of {domain}.",
                    LookupWords.Mend(route.MxAnswer, options));
                yield break;
            case MailRouteKind.Failed:
                yield return new(FindingCodes.MxLookupFailed, Severity.Error, domain,
                    $"The MX records of {domain} cannot be had: {LookupWords.Of(route.MxAnswer)}. Senders keep mail for {domain} and try again, for days, then bounce it.",
                    LookupWords.Mend(route.MxAnswer, options, subject.Zones));
                yield break;
            case MailRouteKind.NullMx:
                yield return new(FindingCodes.MxNull, Severity.Note, domain, $"{domain} has a null MX (RFC 7505): it takes no mail, so there is nothing to protect.", "");
                yield break;
            case MailRouteKind.NoSuchDomain:
                yield return new(FindingCodes.MxNoDomain, Severity.Error, domain, $"{domain} does not exist in the DNS ({(route.IsSecure ? "signed" : "unsigned")} NXDOMAIN).", "Look for a typing mistake; if the name is right, look whether its registration or its zone is gone.");
                break;
            case MailRouteKind.MxRecords:
            case MailRouteKind.Implicit:
                break;
        }

        if (route.Kind == MailRouteKind.MxRecords && route.Hosts.Any(host => host.Name.IsRoot))
        {
            yield return new(FindingCodes.MxNullNotAlone, Severity.Error, domain,
                $"A null MX (\".\") stands among the MX records of {domain}: a domain that takes mail must have none (RFC 7505 §3). Some senders, Postfix among them, take {domain} for one without mail and bounce it, others go on to the other hosts.",
                $"Take the MX record with \".\" out; where {domain} is to take no mail, take the others out and leave \"0 .\".");
        }

        if (!route.IsSecure && route.Kind != MailRouteKind.NoSuchDomain) yield return Insecure(subject, route, hosts, domain);
        if (Unprotected(hosts) is { Length: > 0 } unprotected && hosts.Any(host => host.Verdict is CheckVerdict.Verified or CheckVerdict.Partial or CheckVerdict.Failing))
        {
            yield return new(FindingCodes.MxSomeUnprotected, route.IsSecure ? Severity.Error : Severity.Warning, domain,
                $"{Say.List(unprotected)} {(unprotected.Length == 1 ? "has" : "have")} no TLSA records that count, other mail hosts of {domain} have. Whoever attacks blocks those and takes the weak one (RFC 7672 §2.2.1).",
                "Publish TLSA records for every mail host in a signed zone, or take the weak ones out of the MX records.");
        }

        if (evidence.HostsLeftOut > 0)
        {
            yield return new(FindingCodes.MxTooMany, Severity.Warning, domain,
                string.Create(CultureInfo.InvariantCulture, $"{domain} has {evidence.HostsLeftOut + hosts.Length} mail hosts; the {evidence.HostsLeftOut} with the worst preference were not looked at."),
                FewHosts);
        }
        else if (hosts.Length > ManyHosts)
        {
            yield return new(FindingCodes.MxTooMany, Severity.Note, domain,
                string.Create(CultureInfo.InvariantCulture, $"{domain} has {hosts.Length} mail hosts. Senders try a few addresses of them and then wait (Postfix five, smtp_mx_address_limit), and each is one more place where a record or a key can be wrong: whoever attacks takes the weakest."),
                FewHosts);
        }
    }

    private static Finding Insecure(TargetSubject subject, MailRoute route, ImmutableArray<HostReport> hosts, string domain)
    {
        var withTlsa = hosts.Where(host => !host.Records.IsEmpty).Select(host => $"{Say.Name(host.Name)} ({host.Verdict.ToString().ToLowerInvariant()})").ToArray();
        return withTlsa.Length > 0
            ? new(FindingCodes.MxInsecure, Severity.Warning, domain,
                $"The MX records of {domain} are not secure: {LookupWords.WhyInsecure(route.MxAnswer)}. The TLSA records of {Say.List(withTlsa)} protect the way to the host, and nothing proves that it is the host of {domain}.",
                $"{LookupWords.Secure(route.MxAnswer, route.ExpandedDomain, subject.Evidence, subject.Options)} The mail hosts need no change.")
            : new(FindingCodes.MxInsecure, Severity.Warning, domain,
                $"The MX records of {domain}{(route.Kind == MailRouteKind.Implicit ? ", or their absence," : "")} are not secure: {LookupWords.WhyInsecure(route.MxAnswer)}.",
                $"{LookupWords.Secure(route.MxAnswer, route.ExpandedDomain, subject.Evidence, subject.Options)} Then publish TLSA records for its mail hosts.");
    }

    private static string[] Unprotected(ImmutableArray<HostReport> hosts) => [.. hosts.Where(host => host.Verdict == CheckVerdict.Unprotected).Select(host => Say.Name(host.Name))];
}
