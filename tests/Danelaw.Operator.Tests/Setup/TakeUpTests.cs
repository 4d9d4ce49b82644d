using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Operator.Setup;
using Danelaw.Operator.Setup.Applying;
using Danelaw.Operator.Tests.Rollover.Running;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>A rollover that setup takes up, with real files of states and journals.</summary>
public sealed class TakeUpTests : IDisposable
{
    private const uint Day = 86400;

    private readonly RollScene _scene = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Folder => Path.GetDirectoryName(_scene.StatePath)!;

    public void Dispose() => _scene.Dispose();

    [Theory, Rfc(7671, "8.1")]
    [InlineData(RollScene.TimeToLive, 2 * RollScene.TimeToLive, "_25._tcp.mx.example.org.")]
    [InlineData(Day, 2 * Day, "_25._tcp.mx.example.org.")]
    [InlineData(Day, 2 * Day, "_25._TCP.MX.example.org.")]
    public async Task What_the_TTL_was_before_setup_counts_for_the_first_roll(uint before, uint waited, string owner)
    {
        var first = Begin();
        Lower(before, owner);
        Assert.Equal(new(true, false, ""), await TakeUpAsync());
        await TheNextKeyWaitsAsync(first, waited);
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData("a server is silent")]
    [InlineData("an endpoint is down, and the records mean another key")]
    [InlineData("another run is at work")]
    public async Task What_the_TTL_was_before_setup_counts_also_where_the_timer_takes_the_roll_up_that_setup_could_not(string obstacle)
    {
        var first = Begin();
        Lower(Day, "_25._tcp.mx.example.org.");
        var (shown, records) = (_scene.Shown, _scene.Master);
        if (obstacle.StartsWith("a server", StringComparison.Ordinal)) _scene.Silent = 1;
        if (obstacle.StartsWith("an endpoint", StringComparison.Ordinal)) (_scene.Shown, _scene.Master) = (null, RollScene.RecordOf(_scene.Issue()));
        using (var held = obstacle.StartsWith("another", StringComparison.Ordinal) ? RolloverStore.Open(_scene.StatePath) : null)
        {
            var seen = await TakeUpAsync();
            Assert.Equal((false, false), (seen.IsTakenUp, seen.IsRefused));
        }

        (_scene.Silent, _scene.Shown, _scene.Master) = (-1, shown, records);
        await _scene.RunAsync();
        Assert.Contains($"before setup the records had a TTL of {Day} seconds", _scene.History(), StringComparison.Ordinal);
        await TheNextKeyWaitsAsync(first, 2 * Day);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task What_the_TTL_was_before_setup_counts_for_an_owner_that_comes_to_a_roll_later()
    {
        Begin();
        await _scene.RunAsync();
        Lower(Day, "_465._tcp.mx.example.org.");
        await _scene.RunAsync();
        Assert.Equal(TimeSpan.FromSeconds(RollScene.TimeToLive), _scene.Kept()!.State.TimesToLive.Largest);
        _scene.Roll = _scene.Roll with { Owners = [.. _scene.Roll.Owners, CheckTarget.Service(DomainName.Parse("mx.example.org."), 465, Danelaw.Probes.ServiceProtocol.Tls)] };
        await _scene.RunAsync();
        Assert.Equal(TimeSpan.FromSeconds(Day), _scene.Kept()!.State.TimesToLive.Largest);
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task What_setup_lowers_while_a_roll_is_known_already_is_told_to_it_before_anything_can_fail()
    {
        Begin();
        await _scene.RunAsync();
        _scene.Forget();
        Lower(Day, "_25._tcp.mx.example.org.");
        _scene.Silent = 1;
        await TakeUpAsync();
        _scene.Runner();
        Assert.Equal(TimeSpan.FromSeconds(Day), _scene.Kept()!.State.TimesToLive.Largest);
    }

    [Fact]
    public async Task A_roll_is_not_taken_up_where_a_journal_of_setup_cannot_be_read()
    {
        Begin();
        Lower(Day, "_25._tcp.mx.example.org.");
        File.WriteAllText(Directory.EnumerateFiles(_scene.SetupJournals, "manifest.json", SearchOption.AllDirectories).Single(), "{");
        var result = await _scene.RunAsync();
        Assert.Equal((RollVerdict.Failed, null), (result.Verdict, result.Kept));
        Assert.StartsWith("which TTL the records had before setup lowered it is not known", result.Faults[0], StringComparison.Ordinal);
        Assert.Null(_scene.Kept());
    }

    private Lab.Authority.LabCertificate Begin()
    {
        _scene.Roll = _scene.Roll with { Margin = TimeSpan.Zero };
        var first = _scene.Offer();
        _scene.Shown = RollScene.SummaryOf(first);
        _scene.Master = RollScene.RecordOf(first);
        return first;
    }

    /// <summary>A setup that has given records a TTL of its own.</summary>
    private void Lower(uint before, string owner)
    {
        Directory.CreateDirectory(_scene.SetupJournals);
        var journal = Journal.Begin(new HostFiles("/"), _scene.SetupJournals, _scene.Clock.GetUtcNow());
        var published = new TlsaRecord(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha512, new(new byte[64]));
        journal.Set(journal.Entry with { State = JournalState.Applied, Records = [JournalRecord.Of(new(DomainName.Parse(owner), TlsaSet.Of(published), _scene.Master, RollScene.TimeToLive) { BeforeTimeToLive = before })] });
    }

    private async Task<RenewalSeen> TakeUpAsync()
    {
        var file = Path.Combine(Folder, "rollover.toml");
        await File.WriteAllTextAsync(file, RolloverSettingsWriter.Write(new(_scene.StatePath, [_scene.Roll])), Cancelled);
        return await new SetupRenewal(new("/"), new() { StateFolder = Folder, RolloverFile = file }, _scene, _ => _scene, _scene.Clock).TakeUpAsync(Cancelled);
    }

    /// <summary>Caches may have the record of before alone until its TTL is over; the first look without it counts as the last moment at which it was served.</summary>
    private async Task TheNextKeyWaitsAsync(Lab.Authority.LabCertificate first, uint waited)
    {
        var next = _scene.Offer(_scene.Issue());
        await _scene.RunAsync();
        for (var eighth = 0; eighth < 8; eighth++)
        {
            Assert.Equal(RollScene.SummaryOf(first).PublicKey, _scene.Shown!.PublicKey);
            _scene.Pass(TimeSpan.FromSeconds(waited / 8));
            await _scene.RunAsync();
        }

        await _scene.RunToTheEndAsync(TimeSpan.FromSeconds(waited / 4));
        Assert.Equal(RollScene.SummaryOf(next).PublicKey, _scene.Shown!.PublicKey);
    }
}
