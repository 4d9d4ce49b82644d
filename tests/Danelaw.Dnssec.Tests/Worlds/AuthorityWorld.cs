using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dnssec.Tests.Worlds;

/// <summary>
/// A scripted Internet of authoritative servers: each address serves the zones that it is given, refers down where they end, and may be told to behave otherwise.
/// No network. What was asked of whom stands in <see cref="Transcript"/>.
/// </summary>
internal sealed class AuthorityWorld : IDnsTransport
{
    /// <summary>Where the root is served unless a test says otherwise; <see cref="TestZone"/> gives every zone this server in its own NS set.</summary>
    internal const string RootAddress = "192.0.2.53";

    private readonly List<TestZone> _zones = [];
    private readonly Dictionary<DomainName, List<Server>> _servers = [];
    private readonly Dictionary<DomainName, List<IPAddress>> _hosts = [];
    private readonly HashSet<DomainName> _withoutGlue = [];
    private readonly Dictionary<IPAddress, HashSet<DomainName>> _served = [];
    private readonly List<string> _transcript = [];
    private bool _isReady;

    /// <summary>Every query in order.</summary>
    internal List<DnsQuery> Queries { get; } = [];

    /// <summary>Query, who is asked, and what came: one line each.</summary>
    internal string Transcript
    {
        get
        {
            lock (Queries) return string.Join('\n', _transcript);
        }
    }

    /// <summary>What servers do instead of replying; null for the reply.</summary>
    internal Func<DnsQuery, ExchangeOutcome?>? Outcome { get; set; }

    /// <summary>Rewrites replies: query and genuine message to what is sent.</summary>
    internal Func<DnsQuery, DnsMessage, DnsMessage>? Rewrite { get; set; }

    /// <summary>What an exchange waits for before it ends; null for nothing.</summary>
    internal Func<DnsQuery, CancellationToken, Task?>? Delay { get; set; }

    internal FakeTimeProvider Timer { get; } = new(TestZone.Now);

    /// <summary>A timer that runs by itself, in place of <see cref="Timer"/>.</summary>
    internal TimeProvider? RunningTimer { get; set; }

    internal TestZone this[string apex] => _zones.Single(zone => zone.Apex == Text.Name(apex));

    /// <summary>Adds a zone with its servers, each <c>NAME ADDRESS…</c>.</summary>
    internal AuthorityWorld Zone(TestZone zone, params string[] servers)
    {
        _zones.Add(zone);
        _servers[zone.Apex] = [.. servers.Select(Server.Parse)];
        foreach (var server in _servers[zone.Apex])
        {
            if (!_hosts.TryGetValue(server.Name, out var addresses)) _hosts.Add(server.Name, addresses = []);
            foreach (var address in server.Addresses)
            {
                if (!addresses.Contains(address)) addresses.Add(address);
                Serve(address, zone.Apex);
            }
        }

        return this;
    }

    /// <summary>A server whose address no referral tells.</summary>
    internal AuthorityWorld WithoutGlue(params string[] hosts)
    {
        foreach (var host in hosts) _withoutGlue.Add(Text.Name(host));
        return this;
    }

    /// <summary>Lets an address serve a zone although no NS record says so.</summary>
    internal AuthorityWorld Serve(string address, string apex)
    {
        Serve(IPAddress.Parse(address), Text.Name(apex));
        return this;
    }

    internal ResolverOptions Options => new()
    {
        Anchors = Anchors,
        Iteration = new() { Hints = Hints("."), UseIPv6 = true },
    };

    internal TrustAnchors Anchors
    {
        get
        {
            var top = _zones.MinBy(zone => zone.Apex.LabelCount)!;
            if (!top.IsSigned) return TrustAnchors.None;
            Assert.True(TrustAnchors.TryCreate(top.Keys.Select(key => new ResourceRecord(top.Apex, RecordType.DS, RecordClass.IN, 0, key.ToDs(top.Apex))), out var anchors, out _));
            return anchors;
        }
    }

    internal RootHints Hints(string apex)
    {
        var zone = Text.Name(apex);
        var records = _servers[zone].SelectMany(server => server.Addresses
            .Select(address => new ResourceRecord(server.Name, TypeOf(address), RecordClass.IN, 3600, AddressData.ToOctets(address)))
            .Prepend(new(zone, RecordType.NS, RecordClass.IN, 3600, new NameData(server.Name).ToOctets())));
        Assert.True(RootHints.TryCreate(records, out var hints, out var fault), fault);
        return hints;
    }

    internal Resolver Resolver(ResolverOptions? options = null) => new(this, options ?? Options, new FakeTimeProvider(TestZone.Now), RunningTimer ?? Timer);

    internal async Task<Answer> LookupAsync(string name, RecordType type, ResolverOptions? options = null) => await LookupAsync(Resolver(options), name, type);

    internal async Task<Answer> LookupAsync(Resolver resolver, string name, RecordType type)
    {
        var answer = await resolver.LookupAsync(Text.Name(name), type, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Transcript}\n=> {answer.Security} {answer.Reason}: {answer.Explanation}");
        return answer;
    }

    /// <summary>The queries that went to an address, as <c>NAME TYPE</c>.</summary>
    internal IReadOnlyList<string> AskedOf(string address)
    {
        lock (Queries) return [.. Queries.Where(query => query.Server.EndPoint.Address.Equals(IPAddress.Parse(address))).Select(query => $"{query.Question.Name} {RecordTypes.ToText(query.Question.Type)}")];
    }

    public async ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
    {
        Ready();
        lock (Queries) Queries.Add(query);
        if (Delay?.Invoke(query, cancellationToken) is { } wait) await wait;
        if (Outcome?.Invoke(query) is { } outcome) return Tell(new Exchange(query, outcome), $"{outcome}");
        if (!_served.ContainsKey(query.Server.EndPoint.Address)) return Tell(new Exchange(query, ExchangeOutcome.Unreachable, Detail: "no route to the server"), "no route");
        DnsMessage message;
        lock (Queries) message = Reply(query);
        if (Rewrite is not null) message = Rewrite(query, message);
        return Tell(new Exchange(query, ExchangeOutcome.Replied, new Octets(message.Write())), Describe(message));
    }

    /// <summary>What an honest server at the address replies (RFC 1034 §4.3.2, RFC 4035 §3.1).</summary>
    internal DnsMessage Reply(DnsQuery query)
    {
        var question = query.Question;
        var empty = new DnsMessage { Flags = MessageFlags.Response, Questions = [question], Edns = new(1232, 0, true, []) };
        var served = _served[query.Server.EndPoint.Address];
        var zones = _zones.Where(zone => served.Contains(zone.Apex) && question.Name.IsAtOrBelow(zone.Apex)).OrderByDescending(zone => zone.Apex.LabelCount).ToList();

        // RFC 4035 §3.1.4.1: the DS of a name is the parent's, where the parent is served as well.
        var zone = question.Type == RecordType.DS ? zones.Find(each => each.Apex != question.Name) ?? zones.FirstOrDefault() : zones.FirstOrDefault();
        if (zone is null) return empty with { ResponseCode = ResponseCode.Refused };

        for (var labels = zone.Apex.LabelCount + 1; labels <= question.Name.LabelCount; labels++)
        {
            var cut = question.Name.Suffix(labels);
            if (zone.Find(cut, RecordType.NS) is not { } ns || (question.Type == RecordType.DS && cut == question.Name)) continue;
            return empty with { Authorities = [.. ns.Records, .. Signers(zone, cut)], Additionals = [.. ns.Records.SelectMany(record => Glue(zone, record))] };
        }

        var reply = zone.Answer(question.Name, question.Type);
        var answer = reply.Answer.SelectMany(set => set.All).ToList();
        var authority = reply.Authority.SelectMany(set => set.All).ToList();
        var code = reply.IsNameError ? ResponseCode.NameError : ResponseCode.NoError;
        if (reply.Dname is { } dname)
        {
            Assert.True(NameData.TryRead(dname.Records[0].Data, out var target));
            Assert.True(question.Name.TryReplaceSuffix(dname.Records[0].Owner, target.Name, out var renamed));
            answer.Add(new(question.Name, RecordType.CNAME, RecordClass.IN, dname.Records[0].TimeToLive, new NameData(renamed).ToOctets()));
        }

        return empty with
        {
            Flags = MessageFlags.Response | MessageFlags.AuthoritativeAnswer,
            ResponseCode = code,
            Answers = [.. answer],
            Authorities = [.. authority],
            Additionals = [.. answer.Where(record => record.Type == RecordType.NS).SelectMany(record => Glue(zone, record))],
        };
    }

    private static IEnumerable<ResourceRecord> Signers(TestZone zone, DomainName cut)
    {
        if (!zone.IsSigned) return [];
        var reply = zone.Answer(cut, RecordType.DS);
        return [.. reply.Answer.SelectMany(set => set.All), .. reply.Authority.Where(set => set.Records[0].Type != RecordType.SOA).SelectMany(set => set.All)];
    }

    private IEnumerable<ResourceRecord> Glue(TestZone zone, ResourceRecord record)
    {
        Assert.True(NameData.TryRead(record.Data, out var host));
        if (!host.Name.IsAtOrBelow(zone.Apex) || _withoutGlue.Contains(host.Name) || !_hosts.TryGetValue(host.Name, out var addresses)) return [];
        return addresses.Select(address => new ResourceRecord(host.Name, TypeOf(address), RecordClass.IN, 3600, AddressData.ToOctets(address)));
    }

    /// <summary>Writes the delegations into the zones above, and the servers' addresses into the zones that hold their names; then signs.</summary>
    private void Ready()
    {
        lock (Queries)
        {
            if (_isReady) return;
            _isReady = true;
            foreach (var zone in _zones)
            {
                if (Above(zone.Apex) is not { } parent) continue;
                foreach (var server in _servers[zone.Apex]) parent.Add(new ResourceRecord(zone.Apex, RecordType.NS, RecordClass.IN, 3600, new NameData(server.Name).ToOctets()));
                foreach (var ds in zone.DelegationSigners()) parent.Add(new ResourceRecord(zone.Apex, RecordType.DS, RecordClass.IN, 3600, ds));
            }

            foreach (var (host, addresses) in _hosts)
            {
                if (_zones.Where(zone => host.IsAtOrBelow(zone.Apex)).MaxBy(zone => zone.Apex.LabelCount) is not { } holder || host == holder.Apex.Prepend("ns")) continue;
                foreach (var address in addresses) holder.Add(new ResourceRecord(host, TypeOf(address), RecordClass.IN, 3600, AddressData.ToOctets(address)));
            }

            foreach (var zone in _zones) zone.Sign();
        }
    }

    private TestZone? Above(DomainName apex) => _zones.Where(zone => apex.IsBelow(zone.Apex)).MaxBy(zone => zone.Apex.LabelCount);

    private void Serve(IPAddress address, DomainName apex)
    {
        if (!_served.TryGetValue(address, out var zones)) _served.Add(address, zones = []);
        zones.Add(apex);
    }

    private Exchange Tell(Exchange exchange, string what)
    {
        lock (Queries) _transcript.Add($"{exchange.Query.Server} <- {exchange.Query.Question.Name} {RecordTypes.ToText(exchange.Query.Question.Type)}: {what}");
        return exchange;
    }

    private static string Describe(DnsMessage message)
    {
        var sets = message.Answers.Concat(message.Authorities).Where(record => record.Type != RecordType.RRSIG).Select(record => $"{record.Owner} {RecordTypes.ToText(record.Type)}").Distinct();
        return $"{ResponseCodes.ToText(message.ResponseCode)}{((message.Flags & MessageFlags.AuthoritativeAnswer) != 0 ? " AA" : "")} {string.Join(", ", sets)}";
    }

    private static RecordType TypeOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? RecordType.AAAA : RecordType.A;

    private sealed record Server(DomainName Name, ImmutableArray<IPAddress> Addresses)
    {
        internal static Server Parse(string line)
        {
            var words = line.Split(' ');
            return new(Text.Name(words[0]), [.. words[1..].Select(IPAddress.Parse)]);
        }
    }
}
