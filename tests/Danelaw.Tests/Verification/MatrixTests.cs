using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Tests.Verification;

/// <summary>Every usage, selector and matching type against a sound chain and against chains with one thing wrong.</summary>
public sealed class MatrixTests
{
    private static readonly Octets Root = Forge.Root("Root").Make();
    private static readonly Octets Intermediate = Forge.Intermediate("Intermediate", "Root").Make();
    private static readonly Forge Leaf = Forge.Leaf("www.example.org", "Intermediate");
    private static readonly DanePolicy Web = new() { Service = ServiceKind.Other, ReferenceNames = [DomainName.Parse("www.example.org")], Roots = new([Root]) };

    public static readonly TheoryData<TlsaUsage, TlsaSelector, TlsaMatching> All = new(
        from usage in (TlsaUsage[])[TlsaUsage.PkixTa, TlsaUsage.PkixEe, TlsaUsage.DaneTa, TlsaUsage.DaneEe]
        from selector in (TlsaSelector[])[TlsaSelector.Certificate, TlsaSelector.PublicKey]
        from matching in (TlsaMatching[])[TlsaMatching.Full, TlsaMatching.Sha256, TlsaMatching.Sha512]
        select (usage, selector, matching));

    [Theory, MemberData(nameof(All)), Rule("R37"), Rule("R38"), Rule("R39"), Rfc(6698, "2.1"), Rfc(7671, "4")]
    public void A_sound_chain_matches_its_record(TlsaUsage usage, TlsaSelector selector, TlsaMatching matching)
    {
        var verdict = Judge(usage, selector, matching, Leaf);

        var expected = usage switch
        {
            TlsaUsage.PkixTa => (DaneReason.MatchedPkixTrustAnchor, 1),
            TlsaUsage.PkixEe => (DaneReason.MatchedPkixEndEntity, 0),
            TlsaUsage.DaneTa => (DaneReason.MatchedTrustAnchor, 1),
            _ => (DaneReason.MatchedEndEntity, 0),
        };
        Assert.Equal(expected, (verdict.Reason, verdict.Depth));
        Assert.Equal(usage, verdict.Record?.Usage);
    }

    [Theory, MemberData(nameof(All)), Rule("R39")]
    public void A_record_of_another_key_matches_nothing(TlsaUsage usage, TlsaSelector selector, TlsaMatching matching)
    {
        Assert.True(TlsaRecord.TryCreate(Forge.Root("Stranger").Make(), usage, selector, matching, out var record, out _));

        var verdict = DaneVerifier.Judge([Leaf.Make(), Intermediate], [record], Web, Forge.Now);

        Assert.False(verdict.IsMatch);
        Assert.Contains(verdict.Reason, (DaneReason[])[DaneReason.NoRecordMatches, DaneReason.AnchorNotInChain, DaneReason.NoPath]);
        Assert.Null(verdict.Record);
        Assert.Null(verdict.Depth);
        Assert.NotEmpty(verdict.Explanation);
    }

    [Theory, MemberData(nameof(All)), Rule("R41"), Rule("R43"), Rule("R42"), Rfc(7671, "5.1")]
    public void An_expired_certificate_is_refused_for_every_usage_but_DANE_EE(TlsaUsage usage, TlsaSelector selector, TlsaMatching matching) =>
        AssertOnlyDaneEe(usage, DaneReason.Expired, Judge(usage, selector, matching, Leaf with { NotAfter = Forge.Now.AddSeconds(-1) }));

    [Theory, MemberData(nameof(All)), Rule("R41"), Rule("R43"), Rfc(7671, "5.1")]
    public void A_certificate_of_tomorrow_is_refused_for_every_usage_but_DANE_EE(TlsaUsage usage, TlsaSelector selector, TlsaMatching matching) =>
        AssertOnlyDaneEe(usage, DaneReason.NotYetValid, Judge(usage, selector, matching, Leaf with { NotBefore = Forge.Now.AddSeconds(1) }));

    [Theory, MemberData(nameof(All)), Rule("R41"), Rule("R45"), Rfc(7671, "5.1")]
    public void A_certificate_of_another_name_is_refused_for_every_usage_but_DANE_EE(TlsaUsage usage, TlsaSelector selector, TlsaMatching matching) =>
        AssertOnlyDaneEe(usage, DaneReason.NameMismatch, Judge(usage, selector, matching, Forge.Leaf("www.example.net", "Intermediate")));

    [Theory, MemberData(nameof(All)), Rule("R39"), Rule("R41")]
    public void A_certificate_that_issued_itself_is_its_own_anchor_but_no_authority_of_the_store_vouches_for_it(TlsaUsage usage, TlsaSelector selector, TlsaMatching matching)
    {
        var self = (Forge.Leaf("www.example.org", "www.example.org")).Make();
        Assert.True(TlsaRecord.TryCreate(self, usage, selector, matching, out var record, out _));

        var verdict = DaneVerifier.Judge([self], [record], Web, Forge.Now);

        var expected = usage switch
        {
            TlsaUsage.DaneTa => (DaneReason.MatchedTrustAnchor, (int?)0),
            TlsaUsage.DaneEe => (DaneReason.MatchedEndEntity, 0),
            _ => (DaneReason.NotTrusted, null),
        };
        Assert.Equal(expected, (verdict.Reason, verdict.Depth));
    }

    [Theory, MemberData(nameof(All)), Rule("R36"), Rfc(7672, "3.1.3")]
    public void Between_mail_servers_the_PKIX_usages_are_unusable(TlsaUsage usage, TlsaSelector selector, TlsaMatching matching)
    {
        var verdict = Judge(usage, selector, matching, Leaf, Web with { Service = ServiceKind.Smtp });

        Assert.Equal(usage is TlsaUsage.DaneTa or TlsaUsage.DaneEe, verdict.IsMatch);
        if (!verdict.IsMatch) Assert.Equal(DaneReason.NoUsableRecords, verdict.Reason);
    }

    private static void AssertOnlyDaneEe(TlsaUsage usage, DaneReason expected, DaneVerdict verdict) =>
        Assert.Equal(usage == TlsaUsage.DaneEe ? DaneReason.MatchedEndEntity : expected, verdict.Reason);

    private static DaneVerdict Judge(TlsaUsage usage, TlsaSelector selector, TlsaMatching matching, Forge leaf, DanePolicy? policy = null)
    {
        ImmutableArray<Octets> chain = [leaf.Make(), Intermediate];
        Assert.True(TlsaRecord.TryCreate(chain[usage is TlsaUsage.PkixTa or TlsaUsage.DaneTa ? 1 : 0], usage, selector, matching, out var record, out _));
        return DaneVerifier.Judge(chain, [record], policy ?? Web, Forge.Now);
    }
}
