using System.Globalization;
using System.Text.Json;

namespace Danelaw.Interop.Tests.Survival;

/// <summary>What broke the most trusted validators must not break this one: each hostile zone is served for real, and asked for by the command from the root hints down.</summary>
public sealed class HostileZoneTests
{
    /// <summary>Where the zone that others are set upon is served.</summary>
    private const string VictimAddress = "127.77.2.1";

    private static readonly TimeSpan MostCpu = TimeSpan.FromSeconds(2);

    /// <summary>Above an honest lookup, which shows what starting and ending take on the machine.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(8);

    private const long MostMemory = 64 << 20;

    [Fact]
    public async Task Every_hostile_zone_gets_its_verdict_within_the_budgets_of_time_and_memory()
    {
        var token = TestContext.Current.CancellationToken;
        await using var servers = await HostileServers.StartAsync(token);
        var honest = servers.Honest.First();
        _ = await LookupAsync(servers, honest.Name, honest.Type, token);
        var baseline = await LookupAsync(servers, honest.Name, honest.Type, token);
        Assert.Equal("secure", StatusOf(baseline));

        Tell($"what the zone does{new string(' ', 62)} status         CPU ms  wall ms  MiB above an honest lookup");
        var wrong = new List<string>();
        foreach (var (name, type, outcome, title) in servers.Hostile)
        {
            var run = await LookupAsync(servers, name, type, token);
            var above = Math.Max(0, run.PeakMemory - baseline.PeakMemory);
            var line = string.Create(CultureInfo.InvariantCulture, $"{title,-80} {StatusOf(run),-14} {run.Cpu.TotalMilliseconds,6:F0}  {run.Wall.TotalMilliseconds,7:F0}  {above / 1048576.0:F1}");
            Tell(line);
            if (StatusOf(run) != outcome || run.Cpu > MostCpu || run.Wall - baseline.Wall > MostTime || above > MostMemory) wrong.Add($"{line} (right is {outcome}) {run.Output}{run.Error}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        // NXNSAttack and its kin: what one lookup lets loose upon somebody else is a few dozen queries at most.
        Assert.InRange(await HostileServers.QueriesAsync(VictimAddress, token), 1, 48);
    }

    [Fact]
    public async Task All_hostile_zones_at_once_leave_the_honest_lookups_beside_them_sound()
    {
        var token = TestContext.Current.CancellationToken;
        await using var servers = await HostileServers.StartAsync(token);
        var questions = Path.GetTempFileName();
        try
        {
            var honest = servers.Honest.ToList();
            var lines = servers.Hostile.Select(each => $"{each.Name}\t{each.Type}").Concat(honest.Select(each => $"{each.Name}\t{each.Type}")).ToList();
            await File.WriteAllLinesAsync(questions, lines, token);

            var run = await MeasuredRun.RunAsync(Path.Combine(Repository.Root, "danelaw"), ["lookup", $"@{questions}", "--json", .. servers.Whom], token);

            var statuses = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
                .ToDictionary(answer => answer.GetProperty("name").GetString()!, answer => answer.GetProperty("status").GetString());
            Assert.Equal(lines.Count, statuses.Count);
            Assert.All(honest, each => Assert.Equal("secure", statuses[each.Name]));
            Assert.All(servers.Hostile.Where(each => each.Outcome != "secure"), each => Assert.NotEqual("secure", statuses[each.Name]));
            Assert.DoesNotContain("insecure", statuses.Values);

            // All of them share two cores, and start as they come to their turn.
            Assert.InRange(run.Wall, TimeSpan.Zero, TimeSpan.FromSeconds(12));
        }
        finally
        {
            File.Delete(questions);
        }
    }

    private static Task<MeasuredRun> LookupAsync(HostileServers servers, string name, string type, CancellationToken cancellationToken) =>
        MeasuredRun.RunAsync(Path.Combine(Repository.Root, "danelaw"), ["lookup", name, type, "--json", .. servers.Whom], cancellationToken);

    private static string StatusOf(MeasuredRun run) =>
        run.Output.Length == 0 ? "nothing" : JsonDocument.Parse(run.Output).RootElement.GetProperty("status").GetString() ?? "nothing";

    private static void Tell(string line) => TestContext.Current.TestOutputHelper?.WriteLine($"TELL: {line}");
}
