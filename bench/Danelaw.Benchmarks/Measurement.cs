using System.Diagnostics;
using System.Globalization;

namespace Danelaw.Benchmarks;

/// <summary>One thing done by Danelaw and by the peer.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="What">What is done once.</param>
/// <param name="Repetitions">How often it is done in one round.</param>
/// <param name="Ours">Done by Danelaw; what it returns keeps it from being optimised away.</param>
/// <param name="Theirs">Done by the peer; null when the peer has nothing like it.</param>
internal sealed record Row(string Name, string What, int Repetitions, Func<long> Ours, Func<long>? Theirs)
{
    /// <summary>How many rounds are taken, an odd number.</summary>
    internal int Rounds { get; init; } = 7;

    /// <summary>What is done before each round and not measured.</summary>
    internal (Action Ours, Action Theirs)? Prepare { get; init; }

    /// <summary>What is done beforehand, if it is not the same.</summary>
    internal (Func<long> Ours, Func<long> Theirs)? WarmUp { get; init; }
}

/// <summary>Takes rows in turn, so that a busy machine slows both sides alike, and keeps the median. Time is the processor time of this process.</summary>
internal static class Measurement
{
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(2);

    internal const string Heading = "| row | Danelaw | ARSoft.Tools.Net 3.6.1 | times faster | Danelaw allocates | ARSoft allocates | part of it |\n|---|---|---|---|---|---|---|";

    internal static string Take(Row row)
    {
        WarmUp(row.WarmUp?.Ours ?? row.Ours);
        if (row.Theirs is not null) WarmUp(row.WarmUp?.Theirs ?? row.Theirs);
        var ours = new List<Cost>();
        var theirs = new List<Cost>();
        for (var round = 0; round < row.Rounds; round++)
        {
            row.Prepare?.Ours();
            ours.Add(Run(row.Ours, row.Repetitions));
            row.Prepare?.Theirs();
            if (row.Theirs is not null) theirs.Add(Run(row.Theirs, row.Repetitions));
        }

        var our = Median(ours);
        if (row.Theirs is null) return string.Create(CultureInfo.InvariantCulture, $"| {row.Name}: {row.What} | {Time(our.Seconds)} | | | {our.Octets:N0} B | | |");
        var their = Median(theirs);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {row.Name}: {row.What} | {Time(our.Seconds)} | {Time(their.Seconds)} | {their.Seconds / our.Seconds:F1} | {our.Octets:N0} B | {their.Octets:N0} B | {Part(our.Octets, their.Octets)} |");
    }

    /// <summary>Until the compiler has had its last word, and at least once.</summary>
    private static void WarmUp(Func<long> work)
    {
        var started = Stopwatch.GetTimestamp();
        do _sink += work();
        while (Stopwatch.GetElapsedTime(started) < WarmUpTime);
    }

    private static Cost Run(Func<long> work, int repetitions)
    {
        GC.Collect();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < repetitions; i++) _sink += work();
        var seconds = (Environment.CpuUsage.TotalTime - started).TotalSeconds;
        return new(seconds / repetitions, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)repetitions);
    }

    private static Cost Median(List<Cost> costs) => new(Middle(costs.Select(cost => cost.Seconds)), Middle(costs.Select(cost => cost.Octets)));

    private static double Middle(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static string Part(double ours, double theirs) => ours == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"1/{theirs / ours:F1}");

    private static string Time(double seconds) => seconds switch
    {
        < 1e-6 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e9:F0} ns"),
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:F2} us"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:F1} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:F2} s"),
    };

    private static long _sink;

    private readonly record struct Cost(double Seconds, double Octets);
}
