using Danelaw.Interop.Tests.Publishing;
using Danelaw.Operator.Publishing;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Rollover;

/// <summary>What the commands say when a real server refuses a change: what, where and what to do. Nothing is lost by it, and no secret is told.</summary>
[Peer("bind"), Peer("knot"), Peer("pdns"), Peer("postfix"), Peer("unbound"), Peer("faketime")]
public sealed class RefusalTests(PowerDnsApiMaster api) : IClassFixture<PowerDnsApiMaster>
{
    private const string OtherSecret = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Rfc(8945, "5.2")]
    [InlineData(MasterKind.Bind, 41, "does not know the TSIG key stranger-key. hmac-sha256. (BADKEY)", "finds the signature wrong (BADSIG): the secret of the TSIG key roll-key. is another one there", "refuses the time of the request (BADTIME): its clock says ", " s apart; set the wrong one by NTP (timedatectl set-ntp true)")]
    [InlineData(MasterKind.Knot, 42, "does not know the TSIG key stranger-key. hmac-sha256. (BADKEY)", "finds the signature wrong (BADSIG): the secret of the TSIG key roll-key. is another one there", "refuses the time of the request (BADTIME): its clock says ", " s apart; set the wrong one by NTP (timedatectl set-ntp true)")]
    [InlineData(MasterKind.PowerDns, 43, "it does not know the TSIG key stranger-key.", "answers NOTAUTH without a signature: it does not know the TSIG key", "has another secret for it, its clock and this machine's are apart", "pdnsutil list-tsig-keys")]
    public async Task A_run_tells_why_the_server_refused_it_and_the_next_one_goes_on_once_that_is_mended(MasterKind kind, int number, string key, string secret, string time, string mend)
    {
        using var folder = new TestFolder("refusal");
        await RollWorld.OfferAsync(folder);
        await using var world = await RollWorld.RiseAsync(kind, number, 1, await File.ReadAllTextAsync(folder["live/privkey.pem"], Cancelled) + await File.ReadAllTextAsync(folder["live/fullchain.pem"], Cancelled));
        world.WriteSettings(folder["live/.here"][..^6]);

        world.WriteSecret(OtherSecret);
        AssertRefused(await world.RunAsync("run", null, "--patience", "1s"), $"{world.Primary}:53 {secret}");
        var status = await world.RunAsync("status");
        AssertTold(status, $"{world.Primary}:53 {secret}");
        Assert.Contains("shown", status.Output, StringComparison.Ordinal);

        world.WriteSecret(name: "stranger-key");
        AssertRefused(await world.RunAsync("run", null, "--patience", "1s"), key);

        world.WriteSecret();
        var late = await world.RunAtAsync(TimeProvider.System.GetUtcNow().AddHours(2), "run", "--patience", "1s");
        AssertRefused(late, time);
        Assert.Contains(mend, late.Everything, StringComparison.Ordinal);

        // Where the settings name a zone that this server does not hold.
        var settings = await File.ReadAllTextAsync(world.Folder["rollover.toml"], Cancelled);
        await File.WriteAllTextAsync(world.Folder["rollover.toml"], settings.Replace("kind = \"update\"", "kind = \"update\"\nzone = \"lab\"", StringComparison.Ordinal), Cancelled);
        AssertRefused(await world.RunAsync("run", null, "--patience", "1s"), "is roll.lab., not lab.");

        // Where they name a secondary.
        await File.WriteAllTextAsync(world.Folder["rollover.toml"], settings.Replace($"server = \"{world.Primary}\"", $"server = \"{world.Secondary}\"", StringComparison.Ordinal), Cancelled);
        AssertRefused(await world.RunAsync("run", null, "--patience", "1s"), $"{world.Secondary} refuses to change roll.lab. for the key roll-key.: if it is a secondary, give the server where the zone is changed");
        Assert.Empty(await RollWorld.RecordsAsync(world.Primary));

        await File.WriteAllTextAsync(world.Folder["rollover.toml"], settings, Cancelled);
        for (var round = 0; ; round++)
        {
            var run = await world.RunAsync("run", null, "--patience", "3s");
            if (run.ExitCode == 0) break;
            Assert.True(run.ExitCode == 3 && round < 20, $"{run.ExitCode}: {run.Everything}");
        }

        Assert.Single(await RollWorld.RecordsAsync(world.Primary));
        Assert.Equal(await RollWorld.RecordsAsync(world.Primary), await RollWorld.RecordsAsync(world.Secondary));
    }

    [Fact]
    public async Task A_publication_with_a_wrong_API_key_says_so_and_what_to_do()
    {
        var refusing = (PublisherSettings.PowerDns)api.Refusing;
        string[] call = ["publish", "mx7.pub.lab", "--tlsa", Master.Record('a').ToString(), "--to", "powerdns", "--url", refusing.Url.ToString(), "--no-wait", .. await api.AskingAsync(Cancelled)];
        var refused = await DanelawCommand.RunAsync([.. call, "--key", refusing.KeyFile!, "-v"], cancellationToken: Cancelled);

        Assert.True(refused.ExitCode == 1, refused.Everything);
        Assert.Contains("refuses the API key", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain((await File.ReadAllTextAsync(refusing.KeyFile!, Cancelled)).Trim(), refused.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain(PowerDnsApiMaster.ApiKey, refused.Everything, StringComparison.Ordinal);

        var done = await DanelawCommand.RunAsync([.. call, "--key", ((PublisherSettings.PowerDns)api.Settings).KeyFile!], cancellationToken: Cancelled);
        Assert.True(done.ExitCode == 0, done.Everything);
    }

    private static void AssertRefused(ProgramResult run, string told)
    {
        Assert.True(run.ExitCode == 1, $"{run.ExitCode}: {run.Everything}");
        AssertTold(run, told);
    }

    private static void AssertTold(ProgramResult run, string told)
    {
        Assert.True(run.Everything.Contains(told, StringComparison.Ordinal), run.Everything);
        Assert.DoesNotContain(OtherSecret, run.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain(RollWorld.Secret, run.Everything, StringComparison.Ordinal);
    }
}
