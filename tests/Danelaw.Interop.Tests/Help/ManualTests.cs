using System.Text.RegularExpressions;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Help;

/// <summary>The manual pages, read by what reads manual pages.</summary>
[Peer("man"), Peer("groff"), Peer("mandoc")]
public sealed class ManualTests
{
    [Fact]
    public async Task Every_page_is_taken_without_a_word()
    {
        var stop = TestContext.Current.CancellationToken;
        using var folder = new TestFolder("manual");
        await Helped.SaidAsync(["manual", "--write", folder["man1"]], stop);
        var pages = Directory.GetFiles(folder["man1"]).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal((await Helped.VerbsAsync()).Length + 1, pages.Length);
        foreach (var (program, arguments) in ((string, string[])[])[("groff", ["-ww", "-z", "-man"]), ("mandoc", ["-T", "lint"])])
        {
            var run = await PeerProcess.RunAsync(Peer.Require(program), [.. arguments, .. pages], cancellationToken: stop);
            Assert.True(run is { ExitCode: 0, Output: "", Error: "" }, $"{program}: {run.Everything}");
        }

        foreach (var page in pages)
        {
            var run = await PeerProcess.RunAsync("env", ["LC_ALL=C.UTF-8", "MANWIDTH=80", "MANPAGER=cat", Peer.Require("man"), "--warnings=w", "-l", page], cancellationToken: stop);
            Assert.True(run is { ExitCode: 0, Error: "" }, $"{page}: {run.Error}");
            var text = Regex.Replace(run.Output, "\e\\[[0-9;]*m|.\b", "");
            Assert.Contains("NAME\n", text, StringComparison.Ordinal);
            Assert.Contains("SEE ALSO\n", text, StringComparison.Ordinal);
            // No escape of ours is left; a backslash at the end of a line goes on with a command.
            Assert.DoesNotMatch(@"\\[^\n]", text);
        }
    }
}
