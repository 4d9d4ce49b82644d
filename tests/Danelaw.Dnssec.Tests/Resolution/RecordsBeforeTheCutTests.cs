using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>Records that a zone signed before it delegated their name, while their signatures still hold.</summary>
public class RecordsBeforeTheCutTests
{
    private static async Task<Answer> Ask(Resolver resolver, string name, RecordType type) => await resolver.LookupAsync(Text.Name(name), type, TestContext.Current.CancellationToken);

    // An NSEC3 of today covers whatever lies below the cut, so the proof that there is no name closer than the wildcard is at hand for everybody.
    [Theory, Rfc(4035, "5.3.1"), Rfc(5155, "8.8")]
    [InlineData("*.sub 300 A 192.0.2.66", "host.sub.sec.")]
    [InlineData("host.sub 300 A 192.0.2.66", "host.sub.sec.")]
    [InlineData("sub 300 CNAME www", "sub.sec.")]
    public async Task What_a_zone_signed_before_it_delegated_the_name_is_not_secure(string record, string asked)
    {
        var before = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("sec.", $"{record}\nwww 300 A 192.0.2.80") { Keys = { TestKeys.Get("sec") }, Nsec3 = new() });
        var now = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("sec.", "www 300 A 192.0.2.80") { Keys = { TestKeys.Get("sec") }, Nsec3 = new() },
            new TestZone("sub.sec.", "@ 300 A 192.0.2.1\nhost 300 A 192.0.2.1") { Keys = { TestKeys.Get("child") } });
        var name = Text.Name(asked);
        var denials = now["sec."].Sets.Where(each => each.Type == RecordType.NSEC3).SelectMany(each => each.Set.All).ToArray();
        Assert.Equal(Security.Secure, (await Ask(now.Resolver(), asked, RecordType.A)).Security);
        now.Rewrite = (query, message) => query.Question == new Question(name, RecordType.A) ? message with { Answers = before.Reply(query.Question).Answers, Authorities = [.. denials] } : message;

        Assert.NotEqual(Security.Secure, (await Ask(now.Resolver(), asked, RecordType.A)).Security);
    }
}
