using System.Text.Json;
using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>The name servers beside a check, as the command asks and tells them.</summary>
public sealed class CheckServersTests(LabWorld world) : IClassFixture<LabWorld>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("danelaw-servers").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string[] Reached => ["--connect-to", world.Lab.ConnectNameServersTo];

    [Fact]
    public async Task A_single_target_has_its_name_servers_asked()
    {
        var text = await world.RunAsync(["check", "good.lab", .. Reached]);
        var full = await world.RunAsync(["check", "good.lab", "-v", .. Reached]);

        Assert.Equal(0, text.Code);
        Assert.Contains("\nName servers\n  good.lab: 1 address is sound\n", text.Output, StringComparison.Ordinal);
        Assert.Matches(@"\n    ns\.lab 127\.\d+\.0\.53, serial \d+: sound\n", full.Output);
        Assert.DoesNotContain("SERVER-", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_is_at_port_53_one_note_says_so_and_strict_is_content()
    {
        var run = await world.RunAsync("check", "good.lab", "--strict");

        Assert.Equal(0, run.Code);
        Assert.Contains("note SERVER-UNTESTED good.lab\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Name servers\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task They_are_left_alone_on_request_and_of_several_targets_unless_they_are_asked_for()
    {
        var without = await world.RunAsync(["check", "good.lab", "--no-servers", "--json", .. Reached]);
        var list = await world.RunAsync(["check", "good.lab", "dual.lab", "--json", .. Reached]);
        var asked = await world.RunAsync(["check", "good.lab", "dual.lab", "--servers", "--json", .. Reached]);

        Assert.Equal([0], Zones(without.Output));
        Assert.Equal([0, 0], Zones(list.Output));
        Assert.Equal([1, 1], Zones(asked.Output));
        foreach (var line in asked.Output.TrimEnd('\n').Split('\n')) await SchemaTests.AssertValidAsync("check", line);
    }

    [Theory]
    [InlineData("good.lab")]
    [InlineData("mx-expired.lab")]
    [InlineData("wrong-ds.lab")]
    [InlineData("unsigned.lab")]
    public async Task Kept_evidence_says_the_same_byte_for_byte(string domain)
    {
        var evidence = Path.Combine(_folder, "evidence.json");
        foreach (var form in (string[])["--json", "-v"])
        {
            var live = await world.RunAsync(["check", domain, "--save", evidence, form, .. Reached]);
            var replay = await CommandRun.OfAsync("check", "--replay", evidence, form);

            Assert.Equal((live.Code, live.Output, ""), (replay.Code, replay.Output, replay.Error));
            Assert.Contains(domain + (form == "-v" ? ": " : "."), live.Output.Split(form == "-v" ? "Name servers" : "\"zones\":")[1], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("check good.lab --servers --no-servers", "--servers and --no-servers contradict each other")]
    [InlineData("check --replay evidence.json --no-servers", "--no-servers has no meaning with --replay")]
    public async Task What_makes_no_sense_together_is_misuse(string call, string fault)
    {
        var run = await CommandRun.OfAsync([.. call.Split(' '), "--resolver", "127.0.0.1:1"], folder: _folder);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith($"danelaw: error: {fault}\n", run.Error, StringComparison.Ordinal);
    }

    private static int[] Zones(string output) => [.. output.TrimEnd('\n').Split('\n').Select(line =>
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("zones").GetArrayLength();
    })];
}
