using Danelaw.Operator.Publishing;

namespace Danelaw.Operator.Tests.Publishing;

/// <summary>Which program a bare name means.</summary>
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

    private static async Task<ProgramEnd> RunAsync(string program) => await Programs.RunAsync([program], "", TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
}
