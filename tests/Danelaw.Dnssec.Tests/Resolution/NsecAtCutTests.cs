using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>The two NSEC records at a zone cut, where the aliases of one reply need both.</summary>
public class NsecAtCutTests
{
    private static async Task<Answer> Ask(Resolver resolver, string name, RecordType type) => await resolver.LookupAsync(Text.Name(name), type, TestContext.Current.CancellationToken);

    [Theory, Rfc(4034, "4"), Rfc(4035, "3.1.3")]
    [InlineData("a.c.p.")]
    [InlineData("c.p.")]
    public async Task A_wildcard_alias_proven_by_the_parents_NSEC_at_a_cut_and_a_denial_by_the_childs_in_the_same_reply_are_secure(string target)
    {
        var world = new World(
            new TestZone("p.", $"*.p. 300 CNAME {target}") { Keys = { TestKeys.Get("p") } },
            new TestZone("c.p.") { Keys = { TestKeys.Get("c.p") } });
        var reply = world.Reply(new(Text.Name("d.p."), RecordType.AAAA));
        Assert.Equal(2, reply.Authorities.Count(record => record.Type == RecordType.NSEC && record.Owner == Text.Name("c.p.")));

        Assert.Equal(Security.Secure, (await Ask(world.Resolver(), "d.p.", RecordType.AAAA)).Security);
    }
}
