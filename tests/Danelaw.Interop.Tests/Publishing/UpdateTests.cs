using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Publishing;

/// <summary>Dynamic update beyond the contract: keys, clocks, zones, and two at the same time.</summary>
public abstract class UpdateContract<TMaster>(TMaster master) : PublisherContract<TMaster>(master)
    where TMaster : UpdateMaster
{
    /// <summary>What the server says to a key with another secret, to an unknown key, to a key that may not change the zone, and to a clock that is an hour off.</summary>
    protected abstract (string Secret, string Unknown, string Idle, string Clock) Refusals { get; }

    private async Task<PublishResult> RefusedAsync(string key)
    {
        var result = await PublishAsync(Owner("keys"), "", "a", settings: Master.WithKey(key));
        Assert.True(result.Outcome == PublishOutcome.Refused, $"{result.Outcome}: {result.Detail}");
        Assert.DoesNotContain(UpdateKeys.Secret, result.Detail, StringComparison.Ordinal);
        Assert.Equal(TlsaSet.Empty, (await Master.Publisher.ReadAsync(Owner("keys"), Cancelled)).Records);
        return result;
    }

    [Fact, Rfc(8945, "5.2")]
    public async Task A_key_with_another_secret_is_refused_with_what_to_do() => Assert.Contains(Refusals.Secret, (await RefusedAsync($"{Master.Algorithm}:{UpdateKeys.Name}:{UpdateKeys.OtherSecret}")).Detail, StringComparison.Ordinal);

    [Fact, Rfc(8945, "5.2.1")]
    public async Task A_key_that_the_server_does_not_know_is_refused_with_what_to_do() => Assert.Contains(Refusals.Unknown, (await RefusedAsync($"{Master.Algorithm}:no-such-key.:{UpdateKeys.Secret}")).Detail, StringComparison.Ordinal);

    [Fact, Rfc(2136, "3.3")]
    public async Task A_key_that_may_not_change_the_zone_is_refused_with_what_to_do() => Assert.Contains(Refusals.Idle, (await RefusedAsync($"hmac-sha256:{UpdateKeys.IdleName}:{UpdateKeys.Secret}")).Detail, StringComparison.Ordinal);

    [Fact, Rfc(8945, "5.2.3")]
    public async Task A_clock_that_is_an_hour_off_is_told_with_the_difference()
    {
        var publisher = ZonePublisher.Create(Master.Settings, Master.Services with { Time = new ShiftedClock(TimeSpan.FromHours(1)) });
        var result = await publisher.PublishAsync(new(Owner("late"), TlsaSet.Empty, Set("a"), 300), Cancelled);

        Assert.True(result.Outcome == PublishOutcome.Refused, $"{result.Outcome}: {result.Detail}");
        Assert.Matches(Refusals.Clock, result.Detail);
        Assert.Equal(TlsaSet.Empty, (await Master.Publisher.ReadAsync(Owner("late"), Cancelled)).Records);
    }

    [Fact, Rfc(2136, "3.1")]
    public async Task A_zone_that_does_not_hold_the_owner_is_refused_and_the_right_one_named()
    {
        var key = ((PublisherSettings.Update)Master.Settings).KeyFile;
        var result = await PublishAsync(Owner("zone"), "", "a", settings: Master.With(key, "lab."));

        Assert.Equal(PublishOutcome.Refused, result.Outcome);
        Assert.Contains("is pub.lab., not lab.", result.Detail, StringComparison.Ordinal);
        Assert.Equal(PublishOutcome.Done, (await PublishAsync(Owner("zone"), "", "a", settings: Master.With(key, "pub.lab."))).Outcome);
    }

    [Fact]
    public async Task A_name_below_a_delegation_is_refused()
    {
        var result = await PublishAsync(Owner("mx.sub"), "", "a");

        Assert.True(result.Outcome == PublishOutcome.Refused, $"{result.Outcome}: {result.Detail}");
        Assert.NotEmpty(result.Detail);
    }

    [Fact]
    public async Task A_key_file_that_others_may_read_is_refused_and_a_group_may()
    {
        var settings = Master.With(Master.Folder.Write("open", $"{Master.Algorithm}:{UpdateKeys.Name}:{UpdateKeys.Secret}\n"));
        TestFolder.SetMode(settings.KeyFile!, 0b110_100_100);
        var refused = await PublishAsync(Owner("open"), "", "a", settings: settings);
        Assert.Equal(PublishOutcome.Refused, refused.Outcome);
        Assert.Contains("chmod", refused.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(UpdateKeys.Secret, refused.Detail, StringComparison.Ordinal);

        TestFolder.SetMode(settings.KeyFile!, 0b110_100_000);
        Assert.Equal(PublishOutcome.Done, (await PublishAsync(Owner("open"), "", "a", settings: settings)).Outcome);
    }

    [Fact]
    public async Task The_key_may_come_from_the_environment()
    {
        var publisher = ZonePublisher.Create(Master.With("env:KEY"), Master.Services with { Variable = name => name == "KEY" ? $"{Master.Algorithm}:{UpdateKeys.Name}:{UpdateKeys.Secret}" : null });

        Assert.Equal(PublishOutcome.Done, (await publisher.PublishAsync(new(Owner("env"), TlsaSet.Empty, Set("a"), 300), Cancelled)).Outcome);
    }

    [Fact, Rfc(2136, "2.4")]
    public async Task Of_ten_that_change_the_same_set_at_the_same_time_one_does_and_the_others_are_told()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => PublishAsync(Owner("race"), "", ((char)('a' + i)).ToString())));

        Assert.Single(results, result => result.Outcome == PublishOutcome.Done);
        Assert.All(results.Where(result => result.Outcome != PublishOutcome.Done), result => Assert.True(result.Outcome is PublishOutcome.Changed or PublishOutcome.Unknown, $"{result.Outcome}: {result.Detail}"));
        Assert.Single((await Master.Publisher.ReadAsync(Owner("race"), Cancelled)).Records.Records);
    }

    private sealed class ShiftedClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}

[Peer("bind")]
public sealed class BindUpdateTests(BindMaster master) : UpdateContract<BindMaster>(master)
{
    [Fact, Rfc(2136, "2.4.3")]
    public async Task A_wildcard_is_told_apart_without_signatures_too()
    {
        await ReplaceWildcardAsync(Publishing.Master.Name("_25._tcp.wild." + Publishing.Master.PlainZone));

        // One that has the same records of its own beside a wildcard is not taken for its gift.
        var result = await Master.Publisher.PublishAsync(new(Publishing.Master.Name("_25._tcp.own." + Publishing.Master.PlainZone), TlsaSet.Of(Publishing.Master.First), Set("b"), 300), Cancelled);
        Assert.True(result.Outcome == PublishOutcome.Done, $"{result.Outcome}: {result.Detail}");
    }

    protected override (string, string, string, string) Refusals => ("BADSIG", "BADKEY", "grant idle-key. zonesub TLSA", "BADTIME.* (3599|3600|3601) s apart");
}

[Peer("knot")]
public sealed class KnotUpdateTests(KnotMaster master) : UpdateContract<KnotMaster>(master)
{
    [Fact, Rfc(2136, "2.4.3")]
    public async Task A_wildcard_is_told_apart_without_signatures_too()
    {
        await ReplaceWildcardAsync(Publishing.Master.Name("_25._tcp.wild." + Publishing.Master.PlainZone));

        // One that has the same records of its own beside a wildcard is not taken for its gift.
        var result = await Master.Publisher.PublishAsync(new(Publishing.Master.Name("_25._tcp.own." + Publishing.Master.PlainZone), TlsaSet.Of(Publishing.Master.First), Set("b"), 300), Cancelled);
        Assert.True(result.Outcome == PublishOutcome.Done, $"{result.Outcome}: {result.Detail}");
    }

    protected override (string, string, string, string) Refusals => ("BADSIG", "BADKEY", "an acl of the zone must name it", "BADTIME.* (3599|3600|3601) s apart");
}

[Peer("pdns")]
public sealed class PowerDnsUpdateTests(PowerDnsUpdateMaster master) : UpdateContract<PowerDnsUpdateMaster>(master)
{
    protected override (string, string, string, string) Refusals => ("NOTAUTH without a signature", "NOTAUTH without a signature", "TSIG-ALLOW-DNSUPDATE", "clock and this machine's are apart");
}
