using Danelaw.Dns.Transports;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dns.Tests.Transports;

/// <summary>Servers that know no EDNS (RFC 6891 §7) are remembered, for a while and not too easily.</summary>
public sealed class EdnsMemoryTests : TransportTest
{
    private readonly FakeTimeProvider _clock = new();

    [Fact, Rfc(6891, "7")]
    public async Task After_two_queries_a_server_without_EDNS_is_asked_without_at_once()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(HasEdns(asked) ? asked.Reply(rcode: 1, hasEdns: false) : asked.Reply(7, hasEdns: false)));
        await using var transport = new DnsTransport(Patient, _clock);

        var exchanges = await AskAsync(transport, server, 4);

        Assert.Equal([true, false, true, false, false, false], server.Queries.Select(HasEdns));
        Assert.All(exchanges, exchange => Assert.Equal((ExchangeOutcome.Replied, "the server knows no EDNS and was asked without"), (exchange.Outcome, exchange.Detail)));
    }

    [Fact, Rfc(6891, "7")]
    public async Task After_a_while_it_is_asked_with_EDNS_again()
    {
        var hasLearnt = false;
        await using var server = new LoopbackServer(asked => asked.SendAsync(HasEdns(asked) && !hasLearnt ? asked.Reply(rcode: 1, hasEdns: false) : asked.Reply(7, hasEdns: HasEdns(asked))));
        await using var transport = new DnsTransport(Patient, _clock);
        await AskAsync(transport, server, 3);
        hasLearnt = true;

        _clock.Advance(EdnsMemory.Life - TimeSpan.FromSeconds(1));
        await AskAsync(transport, server, 1);
        Assert.False(HasEdns(server.Queries.Last()));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(transport, server, 2);

        Assert.Equal([true, true], server.Queries.TakeLast(2).Select(HasEdns));
    }

    [Fact, Rfc(5452, "9.2")]
    public async Task One_forged_FORMERR_changes_nothing_for_the_queries_after_it()
    {
        var forged = 0;
        await using var server = new LoopbackServer(asked =>
        {
            // Every second query somebody is faster than the server, with a lucky guess.
            var isForged = HasEdns(asked) && forged++ % 2 == 0;
            return asked.SendAsync(isForged ? asked.Reply(rcode: 1, hasEdns: false) : asked.Reply(7, hasEdns: HasEdns(asked)));
        });
        await using var transport = new DnsTransport(Patient, _clock);

        await AskAsync(transport, server, 6);

        Assert.Equal([true, false, true, true, false, true, true, false, true], server.Queries.Select(HasEdns));
    }

    [Fact]
    public async Task A_server_that_is_at_a_loss_without_EDNS_too_is_not_remembered()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(rcode: 4, hasEdns: false)));
        await using var transport = new DnsTransport(Patient, _clock);

        await AskAsync(transport, server, 3);

        Assert.Equal([true, false, true, false, true, false], server.Queries.Select(HasEdns));
    }

    private static async Task<List<Exchange>> AskAsync(DnsTransport transport, LoopbackServer server, int times)
    {
        var exchanges = new List<Exchange>();
        for (var i = 0; i < times; i++) exchanges.Add(await transport.ExchangeAsync(Ask(server), Token));
        return exchanges;
    }

    private static bool HasEdns(Asked asked) => asked.HasEdns;
}
