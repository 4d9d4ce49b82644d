using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution.Caching;

/// <summary>For how long sets are kept.</summary>
public class LifetimeTests
{
    private static readonly DateTimeOffset Now = TestZone.Now;
    private readonly ResolverCache _cache = new(1 << 20, TimeProvider.System);

    [Fact, Rfc(8767, "4")]
    public void TTLs_count_down_and_at_their_end_nothing_is_left()
    {
        Keep("mx.lab.", 300);

        Assert.Equal(200u, Left("MX.Lab.", Now.AddSeconds(100)));

        // The clock was set back.
        Assert.Equal(300u, Left("mx.lab.", Now.AddSeconds(-100)));
        Assert.Null(Left("mx.lab.", Now.AddSeconds(300)));
    }

    [Fact, Rfc(2181, "8")]
    public void Nothing_is_kept_for_more_than_a_day_and_nothing_with_a_TTL_of_zero()
    {
        Keep("zero.lab.", 0);
        Keep("long.lab.", int.MaxValue);

        Assert.Null(Left("zero.lab.", Now));
        Assert.Equal(86400u, Left("long.lab.", Now));
        Assert.Null(Left("long.lab.", Now.AddDays(1)));
    }

    private void Keep(string owner, uint timeToLive)
    {
        var dnskey = TestKeys.Get("lifetime").ToDnskey();
        Assert.True(DnskeyData.TryRead(dnskey, out var view));
        var (name, zone) = (Text.Name(owner), Text.Name("lab."));
        var set = new SignedSet(name, RecordType.A);
        set.Add(new ResourceRecord(name, RecordType.A, RecordClass.IN, timeToLive, new Octets(new byte[4])));
        var signature = new RrsigData(RecordType.A, 13, (byte)name.LabelCount, timeToLive, 2_000_000_000, 1_700_000_000, view.KeyTag(), zone, new(new byte[64]));
        var check = new SignatureCheck { Signature = signature, Key = new ZoneKey(dnskey, view), TimeToLive = timeToLive };
        _cache.Add(new Dictionary<SignedSet, VerifiedSet> { [set] = new(Reply.Compose(new(name, RecordType.A), ResponseCode.NoError, zone, null, null), check) }, new(new()), Now);
    }

    /// <summary>Seconds that are left of a set; null when nothing is.</summary>
    private uint? Left(string owner, DateTimeOffset now) =>
        _cache.TryCompose(new(Text.Name(owner), RecordType.A), now, out var reply) && reply.Answer.TryFind(Text.Name(owner), RecordType.A, out var set) ? set.TimeToLive : null;
}
