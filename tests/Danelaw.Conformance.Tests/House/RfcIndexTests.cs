using System.Text;
using System.Text.RegularExpressions;

namespace Danelaw.Conformance.Tests.House;

/// <summary><c>docs/rfcs.md</c> says RFC section → file → test; it is made from the tests' own attributes and never by hand.</summary>
public sealed partial class RfcIndexTests
{
    [Fact]
    public void The_index_of_RFC_sections_is_what_the_attributes_of_the_tests_say()
    {
        var file = Path.Combine(Repository.Root, "docs", "rfcs.md");
        var index = Build();
        if (Environment.GetEnvironmentVariable("DANELAW_UPDATE_DOCS") == "1") File.WriteAllText(file, index);
        Assert.True(index == File.ReadAllText(file), "docs/rfcs.md is not what the tests say; write it anew with: ./test --update-docs");
    }

    /// <summary>The documents that BCP 237 calls the core of DNSSEC (RFC 9364 §1), and those that its algorithms, denials, anchors and use here follow.</summary>
    [Theory, Rfc(9364, "1")]
    [InlineData(4033), InlineData(4034), InlineData(4035), InlineData(6840)]
    [InlineData(4509), InlineData(5702), InlineData(6605), InlineData(8080), InlineData(9904), InlineData(9905), InlineData(9906)]
    [InlineData(2308), InlineData(4592), InlineData(5155), InlineData(6672), InlineData(8198), InlineData(9276)]
    [InlineData(5011), InlineData(8914), InlineData(9520), InlineData(9609)]
    public void Each_document_of_DNSSEC_has_tests_in_the_index(int number) =>
        Assert.Contains(File.ReadLines(Path.Combine(Repository.Root, "docs", "rfcs.md")), line => line.StartsWith($"| {number} | ", StringComparison.Ordinal));

    private static string Build()
    {
        var tests = new SortedDictionary<(int Number, SectionKey Section), SortedSet<string>>();
        var rules = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var file in Sources("tests"))
        {
            var text = File.ReadAllText(file);
            var name = Path.GetRelativePath(Path.Combine(Repository.Root, "tests"), file);
            foreach (Match match in RfcMark().Matches(text))
                Add(tests, (int.Parse(match.Groups[1].Value), new SectionKey(match.Groups[2].Value)), name);
            foreach (Match match in RuleMark().Matches(text)) Add(rules, match.Groups[1].Value, name);
        }

        var sources = Sources("src").Select(file => (Name: Path.GetRelativePath(Path.Combine(Repository.Root, "src"), file), Text: File.ReadAllText(file))).ToList();
        var page = new StringBuilder();
        page.Append("# RFC sections, where they are kept, and the tests that hold us to them\n\n");
        page.Append("Made by `./test --update-docs` from the tests' `[Rfc]` and `[Rule]` attributes and the sources' own comments; never edited by hand.\n\n");
        page.Append("| RFC | section | file | test |\n| --- | --- | --- | --- |\n");
        foreach (var ((number, section), names) in tests)
        {
            var kept = sources.Where(source => Mentions(source.Text, number, section.Text)).Select(source => $"`{source.Name}`");
            page.Append($"| {number} | {section.Text} | {string.Join("<br>", kept)} | {string.Join("<br>", names.Select(name => $"`{name}`"))} |\n");
        }
        page.Append("\n## Rules of `docs/rules.md`\n\n| rule | tests |\n| --- | --- |\n");
        foreach (var (rule, names) in rules) page.Append($"| {rule} | {string.Join("<br>", names.Select(name => $"`{name}`"))} |\n");
        return page.ToString();
    }

    private static bool Mentions(string text, int number, string section) =>
        Regex.IsMatch(text, $@"RFC {number}[^\n]{{0,40}}§§?{Regex.Escape(section)}(?![0-9]|\.[0-9])");

    private static void Add<TKey>(SortedDictionary<TKey, SortedSet<string>> to, TKey key, string name) where TKey : notnull
    {
        if (!to.TryGetValue(key, out var names)) to[key] = names = new(StringComparer.Ordinal);
        names.Add(name);
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Repository.IsBuildOutput(file)).Order(StringComparer.Ordinal);

    [GeneratedRegex("""\bRfc\((\d+), "([^"]+)"\)""")]
    private static partial Regex RfcMark();

    [GeneratedRegex("""\bRule\("(R\d\d)"\)""")]
    private static partial Regex RuleMark();

    /// <summary>Section numbers in the order of the RFC: 5.3.1 after 5.3 and before 5.10, appendices last.</summary>
    private readonly record struct SectionKey(string Text) : IComparable<SectionKey>
    {
        public int CompareTo(SectionKey other)
        {
            string[] mine = Text.Split('.'), theirs = other.Text.Split('.');
            for (var i = 0; i < Math.Min(mine.Length, theirs.Length); i++)
            {
                var order = (int.TryParse(mine[i], out var a), int.TryParse(theirs[i], out var b)) switch
                {
                    (true, true) => a.CompareTo(b),
                    (true, false) => -1,
                    (false, true) => 1,
                    _ => string.CompareOrdinal(mine[i], theirs[i]),
                };
                if (order != 0) return order;
            }
            return mine.Length.CompareTo(theirs.Length);
        }
    }
}
