using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Resolution;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Resolving;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Probes;

namespace Danelaw.Operator.Setup;

/// <summary>Who writes /etc/resolv.conf on a host.</summary>
public enum ResolverKeeper
{
    /// <summary>It cannot be told; then nothing is altered there.</summary>
    Unknown = 0,

    /// <summary>A person.</summary>
    Person,

    /// <summary>systemd-resolved.</summary>
    SystemdResolved,

    /// <summary>resolvconf, of Debian or openresolv.</summary>
    Resolvconf,

    /// <summary>NetworkManager.</summary>
    NetworkManager,

    /// <summary>A DHCP client.</summary>
    Dhcp,
}

/// <summary>All that a plan is made from: evidence, immutable.</summary>
public sealed record SetupFacts
{
    /// <summary>What was seen of the host's files and programs.</summary>
    public required HostFacts Host { get; init; }

    /// <summary>What the network said.</summary>
    public required NetworkFacts Network { get; init; }

    /// <summary>What doctor makes of both.</summary>
    public required DoctorReport Report { get; init; }

    /// <summary>resolv.conf as it stands; empty where there is none.</summary>
    public string ResolverText { get; init; } = "";

    /// <summary>Who writes it.</summary>
    public ResolverKeeper ResolverKeeper { get; init; }

    /// <summary>The names of other hosts that the servers' configurations lead to: databases, relays, filters.</summary>
    public ImmutableArray<DomainName> UsedNames { get; init; } = [];

    /// <summary>What 127.0.0.1 answers; null where it was not asked.</summary>
    public ResolverProbe? Loopback { get; init; }

    /// <summary>unbound's configuration; null where it is not installed.</summary>
    public UnboundText? Unbound { get; init; }

    /// <summary>The certificate and key that were given; null where none were.</summary>
    public ChainFacts? Given { get; init; }

    /// <summary>The certificates of ACME clients with their keys.</summary>
    public ImmutableArray<ChainFacts> Kept { get; init; } = [];

    /// <summary>The folders of Danelaw's and the chain files in them, as they are found: their owners and modes, without content.</summary>
    public ImmutableArray<HostFile> ChainPlaces { get; init; } = [];

    /// <summary>The number of the user whom they have to belong to: root, or of files that are looked at from elsewhere whoever has their topmost folder.</summary>
    public uint Keeper { get; init; }

    /// <summary>What the DNS has at the owners of the records that are wanted, and the addresses of their hosts.</summary>
    public ImmutableArray<Answer> Asked { get; init; } = [];

    /// <summary>What each authoritative server says at those owners, asked directly: caches may say otherwise for a while.</summary>
    public ImmutableArray<AuthoritativeView> Served { get; init; } = [];

    /// <summary>What this host's servers show at its own addresses, to clients of each kind of key; null where nobody was to look: of files that are another host's.</summary>
    public ImmutableArray<Observation>? Shown { get; init; }

    /// <summary>The zone of each of those owners, as far as it is known.</summary>
    public ImmutableDictionary<DomainName, DomainName> Zones { get; init; } = ImmutableDictionary<DomainName, DomainName>.Empty;

    /// <summary>What is there of what carries keys over renewals.</summary>
    public RenewalFacts Renewal { get; init; } = new();
}
