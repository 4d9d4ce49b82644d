using System.Collections.Immutable;
using System.Text;
using Danelaw.Operator.Processes;

namespace Danelaw.Operator.Tests.Processes;

/// <summary>Which program a bare name means, what it finds around it, and what is told of it.</summary>
public sealed class ProgramsTests
{
    [Fact]
    public async Task A_name_without_a_slash_is_never_looked_for_in_the_current_folder_or_beside_this_program()
    {
        var name = $"danelaw-stranger-{Environment.ProcessId}";
        string[] places = [.. new[] { Path.Combine(Environment.CurrentDirectory, name), Path.Combine(AppContext.BaseDirectory, name) }.Distinct()];
        try
        {
            foreach (var place in places)
            {
                await File.WriteAllTextAsync(place, "#!/bin/sh\necho stranger\n", TestContext.Current.CancellationToken);
                if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(place, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            var bare = await RunAsync(name);
            Assert.Equal((null, "", false), (bare.ExitCode, bare.Output, bare.HasRun));
            Assert.Contains("there is no such program", bare.Detail, StringComparison.Ordinal);

            // Whoever names a path means it, from the current folder.
            Assert.Equal("stranger\n", (await RunAsync("./" + Path.GetRelativePath(Environment.CurrentDirectory, places[0]))).Output);
        }
        finally
        {
            foreach (var place in places) File.Delete(place);
        }
    }

    [Fact]
    public async Task The_systems_surroundings_are_the_systems_and_a_persons_own_stay()
    {
        ImmutableArray<string> command = ["sh", "-c", "echo $LC_ALL $PATH"];
        var system = (await Programs.RunAsync(command, ProgramSurroundings.System, "", Limit, TimeProvider.System, Cancelled)).Output.Trim();
        var own = (await Programs.RunAsync(command, ProgramSurroundings.Own, "", Limit, TimeProvider.System, Cancelled)).Output.Trim();

        Assert.StartsWith("C /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", system, StringComparison.Ordinal);
        Assert.Equal($"{Environment.GetEnvironmentVariable("LC_ALL")} {Environment.GetEnvironmentVariable("PATH")}".Trim(), own);
    }

    [Theory]
    [InlineData("echo out; echo err >&2", "err", "err")]
    [InlineData("echo out; echo >&2", "", "out")]
    [InlineData("cat; cat", "", "read")]
    [InlineData("exec <&-; exit 0", "", "")]
    public async Task What_is_told_of_a_program_is_what_it_said_last(string script, string detail, string words)
    {
        var end = await Programs.RunAsync(["sh", "-c", script], ProgramSurroundings.System, "read\n", Limit, TimeProvider.System, Cancelled);

        Assert.Equal((detail, words), (end.Detail, end.LastWords));
    }

    [Theory]
    [InlineData("x", 300)]
    [InlineData("€", 300)]
    [InlineData("aaaaa🔑", 300)]
    [InlineData("🔑", 300)]
    public async Task A_line_without_an_end_is_cut_before_it_gets_into_state_and_history(string character, int length)
    {
        var end = await Programs.RunAsync(["awk", $"BEGIN {{ for (i = 0; i < 300000; i++) printf \"{character}\"; exit 3 }}"], ProgramSurroundings.System, "", Limit, TimeProvider.System, Cancelled);

        Assert.Equal(3, end.ExitCode);
        Assert.InRange(end.LastWords.Length, length, length + 1);
        Assert.EndsWith("…", end.LastWords, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(end.LastWords)));
    }

    [Fact]
    public async Task A_program_that_may_not_be_run_is_told()
    {
        var end = await Programs.RunAsync(["/etc/passwd"], ProgramSurroundings.System, "", Limit, TimeProvider.System, Cancelled);

        Assert.Equal((null, false, "/etc/passwd cannot be run: it is not executable, or may not be run by this user"), (end.ExitCode, end.HasRun, end.Detail));
    }

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(50);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static async Task<ProgramEnd> RunAsync(string program) => await Programs.RunAsync([program], ProgramSurroundings.Own, "", TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
}
