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
}
