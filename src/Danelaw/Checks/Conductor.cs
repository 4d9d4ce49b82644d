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
    // Zones are the domain's to name, be there as many as it likes.
    private const int MostUntrusted = 4;

    private readonly CheckBudget _budget;
    private readonly EndpointTour _tour;
    private readonly OwnerTour _owners;
    private readonly CheckOptions _options;
    private readonly IProgress<CheckProgress>? _progress;
    private readonly CancellationToken _caller;
    private int _done;

    internal Conductor(CheckBudget budget, CheckOptions options, IProgress<CheckProgress>? progress, CancellationToken caller)
    {
        _budget = budget;
        _tour = new(budget, options.KeyAlgorithms, caller);
        _owners = new(budget);
        _options = options;
        _progress = progress;
        _caller = caller;
    }

    /// <summary>Asks the name servers of what was found; null leaves them alone.</summary>
    internal Func<CheckEvidence, Task<ServerTour>>? AskServers { get; init; }

    internal async Task<CheckEvidence> GatherAsync(CheckTarget target)
    {
        var evidence = new CheckEvidence { Target = target };
        if (target.Address is not null) return evidence;
        ImmutableArray<HostLead> leads = [new(new(target.Name, null, null), target.Port, target.Protocol)];
        if (target.IsMailDomain)
        {
            Tell(CheckStage.FindingHosts, target.Name, 0, 1);
            var route = await new MailDiscovery(_budget).FindRouteAsync(target.Name, _caller).ConfigureAwait(false);
            evidence = evidence with { Route = route };
            leads = route.Kind == MailRouteKind.NullMx ? [] : [.. route.Hosts.Select(host => new HostLead(host, target.Port, target.Protocol) { Route = route })];
        }

        if (target.SrvOwner is { } owner)
        {
            Tell(CheckStage.FindingHosts, target.Name, 0, 1);
            var route = await new ServiceDiscovery(_budget).FindRouteAsync(owner, target.Name, _caller).ConfigureAwait(false);
            evidence = evidence with { Services = [new(target.Protocol, route)] };
            leads = Follow(route, target);
        }

        evidence = evidence with { HostsLeftOut = Math.Max(0, leads.Length - _options.MaximumHosts) };
        if (evidence.HostsLeftOut > 0) leads = leads[.._options.MaximumHosts];
        if (_options.AllServices && target.IsMailDomain)
        {
            var (services, more) = await new ServiceWalk(_budget, _options, _caller).FindAsync(target.Name, [.. leads.Select(lead => lead.Host)]).ConfigureAwait(false);
            evidence = evidence with { Services = services };
            leads = [.. leads, .. more];
        }

        _done = 0;
        Tell(CheckStage.LookingUp, target.Name, 0, leads.Length);
        var found = await Task.WhenAll(leads.Select(lead => FindAsync(lead, leads.Length))).ConfigureAwait(false);

        // Beside the probes, which take longer.
        var places = Places(leads, found, out var passedOver);
        var servers = AskServers?.Invoke(evidence with { Hosts = [.. places.Where(place => !place.Lead.IsGuess).Select(place => new HostFacts(place.Lead, place.Host))] });
        var keys = AskKeysAsync(evidence with { Hosts = [.. places.Select(place => new HostFacts(place.Lead, place.Host))] });
        _done = 0;
        var total = places.Sum(place => Math.Min(place.Host.Addresses.Length, _options.MaximumAddresses));
        Tell(CheckStage.Probing, target.Name, 0, total);
        var isMail = evidence.Route is { Kind: MailRouteKind.MxRecords, IsSecure: true };
        var strays = _options.SeeksMisplaced && isMail && leads.All(lead => lead.Host.Name != target.Name) ? _owners.LookAsync(target.Name) : NoStrays;
        var looks = Task.WhenAll(Look(places, target, total));
        await Task.WhenAll(looks, strays, keys, servers ?? Task.CompletedTask).ConfigureAwait(false);
        var facts = await looks.ConfigureAwait(false);
        Tell(CheckStage.Done, target.Name, total, total);
        return evidence with
        {
            Hosts = [.. facts.Where(host => host.IsOffered)],
            NotOffered = [.. facts.Where(host => !host.IsOffered), .. passedOver],
            Strays = await strays.ConfigureAwait(false),
            UntrustedKeys = await keys.ConfigureAwait(false),
            Servers = servers is null ? null : await servers.ConfigureAwait(false),
        };
    }

    /// <summary>A zone without DS records may be signed already, and then wants another mend than one that is not.</summary>
    private async Task<ImmutableArray<Answer>> AskKeysAsync(CheckEvidence evidence)
    {
        var zones = evidence.Lookups.Where(answer => answer.Reason == LookupReason.InsecureDelegation).Select(answer => answer.InsecureZone).OfType<DomainName>().Distinct().Take(MostUntrusted);
        return [.. await Task.WhenAll(zones.Select(zone => _budget.LookupAsync(zone, RecordType.DNSKEY, _caller).AsTask())).ConfigureAwait(false)];
    }

    /// <summary>Looks at each place. A port that was found closed under one name is closed under the next, so a guess waits for the first name that leads there.</summary>
    private List<Task<HostFacts>> Look(ImmutableArray<(HostLead Lead, HostEvidence Host)> places, CheckTarget target, int total)
    {
        var looks = new List<Task<HostFacts>>();
        var first = new Dictionary<string, Task<HostFacts>>(StringComparer.Ordinal);
        foreach (var (lead, host) in places)
        {
            // Two dozen questions: of a mail domain for the hosts of its mail alone.
            var seeks = _options.SeeksMisplaced && looks.Count < OwnerTour.MaximumHosts && (lead.Route is not null || !_options.AllServices);
            var ends = string.Join(' ', host.Addresses.Select(address => ConnectTo(host, address)).Prepend<object>(lead.Protocol));
            var look = lead.IsGuess && first.TryGetValue(ends, out var earlier) ? LookAgainAsync(earlier, lead, host, target, total) : LookAtAsync(lead, host, target, total, seeks);
            first.TryAdd(ends, look);
            looks.Add(look);
        }

        return looks;
    }

    private async Task<HostFacts> LookAgainAsync(Task<HostFacts> earlier, HostLead lead, HostEvidence host, CheckTarget target, int total)
    {
        var known = await earlier.ConfigureAwait(false);
        if (known.IsAnswered || known.Observations.IsEmpty || host.TlsaState == TlsaState.Failed) return await LookAtAsync(lead, host, target, total, seeksMisplaced: false).ConfigureAwait(false);
        var facts = new HostFacts(lead, host) { Observations = known.Observations };
        return facts with { AnyPortTlsa = await LookUpAnyPortAsync(facts).ConfigureAwait(false) };
    }

    private IPEndPoint ConnectTo(HostEvidence host, IPAddress address) => ConnectToRule.Apply(_options.ConnectTo, host.Host.Name, new IPEndPoint(address, host.Port));

    /// <summary>What is worth connecting to: no guess without an address, and of several names for one place, by which the same is sent and judged, the first.</summary>
    private static ImmutableArray<(HostLead Lead, HostEvidence Host)> Places(ImmutableArray<HostLead> leads, HostEvidence[] found, out ImmutableArray<HostFacts> passedOver)
    {
        var places = ImmutableArray.CreateBuilder<(HostLead Lead, HostEvidence Host)>();
        var others = ImmutableArray.CreateBuilder<HostFacts>();
        foreach (var (lead, host) in leads.Zip(found))
        {
            if (!lead.IsGuess || host.AddressState == AddressState.Failed || (!host.Addresses.IsEmpty && !places.Any(place => IsSame(place, lead, host)))) places.Add((lead, host));
            else others.Add(new(lead, host));
        }

        passedOver = others.ToImmutable();
        return places.ToImmutable();
    }

    private static bool IsSame((HostLead Lead, HostEvidence Host) place, HostLead lead, HostEvidence host) =>
        place.Lead.Protocol == lead.Protocol && place.Lead.Port == lead.Port && place.Host.TlsaBase == host.TlsaBase && place.Host.Addresses.SequenceEqual(host.Addresses)
        && (place.Host.TlsaState == host.TlsaState || (!place.Lead.IsSecure && !new HostFacts(lead, host).IsPromised));

    /// <summary>Where SRV records lead. R72: nowhere when they could not be had; RFC 6120 §3.2.2: without any to the domain itself, in the protocols in which clients do so.</summary>
    private static ImmutableArray<HostLead> Follow(ServiceRoute route, CheckTarget target) => route.Kind switch
    {
        ServiceRouteKind.Failed or ServiceRouteKind.NotOffered => [],
        ServiceRouteKind.None => ServiceTable.Of(target.Protocol).AsksSrvFirst ? [new(new(target.Name, null, null), target.Port, target.Protocol) { Srv = route }] : [],
        ServiceRouteKind.Records => [.. route.Hosts.Select(host => HostLead.Of(route, host, target.Protocol))],
    };

    private async Task<HostEvidence> FindAsync(HostLead lead, int total)
    {
        var discovery = new HostDiscovery(_budget, _options.Families);
        var found = lead.IsSecure
            ? await discovery.FindHostAsync(lead.Host, lead.Port, _caller).ConfigureAwait(false)
            : await discovery.FindAddressesAsync(lead.Host, lead.Port, _caller).ConfigureAwait(false);
        Tell(CheckStage.LookingUp, lead.Host.Name, Interlocked.Increment(ref _done), total);
        return found;
    }

    private static Task<ImmutableArray<Stray>> NoStrays => Task.FromResult(ImmutableArray<Stray>.Empty);

    private async Task<HostFacts> LookAtAsync(HostLead lead, HostEvidence host, CheckTarget target, int total, bool seeksMisplaced)
    {
        var facts = new HostFacts(lead, host) { AddressesLeftOut = Math.Max(0, host.Addresses.Length - _options.MaximumAddresses) };

        // R20: an address in an MX record is no host of anybody's. R09, R73: where a lookup failed, nobody connects.
        if (host.Host.Literal is not null || host.TlsaState == TlsaState.Failed || host.AddressState == AddressState.Failed) return facts;
        var unused = LookUpUnusedAsync(lead, host);
        var strays = seeksMisplaced && lead.IsSecure ? _owners.LookAsync(host, ServiceTable.Of(lead.Protocol).Schemes[0]) : NoStrays;
        var seen = await Task.WhenAll(host.Addresses.Take(_options.MaximumAddresses).Select(address => LookAtAsync(lead, host, target, address, total))).ConfigureAwait(false);
        facts = facts with { Observations = [.. seen.SelectMany(one => one)], UnusedTlsa = await unused.ConfigureAwait(false), Strays = await strays.ConfigureAwait(false) };
        return facts with { AnyPortTlsa = await LookUpAnyPortAsync(facts).ConfigureAwait(false) };
    }

    /// <summary>Records at a name that is no port's come from <c>*._tcp</c>, which stands for every port, open or not.</summary>
    private async Task<Answer?> LookUpAnyPortAsync(HostFacts facts)
    {
        if (!facts.Lead.IsGuess || facts.Dns.TlsaState != TlsaState.Secure || facts.IsAnswered) return null;
        return facts.Dns.TlsaBase.TryPrepend("_tcp"u8, out var transport) && transport.TryPrepend("_danelaw"u8, out var owner)
            ? await _budget.LookupAsync(owner, RecordType.TLSA, _caller).ConfigureAwait(false)
            : null;
    }

    /// <summary>
    /// TLSA records in an unsigned zone, or below insecure SRV records, protect nobody, and somebody took the trouble to publish them: worth a word.
    /// Whatever comes of the question decides nothing, so R14's reason for not asking (a failure would stop mail) does not hold here.
    /// </summary>
    private async Task<Answer?> LookUpUnusedAsync(HostLead lead, HostEvidence host)
    {
        if ((host.AddressState != AddressState.Insecure && lead.IsSecure) || !TlsaOwner.TryFor(host.Port, host.Host.Name, out var owner)) return null;
        var answer = await _budget.LookupAsync(owner, RecordType.TLSA, _caller).ConfigureAwait(false);
        return answer.HasFailed ? null : answer;
    }

    private async Task<ImmutableArray<Observation>> LookAtAsync(HostLead lead, HostEvidence host, CheckTarget target, IPAddress address, int total)
    {
        var endPoint = new IPEndPoint(address, host.Port);
        var connectTo = ConnectTo(host, address);
        var serviceName = ServiceTable.Of(lead.Protocol).NamesDomain ? target.Name : (DomainName?)null;

        // R50: a raw public key is asked for where a record could match it.
        var asksRawKey = _options.RawPublicKey && RawKeys.MayBeAskedFor(host, lead.Kind);
        var seen = await _tour.LookAsync(new(endPoint, connectTo, lead.Protocol, lead.ServerName(host)) { ServiceName = serviceName }, asksRawKey).ConfigureAwait(false);
        Tell(CheckStage.Probing, host.Host.Name, Interlocked.Increment(ref _done), total);
        return seen;
    }

    private void Tell(CheckStage stage, DomainName subject, int done, int total) => _progress?.Report(new(stage, Say.Name(subject), done, total));
}
