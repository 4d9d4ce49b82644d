using System.Globalization;
using System.Text.Json;
using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Lookup;

/// <summary><c>lookup</c> in the lab: whom it asks, what it takes for a name, what it says of the answer.</summary>
public sealed class LookupTests(LabWorld world) : IClassFixture<LabWorld>
{
    private string[] Anchor => [.. world.Options.SkipWhile(word => word != "--trust-anchor").Take(2)];

    [Theory]
    [InlineData("lookup good.lab MX --require secure")]
    [InlineData("anchors")]
    public async Task A_resolver_that_a_rule_names_is_asked_where_the_rule_leads(string call)
    {
        var place = world.Lab.Upstream.EndPoint;

        // TEST-NET-1 (RFC 5737): nobody is there.
        var run = await CommandRun.OfAsync([.. call.Split(' '), "--resolver", "192.0.2.53", .. Anchor, "--connect-to", string.Create(CultureInfo.InvariantCulture, $"192.0.2.53:53:{place.Address}:{place.Port}")]);

        Assert.Equal((0, ""), (run.Code, run.Error));
    }

    [Fact]
    public async Task A_resolver_by_name_gets_its_address_from_a_rule()
    {
        var run = await CommandRun.OfAsync(["lookup", "good.lab", "MX", "--resolver", "tls://resolver.invalid", .. Anchor, "--connect-to", "resolver.invalid:853:127.0.0.1:9", "--timeout", "1s", "--tries", "1"]);

        Assert.Equal(3, run.Code);
        Assert.Contains("tls://resolver.invalid:9 could not be reached", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("no address", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_for_any_host_does_not_lead_the_resolver_elsewhere() =>
        Assert.Equal(0, (await world.RunAsync("lookup", "good.lab", "MX", "--require", "secure", "--connect-to", "::127.0.0.1:9")).Code);

    [Theory]
    [InlineData("192.0.2.1", "is an address and no name", "danelaw lookup 1.2.0.192.in-addr.arpa PTR")]
    [InlineData("2001:db8::1", "is an address and no name", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")]
    [InlineData("https://www.good.lab:8443/x", "is a URL and no name", "give the host alone: www.good.lab")]
    [InlineData("user@good.lab", "is a mail address and no name", "danelaw lookup good.lab MX")]
    public async Task What_is_no_name_at_all_is_not_looked_up(string text, string fault, string hint)
    {
        var run = await world.RunAsync("lookup", text, "--require", "secure");

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
        if (!text.Contains(':', StringComparison.Ordinal)) Assert.Equal(0, (await world.RunAsync("lookup", text + ".")).Code);
    }

    [Theory]
    [InlineData("good.lab TLSAA", "did you mean TLSA?")]
    [InlineData("A good.lab", "the name comes first: danelaw lookup good.lab A")]
    [InlineData("good.lab QQQQQQQQ", "TYPE with a number")]
    [InlineData("good.lab MX --trace -q", "contradict each other")]
    public async Task A_call_that_makes_no_sense_is_put_right(string call, string hint)
    {
        var run = await world.RunAsync(["lookup", .. call.Split(' ')]);

        Assert.Equal(2, run.Code);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_list_is_not_secure()
    {
        var run = await CommandRun.OfAsync(["lookup", "@-", "--require", "secure", .. world.Options], "# nothing\n");

        Assert.Equal(2, run.Code);
        Assert.Contains("there was no target", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mx.unsigned.lab", "A", "lab.", "opt-out")]
    [InlineData("unknown-algorithm.lab", "MX", "unknown-algorithm.lab.", "RFC 4035 §5.2")]
    public async Task Where_trust_ends_and_why_stands_in_the_document(string name, string type, string zone, string text)
    {
        var run = await world.RunAsync("lookup", name, type, "--json");

        await SchemaTests.AssertValidAsync("lookup", run.Output);
        using var document = JsonDocument.Parse(run.Output);
        var insecurity = document.RootElement.GetProperty("insecurity");
        Assert.Equal(zone, insecurity.GetProperty("zone").GetString());
        Assert.Contains(text, insecurity.GetProperty("text").GetString(), StringComparison.Ordinal);
    }
}
