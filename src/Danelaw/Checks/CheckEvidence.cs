using System.Collections.Immutable;
using Danelaw.Discovery;
using Danelaw.Dnssec.Resolution;
using Danelaw.Probes;
using Danelaw.Verification;

namespace Danelaw.Checks;

/// <summary>All that was gathered about one target: what a report is made of, and nothing else is.</summary>
internal sealed record CheckEvidence
{
    internal required CheckTarget Target { get; init; }

    /// <summary>Where mail goes; null for a single service.</summary>
    internal MailRoute? Route { get; init; }

    /// <summary>The hosts in the order of the route.</summary>
    internal ImmutableArray<HostFacts> Hosts { get; init; } = [];

    /// <summary>How many hosts were left out because there are too many.</summary>
    internal int HostsLeftOut { get; init; }

    /// <summary>R36, RFC 7672 §3.1.3: between mail servers usages 0 and 1 mean nothing; everywhere else all four count.</summary>
    internal ServiceKind Service => Target.Protocol == ServiceProtocol.Smtp || Target.Port == 25 ? ServiceKind.Smtp : ServiceKind.Other;

    /// <summary>Who connects to the target.</summary>
    internal Audience Audience => Audience.Of(Target.Protocol);

    /// <summary>Every lookup in the order of the walk.</summary>
    internal IEnumerable<Answer> Lookups => [.. Route is null ? ImmutableArray<Answer>.Empty : [Route.MxAnswer], .. Hosts.SelectMany(host => host.Lookups)];
}

/// <summary>All that was gathered about one host.</summary>
/// <param name="Dns">What the DNS says.</param>
internal sealed record HostFacts(HostEvidence Dns)
{
    /// <summary>What was seen, by address and kind of key.</summary>
    internal ImmutableArray<Observation> Observations { get; init; } = [];

    /// <summary>TLSA at a host whose addresses are insecure: asked so that its owner can be told, never to decide anything (R14).</summary>
    internal Answer? UnusedTlsa { get; init; }

    /// <summary>How many addresses were left out because there are too many.</summary>
    internal int AddressesLeftOut { get; init; }

    internal IEnumerable<Answer> Lookups => UnusedTlsa is null ? Dns.Lookups : Dns.Lookups.Append(UnusedTlsa);
}
