using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Files;
using Danelaw.Probes;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>Whether the keys on disk are those on the wire: what a server shows is what it read when it was last told to.</summary>
internal static class ServedKeyFindings
{
    /// <param name="host">The files, and the addresses that are this machine's.</param>
    /// <param name="network">What was seen on the wire.</param>
    /// <param name="pinned">Whether TLSA records are published that a chain's own key matches.</param>
    /// <param name="findings">Where to add.</param>
    internal static void Add(HostFacts host, NetworkFacts network, Func<ChainFacts, bool> pinned, FindingList findings)
    {
        var endpoints = network.Domains.Select(domain => domain.Report).Concat(network.Services).SelectMany(report => report.Hosts).SelectMany(mx => mx.Endpoints)
            .Where(endpoint => endpoint.Observation is { Outcome: ProbeOutcome.Completed, Chain.IsEmpty: false } && IsOwn(host, endpoint.Observation.Target.ConnectTo.Address))
            .GroupBy(endpoint => endpoint.Observation.Target.Address.Port);
        foreach (var port in endpoints)
        {
            // A file that was not read, or that holds no key, says nothing of what is shown.
            ImmutableArray<ChainFacts> chains = [.. host.Chains.Where(chain => chain.Use.Ports.Contains(port.Key))];
            if (chains.IsEmpty || chains.Any(chain => !chain.Keys.Any() || chain.Files.Any(file => file.State != FileState.Read))) continue;
            var keys = chains.SelectMany(chain => chain.Keys).ToHashSet();
            foreach (var endpoint in port.DistinctBy(one => one.Observation.Chain[0]))
            {
                if (!CertificateSummary.TryRead(endpoint.Observation.Chain[0], out var leaf) || keys.Contains(leaf.PublicKey)) continue;
                var breaks = endpoint.Verdict is { IsMatch: true } && !chains.Any(pinned);
                findings.Add(AuditCodes.TlsNotReloaded, breaks ? Severity.Error : Severity.Warning, string.Create(CultureInfo.InvariantCulture, $"{chains[0].Use.Subject}, port {port.Key}"), chains[0].Use.Place,
                    $"The server shows another key than the one in {chains[0].Use.Files[0]}: it was not reloaded since, or something else answers there.{(breaks ? " The TLSA records match the one that is shown and not the one on disk: at the next start mail from senders that know DANE stops." : "")}",
                    breaks ? "Before anything is reloaded, publish the record of the key on disk: danelaw tlsa create. Wait for twice the TTL, then reload." : "See that the TLSA records match the key on disk, then reload the server.");
            }
        }
    }

    private static bool IsOwn(HostFacts host, IPAddress address) => !host.Addresses.IsEmpty && (IPAddress.IsLoopback(address) || host.Addresses.Contains(address));
}
