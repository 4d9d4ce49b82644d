using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Tests.Verification;

/// <summary>PKIX-TA and PKIX-EE: the record and a path to the trust store.</summary>
public sealed class PkixTests
{
    private static readonly DanePolicy Web = new() { Service = ServiceKind.Other, ReferenceNames = [DomainName.Parse("www.example.org")] };
    private static readonly Octets Root = Forge.Root("Root").Make();
    private static readonly Octets Inner = Forge.Intermediate("Inner", "Root").Make();
    private static readonly Octets Leaf = Forge.Leaf("www.example.org", "Inner").Make();

    [Fact, Rule("R47"), Rfc(7671, "5.4")]
    public void The_path_goes_on_above_the_first_trusted_certificate_until_a_record_matches()
    {
        var policy = Web with { Roots = new([Inner, Root]) };

        Assert.Equal((DaneReason.MatchedPkixTrustAnchor, 2), Judge([Leaf, Inner], Root, policy));
        Assert.Equal((DaneReason.MatchedPkixTrustAnchor, 1), Judge([Leaf, Inner], Inner, policy));
    }

    [Fact, Rule("R47"), Rule("R42"), Rfc(7671, "5.4")]
    public void What_stands_above_every_trusted_certificate_does_not_count()
    {
        Assert.Equal(DaneReason.NotTrusted, Judge([Leaf, Inner, Root], Root, Web with { Roots = new([Inner]) }).Reason);
        Assert.Equal((DaneReason.MatchedPkixTrustAnchor, 1), Judge([Leaf, Inner, Root], Inner, Web with { Roots = new([Inner]) }));
    }

    [Fact, Rule("R42"), Rfc(7671, "5.4")]
    public void The_root_of_the_store_need_not_be_sent_and_stands_one_above_what_it_signed()
    {
        var cross = Forge.Intermediate("Root", "Old root").Make();
        var old = Forge.Root("Old root").Make();

        Assert.Equal((DaneReason.MatchedPkixTrustAnchor, 2), Judge([Leaf, Inner], Root, Web with { Roots = new([Root]) }));
        Assert.Equal((DaneReason.MatchedPkixTrustAnchor, 2), Judge([Leaf, Inner, cross, old], Root, Web with { Roots = new([Root]) }));
        Assert.Equal((DaneReason.MatchedPkixTrustAnchor, 3), Judge([Leaf, Inner, cross], old, Web with { Roots = new([Root, old]) }));
    }

    [Theory]
    [InlineData(TlsaUsage.PkixTa)]
    [InlineData(TlsaUsage.PkixEe)]
    public void The_path_ends_with_the_first_of_its_certificates_to_end_whichever_the_record_names(TlsaUsage usage)
    {
        var inner = (Forge.Intermediate("Inner", "Root") with { NotAfter = Forge.Now.AddDays(5) }).Make();
        Assert.True(TlsaRecord.TryCreate(usage == TlsaUsage.PkixTa ? Root : Leaf, usage, TlsaSelector.PublicKey, TlsaMatching.Sha256, out var record, out _));

        var verdict = DaneVerifier.Judge([Leaf, inner], [record], Web with { Roots = new([Root]) }, Forge.Now);

        Assert.True(verdict.IsMatch);
        Assert.Equal((1, Forge.Now.AddDays(5)), (verdict.End!.Depth, verdict.End.Time));
    }

    [Theory, Rule("R42"), Rfc(7671, "5.3")]
    [InlineData(TlsaUsage.PkixTa)]
    [InlineData(TlsaUsage.PkixEe)]
    public void Without_a_trust_store_or_with_strangers_only_nothing_is_trusted(TlsaUsage usage)
    {
        Assert.True(TlsaRecord.TryCreate(usage == TlsaUsage.PkixTa ? Root : Leaf, usage, TlsaSelector.PublicKey, TlsaMatching.Sha256, out var record, out _));
        foreach (var policy in (DanePolicy[])[Web, Web with { Roots = new([]) }, Web with { Roots = new([Forge.Root("Stranger").Make()]) }, Web with { Roots = new([(Forge.Root("Root") with { Key = "another root of that name" }).Make()]) }])
        {
            var verdict = DaneVerifier.Judge([Leaf, Inner, Root], [record], policy, Forge.Now);
            Assert.False(verdict.IsMatch);
            Assert.Contains(verdict.Reason, (DaneReason[])[DaneReason.NotTrusted, DaneReason.SignatureInvalid]);
        }
    }

    [Fact, Rule("R39")]
    public void A_leaf_that_issued_itself_is_trusted_only_as_a_certificate_of_the_store()
    {
        var self = Forge.Leaf("www.example.org", "www.example.org").Make();

        Assert.Equal((DaneReason.MatchedPkixTrustAnchor, 0), Judge([self], self, Web with { Roots = new([self]) }));
        Assert.Equal(DaneReason.NotTrusted, Judge([self], self, Web with { Roots = new([Root]) }).Reason);
    }

    [Fact, Rule("R42")]
    public void The_leaf_is_never_its_own_authority_unless_it_issued_itself() =>
        Assert.Equal(DaneReason.NoRecordMatches, Judge([Leaf, Inner], Leaf, Web with { Roots = new([Root]) }).Reason);

    [Fact, Rule("R43"), Rfc(7671, "5.2.2")]
    public void DANE_TA_never_looks_into_the_trust_store()
    {
        Assert.True(TlsaRecord.TryCreate(Root, TlsaUsage.DaneTa, TlsaSelector.Certificate, TlsaMatching.Sha256, out var record, out _));
        var verdict = DaneVerifier.Judge([Leaf, Inner], [record], Web with { Roots = new([Root, Inner]) }, Forge.Now);
        Assert.Equal(DaneReason.AnchorNotInChain, verdict.Reason);
        Assert.Contains("that the trust store has it does not count here", verdict.Explanation, StringComparison.Ordinal);
        Assert.Equal(DaneReason.AnchorNotInChain, DaneVerifier.Judge([Leaf], [record], Web with { Roots = new([Root, Inner]) }, Forge.Now).Reason);
    }

    private static (DaneReason Reason, int? Depth) Judge(ImmutableArray<Octets> chain, Octets authority, DanePolicy policy)
    {
        Assert.True(TlsaRecord.TryCreate(authority, TlsaUsage.PkixTa, TlsaSelector.Certificate, TlsaMatching.Sha256, out var record, out _));
        var verdict = DaneVerifier.Judge(chain, [record], policy, Forge.Now);
        return (verdict.Reason, verdict.Depth);
    }
}
