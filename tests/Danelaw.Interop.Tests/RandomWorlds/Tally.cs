using System.Globalization;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>Counts what was asked and what came of it.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, int> _expected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _explained = [];

    public int Worlds { get; set; }

    public int Zones { get; set; }

    public int Questions { get; private set; }

    /// <summary>Those of them that Danelaw resolved from the root hints.</summary>
    public int Iterated { get; private set; }

    /// <summary>Questions by the kind of proof that they need.</summary>
    public SortedDictionary<string, int> Kinds { get; } = new(StringComparer.Ordinal);

    /// <summary>What nothing explains, and what no reading may explain.</summary>
    public List<string> Faults { get; } = [];

    public void Count(Compared each)
    {
        Questions++;
        if (each.World.IsIterated) Iterated++;
        Add(Kinds, each.Expected.Kind);
        Add(_expected, Name(each.Expected.Status));
    }

    public void Explain(KnownReading reading) => Add(_explained, $"{reading.Name} ({reading.Section})");

    public double PartExpected(PeerStatus status) => (double)_expected.GetValueOrDefault(Name(status)) / Questions;

    public IEnumerable<string> Lines()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{Worlds} random worlds, {Zones} zones, {Questions} questions asked of Danelaw ({Iterated} of them resolved from root hints, the others through a resolver that validates nothing) and of unbound; {_explained.Values.Sum()} read differently, each explained; {Faults.Count} faults");
        yield return "expected: " + Parts(_expected);
        yield return "proofs: " + Parts(Kinds);
        foreach (var (name, times) in _explained.OrderByDescending(each => each.Value)) yield return $"read differently: {times} {name}";
    }

    private string Parts(IEnumerable<KeyValuePair<string, int>> counts) =>
        string.Join(", ", counts.Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Key} {each.Value} ({100.0 * each.Value / Math.Max(1, Questions):F1} %)")));

    private static void Add(IDictionary<string, int> counts, string key) => counts[key] = counts.TryGetValue(key, out var before) ? before + 1 : 1;

    private static string Name(PeerStatus? status) => status?.ToString() ?? "not said by construction";
}
