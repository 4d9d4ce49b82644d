using System.Text.RegularExpressions;

namespace Danelaw.Conformance.Tests.House;

/// <summary>
/// Each rule, root cause and limit has a guard that can be taken out (<c>tests/guards/*.patch</c>) or a stated reason why not.
/// <c>./test guards</c> takes each out; here only their form is held.
/// </summary>
public sealed partial class GuardTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "guards");

    public static TheoryData<string> Guards() =>
        [.. Directory.EnumerateFiles(Folder, "*.patch").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Guards))]
    public void A_guard_names_a_test_that_exists_and_changes_only_sources(string guard)
    {
        var text = File.ReadAllText(Path.Combine(Folder, guard));
        Assert.Matches("^Guard: .+", text);
        var test = TestLine().Match(text);
        Assert.True(test.Success, "no line `Test: PROJECT Full.Class.Method`");
        var method = test.Groups[2].Value[(test.Groups[2].Value.LastIndexOf('.') + 1)..];
        var folder = Path.Combine(Repository.Root, "tests", test.Groups[1].Value);
        Assert.Contains(Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories), file => File.ReadAllText(file).Contains($" {method}(", StringComparison.Ordinal));
        Assert.All(ChangedFile().Matches(text), match => Assert.Matches("^(src|samples)/", match.Groups[1].Value));
        Assert.All(ChangedFile().Matches(text), match => Assert.True(File.Exists(Path.Combine(Repository.Root, match.Groups[1].Value))));
    }

    [Theory, MemberData(nameof(Guards))]
    public void What_a_guard_takes_out_stands_in_the_source_with_the_lines_around_it(string guard)
    {
        var text = File.ReadAllText(Path.Combine(Folder, guard));
        var source = File.ReadAllText(Path.Combine(Repository.Root, ChangedFile().Match(text).Groups[1].Value));
        var hunks = Hunk().Split(text)[1..];
        Assert.NotEmpty(hunks);
        foreach (var hunk in hunks)
        {
            var before = hunk.Split('\n').TakeWhile(line => line.Length == 0 || line[0] is ' ' or '-' or '+').Where(line => line.Length > 0 && line[0] != '+').Select(line => line[1..]);
            Assert.Contains(string.Join('\n', before), source, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_rule_from_R01_to_R53_and_from_R70_to_R74_has_a_guard_or_a_reason()
    {
        var stated = RuleRow().Matches(File.ReadAllText(Path.Combine(Folder, "README.md"))).ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value.Trim());
        foreach (var number in Enumerable.Range(1, 53).Concat(Enumerable.Range(70, 5)))
        {
            var rule = $"R{number:00}";
            Assert.True(stated.TryGetValue(rule, out var how) && how.Length > 0, $"{rule} has no row in tests/guards/README.md");
            foreach (Match patch in PatchName().Matches(how!)) Assert.True(File.Exists(Path.Combine(Folder, patch.Groups[1].Value)), $"{rule} names {patch.Groups[1].Value}, which is not there");
        }
    }

    [GeneratedRegex(@"^Test: (\S+) (\S+)$", RegexOptions.Multiline)]
    private static partial Regex TestLine();

    [GeneratedRegex(@"^@@[^\n]*\n", RegexOptions.Multiline)]
    private static partial Regex Hunk();

    [GeneratedRegex(@"^\+\+\+ b/(\S+)", RegexOptions.Multiline)]
    private static partial Regex ChangedFile();

    [GeneratedRegex(@"^\| (R\d\d) \|(.+)\|$", RegexOptions.Multiline)]
    private static partial Regex RuleRow();

    [GeneratedRegex(@"`([\w-]+\.patch)`")]
    private static partial Regex PatchName();
}
