using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Discovery;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Servers;

namespace Danelaw.Cli.Options;

/// <summary>How to ask the DNS and how to judge what it says.</summary>
internal sealed record DnsSettings
{
    /// <summary>The options that say whom to ask and how to judge, as they were typed, word by word.</summary>
    public ImmutableArray<string> AskedWith { get; init; } = [];

    /// <summary>The recursive resolvers; none when iterating.</summary>
    public required ImmutableArray<DnsServer> Servers { get; init; }

    /// <summary>How to ask from the root down; null when recursive resolvers are asked.</summary>
    public IterationOptions? Iteration { get; init; }

    /// <summary>Who may vouch for a TLS or HTTPS resolver; empty for the machine's store.</summary>
    public ImmutableArray<Octets> ResolverAuthorities { get; init; } = [];

    /// <summary>Whose certificates PKIX usages trust; null for the machine's store.</summary>
    public string? CaFile { get; init; }

    public required TrustAnchors Anchors { get; init; }

    /// <summary>The files that the anchors came from; null for the built-in ones.</summary>
    public string? AnchorSource { get; init; }

    /// <summary>The file in which the anchors' own rollovers are followed; null for none.</summary>
    public string? AnchorState { get; init; }

    public ImmutableArray<DomainName> NegativeAnchors { get; init; } = [];

    /// <summary>The time that is judged at.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Whether that time is one to try out (<c>--now</c>), and not the machine's.</summary>
    public bool IsClockSet { get; init; }

    public TimeSpan ClockSkew { get; init; }

    public bool AcceptSha1 { get; init; } = true;

    public int Nsec3Limit { get; init; } = 150;

    public ImmutableArray<ConnectToRule> ConnectTo { get; init; } = [];

    public AddressFamilies Families { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    public int Tries { get; init; } = 3;

    /// <summary>Targets in flight.</summary>
    public int Concurrency { get; init; } = 64;

    public long CacheBytes { get; init; } = 64 << 20;

    /// <summary>Whoever allows one exchange longer than by default allows the whole longer in proportion.</summary>
    public double Patience => Math.Max(1, Timeout * Tries / (new DnsTransportOptions().Timeout * new DnsTransportOptions().Tries));

    /// <summary>For the resolver.</summary>
    public ResolverOptions ToResolverOptions() => new()
    {
        Upstreams = Servers,
        Iteration = Iteration,
        Anchors = Anchors,
        NegativeAnchors = NegativeAnchors,
        ClockSkew = ClockSkew,
        AcceptSha1 = AcceptSha1,
        Nsec3IterationLimit = Nsec3Limit,
        Limits = Limits.Default with { Time = Limits.Default.Time * Patience },
        CacheBytes = CacheBytes,
    };

    /// <summary>For checks.</summary>
    public CheckOptions ToCheckOptions() => new()
    {
        Families = Families,
        ConnectTo = ConnectTo,
        AskedWith = AskedWith,
        IsIterating = Iteration is not null,
        TimeLimit = new CheckOptions().TimeLimit * Patience,
    };

    /// <summary>Makes what asks whom zones are delegated to.</summary>
    public DelegationSearch OpenDelegations(ILookup lookup, IDnsTransport transport) => new(lookup, transport, TimeProvider.System) { Families = Families, ConnectTo = ConnectTo };

    /// <summary>Makes what carries questions to single name servers: who asks each by itself asks it as often as he may.</summary>
    public DnsTransport OpenServerTransport(TimeProvider time) => new(new() { Timeout = Timeout, Tries = Tries }, time);

    /// <summary>Makes what carries the queries.</summary>
    public DnsTransport OpenTransport(TimeProvider time)
    {
        // Who iterates tries another server before the same one again, and counts for himself.
        var plain = new DnsTransportOptions { Timeout = Timeout, Tries = Iteration is null ? Tries : 1, Authorities = ResolverAuthorities };
        if (!Servers.Any(server => server.NeedsAddress)) return new(plain, time);

        // The name of a TLS or HTTPS resolver is looked up before there is a resolver; its certificate is what proves it.
        var bootstrap = new DnsTransport(plain, time);
        return new(plain with { LookupHost = new HostLookup(bootstrap, ResolverConfiguration.ReadSystem().Servers, HostsFile.ReadSystem()).LookupAsync }, time);
    }
}
