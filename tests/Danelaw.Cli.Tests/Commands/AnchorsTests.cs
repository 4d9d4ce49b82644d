using System.Globalization;
using System.Text.Json;
using Danelaw.Cli.Running;
using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

/// <summary><c>anchors</c> and <c>--anchor-state</c>, against a lab whose root serves one key.</summary>
public sealed class AnchorsTests(LabWorld world) : IClassFixture<LabWorld>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("danelaw-anchors").FullName;

    private string File => Path.Combine(_folder, "state");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact, Rfc(4035, "4.4")]
    public async Task The_anchors_in_use_and_what_the_zone_serves_are_told_within_80_columns()
    {
        var run = await CommandRun.OfAsync(["anchors", .. world.Options, "--anchor-state", File], isTerminal: true);

        Assert.Equal(0, run.Code);
        Assert.Contains("trust anchors of the root", run.Output, StringComparison.Ordinal);
        Assert.Contains("what it serves now: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("next query due ", run.Output, StringComparison.Ordinal);
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(Plain(line).Length, 0, 80));
    }

    [Theory, Rfc(5011, "4.2")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task As_JSON_they_fit_their_schema(bool isFollowed)
    {
        var run = await world.RunAsync(["anchors", "--json", .. isFollowed ? (string[])["--anchor-state", File] : []]);

        Assert.Equal(0, run.Code);
        await SchemaTests.AssertValidAsync("anchors", run.Output);
        using var document = JsonDocument.Parse(run.Output);
        var zone = Assert.Single(document.RootElement.GetProperty("zones").EnumerateArray());
        Assert.Equal("secure", zone.GetProperty("served").GetProperty("status").GetString());
        Assert.Equal(isFollowed ? "valid" : null, isFollowed ? zone.GetProperty("state").GetProperty("keys")[0].GetProperty("state").GetString() : zone.GetProperty("state").GetString());
    }

    [Fact, Rfc(9718, "2")]
    public async Task The_built_in_anchors_are_those_of_the_root_and_another_root_is_not_believed()
    {
        var run = await CommandRun.OfAsync(["anchors", "--json", "--resolver", world.Lab.Upstream.ToString(), "--timeout", "1s", "--tries", "1"]);

        Assert.Equal(1, run.Code);
        using var document = JsonDocument.Parse(run.Output);
        var zone = Assert.Single(document.RootElement.GetProperty("zones").EnumerateArray());
        Assert.Equal([20326, 38696], zone.GetProperty("anchors").EnumerateArray().Select(anchor => anchor.GetProperty("tag").GetInt32()));
        Assert.All(zone.GetProperty("anchors").EnumerateArray(), anchor => Assert.Equal("built-in", anchor.GetProperty("from").GetString()));
        Assert.Contains("--trust-anchor", zone.GetProperty("served").GetProperty("mend").GetString(), StringComparison.Ordinal);
        Assert.Equal(["2017-02-02", "2024-07-18"], zone.GetProperty("anchors").EnumerateArray().Select(anchor => anchor.GetProperty("validFrom").GetString()));
        Assert.Equal(("bogus", "key-does-not-match-ds"), (zone.GetProperty("served").GetProperty("status").GetString(), zone.GetProperty("served").GetProperty("reason").GetString()));
    }

    [Fact, Rfc(9718, "2")]
    public async Task What_is_built_in_is_told_with_its_date_and_what_to_do_when_it_is_old()
    {
        var builtIn = await CommandRun.OfAsync(["anchors", "--resolver", world.Lab.Upstream.ToString(), "--timeout", "1s", "--tries", "1"], isTerminal: true);
        var own = await world.RunAsync("anchors");

        Assert.Contains("digest, built-in, valid from 2017-02-02", builtIn.Output, StringComparison.Ordinal);
        Assert.Contains("root-anchors.xml", builtIn.Output, StringComparison.Ordinal);
        Assert.All(builtIn.Output.Split('\n'), line => Assert.InRange(Plain(line).Length, 0, 80));
        Assert.DoesNotContain("root-anchors.xml", own.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(". IN A 192.0.2.1\n", "--trust-anchor: wrong: . 3600 IN A 192.0.2.1 cannot be a trust anchor: only DS and DNSKEY records are anchors")]
    [InlineData("", "--trust-anchor: wrong holds no trust anchor")]
    [InlineData("x IN T\u00E9 1\n", "--trust-anchor: wrong:1:6: 'T\u00E9' is no record type")]
    public async Task A_file_that_holds_no_anchors_is_named(string text, string fault)
    {
        System.IO.File.WriteAllText(Path.Combine(_folder, "good"), ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n");
        System.IO.File.WriteAllText(Path.Combine(_folder, "wrong"), text);

        var run = await CommandRun.OfAsync(["anchors", "--trust-anchor", "good", "--trust-anchor", "wrong"], folder: _folder);

        Assert.Equal(2, run.Code);
        Assert.Contains($"danelaw: error: {fault}\n", run.Error, StringComparison.Ordinal);
    }

    [Fact, Rfc(5011, "2.3")]
    public async Task A_lookup_begins_the_state_and_asks_for_keys_again_when_that_is_due()
    {
        var first = await world.RunAsync("lookup", ".", "SOA", "--require", "secure", "--anchor-state", File);
        Assert.Equal((0, ""), (first.Code, first.Error));
        var begun = await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken);
        Assert.Contains(";;key Valid ", begun, StringComparison.Ordinal);

        Assert.Equal(0, (await world.RunAsync("lookup", ".", "SOA", "--anchor-state", File)).Code);
        Assert.Equal(begun, await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken));

        var due = begun.Split('\n').Single(line => line.StartsWith(";;next ", StringComparison.Ordinal))[7..];
        Assert.True(DateTimeOffset.TryParse(due, CultureInfo.InvariantCulture, out var next));
        Assert.Equal(0, (await CommandRun.OfAsync(["lookup", ".", "SOA", "--anchor-state", File, .. world.Options], clock: new SetClock(next, TimeProvider.System))).Code);
        Assert.Contains($";;queried {next:yyyy-MM-dd'T'HH:mm:ss'Z'}", await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact, Rfc(5011, "2.4.1")]
    public async Task A_time_that_is_tried_out_never_changes_the_state()
    {
        Assert.Equal(0, (await world.RunAsync("anchors", "--anchor-state", File)).Code);
        var begun = await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken);

        foreach (var verb in (string[][])[["anchors"], ["lookup", ".", "SOA"]])
        {
            // A day on the answer is still signed, and the key is to be asked for again.
            var run = await world.RunAsync([.. verb, "--anchor-state", File, "--now", DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)]);
            Assert.Equal(0, run.Code);
            Assert.Contains($"with --now nothing is written to {File}", run.Error, StringComparison.Ordinal);
            Assert.Equal(begun, await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken));
        }

        System.IO.File.Delete(File);
        Assert.Equal(0, (await world.RunAsync("lookup", ".", "SOA", "--anchor-state", File, "--now", DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))).Code);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact, Rfc(5011, "2")]
    public async Task Keys_that_are_followed_are_judged_without_leeway()
    {
        Assert.Equal(0, (await world.RunAsync("anchors", "--anchor-state", File)).Code);
        var begun = await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken);
        var over = new SetClock(DateTimeOffset.UtcNow.AddDays(100), TimeProvider.System);

        var lenient = await CommandRun.OfAsync(["anchors", "--json", "--clock-skew", "366d", .. world.Options], clock: over);
        var followed = await CommandRun.OfAsync(["anchors", "--json", "--clock-skew", "366d", "--anchor-state", File, .. world.Options], clock: over);

        Assert.Equal((0, 1), (lenient.Code, followed.Code));
        Assert.Contains("signature-expired", followed.Output, StringComparison.Ordinal);
        Assert.Equal(Validated(begun), Validated(await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken)));

        static string Validated(string state) => state.Split('\n').Single(line => line.StartsWith(";;validated ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_DS_that_no_key_can_match_is_no_trust_anchor()
    {
        var anchor = Path.Combine(_folder, "short");
        await System.IO.File.WriteAllTextAsync(anchor, ". DS 1 13 2 aa\n", TestContext.Current.CancellationToken);

        var run = await CommandRun.OfAsync("lookup", ".", "SOA", "--trust-anchor", anchor, "--resolver", "127.0.0.1:9");

        Assert.Equal(2, run.Code);
        Assert.Contains("its SHA-256 digest has 1 octet, not 32", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("; danelaw anchor state, version 2\n", "another version")]
    [InlineData("", "no anchor state")]
    [InlineData(". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n", "no anchor state")]
    [InlineData("; danelaw anchor state, version 1\n\n;;zone .\n", "damaged")]
    public async Task A_file_that_is_something_else_or_damaged_is_misuse_and_stays_as_it_is(string text, string fault)
    {
        await System.IO.File.WriteAllTextAsync(File, text, TestContext.Current.CancellationToken);

        foreach (var verb in (string[][])[["anchors"], ["lookup", ".", "SOA"], ["check", "good.example"]])
        {
            var run = await world.RunAsync([.. verb, "--anchor-state", File]);
            Assert.Equal(2, run.Code);
            Assert.Contains(fault, run.Error, StringComparison.Ordinal);
            Assert.Equal(text, await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_state_that_was_cut_off_anywhere_or_altered_is_misuse()
    {
        Assert.Equal(0, (await world.RunAsync("anchors", "--anchor-state", File)).Code);
        var text = await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken);

        foreach (var damaged in (string[])[text[..^1], text[..(text.Length / 2)], text.Replace(";;failures 0", ";;failures 1", StringComparison.Ordinal), text + "\n"])
        {
            await System.IO.File.WriteAllTextAsync(File, damaged, TestContext.Current.CancellationToken);
            Assert.Equal(2, (await world.RunAsync("anchors", "--anchor-state", File)).Code);
            Assert.Equal(damaged, await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_state_of_other_anchors_is_misuse()
    {
        Assert.Equal(0, (await world.RunAsync("anchors", "--anchor-state", File)).Code);
        var text = await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken);

        var run = await CommandRun.OfAsync("anchors", "--resolver", world.Lab.Upstream.ToString(), "--anchor-state", File);

        Assert.Equal(2, run.Code);
        Assert.Contains("none is among the anchors", run.Error, StringComparison.Ordinal);
        Assert.Equal(text, await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken));
    }

    private static string Plain(string line) => System.Text.RegularExpressions.Regex.Replace(line, "\e\\[[0-9;]*m", "");
}
