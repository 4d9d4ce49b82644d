using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dns.Zones;

namespace Danelaw.Dns.Tests.Transports;

public sealed class HostLookupTests : TransportTest
{
    private static readonly DnsServer First = new(TransportKind.Datagram, new(IPAddress.Parse("192.0.2.1"), 53));
    private static readonly DnsServer Second = new(TransportKind.Datagram, new(IPAddress.Parse("192.0.2.2"), 53));

    [Fact]
    public async Task The_hosts_file_comes_first_and_nobody_is_asked()
    {
        var wire = new ScriptedTransport(_ => null);
        var lookup = new HostLookup(wire, [First], HostsFile.Read(new StringReader("192.0.2.9 resolver.example")));
        Assert.Equal([IPAddress.Parse("192.0.2.9")], await lookup.LookupAsync("Resolver.Example", Token));
        Assert.Empty(wire.Queries);
    }

    [Fact]
    public async Task Aliases_are_followed_and_both_families_asked_for()
    {
        var wire = new ScriptedTransport(query => query.Question.Type == RecordType.A
            ? "resolver.example. 60 IN CNAME a.example.\na.example. 60 IN CNAME b.example.\nb.example. 60 IN A 192.0.2.7\nother.example. 60 IN A 192.0.2.8"
            : "resolver.example. 60 IN AAAA 2001:db8::7");
        Assert.Equal([IPAddress.Parse("192.0.2.7"), IPAddress.Parse("2001:db8::7")], await Lookup(wire).LookupAsync("resolver.example", Token));
        Assert.All(wire.Queries, query => Assert.Equal((true, false, false), (query.RecursionDesired, query.CheckingDisabled, query.DnssecOk)));
    }

    [Fact]
    public async Task Aliases_in_a_circle_end()
    {
        var wire = new ScriptedTransport(_ => "resolver.example. 60 IN CNAME a.example.\na.example. 60 IN CNAME resolver.example.");
        Assert.Empty(await Lookup(wire).LookupAsync("resolver.example", Token));
    }

    [Fact]
    public async Task A_server_that_fails_is_followed_by_the_next()
    {
        var wire = new ScriptedTransport(query => query.Server == First ? null : query.Question.Type == RecordType.A ? "resolver.example. 60 IN A 192.0.2.7" : "");
        Assert.Equal([IPAddress.Parse("192.0.2.7")], await Lookup(wire).LookupAsync("resolver.example", Token));
        Assert.Empty(await new HostLookup(wire, [First], HostsFile.Read(TextReader.Null)).LookupAsync("resolver.example", Token));
    }

    [Fact]
    public async Task What_is_no_name_has_no_address() => Assert.Empty(await Lookup(new(_ => "")).LookupAsync("a..b", Token));

    [Fact]
    public async Task An_address_where_nobody_listens_is_followed_by_the_next()
    {
        using var certificate = TestCertificate.For("resolver.example");
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(7)), certificate);
        await using var transport = new DnsTransport(Patient with
        {
            Tries = 2,
            Authorities = [certificate.Der()],
            LookupHost = (_, _) => ValueTask.FromResult(ImmutableArray.Create(IPAddress.Parse("127.0.0.2"), IPAddress.Loopback)),
        }, TimeProvider.System);
        var named = new DnsServer(TransportKind.Tls, new(IPAddress.Any, server.EndPoint.Port), "resolver.example");
        Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server) with { Server = named }, Token)));
    }

    private static HostLookup Lookup(ScriptedTransport wire) => new(wire, [First, Second], HostsFile.Read(TextReader.Null));

    /// <summary>Answers with the records of a zone file; null is silence.</summary>
    private sealed class ScriptedTransport(Func<DnsQuery, string?> answer) : IDnsTransport
    {
        public List<DnsQuery> Queries { get; } = [];

        public ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
        {
            Queries.Add(query);
            if (answer(query) is not { } zone) return ValueTask.FromResult(new Exchange(query, ExchangeOutcome.TimedOut));
            using var reader = new ZoneReader(new StringReader(zone), new());
            var records = ImmutableArray.CreateBuilder<ResourceRecord>();
            while (reader.TryRead(out var record, out _)) records.Add(record);
            return ValueTask.FromResult(new Exchange(query, ExchangeOutcome.Replied) { Message = new() { Questions = [query.Question], Answers = records.ToImmutable() } });
        }
    }
}
