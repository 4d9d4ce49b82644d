using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Findings;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Audit;

/// <summary>Judges what was seen of a host. Pure: the same evidence and time give the same report.</summary>
public static class Doctor
{
    /// <summary>Judges.</summary>
    /// <param name="host">What was seen of its files and programs.</param>
    /// <param name="files">The files, for tables that findings quote.</param>
    /// <param name="network">What the network said.</param>
    /// <param name="options">How grave a date is.</param>
    /// <param name="now">The time.</param>
    public static DoctorReport Judge(HostFacts host, Files.HostFiles files, NetworkFacts network, CheckOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        var findings = new FindingList();
        foreach (var facts in host.Postfix)
        {
            PostfixTextFindings.Add(facts.Instance, findings);
            PostfixServerFindings.Add(facts.Instance, files, findings);
            PostfixClientFindings.Add(facts.Instance, files, network.NextHops, findings);
            PostfixLevelFindings.Add(facts.Instance, findings);
            PostfixTableFindings.Add(facts.Instance, files, findings);
        }

        var unseen = new List<Unseen>();
        ResolverFindings.Add(host.Resolver, host.Addresses, network.Resolvers, host.Postfix, findings, unseen);
        if (host.Dovecot is not null) DovecotFindings.Add(host.Dovecot, findings);
        foreach (var (server, fault) in host.WebFaults) findings.Error(AuditCodes.WebSyntax, server, fault.Place, $"{server} does not read this: {fault.Text}.", $"Mend the line; {(server == "nginx" ? "nginx -t" : "apachectl configtest")} tells whether it is read.");
        var records = PublishedRecords(network);
        foreach (var chain in host.Chains)
        {
            ChainFindings.Add(chain, now, options.ExpiresSoon, findings);
            IssuerFindings.Add(chain, records, findings);
        }

        AcmeFindings.Add(host, chain => IsPinned(chain, records), chain => IsPinned(chain, [.. records.Where(record => record.Selector != TlsaSelector.PublicKey)]), now, findings);
        AcmeFindings.AddHooks(host, findings);
        RolloverFindings.Add(host, network, (chain, mx) => IsPinned(chain, [.. mx.Records.Select(record => record.Record)]), findings);
        SniFindings.Add(host, network, findings);
        ServedKeyFindings.Add(host, network, chain => IsPinned(chain, records), findings);
        DomainFindings.Add(host, network, findings, unseen);
        unseen.AddRange(network.NextHops.Where(hop => hop.Doubt is not null).Select(hop => new Unseen($"whether {hop.Text}, which all mail goes to, has TLSA records", hop.Doubt!)));
        StsFindings.Add(network, options.Roots, now, findings, unseen);
        ReportingFindings.Add(network, findings, unseen);
        return new(host.Host, Once(findings.ToImmutable()), [.. host.Unseen, .. network.Unseen, .. unseen], DomainFindings.Rows(network), host.HasMailServer);
    }

    /// <summary>Thousands of domains have the records of a few hosts.</summary>
    private static ImmutableArray<TlsaRecord> PublishedRecords(NetworkFacts network) =>
        [.. network.Domains.Select(domain => domain.Report).Concat(network.Services).SelectMany(report => report.Hosts).DistinctBy(mx => (mx.Name, mx.TlsaBase, mx.TlsaAnswer?.Question.Name)).SelectMany(mx => mx.Records).Select(record => record.Record).Distinct()];

    /// <summary>Whether a TLSA record is published that the chain's own key or certificate matches.</summary>
    private static bool IsPinned(ChainFacts chain, ImmutableArray<TlsaRecord> records)
    {
        foreach (var leaf in chain.Leaves)
        {
            foreach (var record in records)
            {
                if (record.Usage is not (TlsaUsage.DaneEe or TlsaUsage.PkixEe)) continue;
                if (TlsaRecord.TryCreate(leaf.Object.Data, record.Usage, record.Selector, record.Matching, out var made, out _) && made == record) return true;
            }
        }

        return false;
    }

    /// <summary>Several ports that share a setting share its finding.</summary>
    private static ImmutableArray<AuditFinding> Once(ImmutableArray<AuditFinding> findings) =>
        [.. findings.DistinctBy(finding => finding.Place is null ? (finding.Code, finding.Subject, finding.Text) : (finding.Code, finding.Place.ToString(), finding.Text))];
}
