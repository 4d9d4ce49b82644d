using Danelaw.Cli.Running;
using Danelaw.Testing.Peers;

namespace Danelaw.Cli.Tests.Running;

/// <summary>Lists that come without end.</summary>
public sealed class TargetListTests
{
    [Theory]
    [InlineData("# nothing\n")]
    [InlineData("\n")]
    [InlineData("example.org\n")]
    public async Task A_list_without_end_is_left_at_a_number_that_is_told(string line)
    {
        var surroundings = new Surroundings { Input = new Endless(line), Output = Stream.Null, Error = TextWriter.Null };
        var count = 0;

        var misuse = await Assert.ThrowsAsync<MisuseException>(async () =>
        {
            await foreach (var _ in TargetList.ReadAsync(surroundings, ["@-"], target => target.Text, 5000, TestContext.Current.CancellationToken)) count++;
        });

        Assert.Equal("standard input has more than 5000 lines", misuse.Message);
        Assert.Equal(line[0] == 'e' ? 5000 : 0, count);
    }

    [Fact]
    public async Task Domains_that_a_host_takes_mail_for_are_held_in_memory_and_fewer()
    {
        using var folder = new TestFolder("domains");
        var list = folder.Write("domains", new string('\n', 1_000_001));

        var run = await CommandRun.OfAsync(["doctor", "--root", folder.Root, "--domains", list]);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith($"danelaw: error: {list} has more than 1000000 lines\n", run.Error, StringComparison.Ordinal);
    }

    /// <summary>The same line again and again, as <c>yes</c> writes it; not for ever, so that a test without the limit ends.</summary>
    private sealed class Endless(string line) : MemoryStream(System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(line, 20_000))))
    {
        public override bool CanSeek => false;
    }
}
