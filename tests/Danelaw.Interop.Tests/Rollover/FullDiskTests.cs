using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Rollover;

/// <summary>A disk that is really full.</summary>
public sealed class FullDiskTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_stops_everything_with_one_clear_error_and_the_next_run_with_room_goes_on()
    {
        Peer.RequireOwnNetwork();
        using var folder = new TestFolder("full");
        var state = folder["state/.here"][..^6];
        var settings = folder.Write("rollover.toml", $$"""
            state = "{{state}}/rollover.db"
            [[roll]]
            name = "mx"
            owners = ["mx.roll.lab:25"]
            reload = []
            chain = [{ file = "{{folder["mx.pem"]}}", offers = [] }]
            publisher = { kind = "manual" }
            """);
        var danelaw = $"{Path.Combine(Repository.Root, "danelaw")} rollover run --config {settings} --resolver 127.0.0.1:1 --tries 1 --patience 0";
        var script = $"mount -t tmpfs -o size=256k tmpfs {state} && head -c 258048 /dev/zero > {state}/fill && {danelaw}; echo \"=$?\"; rm {state}/fill; {danelaw} 2> /dev/null; echo \"=$?\"";
        var run = await PeerProcess.RunAsync(Peer.Require("unshare"), ["--mount", "bash", "-c", script], limit: TimeSpan.FromSeconds(170), cancellationToken: Cancelled);
        Assert.Contains($"danelaw: error: the state of the rollovers cannot be kept in {state}/rollover.db: the disk is full\n", run.Error, StringComparison.Ordinal);

        // With room again it takes up where it was, and waits for servers that nobody can ask here.
        Assert.Equal("=1", run.Output.Split('\n')[0]);
        Assert.EndsWith("=3\n", run.Output, StringComparison.Ordinal);
    }
}
