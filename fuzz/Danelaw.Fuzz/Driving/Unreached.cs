using System.Globalization;
using dnlib.DotNet;
using dnlib.DotNet.Emit;
using SharpFuzz.Common;

namespace Danelaw.Fuzz.Driving;

/// <summary>Lists the methods that inputs reach only in part, or not at all: what more seeds should aim at. For assemblies instrumented with <c>SHARPFUZZ_ENABLE_ON_BRANCH_CALLBACK=1</c>.</summary>
internal static class Unreached
{
    private static readonly string[] Assemblies = ["Danelaw.Dns.dll", "Danelaw.Dnssec.dll"];

    internal static int Run(FuzzTarget target, string[] paths)
    {
        var reached = new HashSet<int>();
        Trace.OnBranch = (place, _) => reached.Add(place);
        foreach (var file in paths.SelectMany(Replay.Files)) Replay.Try(target, File.ReadAllBytes(file));
        Trace.OnBranch = null;

        var (all, hit) = (0, 0);
        foreach (var (method, places) in Assemblies.SelectMany(Places).OrderBy(each => each.Method, StringComparer.Ordinal))
        {
            var here = places.Count(reached.Contains);
            (all, hit) = (all + places.Count, hit + here);
            if (here < places.Count) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{here,4} of {places.Count,4}  {method}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name}: {hit} of {all} places are reached"));
        return 0;
    }

    /// <summary>The numbers that the instrumentation gave to the places of each method.</summary>
    private static List<(string Method, HashSet<int> Places)> Places(string assembly)
    {
        var found = new List<(string, HashSet<int>)>();
        using var module = ModuleDefMD.Load(Path.Combine(AppContext.BaseDirectory, assembly));
        foreach (var method in module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
        {
            var places = new HashSet<int>();
            var code = method.Body.Instructions;
            for (var i = 0; i + 1 < code.Count; i++)
                if (code[i].IsLdcI4() && code[i + 1].OpCode == OpCodes.Ldstr && IsCallback(code, i + 2)) places.Add(code[i].GetLdcI4Value());
            if (places.Count > 0) found.Add((method.FullName, places));
        }

        return found;
    }

    private static bool IsCallback(IList<Instruction> code, int at) =>
        at < code.Count && code[at].Operand is IMethod { Name.String: "Invoke" } invoke && invoke.DeclaringType.FullName.Contains("Action", StringComparison.Ordinal);
}
