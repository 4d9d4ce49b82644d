using System.Text.RegularExpressions;
using Danelaw.Lab;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Pictures;

/// <summary>Pictures of chains as Chromium lays them out: no text is wider than its node, and nothing lies outside.</summary>
[Peer("chromium")]
public sealed partial class ChromiumTests
{
    /// <summary>Measures every text against the first outline of its group, and everything against the picture.</summary>
    private const string Script = """
        <script>
        const faults = []; let texts = 0, shapes = 0;
        for (const svg of document.querySelectorAll('svg')) {
          const page = svg.getBoundingClientRect();
          for (const shape of svg.querySelectorAll('g.shape')) {
            shapes++;
            const node = shape.querySelector('rect,path').getBoundingClientRect();
            if (node.left < page.left || node.right > page.right || node.top < page.top || node.bottom > page.bottom) faults.push('outside: ' + shape.getAttribute('aria-label'));
            for (const text of shape.querySelectorAll('text')) {
              const box = text.getBoundingClientRect();
              if (box.left < node.left || box.right > node.right || box.top < node.top || box.bottom > node.bottom + 1) faults.push('overflows: ' + text.textContent);
            }
          }
          const pills = [...svg.querySelectorAll('rect.pill')].map(pill => pill.getBBox());
          const ways = [...svg.querySelectorAll('g > path.line')].map(line => { const way = []; for (let at = 0; at <= line.getTotalLength(); at += 2) way.push(line.getPointAtLength(at)); return way; });
          pills.forEach((pill, i) => {
            const through = ways.filter(way => way.some(at => at.x > pill.x - 1 && at.x < pill.x + pill.width + 1 && at.y > pill.y - 1 && at.y < pill.y + pill.height + 1)).length;
            if (through !== 1) faults.push(through + ' arrows run through a label of ' + svg.querySelector('title').textContent);
            if (pills.some((other, j) => i < j && pill.x < other.x + other.width && other.x < pill.x + pill.width && pill.y < other.y + other.height && other.y < pill.y + pill.height)) faults.push('labels lie on each other in ' + svg.querySelector('title').textContent);
          });
          for (const text of svg.querySelectorAll('text')) {
            texts++;
            const box = text.getBoundingClientRect();
            if (box.left < page.left || box.right > page.right || box.bottom > page.bottom) faults.push('outside: ' + text.textContent);
            if (parseFloat(getComputedStyle(text).fontSize) < 12) faults.push('too small: ' + text.textContent);
          }
        }
        const said = document.createElement('pre'); said.id = 'said'; said.textContent = `${shapes} shapes ${texts} texts [${faults.join('; ')}]`; document.body.appendChild(said);
        </script>
        """;

    [Fact]
    public async Task No_text_is_wider_than_its_node_and_nothing_lies_outside_the_picture()
    {
        var chromium = Peer.Require("chromium");
        using var folder = new TestFolder("pictures");
        await using var lab = await MiniInternet.StartAsync(new() { Seed = 11 }, TestContext.Current.CancellationToken);
        var anchor = folder.Write("anchor", lab.Anchor + "\n");
        var pictures = "";
        foreach (var (name, type) in new[] { ("mx.good.lab", "A"), ("wrong-ds.lab", "MX"), ("mx-expired.lab", "MX"), ("_25._tcp.mx.tlsa-denied.lab", "TLSA"), ("_25._tcp.mx.tlsa-unsigned.lab", "TLSA"), ("unknown-algorithm.lab", "MX"), ("mx-servfail.lab", "MX"), ("shop.depot.lab", "MX") })
            pictures += (await DanelawCommand.RunAsync(["lookup", name, type, "--svg", "-", "--resolver", lab.Upstream.ToString(), "--trust-anchor", anchor], cancellationToken: TestContext.Current.CancellationToken)).Output;
        var page = folder.Write("page.html", $"<!DOCTYPE html><meta charset=utf-8><body>{pictures}{Script}");

        var seen = await PeerProcess.RunAsync(chromium, ["--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={folder["profile/x"]}", "--dump-dom", page], limit: TimeSpan.FromMinutes(2), cancellationToken: TestContext.Current.CancellationToken);

        var said = Said().Match(seen.Output);
        Assert.True(said.Success, seen.Everything);
        Assert.True(int.Parse(said.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) > 50, said.Value);
        Assert.Equal("", said.Groups[2].Value);
    }

    [GeneratedRegex(@"<pre id=""said"">(\d+) shapes \d+ texts \[([^\]]*)\]")]
    private static partial Regex Said();
}
