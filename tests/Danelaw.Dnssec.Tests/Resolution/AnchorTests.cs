using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>Trust anchors of every kind, and their opposite.</summary>
public class AnchorTests
{
    private readonly World _world = StandardWorld.Create();

    [Theory, Rfc(4035, "4.4"), Rfc(4033, "2")]
    [InlineData(RecordType.DS)]
    [InlineData(RecordType.DNSKEY)]
    public async Task DS_and_DNSKEY_anchors_at_the_root_are_as_good(RecordType type)
    {
        var key = TestKeys.Get("root-ksk");

        Assert.Equal(Security.Secure, (await Lookup("www.sec.nsec.", Anchors(".", type, type == RecordType.DS ? key.ToDs(default) : key.ToDnskey()))).Security);
    }

    [Theory, Rfc(4035, "5")]
    [InlineData("www.island.nsec.", Security.Secure)]
    [InlineData("www.below.uns.nsec.", Security.Insecure)]
    [InlineData("www.sec.nsec.", Security.Insecure)]
    public async Task An_anchor_further_down_makes_an_island(string name, Security security)
    {
        var answer = await Lookup(name, Anchors("island.nsec.", RecordType.DS, TestKeys.Get("island").ToDs(Text.Name("island.nsec."))));

        Assert.Equal(security, answer.Security);
        if (security == Security.Insecure) Assert.Equal(LookupReason.NoTrustAnchor, answer.Reason);
    }

    [Fact, Rfc(4035, "5")]
    public async Task Of_several_anchors_the_nearest_one_decides()
    {
        // The zone's own anchor is wrong: that the chain from the root is sound does not help.
        var anchors = Anchors([(".", RecordType.DS, TestKeys.Get("root-ksk").ToDs(default)), ("sec.nsec.", RecordType.DS, TestKeys.Get("stranger").ToDs(Text.Name("sec.nsec.")))]);

        Assert.Equal((Security.Bogus, LookupReason.KeyDoesNotMatchDs), Verdict(await Lookup("www.sec.nsec.", anchors)));
        Assert.Equal(Security.Secure, (await Lookup("www.sec.opt.", anchors)).Security);
        Assert.Equal(Security.Secure, (await Lookup("sec.nsec.", anchors, RecordType.DS)).Security);
    }

    [Fact, Rfc(4035, "5.2")]
    public async Task One_anchor_that_fits_is_enough()
    {
        var anchors = Anchors([(".", RecordType.DS, TestKeys.Get("stranger").ToDs(default)), (".", RecordType.DS, TestKeys.Get("root-ksk").ToDs(default))]);

        Assert.Equal(Security.Secure, (await Lookup("www.sec.nsec.", anchors)).Security);
    }

    [Fact, Rfc(4035, "5.2")]
    public async Task An_anchor_of_an_unknown_algorithm_makes_its_subtree_insecure_with_a_note()
    {
        Assert.True(DsData.TryRead(TestKeys.Get("root-ksk").ToDs(default), out var ds));

        var answer = await Lookup("www.sec.nsec.", Anchors(".", RecordType.DS, (ds with { Algorithm = 200 }).ToOctets()));

        Assert.Equal((Security.Insecure, LookupReason.UnsupportedAlgorithms), Verdict(answer));
        Assert.Equal("DNSSEC-ANCHOR-UNSUPPORTED", Assert.Single(answer.Notes).Code);
    }

    [Fact, Rfc(4033, "5")]
    public async Task Without_an_anchor_everything_is_insecure()
    {
        var answer = await Lookup("www.sec.nsec.", TrustAnchors.None);

        Assert.Equal((Security.Insecure, LookupReason.NoTrustAnchor), Verdict(answer));
        Assert.NotNull(answer.Records);
    }

    [Theory, Rfc(7646, "2")]
    [InlineData("www.sec.nsec.", RecordType.A, Security.Insecure)]
    [InlineData("sec.nsec.", RecordType.SOA, Security.Insecure)]
    [InlineData("missing.sec.nsec.", RecordType.A, Security.Insecure)]
    [InlineData("www.child.sec.nsec.", RecordType.A, Security.Insecure)]
    [InlineData("sec.nsec.", RecordType.DS, Security.Secure)]
    [InlineData("www.sec.opt.", RecordType.A, Security.Secure)]
    [InlineData("xsec.nsec.", RecordType.A, Security.Secure)]
    [InlineData("www.tonsec.sec.opt.", RecordType.A, Security.Insecure)]
    public async Task A_negative_anchor_makes_its_subtree_insecure_and_is_told(string name, RecordType type, Security security)
    {
        var answer = await _world.LookupAsync(name, type, _world.Options with { NegativeAnchors = [Text.Name("sec.nsec.")] });

        Assert.Equal(security, answer.Security);
        if (security != Security.Insecure) return;
        Assert.Equal(LookupReason.NegativeAnchor, answer.Reason);
        Assert.Contains(answer.Notes, note => note.Code == "DNSSEC-NEGATIVE-ANCHOR" && note.Zone == Text.Name("sec.nsec."));
        Assert.Contains("sec.nsec.", answer.Explanation, StringComparison.Ordinal);
    }

    [Fact, Rfc(7646, "2")]
    public async Task An_anchor_below_a_negative_one_ends_its_subtree()
    {
        var anchors = Anchors([(".", RecordType.DS, TestKeys.Get("root-ksk").ToDs(default)), ("child.sec.nsec.", RecordType.DS, TestKeys.Get("child").ToDs(Text.Name("child.sec.nsec.")))]);
        var options = _world.Options with { Anchors = anchors, NegativeAnchors = [Text.Name("sec.nsec.")] };

        Assert.Equal(Security.Secure, (await _world.LookupAsync("www.child.sec.nsec.", RecordType.A, options)).Security);
        Assert.Equal(Security.Insecure, (await _world.LookupAsync("www.sec.nsec.", RecordType.A, options)).Security);
    }

    private Task<Answer> Lookup(string name, TrustAnchors anchors, RecordType type = RecordType.A) => _world.LookupAsync(name, type, _world.Options with { Anchors = anchors });

    private static TrustAnchors Anchors(string zone, RecordType type, Octets data) => Anchors([(zone, type, data)]);

    private static TrustAnchors Anchors((string Zone, RecordType Type, Octets Data)[] records)
    {
        Assert.True(TrustAnchors.TryCreate(records.Select(record => new ResourceRecord(Text.Name(record.Zone), record.Type, RecordClass.IN, 0, record.Data)), out var anchors, out _));
        return anchors;
    }

    private static (Security Security, LookupReason Reason) Verdict(Answer answer) => (answer.Security, answer.Reason);
}
