using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Certificates;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>What danelaw's rollover of this host does not know of.</summary>
internal static class RolloverFindings
{
    /// <param name="host">What is rolled here.</param>
    /// <param name="network">The MX hosts of the host's domains.</param>
    /// <param name="pins">Whether a chain's key or certificate is meant by the records of an MX host.</param>
    /// <param name="findings">Where to add.</param>
    internal static void Add(HostFacts host, NetworkFacts network, Func<ChainFacts, Checks.HostReport, bool> pins, FindingList findings)
    {
        var rolled = host.Chains.Where(chain => chain.Use.Files.Any(host.RolledFiles.Contains)).ToArray();
        if (rolled.Length == 0) return;
        foreach (var mx in network.Domains.Select(domain => domain.Report).Concat(network.Services).SelectMany(report => report.Hosts).DistinctBy(mx => (mx.Name, mx.TlsaAnswer?.Question.Name)))
        {
            if (mx.TlsaAnswer?.Question.Name is not { } owner || host.RolledOwners.Contains(owner) || rolled.FirstOrDefault(chain => pins(chain, mx)) is not { } pinned) continue;
            findings.Error(AuditCodes.RolloverOwnerMissing, DomainNames.Text(mx.Name), null,
                $"The TLSA records at {DomainNames.Text(owner)} mean the key in {pinned.Use.Files[^1]}, which danelaw rollover looks after, and no roll has them among its owners: at the next renewal it would show another key there, and mail from senders that know DANE would stop.",
                $"Add the service to the owners of the roll in /etc/danelaw/rollover.toml; or, where no MX record and no client leads to {DomainNames.Text(mx.Name)}, take the records out: danelaw publish {ShellWord.QuoteName(DomainNames.Text(owner))} --remove --all --to WAY");
        }
    }
}
