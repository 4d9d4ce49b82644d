using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Lookup;

/// <summary><c>lookup --trace</c> in the lab: sound, insecure and broken chains.</summary>
public sealed class TraceTests(LabWorld world) : IClassFixture<LabWorld>
{
    [Theory]
    [InlineData("mx.good.lab", "A", 0)]
    [InlineData("shop.depot.lab", "MX", 0)]
    [InlineData("_25._tcp.mx.opt-out.lab", "TLSA", 0)]
    [InlineData("unknown-algorithm.lab", "MX", 0)]
    [InlineData("_25._tcp.mx.tlsa-unsigned.lab", "TLSA", 0)]
    [InlineData("nowhere.good.lab", "A", 0)]
    [InlineData("wrong-ds.lab", "MX", 1)]
    [InlineData("mx-expired.lab", "MX", 1)]
    [InlineData("_25._tcp.mx.tlsa-denied.lab", "TLSA", 1)]
    [InlineData("mx-servfail.lab", "MX", 3)]
    public async Task The_trace_fits_its_schema_and_the_exit_code_is_that_of_the_lookup(string name, string type, int code)
    {
        var told = await world.RunAsync("lookup", name, type, "--trace", "--json");

        Assert.Equal(code, told.Code);
        await SchemaTests.AssertValidAsync("lookup", told.Output);
        Assert.Equal((await world.RunAsync("lookup", name, type)).Code, told.Code);
    }

    [Theory]
    [InlineData("mx.good.lab", "A")]
    [InlineData("_25._tcp.mx.tlsa-unsigned.lab", "TLSA")]
    [InlineData("wrong-ds.lab", "MX")]
    [InlineData("_25._tcp.mx.tlsa-denied.lab", "TLSA")]
    [InlineData("mx-servfail.lab", "MX")]
    public async Task On_a_terminal_of_80_columns_no_line_of_the_chain_is_longer(string name, string type)
    {
        var told = await CommandRun.OfAsync(["lookup", name, type, "--trace", .. world.Options], isTerminal: true, variables: new Dictionary<string, string> { ["NO_COLOR"] = "1" });

        var chain = told.Output[told.Output.IndexOf("The chain of trust", StringComparison.Ordinal)..];
        Assert.All(chain.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.DoesNotContain('\e', chain);
    }

    [Theory]
    [InlineData("wrong-ds.lab", "MX", "!!  DS", "the zone has no such key", "extended error 9 (DNSKEY Missing)")]
    [InlineData("mx-expired.lab", "MX", "!!  signed", "expired, ended 1.0 days ago", "extended error 7 (Signature Expired)")]
    [InlineData("_25._tcp.mx.tlsa-denied.lab", "TLSA", "!!  denial", "no proof came with it", "extended error 12 (NSEC Missing)")]
    [InlineData("mx-servfail.lab", "MX", "!!  ", "answered SERVFAIL", "extended error 22 (No Reachable Authority)")]
    public async Task A_break_is_marked_without_colour_and_named_with_rule_error_and_mend(string name, string type, string mark, string fault, string error)
    {
        var told = await world.RunAsync("lookup", name, type, "--trace");

        Assert.Contains(told.Output.Split('\n'), line => line.Contains(mark, StringComparison.Ordinal) && line.Contains(fault, StringComparison.Ordinal));
        Assert.Contains($"!! The chain breaks at {name} ", told.Output, StringComparison.Ordinal);
        Assert.Contains(error, told.Output, StringComparison.Ordinal);
        Assert.Contains("rule       RFC ", told.Output, StringComparison.Ordinal);
        Assert.Contains("what to do ", told.Output, StringComparison.Ordinal);
        Assert.Contains("ok  anchor  DS ", told.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_v_dates_and_every_question_are_told()
    {
        var told = await world.RunAsync("lookup", "mx.good.lab", "A", "--trace", "-v");

        Assert.Matches(@"days left, \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ to ", told.Output);
        Assert.Contains("Questions asked", told.Output, StringComparison.Ordinal);
        Assert.Contains("good.lab DNSKEY: NOERROR from ", told.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wrong-ds.lab", "MX")]
    [InlineData("mx-expired.lab", "MX")]
    [InlineData("_25._tcp.mx.tlsa-denied.lab", "TLSA")]
    public async Task A_lookup_gives_the_same_mend_with_and_without_a_trace(string name, string type)
    {
        using var plain = System.Text.Json.JsonDocument.Parse((await world.RunAsync("lookup", name, type, "--json")).Output);
        using var traced = System.Text.Json.JsonDocument.Parse((await world.RunAsync("lookup", name, type, "--trace", "--json")).Output);

        Assert.Equal(plain.RootElement.GetProperty("failure").GetProperty("mend").GetString(), traced.RootElement.GetProperty("trace").GetProperty("end").GetProperty("mend").GetString());
    }

    [Fact]
    public async Task With_q_the_verdict_stands_alone_and_a_trace_is_not_dropped_in_silence()
    {
        var quiet = await world.RunAsync("lookup", "wrong-ds.lab", "MX", "-q");
        var both = await world.RunAsync("lookup", "wrong-ds.lab", "MX", "--trace", "-q");

        Assert.Equal("wrong-ds.lab MX: bogus (key-does-not-match-ds), NOERROR\n", quiet.Output);
        Assert.Equal((2, ""), (both.Code, both.Output));
        Assert.Contains("--trace and -q contradict each other", both.Error, StringComparison.Ordinal);
    }
}
