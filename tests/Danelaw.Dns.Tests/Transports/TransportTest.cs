using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dns.Tests.Transports;

/// <summary>What the tests of transports share.</summary>
public abstract class TransportTest
{
    private protected static readonly DnsTransportOptions Quick = new() { Timeout = TimeSpan.FromMilliseconds(250), Tries = 2, UseCookies = false };
    private protected static readonly DnsTransportOptions Patient = new() { Timeout = TimeSpan.FromSeconds(30), Tries = 1, UseCookies = false };

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected static DnsQuery Ask(LoopbackServer server, TransportKind kind = TransportKind.Datagram, string name = "Mail.Example.", string? host = null) =>
        new(new(DomainName.Parse(name), RecordType.A), new(kind, server.EndPoint, host, kind == TransportKind.Https ? "/dns-query" : null));

    /// <summary>What UDP goes over.</summary>
    private protected virtual DatagramSockets Sockets => DatagramSockets.Best();

    private protected async Task<Exchange> ExchangeAsync(DnsQuery query, DnsTransportOptions? options = null)
    {
        await using var transport = new DnsTransport(options ?? Patient, TimeProvider.System, Sockets);
        return await transport.ExchangeAsync(query, Token);
    }

    /// <summary>More time than one try has; the query is on its way, so its clock runs.</summary>
    private protected static Task TimePassesAsync(FakeTimeProvider clock)
    {
        clock.Advance(TimeSpan.FromSeconds(2.5));
        return Task.CompletedTask;
    }

    /// <summary>The last octet of the one address in the reply.</summary>
    private protected static byte Last(Exchange exchange)
    {
        Assert.Equal((ExchangeOutcome.Replied, ""), (exchange.Outcome, exchange.Detail));
        return Assert.Single(exchange.Message!.Answers).Data.Span[^1];
    }

    private protected static byte[] With(byte[] octets, int at, byte value)
    {
        octets[at] = value;
        return octets;
    }
}
