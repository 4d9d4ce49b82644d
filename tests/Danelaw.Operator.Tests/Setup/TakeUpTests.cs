using Danelaw.Dns.Records;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Operator.Setup;
using Danelaw.Operator.Setup.Applying;
using Danelaw.Operator.Tests.Rollover.Running;
using Danelaw.Testing.Peers;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>A rollover that setup takes up, with real files of states and journals.</summary>
public sealed class TakeUpTests
{
    private const uint Day = 86400;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Rfc(7671, "8.1")]
    [InlineData(RollScene.TimeToLive, 2 * RollScene.TimeToLive)]
    [InlineData(Day, 2 * Day)]
    public async Task What_the_TTL_was_before_setup_counts_for_the_first_roll(uint before, uint waited)
    {
        using var scene = new RollScene();
        using var folder = new TestFolder("take-up");
        scene.Roll = scene.Roll with { Margin = TimeSpan.Zero };
        var first = scene.Offer();
        scene.Shown = RollScene.SummaryOf(first);
        scene.Master = RollScene.RecordOf(first);
        var options = new SetupOptions { StateFolder = folder.Root, RolloverFile = folder.Write("rollover.toml", RolloverSettingsWriter.Write(new(scene.StatePath, [scene.Roll]))) };
        var files = new HostFiles("/");
        Directory.CreateDirectory(options.JournalFolder);
        var journal = Journal.Begin(files, options.JournalFolder, scene.Clock.GetUtcNow());
        var published = new TlsaRecord(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha512, new(new byte[64]));
        journal.Set(journal.Entry with { State = JournalState.Applied, Records = [JournalRecord.Of(new(RollScene.Owner, TlsaSet.Of(published), scene.Master, RollScene.TimeToLive) { BeforeTimeToLive = before })] });

        var seen = await new SetupRenewal(files, options, scene, _ => scene, scene.Clock).TakeUpAsync(Cancelled);
        Assert.Equal(new(true, false, ""), seen);

        // Caches may have the record of before alone until its TTL is over; the first look without it counts as the last moment at which it was served.
        var next = scene.Offer(scene.Issue());
        await scene.RunAsync();
        for (var eighth = 0; eighth < 8; eighth++)
        {
            Assert.Equal(RollScene.SummaryOf(first).PublicKey, scene.Shown!.PublicKey);
            scene.Pass(TimeSpan.FromSeconds(waited / 8));
            await scene.RunAsync();
        }

        await scene.RunToTheEndAsync(TimeSpan.FromSeconds(waited / 4));
        Assert.Equal(RollScene.SummaryOf(next).PublicKey, scene.Shown!.PublicKey);
    }
}
