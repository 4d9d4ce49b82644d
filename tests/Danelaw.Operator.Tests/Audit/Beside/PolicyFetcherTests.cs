using System.Globalization;
using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Lab.Authority;
using Danelaw.Operator.Audit.Beside;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Operator.Tests.Audit.Beside;

/// <summary>Policies from a real server of HTTPS.</summary>
public sealed class PolicyFetcherTests
{
    private const string Host = "mta-sts.example.org", Policy = "version: STSv1\nmode: enforce\nmx: mx.example.org\nmax_age: 604800\n";

    private readonly CertificateAuthority _authority = new(HostFolder.Now);
    private readonly LabCertificate _root;

    public PolicyFetcherTests() => _root = _authority.Issue(new() { Name = "Root", IsAuthority = true });

    private LabCertificate Certificate(string name = Host) => _authority.Issue(new() { Name = name, DnsNames = [name], Issuer = _root });

    private async Task<PolicyFetch> FetchAsync(LabCertificate certificate, string reply, FakeTimeProvider? clock = null, ScriptedLookup? lookup = null, int? port = null, Action<PolicyServer>? see = null)
    {
        await using var server = new PolicyServer(certificate, reply);
        var options = new PolicyFetcherOptions { Authorities = [_root.Der], ConnectTo = [new(null, null, 443, IPAddress.Loopback, (ushort)(port ?? server.Port))] };
        using var fetcher = new PolicyFetcher(lookup ?? new ScriptedLookup().Add(ScriptedLookup.Address(Host + ".", "192.0.2.80")), options, clock ?? new FakeTimeProvider(HostFolder.Now));
        var fetch = fetcher.FetchAsync(DomainName.Parse("example.org."), TestContext.Current.CancellationToken).AsTask();
        see?.Invoke(server);
        return await fetch;
    }

    [Fact, Rfc(8461, "3.3")]
    public async Task A_policy_is_fetched_from_its_well_known_place()
    {
        PolicyServer? asked = null;
        var fetch = await FetchAsync(Certificate(), PolicyServer.Reply(Policy), see: server => asked = server);
        Assert.Equal((PolicyOutcome.Fetched, Policy), (fetch.Outcome, fetch.Text));
        Assert.Equal(["GET /.well-known/mta-sts.txt HTTP/1.1"], asked!.Requests);
    }

    [Theory, Rfc(8461, "3.3")]
    [InlineData("301 Moved", "text/plain", PolicyOutcome.Redirected, "leads elsewhere (301)")]
    [InlineData("302 Found\r\nLocation: https://example.net/x", "text/plain", PolicyOutcome.Redirected, "to https://example.net/x")]
    [InlineData("404 Not Found", "text/plain", PolicyOutcome.Refused, "answers 404")]
    [InlineData("204 No Content", "text/plain", PolicyOutcome.Refused, "answers 204")]
    [InlineData("200 OK", "text/html", PolicyOutcome.NotText, "as text/html")]
    public async Task What_senders_must_not_take_is_not_taken(string head, string type, PolicyOutcome outcome, string detail)
    {
        var fetch = await FetchAsync(Certificate(), PolicyServer.Reply(Policy, head, type));
        Assert.Equal((outcome, ""), (fetch.Outcome, fetch.Text));
        Assert.Contains(detail, fetch.Detail, StringComparison.Ordinal);
    }

    [Fact, Rfc(8461, "3.2")]
    public async Task A_policy_without_end_is_cut_off()
    {
        var fetch = await FetchAsync(Certificate(), PolicyServer.Reply(new string('x', 65_537)));
        Assert.Equal((PolicyOutcome.TooLarge, ""), (fetch.Outcome, fetch.Text));
        Assert.Equal(PolicyOutcome.Fetched, (await FetchAsync(Certificate(), PolicyServer.Reply(new string('x', 65_536)))).Outcome);
    }

    [Fact, Rfc(8461, "3.3")]
    public async Task A_certificate_for_another_name_is_told_as_that()
    {
        var fetch = await FetchAsync(Certificate("www.example.org"), PolicyServer.Reply(Policy));
        Assert.Equal((PolicyOutcome.NotTrusted, $"the certificate of its server is not for {Host}"), (fetch.Outcome, fetch.Detail));
    }

    [Fact, Rfc(8461, "3.3")]
    public async Task A_certificate_of_nobodys_is_told_as_that()
    {
        var fetch = await FetchAsync(_authority.Issue(new() { Name = Host, DnsNames = [Host] }), PolicyServer.Reply(Policy));
        Assert.Equal(PolicyOutcome.NotTrusted, fetch.Outcome);
        Assert.Contains("nobody whom the machine's store trusts", fetch.Detail, StringComparison.Ordinal);
    }

    [Theory, Rfc(8461, "3.3")]
    [InlineData(91)]
    [InlineData(-1)]
    public async Task Dates_are_those_of_the_clock_that_judges(int days)
    {
        var fetch = await FetchAsync(Certificate(), PolicyServer.Reply(Policy), new FakeTimeProvider(HostFolder.Now.AddDays(days)));
        Assert.Equal(PolicyOutcome.NotTrusted, fetch.Outcome);
        Assert.Contains("expired or is not yet valid", fetch.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_at_the_port_is_no_connection()
    {
        int port;
        await using (var gone = new PolicyServer(Certificate(), "")) port = gone.Port;
        var fetch = await FetchAsync(Certificate(), PolicyServer.Reply(Policy), port: port);
        Assert.Equal((PolicyOutcome.NotReached, "its server refuses the connection"), (fetch.Outcome, fetch.Detail));
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up()
    {
        var clock = new FakeTimeProvider(HostFolder.Now) { AutoAdvanceAmount = TimeSpan.Zero };
        await using var server = new PolicyServer(Certificate(), "");
        using var fetcher = new PolicyFetcher(new ScriptedLookup().Add(ScriptedLookup.Address(Host + ".", "192.0.2.80")), new() { Authorities = [_root.Der], ConnectTo = [new(null, null, 443, IPAddress.Loopback, (ushort)server.Port)] }, clock);
        var fetch = fetcher.FetchAsync(DomainName.Parse("example.org."), TestContext.Current.CancellationToken).AsTask();
        await server.Asked.WaitAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal((PolicyOutcome.TooSlow, "there was no whole answer within 10 s"), ((await fetch).Outcome, (await fetch).Detail));
    }

    [Fact]
    public async Task Without_an_address_nobody_is_asked()
    {
        var none = await FetchAsync(Certificate(), PolicyServer.Reply(Policy), lookup: new());
        Assert.Equal((PolicyOutcome.NoAddress, "its server has no address"), (none.Outcome, none.Detail));
        var bogus = await FetchAsync(Certificate(), PolicyServer.Reply(Policy), lookup: new ScriptedLookup().Add(ScriptedLookup.Failed(Host + ".", RecordType.A)));
        Assert.Equal((PolicyOutcome.NoAddress, "the address of its server cannot be looked up: its signature has expired"), (bogus.Outcome, bogus.Detail));
    }

    [Fact]
    public async Task Policies_of_many_domains_come_from_one_server()
    {
        var names = Enumerable.Range(0, 40).Select(i => string.Create(CultureInfo.InvariantCulture, $"d{i}.example.org")).ToArray();
        var certificate = _authority.Issue(new() { Name = "policies", DnsNames = [.. names.Select(name => "mta-sts." + name)], Issuer = _root });
        await using var server = new PolicyServer(certificate, PolicyServer.Reply(Policy));
        var lookup = new ScriptedLookup();
        foreach (var name in names) lookup.Add(ScriptedLookup.Address($"mta-sts.{name}.", "192.0.2.80"));
        using var fetcher = new PolicyFetcher(lookup, new() { Authorities = [_root.Der], ConnectTo = [new(null, null, 443, IPAddress.Loopback, (ushort)server.Port)] }, new FakeTimeProvider(HostFolder.Now));
        var fetches = await Task.WhenAll(names.Select(name => fetcher.FetchAsync(DomainName.Parse(name + "."), TestContext.Current.CancellationToken).AsTask()));
        Assert.All(fetches, fetch => Assert.Equal(PolicyOutcome.Fetched, fetch.Outcome));
    }
}
