using System.Diagnostics;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Processes;

namespace Danelaw.Operator.Tests.Processes;

/// <summary>Programs that leave something behind: a command that starts a server ends, and the server goes on with its streams open.</summary>
public class ProgramOutputTests
{
    private const string Script = "echo said; echo fault >&2; sleep 60 & exit 3";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_own_end_counts_for_a_program_of_the_host()
    {
        var started = Stopwatch.GetTimestamp();
        var result = await new LivePrograms(TimeProvider.System) { TimeLimit = TimeSpan.FromSeconds(50) }.RunAsync("sh", ["-c", Script], Cancelled);

        Assert.Equal((3, "said\n", "fault\n"), (result!.ExitCode, result.Output, result.Error));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task Its_own_end_counts_for_a_publishers_program_and_a_reload()
    {
        var started = Stopwatch.GetTimestamp();
        var end = await Programs.RunAsync(["sh", "-c", Script], ProgramSurroundings.Own, "", TimeSpan.FromSeconds(50), TimeProvider.System, Cancelled);

        Assert.Equal(new ProgramEnd(3, "said\n", "fault\n"), end);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(40));
    }
}
