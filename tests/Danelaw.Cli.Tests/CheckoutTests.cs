using Danelaw.Testing.Peers;

namespace Danelaw.Cli.Tests;

/// <summary>The command as users have it from a checkout: the script that builds it when needed and then gets out of the way.</summary>
public sealed class CheckoutTests
{
    private static readonly string Command = Path.Combine(Repository.Root, "danelaw");

    [Fact]
    public async Task What_the_command_says_on_standard_error_arrives()
    {
        var result = await PeerProcess.RunAsync(Command, ["no-such-verb"], limit: TimeSpan.FromMinutes(8), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("danelaw: error: there is no verb no-such-verb", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task It_runs_through_a_link_from_another_folder()
    {
        using var folder = new TestFolder("checkout");
        File.CreateSymbolicLink(folder["link"], Command);
        var result = await PeerProcess.RunAsync(folder["link"], ["--version"], limit: TimeSpan.FromMinutes(8), folder: folder.Root, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("danelaw ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_native_build_is_run_while_it_is_of_the_same_sources()
    {
        using var folder = new TestFolder("native");
        var stamp = Checkout(folder);
        Assert.Equal("native one two", await Say("one", "two"));

        // What a source says counts, not its date.
        var name = await FingerprintAsync(folder);
        await File.WriteAllTextAsync(folder["artifacts/aot/name"], $"build-{name}\n", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(folder["src/Program.cs"], DateTime.UtcNow.AddMinutes(1));
        Assert.Equal("native again", await Say("again"));

        await File.WriteAllTextAsync(folder["src/Program.cs"], "changed", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(folder["src/Program.cs"], DateTime.UtcNow.AddMinutes(2));
        Assert.Contains("the .NET SDK is not installed", await Say("more"), StringComparison.Ordinal);
        Assert.False(File.Exists(stamp), "a stale native build is not looked at again");

        async Task<string> Say(params string[] arguments) => (await RunAsync(folder, arguments)).Everything.Trim();
    }

    [Fact]
    public async Task A_native_build_of_another_kind_of_machine_is_not_run()
    {
        using var folder = new TestFolder("native");
        var stamp = Checkout(folder);
        await File.WriteAllTextAsync(folder["artifacts/aot/name"], $"build-{await FingerprintAsync(folder, "pdp11")}\n", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(stamp, DateTime.UtcNow.AddDays(-1));
        var result = await RunAsync(folder, ["--version"]);
        Assert.Equal(70, result.ExitCode);
        Assert.DoesNotContain("native", result.Output, StringComparison.Ordinal);
    }

    /// <summary>A checkout of one source, with a native build that says what it was given.</summary>
    private static string Checkout(TestFolder folder)
    {
        foreach (var part in new[] { "src", "packaging", "artifacts/aot", "bin" }) Directory.CreateDirectory(folder[part]);
        foreach (var tool in new[] { "bash", "sh", "dirname", "find", "touch", "rm", "sort", "xargs", "sha256sum", "cut" })
            File.CreateSymbolicLink(folder[$"bin/{tool}"], Path.Combine("/usr/bin", tool));
        File.Copy(Command, folder["danelaw"]);
        File.Copy(Path.Combine(Repository.Root, "packaging", "sources"), folder["packaging/sources"]);
        File.WriteAllText(folder["src/Program.cs"], "source");
        File.WriteAllText(folder["artifacts/aot/danelaw"], "#!/bin/sh\necho native \"$@\"\n");
        TestFolder.SetMode(folder["artifacts/aot/danelaw"], 0b101_000_000);
        File.WriteAllText(folder["artifacts/aot/name"], "build-of-nothing\n");
        File.WriteAllText(folder["artifacts/aot/stamp"], "");
        File.SetLastWriteTimeUtc(folder["artifacts/aot/stamp"], DateTime.UtcNow.AddSeconds(5));
        return folder["artifacts/aot/stamp"];
    }

    // A PATH without dotnet: what is not native has to be built, and cannot.
    private static Task<ProgramResult> RunAsync(TestFolder folder, string[] arguments) =>
        PeerProcess.RunAsync("env", [$"PATH={folder["bin"]}", folder["danelaw"], .. arguments], cancellationToken: TestContext.Current.CancellationToken);

    private static async Task<string> FingerprintAsync(TestFolder folder, string machine = "$HOSTTYPE") =>
        (await PeerProcess.RunAsync("bash", ["-c", $"root=$1; HOSTTYPE={machine}; . \"$root/packaging/sources\"; fingerprint", "-", folder.Root], cancellationToken: TestContext.Current.CancellationToken)).Output.Trim();
}
