using Danelaw.Operator.Audit.Certificates;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>Whether Postfix shows the name that DANE senders ask for by another key than everybody else sees.</summary>
internal static class SniFindings
{
    internal static void Add(HostFacts host, NetworkFacts network, FindingList findings)
    {
        // The TLSA base domain of each MX host that is this one, or what this one calls itself.
        var names = host.Postfix.Select(postfix => postfix.Instance.Get("myhostname").Value)
            .Concat(network.Domains.SelectMany(domain => domain.Report.Hosts).Where(mx => !mx.TlsaBase.IsRoot && mx.Addresses.Any(host.Addresses.Contains)).Select(mx => mx.TlsaBase.ToString().TrimEnd('.')));
        foreach (var name in names.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (ChainFor(host, name) is not { } own) continue;
            var others = host.Chains.Where(chain => chain.Use is { Program: ServerProgram.Postfix, Name: "" } && chain.Use.Ports.Any(own.Use.Ports.Contains)).SelectMany(chain => chain.Keys).ToHashSet();
            if (others.Count == 0 || own.Keys.All(others.Contains)) continue;
            findings.Warning(AuditCodes.PostfixSniOtherKey, own.Use.Subject, own.Use.Place,
                $"Senders that know DANE ask for {name}, and for {own.Use.Name} tls_server_sni_maps has a chain with another key ({string.Join(", ", own.Use.Files)}) than that which all others are shown. TLSA records for {name} have to mean both.",
                $"Take the line for {own.Use.Name} out of the table, so that one chain is shown to all; or publish the records of both keys (danelaw tlsa create).");
        }
    }

    /// <summary>The chain that Postfix shows to a client that asks for a name, where the table has one: that of the name, or else of the nearest parent, with a dot before it (postconf(5), tls_server_sni_maps).</summary>
    /// <param name="host">The host.</param>
    /// <param name="name">The name, without the closing dot.</param>
    internal static ChainFacts? ChainFor(HostFacts host, string name) =>
        host.Chains.Where(chain => chain.Use is { Program: ServerProgram.Postfix, Name: [_, ..] key } && (key[0] == '.' ? name.EndsWith(key, StringComparison.OrdinalIgnoreCase) : name.Equals(key, StringComparison.OrdinalIgnoreCase)))
            .MaxBy(chain => chain.Use.Name.TrimStart('.').Length);
}
