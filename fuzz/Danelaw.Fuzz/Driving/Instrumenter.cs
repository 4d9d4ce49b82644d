using SharpFuzz;

namespace Danelaw.Fuzz.Driving;

/// <summary>Puts SharpFuzz's counting of edges into assemblies, in place. All in one process, so that no two places get the same number.</summary>
internal static class Instrumenter
{
    /// <summary>Runs at other times than an input does: it is freed by the collector of garbage, and what it keeps from one signature serves the next one, of whatever input.</summary>
    private const string Apart = "Danelaw.Dnssec.Keys.OpenSslPublicKey";

    internal static int Run(string[] assemblies)
    {
        foreach (var assembly in assemblies)
        {
            _ = Fuzzer.Instrument(assembly, type => type != Apart, Options.Value).Count();
            Console.WriteLine($"instrumented {Path.GetFileName(assembly)}");
        }

        return 0;
    }
}
