using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Tests.Verification;

public sealed class EndEntityTests
{
    private static readonly DanePolicy Mail = new() { Service = ServiceKind.Smtp, ReferenceNames = [DomainName.Parse("mx.example.org")] };

    [Theory, Rule("R38"), Rule("R39"), Rfc(6698, "2.1")]
    [InlineData(TlsaSelector.Certificate, TlsaMatching.Full)]
    [InlineData(TlsaSelector.Certificate, TlsaMatching.Sha256)]
    [InlineData(TlsaSelector.Certificate, TlsaMatching.Sha512)]
    [InlineData(TlsaSelector.PublicKey, TlsaMatching.Full)]
    [InlineData(TlsaSelector.PublicKey, TlsaMatching.Sha256)]
    [InlineData(TlsaSelector.PublicKey, TlsaMatching.Sha512)]
    public void The_leaf_matches_a_DANE_EE_record_of_every_selector_and_matching_type(TlsaSelector selector, TlsaMatching matching)
    {
        var leaf = Forge.Leaf("mx.example.org", "CA").Make();
        Assert.True(TlsaRecord.TryCreate(leaf, TlsaUsage.DaneEe, selector, matching, out var record, out _));

        var verdict = DaneVerifier.Judge([leaf], [record], Mail, Forge.Now);

        Assert.Equal(DaneReason.MatchedEndEntity, verdict.Reason);
        Assert.Equal(record, verdict.Record);
        Assert.Equal(0, verdict.Depth);
    }

    [Theory, Rule("R39")]
    [InlineData(TlsaSelector.Certificate, TlsaMatching.Full)]
    [InlineData(TlsaSelector.Certificate, TlsaMatching.Sha256)]
    [InlineData(TlsaSelector.Certificate, TlsaMatching.Sha512)]
    [InlineData(TlsaSelector.PublicKey, TlsaMatching.Full)]
    [InlineData(TlsaSelector.PublicKey, TlsaMatching.Sha256)]
    [InlineData(TlsaSelector.PublicKey, TlsaMatching.Sha512)]
    public void Another_leaf_matches_none_of_them(TlsaSelector selector, TlsaMatching matching)
    {
        var other = (Forge.Leaf("mx.example.org", "CA") with { Key = "another key" }).Make();
        Assert.True(TlsaRecord.TryCreate(other, TlsaUsage.DaneEe, selector, matching, out var record, out _));

        var verdict = DaneVerifier.Judge([Forge.Leaf("mx.example.org", "CA").Make()], [record], Mail, Forge.Now);

        Assert.Equal(DaneReason.NoRecordMatches, verdict.Reason);
        Assert.False(verdict.IsMatch);
        Assert.Null(verdict.Record);
        Assert.Null(verdict.Depth);
    }
}
