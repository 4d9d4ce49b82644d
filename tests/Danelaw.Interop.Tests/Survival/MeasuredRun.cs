using System.Diagnostics;
using System.Globalization;

namespace Danelaw.Interop.Tests.Survival;

/// <summary>A program that ran to its end, and what it took: sampled every few milliseconds, so a little less than the truth.</summary>
/// <param name="ExitCode">Its exit status.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Wall">From start to end.</param>
/// <param name="Cpu">Processor time.</param>
/// <param name="PeakMemory">The largest resident set, in octets.</param>
internal sealed record MeasuredRun(int ExitCode, string Output, string Error, TimeSpan Wall, TimeSpan Cpu, long PeakMemory)
{
    /// <summary>sysconf(_SC_CLK_TCK) is 100 wherever Linux runs.</summary>
    private const double TicksPerSecond = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    internal static async Task<MeasuredRun> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var (cpu, memory) = (TimeSpan.Zero, 0L);
        var ended = process.WaitForExitAsync(cancellationToken);
        while (!ended.IsCompleted)
        {
            cpu = CpuOf(process.Id) ?? cpu;
            memory = Math.Max(memory, PeakMemoryOf(process.Id));
            await Task.WhenAny(ended, Task.Delay(Interval, cancellationToken));
        }

        await ended;
        return new(process.ExitCode, await output, await error, Stopwatch.GetElapsedTime(began), cpu, memory);
    }

    private static TimeSpan? CpuOf(int id)
    {
        if (Read($"/proc/{id}/stat") is not { Length: > 0 } text) return null;

        // The name in brackets may hold anything; utime and stime are the 14th and 15th field.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
    }

    private static long PeakMemoryOf(int id)
    {
        var line = Read($"/proc/{id}/status")?.Split('\n').FirstOrDefault(each => each.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[6..].Trim().Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
