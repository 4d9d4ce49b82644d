using System.Collections.Immutable;
using System.Net;
using Danelaw.Discovery;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Checks;

/// <summary>
/// Gathers the evidence for one target: the asking half of a check. It walks from the target over its hosts to their addresses, each of which is a tour
/// of its own; it judges nothing but what decides whom to ask next.
/// </summary>
internal sealed class Conductor
{
    private readonly CheckBudget _budget;
    private readonly EndpointTour _tour;
    private readonly CheckOptions _options;
    private readonly IProgress<CheckProgress>? _progress;
    private readonly CancellationToken _caller;
    private int _done;

    internal Conductor(CheckBudget budget, RunGates gates, CheckOptions options, IProgress<CheckProgress>? progress, CancellationToken caller)
    {
        _budget = budget;
        _tour = new(budget, options.KeyAlgorithms, gates, caller);
        _options = options;
        _progress = progress;
        _caller = caller;
    }

    internal async Task<CheckEvidence> GatherAsync(CheckTarget target)
    {
        var evidence = new CheckEvidence { Target = target };
        if (target.Address is not null) return evidence;
        ImmutableArray<MailHost> hosts = [new(target.Name, null, null)];
        if (target.IsMailDomain)
        {
            Tell(CheckStage.FindingHosts, target.Name, 0, 1);
            var route = await new MailDiscovery(_budget).FindRouteAsync(target.Name, _caller).ConfigureAwait(false);
            hosts = route.Kind == MailRouteKind.NullMx ? [] : route.Hosts;
            evidence = evidence with { Route = route, HostsLeftOut = Math.Max(0, hosts.Length - _options.MaximumHosts) };
            if (evidence.HostsLeftOut > 0) hosts = hosts[.._options.MaximumHosts];
        }

        _done = 0;
        Tell(CheckStage.LookingUp, target.Name, 0, hosts.Length);
        var found = await Task.WhenAll(hosts.Select(host => FindAsync(host, target.Port, hosts.Length))).ConfigureAwait(false);

        _done = 0;
        var total = found.Sum(host => Math.Min(host.Addresses.Length, _options.MaximumAddresses));
        Tell(CheckStage.Probing, target.Name, 0, total);
        var facts = await Task.WhenAll(found.Select(host => LookAtAsync(host, evidence, total))).ConfigureAwait(false);
        Tell(CheckStage.Done, target.Name, total, total);
        return evidence with { Hosts = [.. facts] };
    }

    private async Task<HostEvidence> FindAsync(MailHost host, ushort port, int total)
    {
        var found = await new HostDiscovery(_budget, _options.Families).FindHostAsync(host, port, _caller).ConfigureAwait(false);
        Tell(CheckStage.LookingUp, host.Name, Interlocked.Increment(ref _done), total);
        return found;
    }

    private async Task<HostFacts> LookAtAsync(HostEvidence host, CheckEvidence evidence, int total)
    {
        var facts = new HostFacts(host) { AddressesLeftOut = Math.Max(0, host.Addresses.Length - _options.MaximumAddresses) };

        // R20: an address in an MX record is no host of anybody's. R09: where the TLSA lookup failed, nobody connects.
        if (host.Host.Literal is not null || host.TlsaState == TlsaState.Failed || host.AddressState == AddressState.Failed) return facts;
        var unused = LookUpUnusedAsync(host);
        var seen = await Task.WhenAll(host.Addresses.Take(_options.MaximumAddresses).Select(address => LookAtAsync(host, evidence, address, total))).ConfigureAwait(false);
        return facts with { Observations = [.. seen.SelectMany(one => one)], UnusedTlsa = await unused.ConfigureAwait(false) };
    }

    /// <summary>
    /// TLSA records in an unsigned zone protect nobody, and somebody took the trouble to publish them: worth a word. Whatever comes of the
    /// question decides nothing, so R14's reason for not asking (a failure would stop mail) does not hold here.
    /// </summary>
    private async Task<Answer?> LookUpUnusedAsync(HostEvidence host)
    {
        if (host.AddressState != AddressState.Insecure || !TlsaOwner.TryFor(host.Port, host.Host.Name, out var owner)) return null;
        var answer = await _budget.LookupAsync(owner, RecordType.TLSA, _caller).ConfigureAwait(false);
        return answer.HasFailed ? null : answer;
    }

    private async Task<ImmutableArray<Observation>> LookAtAsync(HostEvidence host, CheckEvidence evidence, IPAddress address, int total)
    {
        var target = evidence.Target;
        var endPoint = new IPEndPoint(address, host.Port);
        var connectTo = ConnectToRule.Apply(_options.ConnectTo, host.Host.Name, endPoint);
        var serviceName = ServiceTable.Of(target.Protocol).NamesDomain ? target.Name : (DomainName?)null;

        // R51: SNI is the TLSA base domain. R50: a raw public key is asked for where a record could match it.
        var asksRawKey = _options.RawPublicKey && RawKeys.MayBeAskedFor(host, evidence.Service);
        var seen = await _tour.LookAsync(new(endPoint, connectTo, target.Protocol, host.TlsaBase) { ServiceName = serviceName }, asksRawKey).ConfigureAwait(false);
        Tell(CheckStage.Probing, host.Host.Name, Interlocked.Increment(ref _done), total);
        return seen;
    }

    private void Tell(CheckStage stage, DomainName subject, int done, int total) => _progress?.Report(new(stage, Say.Name(subject), done, total));
}
