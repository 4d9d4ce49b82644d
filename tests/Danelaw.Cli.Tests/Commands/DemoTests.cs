using System.Text.Json;
using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_finds_every_verdict_right_and_ends_with_how_to_try_ones_own_domain()
    {
        var run = await CommandRun.OfAsync(["demo"], isTerminal: true, variables: new Dictionary<string, string> { ["NO_COLOR"] = "1" });

        Assert.Equal(0, run.Code);
        Assert.Contains("  mismatch.lab           failing       a new key, and the record was forgotten\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("mismatch.lab: FAILING", run.Output, StringComparison.Ordinal);
        Assert.Contains("  danelaw check example.org", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("every verdict is the right one.\n", run.Output, StringComparison.Ordinal);
        // A record that is to be copied stands whole on its line; everything else keeps to 80 columns.
        Assert.All(run.Output.Split('\n').Where(line => !line.Contains(" IN TLSA ", StringComparison.Ordinal)), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public async Task All_domains_are_right_in_json_and_their_document_fits_its_schema()
    {
        var run = await CommandRun.OfAsync("demo", "--json", "--seed", "11");

        await SchemaTests.AssertValidAsync("demo", run.Output);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Empty(document.RootElement.GetProperty("domains").EnumerateArray().Where(domain => !domain.GetProperty("right").GetBoolean()).Select(domain => domain.ToString()));
        Assert.Equal(0, run.Code);
    }

    [Fact]
    public async Task All_shows_what_the_short_table_leaves_out()
    {
        var run = await CommandRun.OfAsync("demo", "--all", "-q");

        Assert.Contains("  opt-out.lab            unprotected   TLSA from a wildcard in an opt-out zone\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("danelaw check example.org", run.Output, StringComparison.Ordinal);
    }
}
