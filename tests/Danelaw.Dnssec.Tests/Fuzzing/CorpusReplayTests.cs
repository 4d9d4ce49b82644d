using Danelaw.Fuzz;
using Danelaw.Fuzz.Driving;

namespace Danelaw.Dnssec.Tests.Fuzzing;

/// <summary>What fuzzing has kept, and the seeds that it begins with, go through the same targets in every run: see <c>fuzz/README.md</c>.</summary>
public sealed class CorpusReplayTests
{
    public static TheoryData<string> Targets => [.. FuzzTarget.All.Select(target => target.Name)];

    public static TheoryData<string> Kept => [.. Directory.GetDirectories(Repository.Corpus("fuzz")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Kept)), Rfc(1035, "4.1"), Rfc(1035, "5.1"), Rfc(4034, "6.1"), Rfc(4035, "5.4"), Rfc(5155, "8")]
    public void Every_input_that_fuzzing_kept_keeps_the_properties_of_its_target(string name)
    {
        var target = FuzzTarget.Find(name)!;
        var files = Replay.Files(Repository.Corpus("fuzz", name)).ToList();
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Null(Replay.Try(target, File.ReadAllBytes(file))));
    }

    [Theory, MemberData(nameof(Targets)), Rfc(1035, "4.1"), Rfc(1035, "5.1"), Rfc(4034, "6.1"), Rfc(4035, "5.4"), Rfc(5155, "8")]
    public void Every_seed_keeps_the_properties_of_its_target(string name)
    {
        var target = FuzzTarget.Find(name)!;
        var seeds = target.Seeds(Repository.Corpus()).ToList();
        Assert.NotEmpty(seeds);
        Assert.Equal(seeds.Count, seeds.Select(seed => seed.Name).Distinct().Count());
        Assert.All(seeds, seed => Assert.Null(Replay.Try(target, seed.Octets)));
    }

    /// <summary>Parsers meet what is cut short: each kept input at a few lengths.</summary>
    [Theory, MemberData(nameof(Kept)), Rfc(1035, "4.1"), Rfc(1035, "5.1")]
    public void Kept_inputs_that_are_cut_keep_the_properties_too(string name)
    {
        var target = FuzzTarget.Find(name)!;
        foreach (var octets in Replay.Files(Repository.Corpus("fuzz", name)).Select(File.ReadAllBytes))
            foreach (var length in new[] { 0, octets.Length / 3, octets.Length / 2, Math.Max(0, octets.Length - 1) })
                Assert.Null(Replay.Try(target, octets[..length]));
    }

    /// <summary>What <c>fuzz/prove</c> plants must still be what the source can have taken out.</summary>
    [Theory, MemberData(nameof(Targets))]
    public void The_bug_planted_for_a_target_fits_the_source(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "fuzz", "planted", $"{name}.patch"));
        Assert.StartsWith("Planted: ", lines[0]);
        var source = File.ReadAllText(Path.Combine(Repository.Root, lines.Single(line => line.StartsWith("+++ b/", StringComparison.Ordinal))[6..]));
        var before = lines.SkipWhile(line => !line.StartsWith("@@", StringComparison.Ordinal)).Skip(1).Where(line => line.Length > 0 && line[0] is ' ' or '-').Select(line => line[1..]);
        Assert.Contains(string.Join('\n', before), source, StringComparison.Ordinal);
    }
}
