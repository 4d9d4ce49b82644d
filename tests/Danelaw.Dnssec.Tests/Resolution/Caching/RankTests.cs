using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Resolution.Caching;
using Danelaw.Dnssec.Tests.Worlds;

namespace Danelaw.Dnssec.Tests.Resolution.Caching;

/// <summary>Sets that nothing vouches for: by rank, and never in an answer.</summary>
public class RankTests
{
    private static readonly DateTimeOffset Now = TestZone.Now;
    private readonly ResolverCache _cache = new(1 << 20, TimeProvider.System);

    [Fact, Rfc(2181, "5.4.1")]
    public void A_set_never_takes_the_place_of_a_more_credible_one()
    {
        _cache.AddSet(Set("ns.lab. 300 A 192.0.2.1"), Credibility.Answer, Now);
        _cache.AddSet(Set("ns.lab. 300 A 192.0.2.66"), Credibility.Additional, Now);

        Assert.True(_cache.TryGetSet(Text.Name("ns.lab."), RecordType.A, Credibility.Additional, Now, out var set));
        Assert.Equal(Set("ns.lab. 300 A 192.0.2.1").Data, set.Data);
    }

    [Fact, Rfc(2181, "5.4.1")]
    public void A_more_credible_set_takes_the_place_of_another()
    {
        _cache.AddSet(Set("ns.lab. 300 A 192.0.2.66"), Credibility.Additional, Now);
        _cache.AddSet(Set("ns.lab. 300 A 192.0.2.1"), Credibility.Answer, Now);

        Assert.True(_cache.TryGetSet(Text.Name("ns.lab."), RecordType.A, Credibility.Answer, Now, out var set));
        Assert.Equal(Set("ns.lab. 300 A 192.0.2.1").Data, set.Data);
    }

    [Fact, Rfc(2181, "5.4.1")]
    public void What_is_less_credible_takes_over_when_the_better_has_ended()
    {
        _cache.AddSet(Set("ns.lab. 300 A 192.0.2.1"), Credibility.Answer, Now);
        _cache.AddSet(Set("ns.lab. 300 A 192.0.2.66"), Credibility.Additional, Now.AddSeconds(300));

        Assert.True(_cache.TryGetSet(Text.Name("ns.lab."), RecordType.A, Credibility.None, Now.AddSeconds(300), out var set));
        Assert.Equal(Set("ns.lab. 300 A 192.0.2.66").Data, set.Data);
    }

    [Fact, Rfc(2181, "5.4.1")]
    public void A_set_is_had_only_by_who_is_content_with_its_rank()
    {
        _cache.AddSet(Set("ns.lab. 300 A 192.0.2.1"), Credibility.Additional, Now);

        Assert.False(_cache.TryGetSet(Text.Name("ns.lab."), RecordType.A, Credibility.Referral, Now, out _));
        Assert.True(_cache.TryGetSet(Text.Name("NS.Lab."), RecordType.A, Credibility.Additional, Now, out _));
    }

    [Theory, Rfc(2181, "5.4.1"), Rfc(4035, "4.5")]
    [InlineData((byte)Credibility.Additional)]
    [InlineData((byte)Credibility.Referral)]
    [InlineData((byte)Credibility.Authority)]
    [InlineData((byte)Credibility.Answer)]
    public void What_was_not_verified_stands_in_no_answer(byte credibility)
    {
        foreach (var line in (string[])["ns.lab. 300 A 192.0.2.1", "alias.lab. 300 CNAME ns.lab.", "moved.lab. 300 DNAME lab."]) _cache.AddSet(Set(line), (Credibility)credibility, Now);

        Assert.False(_cache.TryCompose(new(Text.Name("ns.lab."), RecordType.A), Now, out _));
        Assert.False(_cache.TryCompose(new(Text.Name("alias.lab."), RecordType.A), Now, out _));
        Assert.False(_cache.TryCompose(new(Text.Name("x.moved.lab."), RecordType.A), Now, out _));
    }

    [Fact]
    public void Nobody_can_call_a_set_verified() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _cache.AddSet(Set("ns.lab. 300 A 192.0.2.1"), Credibility.Secure, Now));

    [Fact, Rfc(8767, "4")]
    public void TTLs_count_down_and_at_their_end_nothing_is_left()
    {
        _cache.AddSet(Set("ns.lab. 300 A 192.0.2.1"), Credibility.Answer, Now);

        Assert.True(_cache.TryGetSet(Text.Name("ns.lab."), RecordType.A, Credibility.Answer, Now.AddSeconds(100), out var set));
        Assert.Equal(200u, set.TimeToLive);
        Assert.True(_cache.TryGetSet(Text.Name("ns.lab."), RecordType.A, Credibility.Answer, Now.AddSeconds(-100), out set));
        Assert.Equal(300u, set.TimeToLive);
        Assert.False(_cache.TryGetSet(Text.Name("ns.lab."), RecordType.A, Credibility.None, Now.AddSeconds(300), out _));
    }

    [Fact]
    public void A_zone_that_was_let_go_does_not_live_on_by_its_own_word()
    {
        _cache.AddSet(Set("gone.lab. 300 NS ns.gone.lab."), Credibility.Referral, Now);
        _cache.AddSet(Set("gone.lab. 86400 NS ns.gone.lab."), Credibility.Authority, Now.AddSeconds(200));

        Assert.True(_cache.TryGetSet(Text.Name("gone.lab."), RecordType.NS, Credibility.Authority, Now.AddSeconds(299), out _));
        Assert.False(_cache.TryGetSet(Text.Name("gone.lab."), RecordType.NS, Credibility.None, Now.AddSeconds(300), out _));
    }

    [Fact, Rfc(2181, "8")]
    public void Nothing_is_kept_for_more_than_a_day_and_nothing_with_a_TTL_of_zero()
    {
        _cache.AddSet(Set("zero.lab. 0 A 192.0.2.1"), Credibility.Answer, Now);
        _cache.AddSet(Set("long.lab. 2147483647 A 192.0.2.1"), Credibility.Answer, Now);

        Assert.False(_cache.TryGetSet(Text.Name("zero.lab."), RecordType.A, Credibility.None, Now, out _));
        Assert.True(_cache.TryGetSet(Text.Name("long.lab."), RecordType.A, Credibility.None, Now, out var set));
        Assert.Equal(86400u, set.TimeToLive);
        Assert.False(_cache.TryGetSet(Text.Name("long.lab."), RecordType.A, Credibility.None, Now.AddDays(1), out _));
    }

    private static RecordSet Set(string line)
    {
        var record = Text.Record(line, DomainName.Root);
        return new(record.Owner, record.Type, record.Class, record.TimeToLive, [record.Data]);
    }
}
