using System.Text.RegularExpressions;
using Danelaw.Lab;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Pictures;

/// <summary>The page of a check as Chromium lays it out, on a screen and on a telephone's: nothing is wider than it but what can be scrolled.</summary>
[Peer("chromium")]
public sealed partial class ReportPageTests
{
    private const string Script = """
        <script>
        onload = () => {
          const said = [];
          for (const frame of document.querySelectorAll('iframe')) {
            const page = frame.contentDocument, root = page.documentElement;
            for (const one of page.querySelectorAll('details')) one.open = true;
            const wide = [...page.body.querySelectorAll('*')].filter(one => !one.closest('.c-chain svg') && one.getBoundingClientRect().right > root.clientWidth + 0.5);
            said.push(`${frame.width}: ${root.scrollWidth} wide, ${page.querySelectorAll('svg').length} pictures, ${page.scripts.length} scripts, out: ${wide.map(one => one.outerHTML.slice(0, 80)).join(' ; ')}`);
          }
          const all = document.createElement('pre'); all.id = 'said'; all.textContent = said.join('\n'); document.body.appendChild(all);
        };
        </script>
        """;

    [Fact]
    public async Task Nothing_is_wider_than_the_screen()
    {
        var chromium = Peer.Require("chromium");
        using var folder = new TestFolder("report-page");
        await using var lab = await MiniInternet.StartAsync(new() { Seed = 12 }, TestContext.Current.CancellationToken);
        var anchor = folder.Write("anchor", lab.Anchor + "\n");
        string[] targets = ["good.lab", "dual.lab", "mismatch.lab", "tlsa-bogus.lab", "unsigned.lab", "mx-servfail.lab", "second-address.lab", "tlsa-large.lab"];
        var run = await DanelawCommand.RunAsync(["check", .. targets, "--html", folder["page.html"], "--resolver", lab.Upstream.ToString(), "--trust-anchor", anchor, "--connect-to", lab.ConnectTo], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("", run.Error);
        var frames = folder.Write("frames.html", $"<!DOCTYPE html><meta charset=utf-8><body><iframe src=page.html width=1000 height=900></iframe><iframe src=page.html width=360 height=700></iframe>{Script}");

        var seen = await PeerProcess.RunAsync(chromium, ["--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", $"--user-data-dir={folder["profile/x"]}", "--dump-dom", frames], limit: TimeSpan.FromMinutes(2), cancellationToken: TestContext.Current.CancellationToken);

        var said = Said().Match(seen.Output);
        Assert.True(said.Success, seen.Everything);
        Assert.Matches(@"^1000: (9\d\d|1000) wide, 1[4-9] pictures, 0 scripts, out: \n360: 3[3-6]\d wide, 1[4-9] pictures, 0 scripts, out: $", said.Groups[1].Value);
    }

    [GeneratedRegex("<pre id=\"said\">(.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex Said();
}
