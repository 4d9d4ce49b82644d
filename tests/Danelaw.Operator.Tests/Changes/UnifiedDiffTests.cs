using CsCheck;
using Danelaw.Operator.Changes;
using Danelaw.Testing.Peers;

namespace Danelaw.Operator.Tests.Changes;

public sealed class UnifiedDiffTests
{
    private static readonly Gen<string> Texts = Gen.Char["abc"].Select(letter => letter.ToString()).List[0, 24].Select(lines => lines.Count == 0 ? "" : string.Join('\n', lines) + "\n");

    [Fact]
    public void Equal_texts_have_no_difference() => Assert.Empty(UnifiedDiff.Of("/etc/x", "a\n", "a\n"));

    [Fact]
    public void It_reads_as_that_of_diff() =>
        Assert.Equal(["--- /etc/x", "+++ /etc/x", "@@ -2,5 +2,5 @@", " b", " c", "-d", "+D", " e", " f"], UnifiedDiff.Of("/etc/x", "a\nb\nc\nd\ne\nf\ng\n", "a\nb\nc\nD\ne\nf\ng\n"));

    [Fact, Peer("patch")]
    public async Task Patch_makes_of_the_one_text_the_other()
    {
        var patch = Peer.Require("patch");
        using var folder = new TestFolder("diff");
        var pairs = Gen.Select(Texts, Texts).Where((before, after) => before != after && before.Length > 0 && after.Length > 0);
        var cases = new List<(string Before, string After)>();
        pairs.Sample((before, after) => { lock (cases) cases.Add((before, after)); }, iter: 60, seed: "0000KOIPe036");
        cases.Add((string.Concat(Enumerable.Range(0, 40).Select(i => $"{i}\n")), string.Concat(Enumerable.Range(0, 40).Where(i => i % 9 != 4).Select(i => i % 13 == 0 ? $"x{i}\n" : $"{i}\n"))));
        for (var i = 0; i < cases.Count; i++) await AssertPatchesAsync(patch, folder, i, cases[i].Before, cases[i].After);
    }

    private static async Task AssertPatchesAsync(string patch, TestFolder folder, int number, string before, string after)
    {
        var file = folder.Write($"{number}", before);
        var difference = string.Join('\n', UnifiedDiff.Of(file, before, after)) + "\n";
        var result = await PeerProcess.RunAsync(patch, ["--no-backup-if-mismatch", "--fuzz=0", file], difference, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, $"{result.Everything}\n{before}\n=>\n{after}\n{difference}");
        Assert.DoesNotContain("offset", result.Output, StringComparison.Ordinal);
        Assert.Equal(after, File.Exists(file) ? await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) : "");
    }
}
