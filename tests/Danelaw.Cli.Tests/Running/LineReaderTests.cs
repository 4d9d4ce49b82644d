using Danelaw.Cli.Running;

namespace Danelaw.Cli.Tests.Running;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("a\nb", "a", "b")]
    [InlineData("a\r\nb\r\n", "a", "b")]
    [InlineData("a\rb", "a", "b")]
    [InlineData("\n\na", "", "", "a")]
    [InlineData("\r\r\n", "", "")]
    [InlineData("")]
    public async Task Lines_are_those_that_a_StreamReader_reads_wherever_the_input_is_cut(string text, params string[] lines)
    {
        var read = new List<string>();
        using var plain = new StringReader(text);
        while (await plain.ReadLineAsync(TestContext.Current.CancellationToken) is { } line) read.Add(line);
        Assert.Equal(lines, read);
        foreach (var most in new[] { 1, 2, 4096 })
        {
            using var dribble = new Dribble(text, most);
            var reader = new LineReader(dribble, 8);
            var got = new List<string>();
            while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { } line) got.Add(line);
            Assert.Equal(lines, got);
            Assert.False(reader.IsTooLong);
        }
    }

    [Theory]
    [InlineData(8, false)]
    [InlineData(9, true)]
    public async Task A_line_may_be_as_long_as_it_may_and_no_longer(int length, bool isTooLong)
    {
        using var text = new StringReader(new string('a', length));
        var reader = new LineReader(text, 8);

        Assert.Equal(isTooLong ? null : new string('a', length), await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(isTooLong, reader.IsTooLong);
    }

    [Fact]
    public async Task A_list_that_never_ends_its_first_line_is_refused_at_once()
    {
        if (!OperatingSystem.IsLinux()) return;

        var run = await CommandRun.OfAsync("check", "@/dev/zero");

        Assert.Equal((2, "danelaw: error: /dev/zero, line 1: the line has more than 4096 characters\ndanelaw: hint: a list has a target on each line, and as many lines as one likes\n"), (run.Code, run.Error));
    }

    /// <summary>Gives a few characters at a time.</summary>
    private sealed class Dribble(string text, int most) : TextReader
    {
        private int _at;

        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(Math.Min(most, buffer.Length), text.Length - _at);
            text.AsSpan(_at, count).CopyTo(buffer.Span);
            _at += count;
            return ValueTask.FromResult(count);
        }
    }
}
