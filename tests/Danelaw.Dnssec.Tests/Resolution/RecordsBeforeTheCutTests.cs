using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Signing;
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

    // The server of the zone above has the zone below as well: who follows referrals sees no cut at mid.tld.
    [Theory, Rfc(4035, "5.2"), Rfc(4035, "5.3.1")]
    [InlineData(false, Security.Insecure)]
    [InlineData(true, Security.Bogus)]
    public async Task A_DS_set_of_a_zone_above_a_cut_leads_no_chain_across_it_though_one_server_hides_the_cut(bool isSigned, Security expected)
    {
        const string Tops = "192.0.2.60";
        var (top, below) = (TestKeys.Get("tld"), TestKeys.Get("child"));
        var delegation = new RecordSet(Text.Name("child.mid.tld."), RecordType.DS, RecordClass.IN, 3600, [below.ToDs(Text.Name("child.mid.tld."))]);
        ResourceRecord[] signed = [.. delegation.Records, RecordSetSigner.Sign(delegation, top, Text.Name("tld."), TestZone.Validity)];
        var world = new AuthorityWorld()
            .Zone(new(".") { Keys = { TestKeys.Get("root") } }, $"ns. {AuthorityWorld.RootAddress}")
            .Zone(new("tld.") { Keys = { top } }, $"ns.tld. {Tops}")
            .Zone(new("mid.tld.") { Keys = [.. isSigned ? [TestKeys.Get("mid")] : Array.Empty<SigningKey>()] }, $"ns.tld. {Tops}")
            .Zone(new("child.mid.tld.", "www 300 A 192.0.2.1") { Keys = { below } }, "ns.child.mid.tld. 192.0.2.61");
        world.Rewrite = (query, message) => query.Question == new Question(delegation.Owner, RecordType.DS) ? message with { Answers = [.. signed], Authorities = [] }
            : message.Authorities.Any(record => record.Type == RecordType.NS && record.Owner == delegation.Owner) ? message with { Authorities = [.. message.Authorities.Where(record => record.Type == RecordType.NS), .. signed] }
            : message;

        Assert.Equal(expected, (await world.LookupAsync("www.child.mid.tld.", RecordType.A)).Security);
    }
}
