using System.Text.Json;
using Danelaw.Interop.Tests.Worlds;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Mail;

/// <summary>One line of <c>danelaw check --json</c>: what of it the table holds against the peers.</summary>
/// <param name="Verdict">The verdict on the target.</param>
/// <param name="Reason">Its reason's code.</param>
/// <param name="Findings">The codes of its findings.</param>
/// <param name="Line">The whole line.</param>
internal sealed record CommandReport(string Verdict, string Reason, IReadOnlyList<string> Findings, string Line)
{
    /// <summary>Checks targets in one process, by target.</summary>
    public static async Task<IReadOnlyDictionary<string, CommandReport>> CheckAsync(SignedWorld world, IEnumerable<string> targets, CancellationToken cancellationToken, string resolver = SignedWorld.PlainAddress, params string[] options)
    {
        var result = await DanelawCommand.RunAsync(
            ["check", "@-", "--json", "--resolver", resolver, "--trust-anchor", world.AnchorFile, .. options], string.Concat(targets.Select(target => target + "\n")), cancellationToken);
        Assert.True(result.Error.Length == 0, result.Error);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read).ToDictionary(report => report.Target, report => report.Report);
    }

    private static (string Target, CommandReport Report) Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        Assert.Equal("danelaw.check/1", root.GetProperty("schema").GetString());
        return (root.GetProperty("target").GetString()!, new CommandReport(
            root.GetProperty("verdict").GetString()!,
            root.GetProperty("reason").GetString()!,
            [.. root.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("code").GetString()!)],
            line));
    }
}
