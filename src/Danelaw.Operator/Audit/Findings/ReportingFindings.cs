using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Beside;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>
/// TLSRPT beside DANE (RFC 8460): reports of senders are how an operator learns of a failure that his own checks do not see. To have none is
/// a note, and only where there are TLSA records that can fail.
/// </summary>
internal static class ReportingFindings
{
    internal static void Add(NetworkFacts network, FindingList findings, ICollection<Unseen> unseen)
    {
        var without = new List<DomainName>();
        var failed = new List<DomainName>();
        var faulty = new List<(DomainName Name, string Fault)>();
        foreach (var domain in network.Domains)
        {
            if (domain.Beside is not { } beside) continue;
            if (beside.Reporting.IsFailure)
            {
                failed.Add(domain.Name);
                continue;
            }

            var record = ReportingRecord.Of(beside.Reporting);
            if (record.Fault.Length > 0) faulty.Add((domain.Name, record.Fault));
            else if (record.IsAbsent && domain.Report.Hosts.Any(mx => !mx.Records.IsEmpty)) without.Add(domain.Name);
        }

        if (failed.Count > 0) unseen.Add(new($"the TLSRPT record of {DomainNames.List(failed)}", $"the lookup of _smtp._tls.{DomainNames.Text(failed[0])} failed; danelaw lookup --trace tells where"));
        foreach (var group in faulty.GroupBy(pair => pair.Fault))
        {
            ImmutableArray<DomainName> names = [.. group.Select(pair => pair.Name)];
            var first = DomainNames.Text(names[0]);
            findings.Warning(AuditCodes.ReportingRecord, DomainNames.Subject(names), null,
                $"The TXT record at _smtp._tls.{first} is none of TLSRPT: {group.Key}. No sender reports anything (RFC 8460 §3).{(names.Length > 1 ? $" The same holds for {DomainNames.List(names.Skip(1))}." : "")}", RecordFor(first));
        }

        if (without.Count > 0)
        {
            findings.Note(AuditCodes.ReportingNone, DomainNames.Subject(without), null,
                $"There are TLSA records, and nobody is told when they fail: _smtp._tls.{DomainNames.Text(without[0])} has no record of TLSRPT{(without.Count > 1 ? $", nor has {DomainNames.List(without.Skip(1))}" : "")}. With one, large senders report each day how many connections failed, and why (RFC 8460 §3).", RecordFor(DomainNames.Text(without[0])));
        }
    }

    private static string RecordFor(string domain) => $"_smtp._tls.{domain}. IN TXT \"v=TLSRPTv1; rua=mailto:tlsrpt@{domain}\"";
}
