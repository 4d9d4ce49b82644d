using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Tests.Verification;

/// <summary>DANE-TA: the path, its anchor and its depth.</summary>
public sealed class TrustAnchorTests
{
    private static readonly DanePolicy Mail = new() { Service = ServiceKind.Smtp, ReferenceNames = [DomainName.Parse("mx.example.org")] };
    private static readonly Octets Root = Forge.Root("Root").Make();
    private static readonly Octets Upper = Forge.Intermediate("Upper", "Root").Make();
    private static readonly Octets Lower = Forge.Intermediate("Lower", "Upper").Make();
    private static readonly Octets Leaf = Forge.Leaf("mx.example.org", "Lower").Make();
    private static readonly Octets Stranger = Forge.Root("Stranger").Make();

    [Fact, Rule("R43"), Rfc(7671, "5.2")]
    public void A_forged_leaf_that_names_the_pinned_anchor_is_refused_although_the_real_anchor_is_appended()
    {
        var forged = (Forge.Leaf("mx.example.org", "Root") with { Signer = "Attacker" }).Make();

        foreach (var record in Records(Root))
        {
            var verdict = DaneVerifier.Judge([forged, Root], [record], Mail, Forge.Now);
            Assert.Equal(DaneReason.SignatureInvalid, verdict.Reason);
        }
    }

    [Theory, Rule("R39"), Rule("R43"), Rfc(7671, "5.2.2")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_anchor_may_be_any_issuer_of_the_path(int depth)
    {
        ImmutableArray<Octets> chain = [Leaf, Lower, Upper, Root];
        foreach (var record in Records(chain[depth])) AssertMatch(depth, record, chain);
    }

    [Theory, Rule("R43")]
    [InlineData("Leaf Lower Upper Root")]
    [InlineData("Leaf Root Upper Lower")]
    [InlineData("Leaf Upper Stranger Root Lower Lower Leaf Upper")]
    [InlineData("Leaf Leaf Stranger Root Upper Lower")]
    public void The_order_of_what_was_sent_does_not_matter_nor_do_doubles_and_strangers(string order)
    {
        var byName = new Dictionary<string, Octets> { ["Leaf"] = Leaf, ["Lower"] = Lower, ["Upper"] = Upper, ["Root"] = Root, ["Stranger"] = Stranger };
        ImmutableArray<Octets> chain = [.. order.Split(' ').Select(name => byName[name])];
        foreach (var record in Records(Root)) AssertMatch(3, record, chain);
        foreach (var record in Records(Upper)) AssertMatch(2, record, chain);
        foreach (var record in Records(Stranger)) Assert.False(DaneVerifier.Judge(chain, [record], Mail, Forge.Now).IsMatch);
    }

    [Fact, Rule("R44"), Rfc(7671, "5.2.2")]
    public void A_certificate_in_the_record_is_an_anchor_that_need_not_be_sent()
    {
        Assert.True(TlsaRecord.TryCreate(Root, TlsaUsage.DaneTa, TlsaSelector.Certificate, TlsaMatching.Full, out var record, out _));
        AssertMatch(3, record, [Leaf, Lower, Upper]);
    }

    [Fact, Rule("R44"), Rfc(7671, "5.2.3")]
    public void A_key_in_the_record_is_an_anchor_that_need_not_be_sent()
    {
        Assert.True(TlsaRecord.TryCreate(Root, TlsaUsage.DaneTa, TlsaSelector.PublicKey, TlsaMatching.Full, out var record, out _));
        AssertMatch(3, record, [Leaf, Lower, Upper]);
        AssertMatch(3, record, [Leaf, Stranger, Upper, Lower]);
    }

    [Theory, Rule("R44"), Rfc(7671, "5.2.2")]
    [InlineData(TlsaSelector.Certificate, TlsaMatching.Sha256)]
    [InlineData(TlsaSelector.PublicKey, TlsaMatching.Sha512)]
    public void A_digest_of_an_anchor_that_was_not_sent_matches_nothing_even_if_the_trust_store_has_it(TlsaSelector selector, TlsaMatching matching)
    {
        Assert.True(TlsaRecord.TryCreate(Root, TlsaUsage.DaneTa, selector, matching, out var record, out _));

        var verdict = DaneVerifier.Judge([Leaf, Lower, Upper], [record], Mail with { Service = ServiceKind.Other, Roots = new([Root]) }, Forge.Now);

        Assert.Equal(DaneReason.AnchorNotInChain, verdict.Reason);
    }

    [Fact, Rule("R43")]
    public void An_anchor_that_was_sent_but_stands_in_no_path_from_the_leaf_is_refused()
    {
        foreach (var record in Records(Stranger))
            Assert.Equal(DaneReason.NoPath, DaneVerifier.Judge([Leaf, Lower, Upper, Root, Stranger], [record], Mail, Forge.Now).Reason);
    }

    private static void AssertMatch(int depth, TlsaRecord record, ImmutableArray<Octets> chain)
    {
        var verdict = DaneVerifier.Judge(chain, [record], Mail, Forge.Now);
        Assert.Equal((DaneReason.MatchedTrustAnchor, (int?)depth, record), (verdict.Reason, verdict.Depth, verdict.Record));
    }

    private static IEnumerable<TlsaRecord> Records(Octets anchor)
    {
        foreach (var selector in (TlsaSelector[])[TlsaSelector.Certificate, TlsaSelector.PublicKey])
            foreach (var matching in (TlsaMatching[])[TlsaMatching.Full, TlsaMatching.Sha256, TlsaMatching.Sha512])
            {
                Assert.True(TlsaRecord.TryCreate(anchor, TlsaUsage.DaneTa, selector, matching, out var record, out _));
                yield return record;
            }
    }
}
