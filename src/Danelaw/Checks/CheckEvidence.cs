using System.Collections.Immutable;
using Danelaw.Discovery;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Resolution;
using Danelaw.Probes;

namespace Danelaw.Checks;

/// <summary>All that was gathered about one target: what a report is made of, and nothing else is.</summary>
internal sealed record CheckEvidence
{
    internal required CheckTarget Target { get; init; }

    /// <summary>Where mail goes; null for a single service.</summary>
    internal MailRoute? Route { get; init; }

    /// <summary>The services that were looked for.</summary>
    internal ImmutableArray<ServiceFacts> Services { get; init; } = [];

    /// <summary>Where the SRV records of the target itself lead; null where it asks for none.</summary>
    internal ServiceRoute? Srv => Target.SrvOwner is null ? null : Services[0].Srv;

    /// <summary>The hosts in the order of the route.</summary>
    internal ImmutableArray<HostFacts> Hosts { get; init; } = [];

    /// <summary>TLSA records at the mail domain itself, where nobody asks for them.</summary>
    internal ImmutableArray<Stray> Strays { get; init; } = [];

    /// <summary>Hosts that nobody named, and at which the service turned out not to be, or which another name had led to before.</summary>
    internal ImmutableArray<HostFacts> NotOffered { get; init; } = [];

    /// <summary>How many hosts were left out because there are too many.</summary>
    internal int HostsLeftOut { get; init; }

    /// <summary>Whether a port of a host was looked at.</summary>
    internal bool LooksAt(DomainName tlsaBase, int port) => Hosts.Concat(NotOffered).Any(host => host.Lead.Port == port && host.Dns.TlsaBase == tlsaBase);

    /// <summary>Of the reports on <see cref="Hosts"/> those on the hosts to which mail goes.</summary>
    internal ImmutableArray<HostReport> OfMail(ImmutableArray<HostReport> reports) => [.. Hosts.Zip(reports).Where(pair => pair.First.Lead.Route is not null).Select(pair => pair.Second)];

    /// <summary>Who connects to the target.</summary>
    internal Audience Audience => Audience.Of(Target.Protocol);

    /// <summary>The DNSKEY lookups at zones that the zone above has no DS records for: whether such a zone is signed already. They decide nothing, and one that failed tells nothing.</summary>
    internal ImmutableArray<Answer> UntrustedKeys { get; init; } = [];

    /// <summary>What the name servers said; null when they were not to be asked.</summary>
    internal ServerTour? Servers { get; init; }

    /// <summary>Every lookup in the order of the walk; what was asked for two ports of one host is told once, and of those that only looked for misplaced records the ones that found some.</summary>
    internal IEnumerable<Answer> Lookups =>
        Services.Select(service => service.Srv?.SrvAnswer).Prepend(Route?.MxAnswer).OfType<Answer>().Concat(Hosts.Concat(NotOffered).SelectMany(host => host.Lookups)).Concat(Strays.Select(stray => stray.Answer)).DistinctBy(answer => answer.Question);
}

/// <summary>A service that was looked for.</summary>
/// <param name="Protocol">What is spoken there.</param>
/// <param name="Srv">Where its SRV records lead; null where none were asked for.</param>
internal sealed record ServiceFacts(ServiceProtocol Protocol, ServiceRoute? Srv)
{
    /// <summary>How many targets of the SRV records were left out because there are too many.</summary>
    internal int HostsLeftOut { get; init; }
}

/// <summary>All that was gathered about one host.</summary>
/// <param name="Lead">Who named it, and what for.</param>
/// <param name="Dns">What the DNS says.</param>
internal sealed record HostFacts(HostLead Lead, HostEvidence Dns)
{
    /// <summary>What was seen, by address and kind of key.</summary>
    internal ImmutableArray<Observation> Observations { get; init; } = [];

    /// <summary>TLSA at a host whose addresses, or SRV records, are insecure: asked so that its owner can be told, never to decide anything (R14, R72).</summary>
    internal Answer? UnusedTlsa { get; init; }

    /// <summary>TLSA records beside those of the host, where nobody asks for them.</summary>
    internal ImmutableArray<Stray> Strays { get; init; } = [];

    /// <summary>TLSA at no port's name, below a guess where nobody answered: records there stand for every port, and say nothing of this service.</summary>
    internal Answer? AnyPortTlsa { get; init; }

    /// <summary>How many addresses were left out because there are too many.</summary>
    internal int AddressesLeftOut { get; init; }

    internal IEnumerable<Answer> Lookups => Dns.Lookups.Concat(new[] { UnusedTlsa, AnyPortTlsa }.OfType<Answer>()).Concat(Strays.Select(stray => stray.Answer));

    /// <summary>Whether DANE is promised there, or what promises it could not be looked up: only then can it be kept or broken.</summary>
    internal bool IsPromised => Lead.IsSecure && (Dns.TlsaState is TlsaState.Secure or TlsaState.Failed || Dns.AddressState == AddressState.Failed);

    /// <summary>Whether anybody took a connection.</summary>
    internal bool IsAnswered => Observations.Any(seen => seen.Outcome is not (ProbeOutcome.None or ProbeOutcome.Refused or ProbeOutcome.TimedOut) || seen is { Outcome: ProbeOutcome.TimedOut, Detail: not TlsProber.NotConnected });

    /// <summary>Whether there are secure records for this very port, and the host says that nobody listens there.</summary>
    internal bool HasUnusedRecords => HasOwnRecords && Observations.Any(seen => seen.Outcome == ProbeOutcome.Refused && !LocalCauses.IsLocal(seen));

    /// <summary>Whether the service is offered, as far as could be seen: somebody named the host, or answers there, or there are records for the port and nobody says that it is closed.</summary>
    internal bool IsOffered => !Lead.IsGuess || IsAnswered || (Observations.IsEmpty ? IsPromised : HasOwnRecords && !HasUnusedRecords);

    private bool HasOwnRecords => Dns.TlsaState == TlsaState.Secure && !IsAnswered && AnyPortTlsa is not { HasSecureRecords: true };
}
