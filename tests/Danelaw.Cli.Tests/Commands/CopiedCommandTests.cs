using System.Diagnostics;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>Commands that findings name: copied as they stand there, they ask as the check did.</summary>
public sealed class CopiedCommandTests(LabWorld world) : IClassFixture<LabWorld>
{
    [Theory]
    [InlineData("mx-expired.lab", 1)]
    [InlineData("wrong-ds.lab", 1)]
    [InlineData("mx-servfail.lab", 3)]
    public async Task Copied_from_a_terminal_it_tells_the_chain(string domain, int code)
    {
        var checkedAt = await CommandRun.OfAsync(["check", domain, .. world.Options], isTerminal: true, variables: new Dictionary<string, string> { ["NO_COLOR"] = "1" });
        var command = Assert.Single(checkedAt.Output.Split('\n'), line => line.TrimStart().StartsWith("danelaw lookup ", StringComparison.Ordinal)).Trim();
        var words = await ShellAsync(command);

        var told = await CommandRun.OfAsync(words[1..]);

        Assert.Equal(code, told.Code);
        Assert.Contains("The chain of trust, from the anchor down", told.Output, StringComparison.Ordinal);
        Assert.Contains("The chain breaks at ", told.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_option_that_says_whom_to_ask_and_how_to_judge_is_in_it_and_no_other()
    {
        var folder = Directory.CreateTempSubdirectory("danelaw copied");
        try
        {
            var anchor = Path.Combine(folder.FullName, "it's the anchor");
            File.Copy(world.Options[3], anchor);
            string[] asked = ["--resolver", world.Options[1], "--trust-anchor", anchor, "--negative-anchor", "nowhere.example", "--clock-skew", "1m", "--no-sha1", "--nsec3-limit", "50", "--ipv4", "--timeout", "1s", "--tries", "1"];

            var report = await CommandRun.OfAsync(["check", "mx-expired.lab", "--concurrency", "3", .. asked, "--connect-to", world.Lab.ConnectTo, "--cache-size", "1M"]);

            var words = await ShellAsync(Assert.Single(report.Output.Split('\n'), line => line.TrimStart().StartsWith("danelaw lookup ", StringComparison.Ordinal)).Trim());
            Assert.Equal(["danelaw", "lookup", "mx-expired.lab", "MX", "--trace"], words[..5]);
            Assert.Equal(asked.Order(), words[5..].Order());
            Assert.Equal(anchor, words[Array.IndexOf(words, "--trust-anchor") + 1]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_replay_names_the_same_command()
    {
        var folder = Directory.CreateTempSubdirectory("danelaw-copied");
        try
        {
            var evidence = Path.Combine(folder.FullName, "evidence");
            var first = await world.RunAsync("check", "mx-expired.lab", "--save", evidence);
            var second = await CommandRun.OfAsync(["check", "--replay", evidence]);

            Assert.Contains($"danelaw lookup mx-expired.lab MX --trace --resolver {world.Options[1]} --trust-anchor {world.Options[3]}", first.Output, StringComparison.Ordinal);
            Assert.Equal(first.Output, second.Output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The words that a shell makes of a line.</summary>
    private static async Task<string[]> ShellAsync(string line)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"for word in {line}; do printf '%s\\0' \"$word\"; done"]) { RedirectStandardOutput = true })!;
        var said = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return said.Split('\0')[..^1];
    }
}
