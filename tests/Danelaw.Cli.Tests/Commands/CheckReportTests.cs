using System.Xml.Linq;
using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>The reports that <c>check</c> writes into files, beside what it says.</summary>
public sealed class CheckReportTests(LabWorld world) : IClassFixture<LabWorld>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("danelaw-reports").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string name) => Path.Combine(_folder, name);

    private string[] Files => ["--prometheus", At("a.prom"), "--junit", At("a.xml"), "--markdown", At("a.md"), "--html", At("a.html")];

    [Fact]
    public async Task All_of_them_are_written_beside_the_text_which_stays_as_it_is()
    {
        var plain = await world.RunAsync("check", "good.lab", "mismatch.lab", "-q");
        var run = await world.RunAsync(["check", "good.lab", "mismatch.lab", "-q", .. Files]);

        Assert.Equal((plain.Code, ""), (run.Code, run.Error));
        Assert.Equal(plain.Output.Split('\n').Order(StringComparer.Ordinal), run.Output.Split('\n').Order(StringComparer.Ordinal));
        var series = PrometheusReader.Read(File.ReadAllText(At("a.prom")));
        Assert.Equal(1, series["danelaw_check_verdict target=good.lab verdict=verified"]);
        Assert.Equal(1, series["danelaw_check_verdict target=mismatch.lab verdict=failing"]);
        Assert.Contains(series.Keys, key => key.StartsWith("danelaw_check_certificate_expiry_timestamp_seconds target=good.lab host=mx.good.lab address=", StringComparison.Ordinal));
        Assert.Equal(["good.lab", "mismatch.lab"], XDocument.Load(At("a.xml")).Root!.Elements("testsuite").Select(suite => suite.Attribute("name")!.Value));
        Assert.Contains("## good.lab: ✓ verified\n", File.ReadAllText(At("a.md")), StringComparison.Ordinal);
        Assert.Equal(["a.html", "a.md", "a.prom", "a.xml"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_page_has_a_picture_of_each_chain_once()
    {
        await world.RunAsync(["check", "good.lab", "mismatch.lab", .. Files]);
        XNamespace svg = "http://www.w3.org/2000/svg";
        var page = XDocument.Parse(File.ReadAllText(At("a.html")).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));

        var pictures = page.Descendants(svg + "svg").ToList();
        Assert.Equal(["good.lab MX: secure", "_25._tcp.mx.good.lab TLSA: secure", "mismatch.lab MX: secure", "_25._tcp.mx.mismatch.lab TLSA: secure"], pictures.Select(picture => picture.Element(svg + "title")!.Value));
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.DoesNotContain(page.Descendants(svg + "title"), title => title.Value.Contains("not known", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Above_a_lookup_that_failed_the_chain_is_drawn_all_the_same()
    {
        await world.RunAsync(["check", "mx-servfail.lab", .. Files]);
        var page = File.ReadAllText(At("a.html"));

        Assert.Contains("zone lab secure", page, StringComparison.Ordinal);
        Assert.DoesNotContain("DNSKEY not known", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("good.lab")]
    [InlineData("tlsa-bogus.lab")]
    [InlineData("unsigned.lab")]
    [InlineData("mx-servfail.lab")]
    [InlineData("127.0.0.1")]
    public async Task Kept_evidence_gives_the_same_files(string target)
    {
        var live = await world.RunAsync(["check", target, "--save", At("evidence"), .. Files]);
        string[] names = ["a.prom", "a.xml", "a.md", "a.html"];
        var written = names.Select(name => File.ReadAllText(At(name))).ToArray();
        foreach (var name in names) File.Delete(At(name));

        var replay = await CommandRun.OfAsync(["check", "--replay", At("evidence"), .. Files]);

        Assert.Equal((live.Code, live.Output, ""), (replay.Code, replay.Output, replay.Error));
        Assert.Equal(written, names.Select(name => File.ReadAllText(At(name))));
    }

    [Fact]
    public async Task A_link_stays_a_link_and_what_it_leads_to_is_written()
    {
        Directory.CreateDirectory(At("elsewhere"));
        File.WriteAllText(At("elsewhere/b.prom"), "old\n");
        File.CreateSymbolicLink(At("a.prom"), "elsewhere/b.prom");
        await world.RunAsync("check", "null-mx.lab", "-q", "--prometheus", At("a.prom"));

        Assert.Equal("elsewhere/b.prom", new FileInfo(At("a.prom")).LinkTarget);
        Assert.Equal(1, PrometheusReader.Read(File.ReadAllText(At("elsewhere/b.prom")))["danelaw_check_verdict target=null-mx.lab verdict=unprotected"]);
        Assert.Equal(["a.prom", "b.prom"], Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task On_standard_output_a_report_stands_alone()
    {
        var run = await world.RunAsync("check", "null-mx.lab", "--prometheus", "-");
        Assert.Equal((4, ""), (run.Code, run.Error));
        Assert.Equal(1, PrometheusReader.Read(run.Output)["danelaw_check_verdict target=null-mx.lab verdict=unprotected"]);
    }

    [Theory]
    [InlineData("--junit", "-", "--json", "--junit and --json would both write to standard output")]
    [InlineData("--html", "-", "--nagios", "--html and --nagios would both write to standard output")]
    [InlineData("--save", "-", "--html=-", "--html and --save would both write to standard output")]
    [InlineData("--junit", "a", "--html=./a", "--junit and --html would both write to a")]
    [InlineData("--junit", "nowhere/a", "-q", "cannot write nowhere/a: there is no folder ")]
    public async Task What_would_be_lost_or_cannot_be_written_is_said_before_anybody_is_asked(string first, string value, string second, string error)
    {
        var run = await CommandRun.OfAsync(["check", "example.org", first, value, second, "--resolver", "127.0.0.1:1"], folder: _folder);
        Assert.Equal(second == "--nagios" ? 3 : 2, run.Code);
        Assert.StartsWith("danelaw: error: " + error, run.Error, StringComparison.Ordinal);
    }
}
