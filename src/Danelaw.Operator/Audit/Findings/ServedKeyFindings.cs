using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Postfix.Syntax;
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
            .Where(one => one.Endpoint.Observation is { Outcome: ProbeOutcome.Completed, Chain.IsEmpty: false } && IsOwn(host, one.Endpoint.Observation.Target.ConnectTo.Address) && Listens(host, one.Endpoint.Observation.Target.ConnectTo))
            .GroupBy(one => one.Endpoint.Observation.Target.Address.Port);
        foreach (var port in endpoints)
        {
            // A file that was not read, or that holds no key, says nothing of what is shown.
            ImmutableArray<ChainFacts> chains = [.. host.Chains.Where(chain => chain.Use.Ports.Contains(port.Key))];
            if (chains.IsEmpty || chains.Any(chain => !chain.Keys.Any() || chain.Files.Any(file => file.State != FileState.Read))) continue;
            var keys = chains.SelectMany(chain => chain.Keys).ToHashSet();
            foreach (var same in port.GroupBy(one => (one.Endpoint.Observation.Chain[0], one.Endpoint.Observation.Target.ServerName)))
            {
                if (!CertificateSummary.TryRead(same.Key.Item1, out var leaf) || keys.Contains(leaf.PublicKey)) continue;
                var named = For(chains, same.Key.ServerName.ToString().TrimEnd('.'));
                SoundChain[] next = [.. named.SelectMany(chain => SoundChain.Of(chain, out _))];
                var breaks = same.Any(one => Breaks(one.Mx, one.Endpoint, new(leaf.PublicKey, one.Endpoint.Observation.Chain), next, port.Key) ?? (one.Endpoint.Verdict is { IsMatch: true } && !named.Any(pinned)));
                findings.Add(AuditCodes.TlsNotReloaded, breaks ? Severity.Error : Severity.Warning, string.Create(CultureInfo.InvariantCulture, $"{named[0].Use.Subject}, port {port.Key}"), named[0].Use.Place,
                    $"{string.Join(" and ", same.Select(one => one.Endpoint.Observation.Target.Address).Distinct())}: the server shows another key than the one in {named[0].Use.Files[0]}: it was not reloaded since, or something else answers there.{(breaks ? " The TLSA records match the one that is shown and not the one on disk that comes in its place: at the next reload or start mail from senders that know DANE stops." : "")}",
                    breaks ? "Do not reload or restart it. Publish the record of the key on disk beside those that are there: danelaw tlsa create. Wait for twice the TTL, then reload." : "See that the TLSA records match the key on disk, then reload the server.");
            }
        }
    }

    /// <summary>The chains that a client sees which asks for a name: those that are for it, or else for the nearest parent that begins with a dot or an asterisk; where none is, the default's, or all.</summary>
    private static ImmutableArray<ChainFacts> For(ImmutableArray<ChainFacts> chains, string name)
    {
        var fitting = chains.Where(chain => Covers(chain.Use.Name, name)).ToArray();
        var length = fitting.Select(chain => chain.Use.Name.Length).DefaultIfEmpty().Max();
        if (fitting.Length > 0) return [.. fitting.Where(chain => chain.Use.Name.Length == length)];
        ImmutableArray<ChainFacts> others = [.. chains.Where(chain => chain.Use.Name.Length == 0)];
        return others.IsEmpty ? chains : others;
    }

    private static bool Covers(string key, string name) => key switch
    {
        "" => false,
        ['.', ..] => name.EndsWith(key, StringComparison.OrdinalIgnoreCase),
        _ => WantedChains.Covers(key, name),
    };

    /// <summary>Whether a server that these files are read by takes connections there, as far as that is known: at an address that none is bound to another instance answers, with files of its own.</summary>
    private static bool Listens(HostFacts host, IPEndPoint at)
    {
        if (host.Chains.Any(chain => chain.Use.Program != ServerProgram.Postfix && chain.Use.Ports.Contains(at.Port))) return true;
        var listeners = host.Postfix.SelectMany(postfix => Listener.Of(postfix.Instance).Where(listener => listener.Port == at.Port).Select(listener => (postfix.Instance, listener.Address))).ToArray();
        return listeners.Length == 0 || listeners.Any(one => IsBound(one.Address.Length > 0 ? [one.Address] : Words.OfList(one.Instance.Get("inet_interfaces").Value), at.Address));
    }

    /// <summary>Whether words of <c>inet_interfaces</c> stand for an address; what is no address may.</summary>
    private static bool IsBound(ImmutableArray<string> words, IPAddress address) => words.Length == 0 || words.Any(word => word switch
    {
        "loopback-only" or "localhost" => IPAddress.IsLoopback(address),
        _ => !IPAddress.TryParse(word.Trim('[', ']'), out var bound) || bound.Equals(address) || bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any),
    });

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
