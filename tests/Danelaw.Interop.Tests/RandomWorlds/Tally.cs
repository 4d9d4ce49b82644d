using System.Globalization;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>A third opinion.</summary>
/// <param name="Name">Whose.</param>
/// <param name="Status">What it is.</param>
/// <param name="Why">In its own words.</param>
internal sealed record Arbiter(string Name, PeerStatus Status, string Why)
{
    public override string ToString() => $"{Name} {Status} {Why}";
}

/// <summary>Counts what was asked and what came of it.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, int> _expected = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Reading, string Verdicts), int> _explained = [];

    private readonly SortedDictionary<string, int> _keptOtherwise = new(StringComparer.Ordinal);
    private int _kept;

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

    /// <summary>Counts a disagreement by its reading and by what each made of it; the arbiter where one was asked.</summary>
    public void Explain(KnownReading reading, Compared each, Arbiter? arbiter)
    {
        var why = reading == KnownReading.UnboundBusy ? $" ({each.Unbound.Code} {each.Unbound.Why}, at {each.Question})" : "";
        var verdicts = $"Danelaw {each.Ours.Status}, unbound {each.Unbound.Status}{why}{(arbiter is null ? "" : $", {arbiter.Name} {arbiter.Status}")}";
        Add(_explained, ($"{reading.Name} ({reading.Section})", verdicts));
    }

    /// <summary>Secure here and refused by unbound, whatever explains it.</summary>
    public int OnlyUnboundRefusesWhatIsSecure => _explained.Where(each => each.Key.Verdicts.StartsWith("Danelaw Secure, unbound Bogus", StringComparison.Ordinal) || each.Key.Verdicts.StartsWith("Danelaw Secure, unbound Failed", StringComparison.Ordinal)).Sum(each => each.Value);

    /// <summary>Counts a question that a resolver with a full cache was asked too; its verdict is another for a reason, or by a fault.</summary>
    public void Keep(string? reading, string? fault)
    {
        _kept++;
        if (reading is not null) Add(_keptOtherwise, reading);
        if (fault is not null) Faults.Add(fault);
    }

    public double PartExpected(PeerStatus status) => (double)_expected.GetValueOrDefault(Name(status)) / Questions;

    public IEnumerable<string> Lines()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{Worlds} random worlds, {Zones} zones, {Questions} questions asked of Danelaw ({Iterated} of them resolved from root hints, the others through a resolver that validates nothing) and of unbound; {_explained.Values.Sum()} read differently, each explained; {Faults.Count} faults");
        yield return string.Create(CultureInfo.InvariantCulture, $"{_kept} of the questions asked again of a resolver that keeps what it learns; {_keptOtherwise.Values.Sum()} verdicts or records changed by what was kept{string.Concat(_keptOtherwise.Select(each => $", {each.Value} {each.Key}"))}");
        yield return "expected: " + Parts(_expected);
        yield return "proofs: " + Parts(Kinds);
        foreach (var reading in _explained.GroupBy(each => each.Key.Reading).OrderByDescending(reading => reading.Sum(each => each.Value)))
            yield return $"read differently: {reading.Sum(each => each.Value)} {reading.Key}: {string.Join("; ", reading.OrderByDescending(each => each.Value).Select(each => $"{each.Value} {each.Key.Verdicts}"))}";
    }

    private string Parts(IEnumerable<KeyValuePair<string, int>> counts) =>
        string.Join(", ", counts.Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Key} {each.Value} ({100.0 * each.Value / Math.Max(1, Questions):F1} %)")));

    private static void Add<TKey>(IDictionary<TKey, int> counts, TKey key) => counts[key] = counts.TryGetValue(key, out var before) ? before + 1 : 1;

    private static string Name(PeerStatus? status) => status?.ToString() ?? "not said by construction";
}
