using System.Text.Json;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>The command against the lab: real sockets, real signatures, sound and broken domains.</summary>
public sealed class LabTests(LabWorld world) : IClassFixture<LabWorld>
{
    [Fact]
    public async Task Every_domain_of_the_lab_gets_its_verdict_in_one_call_and_every_line_fits_the_schema()
    {
        var domains = world.Lab.Domains.ToDictionary(domain => Words.Of(domain.Name));
        var run = await world.RunAsync(["check", "--json", .. domains.Keys]);
        Assert.Equal("", run.Error);
        Assert.Equal(1, run.Code);
        var wrong = new List<string>();
        foreach (var line in run.Output.TrimEnd('\n').Split('\n'))
        {
            await SchemaTests.AssertValidAsync("check", line);
            using var document = JsonDocument.Parse(line);
            var expected = domains[document.RootElement.GetProperty("target").GetString()!];
            domains.Remove(Words.Of(expected.Name));
            var verdict = document.RootElement.GetProperty("verdict").GetString();
            var codes = document.RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("code").GetString()).ToList();
            if (verdict != Kebab.Of(expected.Verdict) || (expected.FindingCode is { } code && !codes.Contains(code)))
                wrong.Add($"{expected.Name} is {verdict} [{string.Join(' ', codes)}], expected {Kebab.Of(expected.Verdict)} {expected.FindingCode}: {expected.Description}");
        }

        Assert.Empty(domains);
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task The_demo_ends_well_and_its_JSON_fits_its_schema()
    {
        var run = await CommandRun.OfAsync("demo", "--json", "--seed", "5");
        Assert.Equal((0, ""), (run.Code, run.Error));
        await SchemaTests.AssertValidAsync("demo", run.Output);
    }

    [Fact]
    public async Task The_lab_tells_in_JSON_how_it_is_reached()
    {
        var run = await CommandRun.OfAsync("lab", "up", "--json", "--duration", "0");
        Assert.Equal((0, ""), (run.Code, run.Error));
        await SchemaTests.AssertValidAsync("lab", run.Output);
    }

    [Fact]
    public async Task A_live_server_gives_the_record_that_its_zone_has()
    {
        var run = await world.RunAsync("tlsa", "create", "--live", "mx.good.lab:25");
        var published = await world.RunAsync("lookup", "_25._tcp.mx.good.lab", "TLSA", "--require", "secure", "--json");
        using var document = JsonDocument.Parse(published.Output);
        var record = document.RootElement.GetProperty("answer")[0].GetString()!;
        Assert.Equal((0, record.Replace(" 3600 IN ", " IN ", StringComparison.Ordinal) + "\n", ""), (run.Code, run.Output, run.Error));
    }

    [Fact, Rule("R22"), Rule("R24"), Rfc(7671, "7")]
    public async Task The_record_of_an_alias_is_made_for_the_name_that_clients_ask_for()
    {
        var run = await world.RunAsync("tlsa", "create", "--live", "mx.mx-alias.lab:25");
        var direct = await world.RunAsync("tlsa", "create", "--live", "real.mx-alias.lab:25");

        Assert.StartsWith("_25._tcp.real.mx-alias.lab. IN TLSA 3 1 1 ", direct.Output, StringComparison.Ordinal);
        Assert.Equal((0, direct.Output), (run.Code, run.Output));
        Assert.Equal("danelaw: hint: mx.mx-alias.lab is an alias of real.mx-alias.lab, which has TLSA records: those are what clients ask for (RFC 7671 §7), and the record is for that name\n", run.Error);
        var insisted = await world.RunAsync("tlsa", "create", "--live", "mx.mx-alias.lab:25", "--name", "mx.mx-alias.lab");
        Assert.StartsWith("_25._tcp.mx.mx-alias.lab. IN TLSA 3 1 1 ", insisted.Output, StringComparison.Ordinal);
        Assert.EndsWith("and none at the name given; --name real.mx-alias.lab is where the record belongs\n", insisted.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_live_server_with_two_kinds_of_key_gives_a_record_for_each()
    {
        var run = await world.RunAsync("tlsa", "create", "--live", "mx.dual.lab:25", "--json");
        Assert.Equal(2, run.Output.TrimEnd('\n').Split('\n').Length);
        foreach (var line in run.Output.TrimEnd('\n').Split('\n')) await SchemaTests.AssertValidAsync("tlsa", line);
    }

    [Theory]
    [InlineData("good.lab", "MX", 0, "secure")]
    [InlineData("unsigned.lab", "MX", 0, "insecure")]
    [InlineData("nowhere.lab", "A", 0, "insecure")]
    [InlineData("good.lab", "TXT", 0, "secure")]
    [InlineData("mx-expired.lab", "MX", 1, "bogus")]
    [InlineData("mx-servfail.lab", "MX", 3, "indeterminate")]
    [InlineData("good.lab", "TYPE65280", 0, "secure")]
    public async Task Lookups_have_the_exit_code_of_their_status_and_fit_their_schema(string name, string type, int code, string status)
    {
        var run = await world.RunAsync("lookup", name, type, "--json");
        Assert.Equal((code, ""), (run.Code, run.Error));
        await SchemaTests.AssertValidAsync("lookup", run.Output);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal((name, status), (document.RootElement.GetProperty("name").GetString(), document.RootElement.GetProperty("status").GetString()));
        if (status == "insecure") Assert.Equal(1, (await world.RunAsync("lookup", name, type, "--require", "secure")).Code);
    }

    [Fact]
    public async Task A_file_where_the_folder_should_be_is_misuse()
    {
        var file = Path.GetTempFileName();
        try
        {
            var run = await CommandRun.OfAsync("lab", "up", "--write", file);
            Assert.Equal((2, "", $"danelaw: error: cannot write to {file}: it is a file\n"), (run.Code, run.Output, run.Error.Split("danelaw: hint")[0]));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
