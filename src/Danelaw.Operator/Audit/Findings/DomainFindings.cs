using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>What the DNS and the wire say of the domains that a host takes mail for. Thousands share a few MX hosts: what is told of a host is told once.</summary>
internal static class DomainFindings
{
    private const int Shown = 5;

    internal static void Add(HostFacts host, NetworkFacts network, FindingList findings)
    {
        foreach (var facts in host.Postfix)
        {
            foreach (var table in facts.Domains.Unlisted)
            {
                findings.Warning(AuditCodes.PostfixDomainsUnlisted, "postfix", table.Place, $"{table.Parameter} names {table.Table}, and {table.Reason}: the domains in it are not examined.",
                    "Give them with --domains FILE, one a line.");
            }
        }

        foreach (var group in network.Domains.SelectMany(domain => domain.Report.Findings.Select(finding => (domain.Name, Finding: finding)))
            .Where(pair => network.IsProbed || !pair.Finding.Code.StartsWith("TLS-", StringComparison.Ordinal))
            .Concat(network.Services.SelectMany(report => report.Findings.Select(finding => (Name: DomainName.Root, Finding: finding))))
            .GroupBy(pair => (pair.Finding.Code, Key: KeyOf(pair.Name, pair.Finding))))
        {
            var (name, first) = group.First();
            var domains = group.Select(pair => pair.Name).Distinct().ToArray();
            var isOfDomain = IsOf(name, first) && domains.Length > 1;
            findings.Add(first.Code, first.Severity, isOfDomain ? string.Create(CultureInfo.InvariantCulture, $"{domains.Length} domains") : first.Subject, null,
                isOfDomain ? $"{first.Text} The same holds for {Names(domains.Skip(1))}." : first.Text, first.Mend);
        }

        AddOwnNames(network, findings);
    }

    internal static ImmutableArray<DomainRow> Rows(NetworkFacts network) =>
    [
        .. network.Domains
            .SelectMany(domain => domain.Report.Hosts.IsEmpty
                ? [new DomainRow(Text(domain.Name), null, null, Word(domain.Report.Verdict))]
                : domain.Report.Hosts.Select(mx => new DomainRow(Text(domain.Name), Text(mx.Name), Text(mx.TlsaBase), Word(VerdictFor(domain.Report, mx)))))
            .OrderBy(row => row.Mx, StringComparer.Ordinal).ThenBy(row => row.Domain, StringComparer.Ordinal),
    ];

    /// <summary>Behind an MX set that is not signed no host is protected, whatever its own records say.</summary>
    private static CheckVerdict VerdictFor(CheckReport report, HostReport mx) => report.Verdict == CheckVerdict.Unprotected ? CheckVerdict.Unprotected : mx.Verdict;

    private static void AddOwnNames(NetworkFacts network, FindingList findings)
    {
        var unused = network.Domains.Where(domain => domain.OwnTlsa is { Security: Security.Secure, Records: not null }).Select(domain => domain.Name).ToArray();
        if (unused.Length > 0)
        {
            findings.Note(AuditCodes.TlsaOwnerUnused, unused.Length == 1 ? Text(unused[0]) : string.Create(CultureInfo.InvariantCulture, $"{unused.Length} domains"), null,
                $"There are TLSA records at _25._tcp.{Text(unused[0])}{(unused.Length > 1 ? $", and at {Names(unused.Skip(1))}" : "")}, where no sender looks: they look at the name of the MX host (RFC 7672 §2.2.3).", "Take them out; what counts stands at the MX host's name.");
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
        findings.Warning(AuditCodes.MxOwnName, own.Length == 1 ? Text(own[0].Name) : string.Create(CultureInfo.InvariantCulture, $"{own.Length} domains"), null,
            $"{Text(own[0].Name)} has an MX name of its own, {Text(own[0].Mx.Name)}, for the server that {common.Value} other domains call {Text(common.Key)}{(own.Length > 1 ? $"; likewise {Names(own.Skip(1).Select(pair => pair.Name))}" : "")}. Every such name needs TLSA records of its own and, unless they are 3 1 1, its place in the certificate (RFC 7671 §6).",
            $"Either one MX name for all: {Text(own[0].Name)}. IN MX 10 {Text(common.Key)}. Or every name in the certificate, and for each its records: danelaw tlsa create.");
    }

    /// <summary>A finding of a host is the same for all its domains; one of a domain differs in nothing but the domain's name.</summary>
    private static string KeyOf(DomainName name, Finding finding) => IsOf(name, finding) ? finding.Severity.ToString() : finding.Subject + "\n" + finding.Text;

    private static bool IsOf(DomainName name, Finding finding) => !name.IsRoot && finding.Subject.TrimEnd('.').Equals(Text(name), StringComparison.OrdinalIgnoreCase);

    private static string Names(IEnumerable<DomainName> names)
    {
        var all = names.ToArray();
        return string.Join(", ", all.Take(Shown).Select(Text)) + (all.Length > Shown ? string.Create(CultureInfo.InvariantCulture, $" and {all.Length - Shown} more") : "");
    }

    private static string Text(DomainName name) => name.IsRoot ? "." : name.ToString().TrimEnd('.');

    private static string Word(CheckVerdict verdict) => verdict.ToString().ToLowerInvariant();
}
