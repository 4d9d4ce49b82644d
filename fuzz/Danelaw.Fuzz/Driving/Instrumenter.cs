using SharpFuzz;

namespace Danelaw.Fuzz.Driving;

/// <summary>Puts SharpFuzz's counting of edges into assemblies, in place. All in one process, so that no two places get the same number.</summary>
internal static class Instrumenter
{
    internal static int Run(string[] assemblies)
    {
        foreach (var assembly in assemblies)
        {
            _ = Fuzzer.Instrument(assembly, _ => true, Options.Value).Count();
            Console.WriteLine($"instrumented {Path.GetFileName(assembly)}");
        }

        return 0;
    }
}
