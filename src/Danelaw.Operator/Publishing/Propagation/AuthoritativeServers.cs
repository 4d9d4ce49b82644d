using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Danelaw.Checks;
using Danelaw.Discovery;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Rollover;
using Danelaw.Servers;

namespace Danelaw.Operator.Publishing.Propagation;

/// <summary>
/// Asks every authoritative server, at each of its addresses, for TLSA RRsets, and validates what each says: those that the zone names, and those that the zone above delegates it to, which
/// resolvers begin with. Aliases are followed from server to server, never by what a cache says of them. Whatever cannot be seen is a view without records, so that whoever waits for all of them waits.
/// </summary>
/// <param name="resolver">Finds zones, servers and addresses, and validates along its chain of trust.</param>
/// <param name="transport">Carries the questions to the servers.</param>
/// <param name="delegations">Finds whom zones are delegated to.</param>
public sealed class AuthoritativeServers(Resolver resolver, IDnsTransport transport, DelegationSearch delegations)
{
    private const int MostAliases = 8;
    private const int Port = 53;

    /// <summary>Which families of addresses are asked. Default: both; IPv6 addresses of a server that has others are left out where this machine has no route to any.</summary>
    public AddressFamilies Families { get; init; }

    /// <summary>Where connections are led instead.</summary>
    public ImmutableArray<ConnectToRule> ConnectTo { get; init; } = [];

    /// <summary>Asks all servers for all owners.</summary>
    /// <param name="owners">The owners.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>For each owner at least one view, in the order of the owners, then of servers.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ImmutableArray<AuthoritativeView>> AskAsync(IEnumerable<DomainName> owners, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(owners);
        var views = await Task.WhenAll(owners.Distinct().Select(owner => AskAsync(owner, cancellationToken))).ConfigureAwait(false);
        return [.. views.SelectMany(each => each)];
    }

    /// <summary>Asks for one owner, at the servers of its zone, and where these have an alias at those of its target's.</summary>
    private async Task<IEnumerable<AuthoritativeView>> AskAsync(DomainName owner, CancellationToken cancellationToken)
    {
        var views = new List<AuthoritativeView>();
        var names = new List<DomainName> { owner };
        var ofAliases = TimeSpan.Zero;
        string? unsigned = null;
        for (var at = 0; at < names.Count; at++)
        {
            if (at >= MostAliases)
            {
                views.Add(Unseen(owner, names[at], "its zone's servers", string.Create(CultureInfo.InvariantCulture, $"more than {MostAliases} aliases lead from one to the next")));
                break;
            }

            foreach (var said in await AskZoneAsync(owner, names[at], cancellationToken).ConfigureAwait(false))
            {
                if (said.Target is not { } target)
                {
                    views.Add(said.View);
                    continue;
                }

                // A server that hands on is seen by what the servers of the target say, and by how long its alias is kept.
                if (said.View.TimeToLive > ofAliases) ofAliases = said.View.TimeToLive;
                if (said.View.Security != Security.Secure) unsigned ??= $"the alias {names[at]} is not signed";
                if (!names.Contains(target)) names.Add(target);
            }
        }

        // Every server leads to another name, and back.
        if (views.Count == 0) views.Add(Unseen(owner, owner, "its zone's servers", "its aliases lead in a circle"));
        return views.Select(view => Behind(view, ofAliases, unsigned));
    }

    /// <summary>What stands behind aliases is kept as long as these, and is no better than the weakest of them.</summary>
    private static AuthoritativeView Behind(AuthoritativeView view, TimeSpan ofAliases, string? unsigned)
    {
        if (view.TimeToLive < ofAliases) view = view with { TimeToLive = ofAliases };
        return unsigned is null || view.Security != Security.Secure || view.Name == view.Owner ? view : view with { Security = Security.Insecure, Detail = unsigned };
    }

    private async Task<IEnumerable<Said>> AskZoneAsync(DomainName owner, DomainName name, CancellationToken cancellationToken)
    {
        var search = new ServerSearch(resolver) { Families = Families };
        var found = await search.FindAsync(name, RecordType.TLSA, cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            // Without a trust anchor that fits nothing is valid, up to the root: that is what to mend, and no server's fault.
            var why = await resolver.LookupAsync(name, RecordType.NS, cancellationToken).ConfigureAwait(false);
            return [new(Unseen(owner, name, "its zone's servers", why.IsFailure ? $"no name servers could be found, because no lookup gives a valid answer: {why.Explanation}" : "no name servers could be found"))];
        }

        if (found.Doubt is { } doubt) return [new(Unseen(owner, name, "its zone's servers", $"the zone could not be found: {doubt.Explanation}"))];

        var unseen = new List<Said>();
        if (found.LeftOut > 0) unseen.Add(new(Unseen(owner, name, string.Create(CultureInfo.InvariantCulture, $"{found.LeftOut} more servers of {found.Zone}"), "a zone has fewer")));
        var targets = new Dictionary<(DomainName Host, IPAddress Address), TimeSpan>();
        foreach (var server in found.Servers)
        {
            if (server.Doubt is { } lost) unseen.Add(new(Unseen(owner, name, server.Host.ToString(), $"its addresses could not be looked up: {lost.Explanation}")));
            else if (server.Addresses.IsEmpty) unseen.Add(new(Unseen(owner, name, server.Host.ToString(), "it has no address")));
            Add(server);
        }

        // Whoever holds an anchor for the zone itself need not come from above.
        var delegation = found.Zone.IsRoot || resolver.HasAnchorAt(found.Zone) ? new([], "") : await delegations.FindAsync(found.Zone, cancellationToken).ConfigureAwait(false);
        if (delegation.Fault.Length > 0) unseen.Add(new(Unseen(owner, name, found.Zone.ToString(), "its delegation could not be seen: " + delegation.Fault)));
        await foreach (var server in DelegatedAsync(search, found, delegation, cancellationToken).ConfigureAwait(false))
        {
            if (server.Addresses.IsEmpty) unseen.Add(new(Unseen(owner, name, server.Host.ToString(), "the zone above names it, and it has no address")));
            Add(server);
        }

        // A resolver finds a server by NS records and by addresses, and keeps both.
        var zoneLife = TimeSpan.FromSeconds(ServedAnswer.LargestOf(found.NameServers));
        var said = await Task.WhenAll(targets.Select(async target =>
        {
            var one = await AskServerAsync(owner, name, target.Key.Host, target.Key.Address, cancellationToken).ConfigureAwait(false);
            return one with { View = one.View with { NamedFor = new[] { zoneLife, delegation.TimeToLive, target.Value }.Max() } };
        })).ConfigureAwait(false);
        return said.Concat(unseen);

        void Add(ZoneServer server)
        {
            foreach (var target in Reachable(server).Select(address => (server.Host, address)))
                if (!targets.TryGetValue(target, out var life) || life < server.TimeToLive) targets[target] = server.TimeToLive;
        }
    }

    /// <summary>What the zone above names: servers that the zone itself does not, and the addresses that come with any.</summary>
    private async IAsyncEnumerable<ZoneServer> DelegatedAsync(ServerSearch search, ZoneServers found, Delegation delegation, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var server in delegation.Servers)
        {
            var own = found.Servers.FirstOrDefault(one => one.Host == server.Host);
            var glue = server.Glue.Where(address => Families.Includes(address.AddressFamily));
            var known = own is null ? await search.FindHostAsync(server.Host, cancellationToken).ConfigureAwait(false) : new(server.Host, [], null);
            ZoneServer named = new(server.Host, [.. known.Addresses.Concat(glue).Distinct()], null) { TimeToLive = known.TimeToLive < server.TimeToLive ? server.TimeToLive : known.TimeToLive };
            if (own is null || !named.Addresses.IsEmpty) yield return named;
        }
    }

    /// <summary>A machine without IPv6 cannot ask there; the server is seen at its other addresses.</summary>
    private IEnumerable<IPAddress> Reachable(ZoneServer server)
    {
        var routed = server.Addresses.Where(address => Routes.HasRoute(ConnectToRule.Apply(ConnectTo, server.Host, new(address, Port)).Address)).ToArray();
        return routed.Length > 0 ? routed : server.Addresses;
    }

    private async Task<Said> AskServerAsync(DomainName owner, DomainName name, DomainName host, IPAddress address, CancellationToken cancellationToken)
    {
        var server = new DnsServer(TransportKind.Datagram, ConnectToRule.Apply(ConnectTo, host, new(address, Port)));
        var shown = $"{host} {address}";
        var exchange = await transport.ExchangeAsync(new(new(name, RecordType.TLSA), server, RecursionDesired: false, CheckingDisabled: false), cancellationToken).ConfigureAwait(false);
        if (ServedAnswer.FaultOf(exchange) is { } fault) return new(Unseen(owner, name, shown, fault));

        if (ServedAnswer.HasAlias(exchange, name))
        {
            // The alias alone is asked for and judged: what its target says is for the target's own servers to say.
            exchange = await transport.ExchangeAsync(new(new(name, RecordType.CNAME), server, RecursionDesired: false, CheckingDisabled: false), cancellationToken).ConfigureAwait(false);
            if (ServedAnswer.FaultOf(exchange) is { } alsoFault) return new(Unseen(owner, name, shown, alsoFault));
            var alias = await resolver.JudgeAsync(exchange, cancellationToken).ConfigureAwait(false);
            if (alias.Security != Security.Secure && alias.Security != Security.Insecure) return new(View(alias, null));
            return ServedAnswer.TargetOf(alias) is { } target ? new(View(alias, null)) { Target = target } : new(Unseen(owner, name, shown, "it has an alias there, and then has none"));
        }

        var answer = await resolver.JudgeAsync(exchange, cancellationToken).ConfigureAwait(false);
        return new(View(answer, answer.IsFailure ? null : ServedAnswer.RecordsOf(answer)) with { IsFromWildcard = ServedAnswer.IsFromWildcard(exchange.Message!.Answers, name) });

        AuthoritativeView View(Answer judged, TlsaSet? records) =>
            new(owner, name, shown, judged.Security, records, ServedAnswer.TimeToLiveOf(exchange, judged), judged.Security == Security.Secure ? "" : judged.Explanation);
    }

    private static AuthoritativeView Unseen(DomainName owner, DomainName name, string server, string why) => new(owner, name, server, Security.Indeterminate, null, TimeSpan.Zero, why);

    /// <summary>What a server says: records or their absence, or where to ask instead.</summary>
    private sealed record Said(AuthoritativeView View)
    {
        public DomainName? Target { get; init; }
    }
}
