using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Audit.Postfix.Tables;
using Danelaw.Operator.Audit.Postfix.Tables.Databases;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>What the DNS and the wire say of the domains that a host takes mail for. Thousands share a few MX hosts: what is told of a host is told once.</summary>
internal static class DomainFindings
{
    internal static void Add(HostFacts host, NetworkFacts network, FindingList findings, ICollection<Unseen> unseen)
    {
        foreach (var table in host.Postfix.SelectMany(facts => facts.Domains.Unlisted)) AddUnlisted(host, table, findings);
        var denials = new HeldDenials(network);

        // The chain on disk has told the same of the same record, with the place.
        var isPinTold = findings.Has(AuditCodes.AcmeIssuerPinned) || findings.Has(AuditCodes.AcmeIssuerRetired);
        var told = network.Domains.SelectMany(domain => domain.Report.Findings.Select(finding => (domain.Name, domain.Report, Finding: denials.Tell(finding))))
            .Where(item => !isPinTold || item.Finding.Code is not (FindingCodes.TlsaIssuerPinned or FindingCodes.TlsaIssuerRetired))
            .Where(item => item.Finding.Code != FindingCodes.TlsaOwnerUnused)
            .Where(item => network.IsProbed || !item.Finding.Code.StartsWith("TLS-", StringComparison.Ordinal))
            .Concat(network.Services.SelectMany(report => report.Findings.Select(finding => (Name: DomainName.Root, Report: report, Finding: OfService(report, finding)))))
            .ToLookup(item => IsUnseen(item.Report, item.Finding), item => (item.Name, item.Finding));
        AddUnseen(told[true], unseen);
        foreach (var group in told[false].GroupBy(pair => (pair.Finding.Code, Key: KeyOf(pair.Name, pair.Finding))))
        {
            var (name, first) = group.First();
            var domains = group.Select(pair => pair.Name).Distinct().ToArray();
            var isOfDomain = IsOf(name, first) && domains.Length > 1;
            findings.Add(first.Code, first.Severity, isOfDomain ? DomainNames.Subject(domains) : first.Subject, null,
                isOfDomain ? $"{first.Text} The same holds for {DomainNames.List(domains.Skip(1))}." : first.Text, first.Mend);
        }

        AddOwnNames(network, findings);
    }

    /// <summary>A host is a mail server first: what is told of another of its ports names that port.</summary>
    private static Finding OfService(CheckReport report, Finding finding) =>
        finding.Severity == Severity.Note || finding.Subject.StartsWith('_') || report.Hosts.SelectMany(mx => mx.Endpoints).FirstOrDefault() is not { } endpoint
            ? finding
            : finding with { Subject = string.Create(CultureInfo.InvariantCulture, $"{finding.Subject}, port {endpoint.Observation.Target.Address.Port}") };

    /// <summary>Whether somebody did not answer: that says nothing of what would have been seen, and is no fault of the domain's.</summary>
    private static bool IsUnseen(CheckReport report, Finding finding) => finding.Code switch
    {
        FindingCodes.TlsUntested => finding.Severity == Severity.Warning,
        FindingCodes.MxLookupFailed or FindingCodes.MxAddressLookupFailed or FindingCodes.TlsaLookupFailed =>
            report.Lookups.Where(answer => answer.IsFailure).ToArray() is { Length: > 0 } failed && failed.All(answer => answer is { Security: Security.Indeterminate, ResponseCode: null }),
        _ => false,
    };

    private static void AddUnseen(IEnumerable<(DomainName Name, Finding Finding)> told, ICollection<Unseen> unseen)
    {
        foreach (var group in told.GroupBy(pair => (pair.Finding.Code, Key: KeyOf(pair.Name, pair.Finding))))
        {
            var (name, first) = group.First();
            unseen.Add(new(IsOf(name, first) ? $"the mail of {DomainNames.List(group.Select(pair => pair.Name).Distinct())}" : first.Subject, first.Text.TrimEnd('.')) { Mend = first.Mend });
        }
    }

    /// <summary>What cannot be listed is named, with what to give instead; once it was given, that is all there is to do.</summary>
    private static void AddUnlisted(HostFacts host, UnlistedTable table, FindingList findings)
    {
        var isDatabase = DatabaseMap.KindOf(table.Table) is not null;
        if (table.IsOracle && host.DomainsFrom is { } given)
        {
            findings.Note(AuditCodes.PostfixDomainsUnlisted, "postfix", table.Place, $"{table.Parameter} names {table.Table}, and {table.Reason}: of its domains those are examined that {given} gives.");
            return;
        }

        findings.Warning(AuditCodes.PostfixDomainsUnlisted, "postfix", table.Place, $"{table.Parameter} names {table.Table}, and {table.Reason}: the domains in it are not examined.",
            isDatabase ? "Give a query that lists them, run by that table's own settings: --domains-query 'SELECT domain FROM …'. Or give them with --domains FILE, one a line." : "Give them with --domains FILE, one a line.");
    }

    internal static ImmutableArray<DomainRow> Rows(NetworkFacts network) =>
    [
        .. network.Domains
            .SelectMany(domain => domain.Report.Hosts.IsEmpty
                ? [new DomainRow(DomainNames.Text(domain.Name), null, null, Word(domain.Report.Verdict))]
                : domain.Report.Hosts.Select(mx => new DomainRow(DomainNames.Text(domain.Name), DomainNames.Text(mx.Name), DomainNames.Text(mx.TlsaBase), Word(VerdictFor(domain.Report, mx)))))
            .OrderBy(row => row.Mx, StringComparer.Ordinal).ThenBy(row => row.Domain, StringComparer.Ordinal),
    ];

    /// <summary>Behind an MX set that is not signed no host is protected, whatever its own records say.</summary>
    private static CheckVerdict VerdictFor(CheckReport report, HostReport mx) => report.Verdict == CheckVerdict.Unprotected ? CheckVerdict.Unprotected : mx.Verdict;

    private static void AddOwnNames(NetworkFacts network, FindingList findings)
    {
        // One careless hand wrote them for all its domains: those are told in one breath.
        foreach (var group in network.Domains.SelectMany(domain => domain.Report.Findings.Where(finding => finding.Code == FindingCodes.TlsaOwnerUnused).Select(finding => (domain.Name, Finding: finding))).GroupBy(pair => pair.Finding.Severity))
        {
            var unused = group.Select(pair => pair.Name).Distinct().ToArray();
            var (_, first) = group.First();
            findings.Add(first.Code, first.Severity, DomainNames.Subject(unused), null, unused.Length > 1 ? $"{first.Text} The same holds for {DomainNames.List(unused.Skip(1))}." : first.Text, first.Mend);
        }

        // Many names for one server: the domains whose MX name nobody shares, at addresses that another MX name has too.
        var hosts = network.Domains.SelectMany(domain => domain.Report.Hosts.Select(mx => (domain.Name, Mx: mx))).ToArray();
        var users = hosts.GroupBy(pair => pair.Mx.Name).ToDictionary(group => group.Key, group => group.Select(pair => pair.Name).Distinct().Count());
        var common = users.OrderByDescending(pair => pair.Value).FirstOrDefault();
        if (common.Value < 2) return;
        var addresses = hosts.First(pair => pair.Mx.Name == common.Key).Mx.Addresses;
        var own = hosts.Where(pair => pair.Mx.Name != common.Key && users[pair.Mx.Name] == 1 && pair.Mx.Name.IsAtOrBelow(pair.Name)
            && pair.Mx.Verdict is CheckVerdict.Failing or CheckVerdict.Unprotected or CheckVerdict.Partial && pair.Mx.Addresses.Any(addresses.Contains)).ToArray();
        if (own.Length == 0) return;
        findings.Warning(AuditCodes.MxOwnName, DomainNames.Subject([.. own.Select(pair => pair.Name)]), null,
            $"{DomainNames.Text(own[0].Name)} has an MX name of its own, {DomainNames.Text(own[0].Mx.Name)}, for the server that {common.Value} other domains call {DomainNames.Text(common.Key)}{(own.Length > 1 ? $"; likewise {DomainNames.List(own.Skip(1).Select(pair => pair.Name))}" : "")}. Every such name needs TLSA records of its own and, unless they are 3 1 1, its place in the certificate (RFC 7671 §6).",
            $"Either one MX name for all: {DomainNames.Text(own[0].Name)}. IN MX 10 {DomainNames.Text(common.Key)}. Or every name in the certificate, and for each its records: danelaw tlsa create.");
    }

    /// <summary>A finding of a host is the same for all its domains; one of a domain differs in nothing but the domain's name.</summary>
    private static string KeyOf(DomainName name, Finding finding) => IsOf(name, finding) ? finding.Severity.ToString() : finding.Subject + "\n" + finding.Text;

    private static bool IsOf(DomainName name, Finding finding) => !name.IsRoot && finding.Subject.TrimEnd('.').Equals(DomainNames.Text(name), StringComparison.OrdinalIgnoreCase);

    private static string Word(CheckVerdict verdict) => verdict.ToString().ToLowerInvariant();
}
