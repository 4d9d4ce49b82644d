using System.Diagnostics;

namespace Danelaw.Fuzz.Driving;

/// <summary>Runs inputs from files, and tells what was found.</summary>
internal static class Replay
{
    internal static int Run(FuzzTarget target, string[] paths)
    {
        var (ran, found) = (0, 0);
        var clock = Stopwatch.StartNew();
        foreach (var file in paths.SelectMany(Files))
        {
            ran++;
            if (Try(target, File.ReadAllBytes(file)) is not { } finding) continue;
            found++;
            Console.WriteLine($"{file}: {finding}");
        }

        Console.WriteLine($"{target.Name}: {ran} inputs, {found} findings, {clock.Elapsed.TotalSeconds:F1} s");
        return found == 0 ? 0 : 1;
    }

    /// <summary>Runs one input: what was found, or null.</summary>
    internal static Exception? Try(FuzzTarget target, byte[] input)
    {
        try
        {
            target.Run(input);
            return null;
        }
        catch (Exception finding)
        {
            // Whatever is thrown here is the finding.
            return finding;
        }
    }

    internal static IEnumerable<string> Files(string path) =>
        Directory.Exists(path) ? Directory.EnumerateFiles(path).Order(StringComparer.Ordinal) : [path];
}
