using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Rollover;

/// <summary>A roll with one chain file whose next key is of another algorithm, before a real Postfix: no sender, Postfix's or OpenSSL's, sees a mismatch.</summary>
[Peer("bind"), Peer("postfix"), Peer("openssl"), Peer("unbound")]
public sealed class AlgorithmChangeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact, Rfc(7671, "8.1")]
    public async Task RSA_gives_way_to_ECDSA_in_one_chain_file()
    {
        using var folder = new TestFolder("algorithm");
        await RollWorld.OfferAsync(folder, "rsa:2048");
        await using var world = await RollWorld.RiseAsync(MasterKind.Bind, 31, 1, await File.ReadAllTextAsync(folder["live/privkey.pem"], Cancelled) + await File.ReadAllTextAsync(folder["live/fullchain.pem"], Cancelled));
        world.WriteSettings(folder["live/.here"][..^6]);
        await RunToTheEndAsync(world);
        Assert.Contains("RSA", await HandshakeAsync(world), StringComparison.Ordinal);
        await using var senders = world.StartSenders();
        await RollWorld.OfferAsync(folder, "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
        await RunToTheEndAsync(world);
        Assert.Contains("ECDSA", await HandshakeAsync(world), StringComparison.Ordinal);
        var seen = senders.Seen();
        // How many there are is up to the machine.
        Assert.True(seen.Tried >= 5, $"only {seen.Tried} tries");
        Assert.Empty(seen.Failed);

        // A record that nothing means which Postfix shows is told with the next step.
        var unshown = "3 1 1 " + new string('a', 64);
        var published = await DanelawCommand.RunAsync(["publish", RollWorld.Host, "--tlsa", unshown, "--to", "rfc2136", "--server", world.Primary, "--key", world.Folder["tsig.key"], "--resolver", world.Resolvers[0], "--trust-anchor", world.Anchors], cancellationToken: Cancelled);
        Assert.True(published.ExitCode == 0, published.Everything);
        Assert.Contains($"danelaw: hint: nothing that {RollWorld.Host}:25 shows is meant by {unshown}: so it should be ahead of a new key only", published.Error, StringComparison.Ordinal);
        Assert.Contains($"danelaw: hint: danelaw check {RollWorld.Host}:25\n", published.Error, StringComparison.Ordinal);
    }

    private static async Task RunToTheEndAsync(RollWorld world)
    {
        for (var round = 0; ; round++)
        {
            var run = await world.RunAsync("run", null, "--patience", "3s");
            if (run.ExitCode == 0) return;
            Assert.True(run.ExitCode == 3 && round < 60, $"{run.ExitCode}: {run.Everything}");
            await Task.Delay(400, Cancelled);
        }
    }

    /// <summary>What OpenSSL says of a handshake that the published record alone has to vouch for.</summary>
    private static async Task<string> HandshakeAsync(RollWorld world)
    {
        var record = Assert.Single(await RollWorld.RecordsAsync(world.Primary));
        var said = await PeerProcess.RunAsync(
            Peer.Require("bash"),
            ["-c", $"openssl s_client -starttls smtp -connect {world.MailAddress}:25 -verify_return_error -dane_tlsa_domain {RollWorld.Host} -dane_tlsa_rrdata '3 1 1 {record}' < /dev/null 2>&1"],
            cancellationToken: Cancelled);
        Assert.Contains("Verification: OK", said.Output, StringComparison.Ordinal);
        Assert.Contains("DANE TLSA 3 1 1", said.Output, StringComparison.Ordinal);
        return said.Output.Split('\n').Single(line => line.StartsWith("Peer signature type:", StringComparison.Ordinal));
    }
}
