using System.Collections.Concurrent;
using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Operator.Audit.Beside;
using Danelaw.Operator.Audit.Resolving;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Audit;

/// <summary>What is asked of the network for an audit.</summary>
/// <param name="lookup">Answers questions to the DNS; null where it may not be asked.</param>
/// <param name="prober">Looks at servers; null where none may be connected to.</param>
/// <param name="transport">Carries the questions to the host's own resolver; null where it may not be asked.</param>
/// <param name="options">How each domain is checked.</param>
/// <param name="clock">The time.</param>
public sealed class NetworkSurvey(ILookup? lookup, IProber? prober, IDnsTransport? transport, CheckOptions options, TimeProvider clock)
{
    /// <summary>The ports of mail programs.</summary>
    internal static readonly ImmutableArray<int> ClientPorts = [465, 587, 143, 993, 110, 995, 4190];

    /// <summary>More MX hosts than a mail host has; each is asked for by itself.</summary>
    private const int MaximumHosts = 64;

    /// <summary>Whether MTA-STS and TLSRPT are looked at. Default false.</summary>
    public bool LooksBeside { get; init; }

    /// <summary>Gets policies of MTA-STS; null, the default, where no server may be connected to.</summary>
    public IPolicyFetcher? Policies { get; init; }

    /// <summary>Asks every authoritative server for TLSA records that the resolver denies, and may only not know yet; null, the default, where that is not asked.</summary>
    public Func<IEnumerable<DomainName>, CancellationToken, Task<ImmutableArray<AuthoritativeView>>>? Servers { get; init; }

    /// <summary>The port of the resolver; for tests.</summary>
    internal int ResolverPort { get; init; } = DnsServer.DnsPort;

    /// <summary>Asks.</summary>
    /// <param name="host">What was seen of the host.</param>
    /// <param name="domains">The domains that it takes mail for.</param>
    /// <param name="bogusName">A name whose signatures are wrong.</param>
    /// <param name="concurrency">How many domains are in flight, 1 or more.</param>
    /// <param name="progress">Is told how many domains are done; may be null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<NetworkFacts> AskAsync(HostFacts host, IReadOnlyCollection<DomainName> domains, DomainName bogusName, int concurrency, IProgress<int>? progress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(domains);
        var resolvers = ImmutableArray.CreateBuilder<ResolverProbe>();
        if (transport is not null && host.Resolver is { } file)
        {
            foreach (var server in file.Servers) resolvers.Add(await ResolverProbe.AskAsync(transport, server, ResolverPort, bogusName, cancellationToken).ConfigureAwait(false));
        }

        if (lookup is null) return new() { Resolvers = resolvers.ToImmutable() };

        // The servers are this host's own, or its neighbours: nobody is spared by going slowly.
        var shared = new PoliteProber(prober ?? NoProber.Instance, clock, new() { ConnectionsPerMinute = 0 });
        var ports = ClientPorts.Where(host.Chains.SelectMany(chain => chain.Use.Ports).Contains).ToImmutableArray();
        var checker = new DaneChecker(lookup, shared, options with { SeeksMisplaced = true, CheckedApart = ports }, clock);
        var done = 0;
        var facts = new ConcurrentBag<DomainFacts>();
        await Parallel.ForEachAsync(domains, new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken }, async (domain, stop) =>
        {
            var report = await checker.CheckAsync(CheckTarget.MailDomain(domain), null, stop).ConfigureAwait(false);
            var beside = LooksBeside && !report.Hosts.IsEmpty ? await BesideFacts.AskAsync(domain, lookup, Policies, stop).ConfigureAwait(false) : null;
            facts.Add(new(domain, report) { Beside = beside });
            progress?.Report(Interlocked.Increment(ref done));
        }).ConfigureAwait(false);
        ImmutableArray<DomainFacts> ordered = [.. facts.OrderBy(fact => fact.Name)];
        return new()
        {
            Domains = ordered,
            Resolvers = resolvers.ToImmutable(),
            Services = await AskServicesAsync(ports, ordered, checker, cancellationToken).ConfigureAwait(false),
            Served = Servers is null ? [] : await Servers(Denied(ordered), cancellationToken).ConfigureAwait(false),
            NextHops = await AskNextHopsAsync(host.NextHops, cancellationToken).ConfigureAwait(false),
            IsProbed = prober is not null,
        };
    }

    /// <summary>Others' hosts are looked up, and not connected to.</summary>
    private async Task<ImmutableArray<NextHop>> AskNextHopsAsync(ImmutableArray<string> hops, CancellationToken cancellationToken)
    {
        var checker = new DaneChecker(lookup!, NoProber.Instance, options, clock);
        var found = ImmutableArray.CreateBuilder<NextHop>();
        foreach (var hop in hops.Take(MaximumHosts)) found.Add(await NextHop.AskAsync(hop, checker, cancellationToken).ConfigureAwait(false));
        return found.ToImmutable();
    }

    /// <summary>The owners of TLSA records that are securely denied.</summary>
    private static IEnumerable<DomainName> Denied(ImmutableArray<DomainFacts> domains) =>
        domains.SelectMany(domain => domain.Report.Hosts).Select(mx => mx.TlsaAnswer).Where(answer => answer is { Security: Dnssec.Validation.Security.Secure, Records: null }).Select(answer => answer!.Question.Name).Distinct().Order().Take(MaximumHosts);

    /// <summary>Records for mail programs' ports are rare and seldom looked at, and wrong ones are worse than none: they are checked where they exist.</summary>
    private async Task<ImmutableArray<CheckReport>> AskServicesAsync(ImmutableArray<int> ports, ImmutableArray<DomainFacts> domains, DaneChecker checker, CancellationToken cancellationToken)
    {
        var reports = ImmutableArray.CreateBuilder<CheckReport>();
        foreach (var name in domains.SelectMany(domain => domain.Report.Hosts).Select(mx => mx.Name).Distinct().Order().Take(MaximumHosts))
        {
            foreach (var port in ports)
            {
                if (ServiceProtocols.AtPort(port) is not { } protocol || !TlsaOwner.TryFor(port, name, out var owner)) continue;
                var answer = await lookup!.LookupAsync(owner, RecordType.TLSA, cancellationToken).ConfigureAwait(false);
                if (answer is { Security: Dnssec.Validation.Security.Secure, Records: not null }) reports.Add(await checker.CheckAsync(CheckTarget.Service(name, (ushort)port, protocol), null, cancellationToken).ConfigureAwait(false));
            }
        }

        return reports.ToImmutable();
    }

    /// <summary>For files that are examined from elsewhere: no server is connected to, and none has been seen.</summary>
    private sealed class NoProber : IProber
    {
        internal static NoProber Instance { get; } = new();

        public ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default) => ValueTask.FromResult(new Observation { Target = target, Detail = "no server was connected to" });
    }
}
