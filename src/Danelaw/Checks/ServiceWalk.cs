using System.Collections.Immutable;
using System.Text;
using Danelaw.Discovery;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Resolution;
using Danelaw.Probes;

namespace Danelaw.Checks;

/// <summary>Where the services of a mail domain besides port 25 are: SRV records say so, an option does, or they are where mail software looks when nobody says anything.</summary>
/// <param name="lookup">Answers questions to the DNS.</param>
/// <param name="options">How the check is made.</param>
/// <param name="caller">The caller's token.</param>
internal sealed class ServiceWalk(ILookup lookup, CheckOptions options, CancellationToken caller)
{
    /// <summary>The services, and the labels before the domain under which they are looked for besides at the MX hosts.</summary>
    private static readonly ImmutableArray<(ServiceProtocol Protocol, ImmutableArray<string> Labels)> All =
    [
        (ServiceProtocol.SubmissionTls, ["mail", "smtp"]),
        (ServiceProtocol.Submission, ["mail", "smtp"]),
        (ServiceProtocol.Imap, ["mail", "imap"]),
        (ServiceProtocol.ImapTls, ["mail", "imap"]),
        (ServiceProtocol.Pop3, ["mail", "pop", "pop3"]),
        (ServiceProtocol.Pop3Tls, ["mail", "pop", "pop3"]),
        (ServiceProtocol.Sieve, ["mail", "imap"]),

        // Where the policy of MTA-STS is (RFC 8461 §3.3).
        (ServiceProtocol.Https, ["mta-sts"]),
    ];

    /// <summary>Finds them.</summary>
    /// <param name="domain">The mail domain.</param>
    /// <param name="mailHosts">Its mail hosts.</param>
    /// <returns>The services, and the hosts in the order of the services: those that SRV records name, those of the option, those that are guessed. Each host and port stands once for each way in which it counts.</returns>
    internal async Task<(ImmutableArray<ServiceFacts> Services, ImmutableArray<HostLead> Leads)> FindAsync(DomainName domain, ImmutableArray<MailHost> mailHosts)
    {
        var services = await Task.WhenAll(All.Select(service => FindAsync(service.Protocol, domain))).ConfigureAwait(false);
        var others = options.Also.Select(target => target.Protocol).Except(All.Select(service => service.Protocol)).Select(protocol => new ServiceFacts(protocol, null));
        ImmutableArray<ServiceFacts> facts = [.. services, .. others];
        HostLead[] leads = [.. facts.SelectMany(service => Named(service).Concat(Guessed(service.Protocol, domain, mailHosts)))];
        var named = leads.Where(lead => lead is { IsGuess: false, IsSecure: true }).Select(PlaceOf).ToHashSet();
        return (facts, [.. leads.Where(lead => !lead.IsGuess || !named.Contains(PlaceOf(lead))).DistinctBy(lead => (PlaceOf(lead), WayOf(lead)))]);
    }

    private static (ServiceProtocol Protocol, ushort Port, DomainName Name) PlaceOf(HostLead lead) => (lead.Protocol, lead.Port, lead.Host.Name);

    /// <summary>How a host was found decides whether DANE applies there (R72) and which names count (R74), so one way hides no other: whoever can forge insecure SRV records would switch off what a guess finds.</summary>
    private static (bool HasTarget, bool IsSecure) WayOf(HostLead lead) => (lead.Target is not null, lead.IsSecure);

    private async Task<ServiceFacts> FindAsync(ServiceProtocol protocol, DomainName domain)
    {
        if (ServiceTable.Of(protocol).Srv is not { } name || !ServiceDiscovery.TryOwner(name, domain, out var owner)) return new(protocol, null);
        var route = await new ServiceDiscovery(lookup).FindRouteAsync(owner, domain, caller).ConfigureAwait(false);
        return new(protocol, route) { HostsLeftOut = Math.Max(0, route.Hosts.Length - options.MaximumHosts) };
    }

    private IEnumerable<HostLead> Named(ServiceFacts service)
    {
        var targets = (service.Srv?.Hosts ?? []).Take(options.MaximumHosts).Select(host => HostLead.Of(service.Srv!, host, service.Protocol));
        return targets.Concat(options.Also.Where(target => target.Protocol == service.Protocol).Select(target => new HostLead(new(target.Name, null, null), target.Port, target.Protocol)));
    }

    private static IEnumerable<HostLead> Guessed(ServiceProtocol protocol, DomainName domain, ImmutableArray<MailHost> mailHosts)
    {
        var port = ServiceTable.Of(protocol).Port;
        var names = mailHosts.Where(host => host.Literal is null && !host.Name.IsRoot).Select(host => host.Name).ToList();
        foreach (var service in All.Where(service => service.Protocol == protocol))
            foreach (var label in service.Labels)
                if (domain.TryPrepend(Encoding.ASCII.GetBytes(label), out var name)) names.Add(name);
        return names.Select(name => new HostLead(new(name, null, null), port, protocol) { IsGuess = true });
    }
}
