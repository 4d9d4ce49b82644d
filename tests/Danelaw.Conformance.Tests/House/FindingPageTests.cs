using System.Text.RegularExpressions;

namespace Danelaw.Conformance.Tests.House;

/// <summary>What the pages of findings tell somebody to type is what their sentences say: the record that goes is not the record that comes, and what waits is not done at once.</summary>
public sealed partial class FindingPageTests
{
    public static TheoryData<string> Pages() => [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "findings"), "*.md").Select(page => Path.GetFileNameWithoutExtension(page)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Pages))]
    public void No_command_takes_out_the_record_that_is_to_stand_there(string code) =>
        Assert.DoesNotMatch(TakenOut(), File.ReadAllText(Page(code)));

    [Theory, MemberData(nameof(Pages))]
    public void Where_the_old_record_waits_no_command_takes_it_out_with_the_new_one(string code)
    {
        var text = File.ReadAllText(Page(code));
        if (!text.Contains("beside", StringComparison.Ordinal) || !text.Contains("twice the TTL", StringComparison.OrdinalIgnoreCase)) return;
        Assert.DoesNotContain(text.Split('\n'), line => InOneStep().IsMatch(line) && !line.Contains("Twice the TTL later", StringComparison.Ordinal));
    }

    /// <summary>What a server shows may be somebody else's: the file says whose it is.</summary>
    [Theory, MemberData(nameof(Pages))]
    public void No_command_makes_a_record_of_what_a_server_shows(string code) => Assert.DoesNotContain("--live", File.ReadAllText(Page(code)), StringComparison.Ordinal);

    [Fact]
    public void The_page_of_a_mismatch_asks_whose_the_key_is_before_it_has_a_record_made()
    {
        var text = File.ReadAllText(Page("TLSA-MISMATCH"));
        Assert.InRange(text.IndexOf("danelaw tlsa compare ", StringComparison.Ordinal), 0, text.IndexOf("danelaw tlsa create ", StringComparison.Ordinal));
        Assert.InRange(text.IndexOf("publish no record of it", StringComparison.Ordinal), 0, text.IndexOf("danelaw tlsa create ", StringComparison.Ordinal));
    }

    private static string Page(string code) => Path.Combine(Repository.Root, "docs", "findings", code + ".md");

    [GeneratedRegex(@"(zone-unset|update delete)[^`]*TLSA 3 1 1|update delete …")]
    private static partial Regex TakenOut();

    [GeneratedRegex("zone-unset.*zone-set|zone-set.*zone-unset|update delete.*update add|update add.*update delete")]
    private static partial Regex InOneStep();
}
