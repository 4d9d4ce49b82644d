using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using Danelaw.Checks;
using Danelaw.Discovery;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Servers;

/// <summary>Asks every authoritative server of a zone, at each of its addresses: for the SOA, for names and for one that does not exist, with DO, over UDP and TCP.</summary>
/// <param name="resolver">Finds the zone, its servers and their addresses, and validates what can be.</param>
/// <param name="transport">Carries the questions to the servers.</param>
/// <param name="clock">Measures the time of each.</param>
public sealed class ServerSurvey(Resolver resolver, IDnsTransport transport, TimeProvider clock)
{
    /// <summary>Addresses that are asked; a zone with more has another trouble.</summary>
    private const int MostAddresses = 32;
    private const int Port = 53;

    /// <summary>Servers of the zone above that are asked for the DS set: a registry has many, and one of them is mostly enough.</summary>
    private const int MostAbove = 4;

    /// <summary>How far below a zone the next is looked for.</summary>
    private const int MostLevels = 8;

    /// <summary>Which families of addresses are asked. Default: both.</summary>
    public AddressFamilies Families { get; init; }

    /// <summary>Where connections are led instead.</summary>
    public ImmutableArray<ConnectToRule> ConnectTo { get; init; } = [];

    /// <summary>The label of the name that does not exist. Default: drawn by chance, so that nobody can have foreseen it and no list knows it.</summary>
    public string NonName { get; init; } = "nx-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>Whether this machine can send to an address: what it cannot is not asked, and says nothing of the server.</summary>
    internal Func<IPAddress, bool> HasRoute { get; init; } = Routes.HasRoute;

    /// <summary>Of a survey that is kept: what was cut short when it was made, and so is again.</summary>
    internal ServerTourCut Cut { get; init; } = ServerTourCut.None;

    internal IDnsTransport Transport => transport;

    private TimeProvider Clock => clock;

    /// <summary>Asks. What goes wrong in the DNS is in the evidence, never an exception.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">Nobody is asked for the type (<see cref="RecordTypes.IsAskedFor"/>).</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ServerEvidence> AskAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default)
    {
        var answer = await resolver.LookupAsync(name, type, cancellationToken).ConfigureAwait(false);
        var found = await FindAsync(resolver, new(name, type), answer, cancellationToken).ConfigureAwait(false);
        if (found.Doubt is not null) found = await FindDelegatedAsync(found, cancellationToken).ConfigureAwait(false);
        return found.Zone is null ? found : await AskAsync(found, ServerPlan.OfLookup, resolver, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same survey by another transport.</summary>
    internal ServerSurvey Over(IDnsTransport other) => new(resolver, other, clock) { Families = Families, ConnectTo = ConnectTo, NonName = NonName, HasRoute = HasRoute, Cut = Cut };

    /// <summary>Finds the zone that holds a name, and the addresses of its servers.</summary>
    /// <param name="lookup">Looks them up.</param>
    /// <param name="question">The name, and the type that is asked for there.</param>
    /// <param name="answer">What the resolver says of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task<ServerEvidence> FindAsync(ILookup lookup, Question question, Answer answer, CancellationToken cancellationToken)
    {
        var evidence = new ServerEvidence(question, answer);
        if (await new ServerSearch(lookup) { Families = Families }.FindAsync(question.Name, question.Type, cancellationToken).ConfigureAwait(false) is not { } found) return evidence;
        return WithAddresses(evidence with { Zone = found.Zone, NameServers = found.NameServers, Doubt = found.Doubt }, found.Servers);
    }

    /// <summary>A zone that is broken, or none of whose servers answers, is one all the same: the zone above says so.</summary>
    /// <param name="found">What was found, with a doubt.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was found, when no zone below is delegated.</returns>
    internal async Task<ServerEvidence> FindDelegatedAsync(ServerEvidence found, CancellationToken cancellationToken)
    {
        var name = found.Question is { Type: RecordType.DS, Name.IsRoot: false } ? found.Question.Name.Parent : found.Question.Name;
        return await DelegatedAsync(name, found.Zone!.Value, cancellationToken).ConfigureAwait(false) is { } delegated
            ? WithAddresses(found with { Zone = delegated.Zone, NameServers = found.Doubt, Doubt = null, IsDelegation = true }, delegated.Servers)
            : found;
    }

    private ServerEvidence WithAddresses(ServerEvidence evidence, ImmutableArray<ZoneServer> servers)
    {
        var addresses = servers.SelectMany(server => server.Addresses.Select(address => (server.Host, Address: address))).ToList();
        return evidence with
        {
            WithoutAddress = [.. servers.Where(server => server.Addresses.IsEmpty && Families == AddressFamilies.Both).Select(server => server.Host)],
            Aliases = [.. servers.Where(server => server.IsAlias).Select(server => server.Host)],
            LeftOut = Math.Max(0, addresses.Count - MostAddresses),
            Addresses = [.. addresses.Take(MostAddresses)],
        };
    }

    /// <summary>Asks the servers that were found.</summary>
    /// <param name="found">The zone, its servers, and the names that are asked for.</param>
    /// <param name="plan">What they are asked.</param>
    /// <param name="lookup">Looks servers of the zone above up, where those are asked too.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task<ServerEvidence> AskAsync(ServerEvidence found, ServerPlan plan, ILookup lookup, CancellationToken cancellationToken)
    {
        var above = plan.AsksAbove ? AskAboveAsync(lookup, found, plan, cancellationToken) : Task.FromResult<ServerProbe[]>([]);
        var probes = Task.WhenAll(found.Addresses.Select(target => new Visit(this, found, plan, target, cancellationToken).AskAsync()));
        await Task.WhenAll(above, probes).ConfigureAwait(false);
        return found with { Probes = [.. (await probes.ConfigureAwait(false)).SelectMany(each => each)], Above = [.. await above.ConfigureAwait(false)] };
    }

    /// <summary>Asks servers of the zone above for the DS set, unless trust begins at the zone itself.</summary>
    private async Task<ServerProbe[]> AskAboveAsync(ILookup lookup, ServerEvidence found, ServerPlan plan, CancellationToken cancellationToken)
    {
        var zone = found.Zone!.Value;
        if (zone.IsRoot || resolver.HasAnchorAt(zone)) return [];
        var above = await new ServerSearch(lookup) { Families = Families }.FindAsync(zone, RecordType.DS, cancellationToken).ConfigureAwait(false);
        if (above is null or { Doubt: not null }) return [];

        // Of each of the first few one address a family, so that both are seen to work or not.
        var targets = above.Servers.Where(server => !server.Addresses.IsEmpty).Take(MostAbove).SelectMany(server => server.Addresses.DistinctBy(address => address.AddressFamily).Select(address => (server.Host, address)));
        return await Task.WhenAll(targets.Select(target => new Visit(this, found, plan, target, cancellationToken).AskAboveAsync())).ConfigureAwait(false);
    }

    /// <summary>A reply by itself, held against the chain of trust: a server may serve what no validating resolver takes, while others of the zone do not.</summary>
    private async Task<ServerProbe> JudgedAsync(ServerProbe probe, Exchange exchange, CancellationToken cancellationToken)
    {
        // A name that is denied although names below it exist is bogus in a signed zone anyway; what it is worth is told by those names.
        if (probe.Question == ServerQuestion.EmptyNonTerminal || probe is not { IsAuthoritative: true, Code: ResponseCode.NoError or ResponseCode.NameError or ResponseCode.YXDomain }) return probe;

        // Signatures are never secure by themselves (RFC 4035 §4.2), and ANY may bring a part.
        var asked = exchange.Query.Question;
        if (asked.Type is RecordType.RRSIG or RecordType.ANY) return probe;
        if (asked.Type != RecordType.CNAME && probe.HasAlias)
        {
            exchange = await transport.ExchangeAsync(exchange.Query with { Question = new(asked.Name, RecordType.CNAME) }, cancellationToken).ConfigureAwait(false);
            if (exchange.Outcome != ExchangeOutcome.Replied) return probe;
        }

        var judged = await resolver.JudgeAsync(exchange, cancellationToken).ConfigureAwait(false);
        return probe with { Status = judged.Security, Why = judged.Security == Security.Secure ? "" : judged.Explanation };
    }

    /// <summary>The highest zone below a zone, on the way to a name, that its servers delegate.</summary>
    private async Task<(DomainName Zone, ImmutableArray<ZoneServer> Servers)?> DelegatedAsync(DomainName name, DomainName above, CancellationToken cancellationToken)
    {
        var search = new DelegationSearch(resolver, transport, clock) { Families = Families, ConnectTo = ConnectTo };
        for (var depth = above.LabelCount + 1; depth <= name.LabelCount && depth <= above.LabelCount + MostLevels; depth++)
        {
            var zone = name;
            while (zone.LabelCount > depth) zone = zone.Parent;
            var delegation = await search.FindAsync(zone, cancellationToken).ConfigureAwait(false);
            if (delegation.Servers.IsEmpty) continue;
            var hosts = await Task.WhenAll(delegation.Servers.Select(server => WithGlueAsync(server, cancellationToken))).ConfigureAwait(false);
            return (zone, [.. hosts]);
        }

        return null;
    }

    private async Task<ZoneServer> WithGlueAsync(DelegatedServer server, CancellationToken cancellationToken)
    {
        var known = await new ServerSearch(resolver) { Families = Families }.FindHostAsync(server.Host, cancellationToken).ConfigureAwait(false);
        return known with { Addresses = [.. known.Addresses.Concat(server.Glue.Where(address => Families.Includes(address.AddressFamily))).Distinct()] };
    }

    /// <summary>One address is asked one thing after the other: a survey is no load.</summary>
    private sealed class Visit(ServerSurvey survey, ServerEvidence evidence, ServerPlan plan, (DomainName Host, IPAddress Address) target, CancellationToken cancellationToken)
    {
        private readonly IPEndPoint _place = ConnectToRule.Apply(survey.ConnectTo, target.Host, new(target.Address, Port));

        internal async Task<List<ServerProbe>> AskAsync()
        {
            var soa = new Question(evidence.Zone!.Value, RecordType.SOA);
            if (!survey.HasRoute(_place.Address)) return [Unasked(ServerQuestion.Soa, soa)];

            // Both at once, so that whoever is silent is waited for once; of him, and of whoever does not have the zone, nothing more is to be learnt.
            var first = await Task.WhenAll(AskAsync(isTcp: false, ServerQuestion.Soa, soa), AskAsync(isTcp: true, ServerQuestion.Soa, soa)).ConfigureAwait(false);
            var probes = new List<ServerProbe>();
            foreach (var probe in first)
            {
                probes.Add(probe);
                if (!probe.HasZone) continue;
                foreach (var (kind, question) in plan.After(probe, evidence, survey.NonName)) probes.Add(await AskAsync(probe.IsTcp, kind, question).ConfigureAwait(false));
            }

            return probes;
        }

        /// <summary>A server of the zone above is asked for the DS set alone.</summary>
        internal async Task<ServerProbe> AskAboveAsync()
        {
            var ds = new Question(evidence.Zone!.Value, RecordType.DS);
            return survey.HasRoute(_place.Address) ? await AskAsync(isTcp: false, ServerQuestion.Ds, ds).ConfigureAwait(false) : Unasked(ServerQuestion.Ds, ds);
        }

        private ServerProbe Unasked(ServerQuestion kind, Question question) => Begun(isTcp: false, kind) with { Asked = question, Outcome = ExchangeOutcome.NotAsked, Detail = "this machine has no route there" };

        private async Task<ServerProbe> AskAsync(bool isTcp, ServerQuestion kind, Question question)
        {
            var begun = survey.Clock.GetTimestamp();
            var server = new DnsServer(isTcp ? TransportKind.Tcp : TransportKind.Datagram, _place);
            var exchange = await survey.Transport.ExchangeAsync(new(question, server, RecursionDesired: false, CheckingDisabled: false), cancellationToken).ConfigureAwait(false);
            return await survey.JudgedAsync(Begun(isTcp, kind).With(exchange, survey.Clock.GetElapsedTime(begun)), exchange, cancellationToken).ConfigureAwait(false);
        }

        private ServerProbe Begun(bool isTcp, ServerQuestion kind) => new(target.Host, target.Address, isTcp, kind);
    }
}
