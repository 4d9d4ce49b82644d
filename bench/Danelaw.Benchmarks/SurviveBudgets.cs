using System.Globalization;
using System.Text.Json;
using Danelaw.Interop.Tests.Survival;

namespace Danelaw.Benchmarks;

/// <summary>What each hostile zone costs the command, as parts of what it may: processor time, time, and memory above an honest lookup. Each is asked three times; the worst counts.</summary>
internal static class SurviveBudgets
{
    private const int Rounds = 3;
    private const double MostCpu = 2, MostTime = 8, MostMemory = 64 << 20;

    internal static async Task TakeAsync(string folder, string danelaw)
    {
        string[] whom = ["--root-hints", Path.Combine(folder, "hints"), "--trust-anchor", Path.Combine(folder, "anchors")];
        var honest = File.ReadLines(Path.Combine(folder, "honest")).First().Split('\t');
        _ = await LookupAsync(danelaw, honest, whom);
        var baseline = await LookupAsync(danelaw, honest, whom);
        if (StatusOf(baseline) != "secure") throw new InvalidOperationException($"the honest lookup is {StatusOf(baseline)}: {baseline.Error}");
        Console.WriteLine("| what the zone does | verdict | CPU, part of 2 s | time, part of 8 s | memory above an honest lookup, part of 64 MiB |\n|---|---|---|---|---|");
        foreach (var words in File.ReadLines(Path.Combine(folder, "hostile")).Select(line => line.Split('\t')))
        {
            var runs = new List<MeasuredRun>();
            for (var round = 0; round < Rounds; round++) runs.Add(await LookupAsync(danelaw, words, whom));
            var statuses = runs.Select(StatusOf).Distinct().ToList();
            if (statuses.Any(status => status != words[2])) Console.Error.WriteLine($"{words[3]}: {string.Join(", ", statuses)}, and {words[2]} is right");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {words[3]} | {string.Join(", ", statuses)} | {runs.Max(run => run.Cpu).TotalSeconds / MostCpu:F2} | {runs.Max(run => run.Wall).TotalSeconds / MostTime:F2} | {Math.Max(0, runs.Max(run => run.PeakMemory) - baseline.PeakMemory) / MostMemory:F2} |"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| an honest lookup | secure | {baseline.Cpu.TotalSeconds / MostCpu:F2} | {baseline.Wall.TotalSeconds / MostTime:F2} | 0 |"));
    }

    private static Task<MeasuredRun> LookupAsync(string danelaw, string[] question, string[] whom) =>
        MeasuredRun.RunAsync(danelaw, ["lookup", question[0], question[1], "--json", .. whom], CancellationToken.None);

    private static string StatusOf(MeasuredRun run) =>
        run.Output.Length == 0 ? "nothing" : JsonDocument.Parse(run.Output).RootElement.GetProperty("status").GetString() ?? "nothing";
}
