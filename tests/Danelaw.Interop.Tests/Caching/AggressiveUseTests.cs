using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Interop.Tests.Lookup;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Caching;

/// <summary>Zones that ldns signed and NSD serves: what the cache makes of their records is what NSD says, at a fraction of the queries (RFC 8198).</summary>
[Peer("nsd"), Peer("ldns")]
public sealed class AggressiveUseTests(ITestOutputHelper output)
{
    private const int Names = 1000;
    private const string Address = "127.81.98.1";
    private const string Content = """
        @ 3600 IN SOA ns hostmaster 1 7200 900 1209600 300
        @ 3600 IN NS ns
        ns 3600 IN A 127.0.0.1
        mx 300 IN A 127.0.0.2
        _25._tcp.mx 300 IN TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
        www 300 IN CNAME mx
        *.wild 300 IN TXT "any"
        m.wild 300 IN A 127.0.0.3
        a.b.deep 300 IN A 127.0.0.4
        unsigned 300 IN NS ns.elsewhere.lab.
        moved 300 IN DNAME wild
        """;

    [Theory, Rfc(8198, "5.1"), Rfc(8198, "5.2"), Rfc(8198, "5.3")]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_zone_of_NSD_is_told_from_the_cache_as_NSD_tells_it(bool usesNsec3, bool optOut)
    {
        var token = TestContext.Current.CancellationToken;
        using var folder = new TestFolder("cache");
        var zone = new LdnsZone(folder, "cache.lab.") { Text = $"$ORIGIN cache.lab.\n{Content}\n" };
        var anchor = await zone.AddKeyAsync(13, cancellationToken: token);
        var text = await zone.SignAsync(new LdnsSigning { UsesNsec3 = usesNsec3, OptOut = optOut }, token);
        await using var nsd = await Nsd.StartAsync(folder, Address, 53, [("cache.lab.", text)], token);
        await using var transport = new DnsTransport(new DnsTransportOptions(), TimeProvider.System);
        var counted = new CountingTransport(transport);
        var options = new ResolverOptions { Upstreams = [new DnsServer(TransportKind.Datagram, new IPEndPoint(IPAddress.Parse(nsd.Address), nsd.Port))], Anchors = LibraryLookup.ReadAnchors(anchor.Split(';')[0]) };
        var keeping = new Resolver(counted, options, TimeProvider.System);
        var fresh = new Resolver(transport, options with { CacheBytes = 0 }, TimeProvider.System);

        var random = new Random(8198);
        for (var i = 0; i < Names; i++)
        {
            var name = DomainName.Parse($"{(char)('a' + random.Next(26))}{random.Next(100_000)}.{(random.Next(4) == 0 ? "b.deep." : "")}cache.lab.");
            var answer = await keeping.LookupAsync(name, RecordType.A, token);
            if (i % 10 == 0) Assert.Equal(Tell(await fresh.LookupAsync(name, RecordType.A, token)), Tell(answer));
        }

        output.WriteLine($"TELL: {Names} names that do not exist cost {counted.Count} queries");
        if (optOut) Assert.InRange(counted.Count, Names, 3 * Names);
        else Assert.InRange(counted.Count, 1, 40);

        string[] hosts = ["", "ns.", "mx.", "_25._tcp.mx.", "_tcp.mx.", "www.", "a.wild.", "b.wild.", "m.wild.", "x.m.wild.", "*.wild.", "deep.", "b.deep.", "a.b.deep.", "unsigned.", "x.moved.", "m.moved.", "zz.", "a.zz."];
        RecordType[] types = [RecordType.A, RecordType.TXT, RecordType.DS, RecordType.CNAME, RecordType.TLSA, RecordType.SOA, RecordType.NSEC];
        for (var i = 0; i < 600; i++)
        {
            var (host, type) = (hosts[random.Next(hosts.Length)], types[random.Next(types.Length)]);

            // Below the delegation NSD only refers to a server that is not there; the apex's own DS is not this zone's to tell. And where a DNAME leads to a wildcard
            // NSD 4.6 denies the name that was asked for in place of the one that the wildcard stands for: what it says itself is bogus.
            if (host == "x.moved." && type is not (RecordType.CNAME or RecordType.DS)) continue;
            if ((host == "unsigned." && type != RecordType.DS) || (host.Length == 0 && type == RecordType.DS)) continue;

            // NSEC asked for at an alias of an NSEC3 zone: NSD follows the alias, others deny the type there, and so does the cache; either is proven (RFC 6840 §4.1, RFC 4035 §2.5).
            if (usesNsec3 && type == RecordType.NSEC && host == "www.") continue;
            var name = DomainName.Parse($"{host}cache.lab.");
            Assert.Equal(Tell(await fresh.LookupAsync(name, type, token)), Tell(await keeping.LookupAsync(name, type, token)));
        }
    }

    /// <summary>All of an answer but its age.</summary>
    private static string Tell(Answer answer) => string.Join('\n', [
        $"{answer.Question} {answer.Security} {answer.ResponseCode} {answer.Reason} {answer.FinalName}",
        .. answer.Chain.Select(link => $"{link.Records.Owner} {link.Records.Type} {string.Join(' ', link.Records.Data)} {link.Security}")]);

    private sealed class CountingTransport(IDnsTransport inner) : IDnsTransport
    {
        private int _count;

        internal int Count => _count;

        public ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _count);
            return inner.ExchangeAsync(query, cancellationToken);
        }
    }
}
