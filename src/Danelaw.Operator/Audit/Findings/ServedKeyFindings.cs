using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Setup.Planning;
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
        var endpoints = network.Domains.Select(domain => domain.Report).Concat(network.Services).SelectMany(report => report.Hosts).SelectMany(mx => mx.Endpoints.Select(endpoint => (Mx: mx, Endpoint: endpoint)))
            .Where(one => one.Endpoint.Observation is { Outcome: ProbeOutcome.Completed, Chain.IsEmpty: false } && IsOwn(host, one.Endpoint.Observation.Target.ConnectTo.Address))
            .GroupBy(one => one.Endpoint.Observation.Target.Address.Port);
        foreach (var port in endpoints)
        {
            // A file that was not read, or that holds no key, says nothing of what is shown.
            ImmutableArray<ChainFacts> chains = [.. host.Chains.Where(chain => chain.Use.Ports.Contains(port.Key))];
            if (chains.IsEmpty || chains.Any(chain => !chain.Keys.Any() || chain.Files.Any(file => file.State != FileState.Read))) continue;
            var keys = chains.SelectMany(chain => chain.Keys).ToHashSet();
            SoundChain[] next = [.. chains.SelectMany(chain => SoundChain.Of(chain, out _))];
            foreach (var same in port.GroupBy(one => one.Endpoint.Observation.Chain[0]))
            {
                if (!CertificateSummary.TryRead(same.Key, out var leaf) || keys.Contains(leaf.PublicKey)) continue;
                var breaks = same.Any(one => Breaks(one.Mx, one.Endpoint, new(leaf.PublicKey, one.Endpoint.Observation.Chain), next, port.Key) ?? (one.Endpoint.Verdict is { IsMatch: true } && !chains.Any(pinned)));
                findings.Add(AuditCodes.TlsNotReloaded, breaks ? Severity.Error : Severity.Warning, string.Create(CultureInfo.InvariantCulture, $"{chains[0].Use.Subject}, port {port.Key}"), chains[0].Use.Place,
                    $"The server shows another key than the one in {chains[0].Use.Files[0]}: it was not reloaded since, or something else answers there.{(breaks ? " The TLSA records match the one that is shown and not the one on disk that comes in its place: at the next reload or start mail from senders that know DANE stops." : "")}",
                    breaks ? "Do not reload or restart it. Publish the record of the key on disk beside those that are there: danelaw tlsa create. Wait for twice the TTL, then reload." : "See that the TLSA records match the key on disk, then reload the server.");
            }
        }
    }

    /// <summary>
    /// Whether some sender finds a match in a host's records for what is shown, and none for what it comes to see once the files are read: a key counts against the file's key of its own
    /// kind, since that another kind is meant as well helps nobody who is shown this one (docs/decisions/0298).
    /// </summary>
    /// <returns>Null where the files hold no chain that a server could show.</returns>
    private static bool? Breaks(HostReport mx, EndpointReport endpoint, ShownChain today, SoundChain[] next, int port)
    {
        if (next.Length == 0) return null;
        var set = TlsaSet.Of(mx.Records.Select(record => record.Record));
        return endpoint.Verdict is { IsMatch: true } && SoundChain.Successors(today, next).Any(chain => (chain.AsShown.Misled(set, port) & ~today.Misled(set, port)) != 0);
    }

    private static bool IsOwn(HostFacts host, IPAddress address) => !host.Addresses.IsEmpty && (IPAddress.IsLoopback(address) || host.Addresses.Contains(address));
}
