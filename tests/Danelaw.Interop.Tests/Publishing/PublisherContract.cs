using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;

namespace Danelaw.Interop.Tests.Publishing;

/// <summary>What every publisher does, whatever stands behind it. Each test has an owner of its own.</summary>
/// <param name="master">Where the zone is mastered.</param>
public abstract class PublisherContract<TMaster>(TMaster master) : IClassFixture<TMaster>
    where TMaster : Master
{
    protected TMaster Master { get; } = master;

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected static TlsaSet Set(string letters) => TlsaSet.Of(letters.Select(Publishing.Master.Record));

    protected static DomainName Owner(string host) => DomainName.Parse($"_25._tcp.{host}.{Publishing.Master.Zone}");

    protected async Task<PublishResult> PublishAsync(DomainName owner, string before, string after, uint timeToLive = 300, PublisherSettings? settings = null) =>
        await Master.Create(settings ?? Master.Settings).PublishAsync(new(owner, Set(before), Set(after), timeToLive), Cancelled);

    private async Task DoneAsync(DomainName owner, string before, string after, uint timeToLive = 300)
    {
        var result = await PublishAsync(owner, before, after, timeToLive);
        Assert.True(result.Outcome == PublishOutcome.Done, $"{result.Outcome}: {result.Detail}");
    }

    [Fact]
    public async Task What_is_there_is_read()
    {
        var set = await Master.Publisher.ReadAsync(Owner("mx"), Cancelled);

        Assert.Equal((PublishOutcome.Done, TlsaSet.Of(Publishing.Master.First), (uint?)300, ""), (set.Outcome, set.Records, set.TimeToLive, set.Detail));
    }

    [Fact]
    public async Task Where_nothing_is_an_empty_set_is_read()
    {
        var set = await Master.Publisher.ReadAsync(Owner("nobody"), Cancelled);

        Assert.Equal((PublishOutcome.Done, TlsaSet.Empty, (uint?)null), (set.Outcome, set.Records, set.TimeToLive));
    }

    [Fact, Rfc(2136, "2.4"), Rfc(2136, "2.5")]
    public async Task A_set_is_made_replaced_and_taken_away_and_nothing_else_in_the_zone_changes()
    {
        var owner = Owner("turn");
        var before = await Master.DumpAsync(Cancelled);

        await DoneAsync(owner, "", "ab");
        var made = await Master.DumpAsync(Cancelled);
        Assert.Equal(Set("ab"), (await Master.Publisher.ReadAsync(owner, Cancelled)).Records);
        Assert.Equal(before, made.Where(line => !line.StartsWith(owner.ToString(), StringComparison.Ordinal)));
        Assert.Equal(2, made.Count - before.Count);

        await DoneAsync(owner, "ab", "bc", 60);
        var replaced = await Master.Publisher.ReadAsync(owner, Cancelled);
        Assert.Equal((Set("bc"), (uint?)60), (replaced.Records, replaced.TimeToLive));

        await DoneAsync(owner, "bc", "");
        Assert.Equal(before, await Master.DumpAsync(Cancelled));
    }

    [Fact]
    public async Task Doing_it_twice_is_doing_it_once()
    {
        await DoneAsync(Owner("twice"), "", "a");
        var once = await Master.DumpAsync(Cancelled);

        Assert.Equal(PublishOutcome.Unchanged, (await PublishAsync(Owner("twice"), "", "a")).Outcome);
        Assert.Equal(PublishOutcome.Unchanged, (await PublishAsync(Owner("twice"), "a", "a")).Outcome);
        Assert.Equal(PublishOutcome.Unchanged, (await PublishAsync(Owner("never"), "", "")).Outcome);
        Assert.Equal(once, await Master.DumpAsync(Cancelled));
    }

    [Fact]
    public async Task The_TTL_alone_can_be_changed()
    {
        await DoneAsync(Owner("ttl"), "", "a", 300);
        await DoneAsync(Owner("ttl"), "a", "a", 30);

        Assert.Equal((uint?)30, (await Master.Publisher.ReadAsync(Owner("ttl"), Cancelled)).TimeToLive);
    }

    [Fact, Rfc(2136, "2.4")]
    public async Task What_somebody_else_has_changed_is_left_alone_and_said()
    {
        await DoneAsync(Owner("theirs"), "", "x");
        var before = await Master.DumpAsync(Cancelled);

        foreach (var result in new[] { await PublishAsync(Owner("theirs"), "a", "b"), await PublishAsync(Owner("theirs"), "", "b"), await PublishAsync(Owner("gone"), "a", "b") })
        {
            Assert.Equal(PublishOutcome.Changed, result.Outcome);
            Assert.Contains("somebody else", result.Detail, StringComparison.Ordinal);
        }

        Assert.Equal(before, await Master.DumpAsync(Cancelled));
    }

    [Fact]
    public async Task Forty_records_and_a_whole_certificate_fit()
    {
        var many = TlsaSet.Of(Enumerable.Range(0, 40).Select(i => Publishing.Master.Record((char)('A' + i))).Append(new(TlsaUsage.DaneTa, TlsaSelector.Certificate, TlsaMatching.Full, new(new byte[1500]))));

        var result = await Master.Publisher.PublishAsync(new(Owner("many"), TlsaSet.Empty, many, 300), Cancelled);

        Assert.True(result.Outcome == PublishOutcome.Done, result.Detail);
        Assert.Equal(many, (await Master.Publisher.ReadAsync(Owner("many"), Cancelled)).Records);
    }

    [Fact, Rfc(4592, "3.3.1")]
    public Task What_a_wildcard_gives_is_told_apart_and_can_be_replaced_by_records_of_its_own() => ReplaceWildcardAsync(Owner("wild"));

    [Fact, Rfc(4592, "2.2.1")]
    public async Task A_wildcard_gives_nothing_where_another_name_stands_between()
    {
        var owner = Owner("kept.wild");
        Assert.Equal((PublishOutcome.Done, TlsaSet.Empty), await Master.Publisher.ReadAsync(owner, Cancelled) is var set ? (set.Outcome, set.Records) : default);

        await DoneAsync(owner, "", "b");
        await DoneAsync(owner, "b", "");
    }

    /// <summary>A name to which a wildcard gives the first record.</summary>
    protected async Task ReplaceWildcardAsync(DomainName owner)
    {
        var first = TlsaSet.Of(Publishing.Master.First);
        var publisher = Master.Publisher;
        if (Master.RefusesWildcards)
        {
            var refused = await publisher.PublishAsync(new(owner, TlsaSet.Empty, Set("b"), 300), Cancelled);
            Assert.Equal(PublishOutcome.Refused, refused.Outcome);
            Assert.Contains("wildcard", refused.Detail, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(first, (await publisher.ReadAsync(owner, Cancelled)).Records);
        var away = await publisher.PublishAsync(new(owner, first, TlsaSet.Empty, 300), Cancelled);
        Assert.Equal(PublishOutcome.Refused, away.Outcome);
        Assert.Contains("wildcard", away.Detail, StringComparison.Ordinal);

        var before = await Master.DumpAsync(Cancelled);
        foreach (var (was, after) in new[] { (first, first.Union(Set("b"))), (first.Union(Set("b")), Set("b")), (Set("b"), TlsaSet.Empty) })
        {
            var result = await publisher.PublishAsync(new(owner, was, after, 300), Cancelled);
            Assert.True(result.Outcome == PublishOutcome.Done, $"{after}: {result.Outcome}: {result.Detail}");
            Assert.Equal(after.IsEmpty ? first : after, (await publisher.ReadAsync(owner, Cancelled)).Records);
        }

        Assert.Equal(before, await Master.DumpAsync(Cancelled));
    }

    [Fact]
    public async Task An_alias_is_refused_with_the_name_that_it_leads_to()
    {
        var before = await Master.DumpAsync(Cancelled);
        var result = await PublishAsync(Owner("alias"), "", "a");

        Assert.Equal(PublishOutcome.Refused, result.Outcome);
        Assert.Contains("_25._tcp.mx.pub.lab", result.Detail, StringComparison.Ordinal);
        Assert.Equal(before, await Master.DumpAsync(Cancelled));
    }

    [Fact]
    public async Task An_owner_elsewhere_is_refused()
    {
        var result = await PublishAsync(DomainName.Parse("_25._tcp.mx.other.lab."), "", "a");

        Assert.Equal(PublishOutcome.Refused, result.Outcome);
        Assert.NotEmpty(result.Detail);
    }

    [Fact]
    public async Task A_refusal_is_told_with_its_reason_and_nothing_is_changed()
    {
        var before = await Master.DumpAsync(Cancelled);
        var result = await PublishAsync(Owner("refused"), "", "a", settings: Master.Refusing);

        Assert.Equal(PublishOutcome.Refused, result.Outcome);
        Assert.NotEmpty(result.Detail);
        Assert.Equal(before, await Master.DumpAsync(Cancelled));
    }

    [Fact, Rfc(2136, "3.2")]
    public async Task A_rehearsal_changes_nothing_and_finds_that_nobody_is_there()
    {
        var before = await Master.DumpAsync(Cancelled);
        foreach (var host in new[] { "mx", "rehearsed" })
        {
            var fine = await Master.Publisher.RehearseAsync(Owner(host), Cancelled);
            Assert.True(fine.Outcome == PublishOutcome.Done, fine.Detail);
        }

        Assert.Equal(before, await Master.DumpAsync(Cancelled));
        var absent = await Master.Create(Master.Absent).RehearseAsync(Owner("mx"), Cancelled);
        Assert.Equal(Master.IsRehearsed, absent.Outcome != PublishOutcome.Done);
    }

    [Fact]
    public async Task Where_nobody_is_that_is_said()
    {
        var result = await PublishAsync(Owner("absent"), "", "a", settings: Master.Absent);

        Assert.Equal(Master.OfAbsent, result.Outcome);
        Assert.NotEmpty(result.Detail);
    }

    [Fact]
    public async Task Every_server_shows_what_was_published_validly_signed()
    {
        if (!Master.IsServed) return;
        await DoneAsync(Owner("shown"), "", "ab");

        // The zone signs, or is signed, in the moment after.
        for (var round = 0; ; round++)
        {
            var view = Assert.Single(await Master.ViewsAsync(Owner("shown"), Cancelled));
            if (round < 250 && !(view.IsSecure && view.Records!.Equals(Set("ab"))))
            {
                await Task.Delay(20, Cancelled);
                continue;
            }

            Assert.Equal((Security.Secure, Set("ab"), TimeSpan.FromSeconds(300), ""), (view.Security, view.Records, view.TimeToLive, view.Detail));
            return;
        }
    }
}

