using System.Globalization;
using Danelaw.BenchWorld;

// Writes a signed world for bench/resolve/run: `danelaw-bench-world FOLDER DOMAINS`.
if (args is not [var folder, var count] || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var domains) || domains is < 1 or > 1_000_000)
{
    Console.Error.WriteLine("danelaw-bench-world: error: give a folder and how many domains (1 to 1000000)");
    return 2;
}

World.Write(folder, domains);
return 0;
