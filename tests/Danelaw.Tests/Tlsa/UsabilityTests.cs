using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Tests.Tlsa;

public sealed class UsabilityTests
{
    private const string Sha256 = "0000000000000000000000000000000000000000000000000000000000000000";
    private const string Sha512 = Sha256 + Sha256;

    [Theory, Rule("R35"), Rule("R36"), Rfc(6698, "4.1"), Rfc(7672, "3.1.3")]
    [InlineData("0 0 1 " + Sha256, Usability.Usable, Usability.UsageNotForSmtp)]
    [InlineData("1 1 2 " + Sha512, Usability.Usable, Usability.UsageNotForSmtp)]
    [InlineData("2 0 1 " + Sha256, Usability.Usable, Usability.Usable)]
    [InlineData("3 1 1 " + Sha256, Usability.Usable, Usability.Usable)]
    [InlineData("3 1 2 " + Sha512, Usability.Usable, Usability.Usable)]
    [InlineData("4 1 1 " + Sha256, Usability.UnknownUsage, Usability.UnknownUsage)]
    [InlineData("255 1 1 " + Sha256, Usability.UnknownUsage, Usability.UnknownUsage)]
    [InlineData("3 2 1 " + Sha256, Usability.UnknownSelector, Usability.UnknownSelector)]
    [InlineData("3 255 1 " + Sha256, Usability.UnknownSelector, Usability.UnknownSelector)]
    [InlineData("3 1 3 " + Sha256, Usability.UnknownMatching, Usability.UnknownMatching)]
    [InlineData("3 1 255 " + Sha256, Usability.UnknownMatching, Usability.UnknownMatching)]
    [InlineData("3 1 1 " + Sha512, Usability.WrongDigestLength, Usability.WrongDigestLength)]
    [InlineData("3 1 1 " + Sha256 + "00", Usability.WrongDigestLength, Usability.WrongDigestLength)]
    [InlineData("3 1 2 " + Sha256, Usability.WrongDigestLength, Usability.WrongDigestLength)]
    [InlineData("3 1 1 00", Usability.WrongDigestLength, Usability.WrongDigestLength)]
    [InlineData("1 1 1 00", Usability.WrongDigestLength, Usability.WrongDigestLength)]
    [InlineData("3 1 0 00", Usability.MalformedData, Usability.MalformedData)]
    [InlineData("2 0 0 3000", Usability.MalformedData, Usability.MalformedData)]
    public void Each_record_is_usable_or_not_by_itself(string text, Usability elsewhere, Usability betweenMailServers)
    {
        Assert.True(TlsaRecord.TryParse(text, out var record, out _));
        Assert.Equal(elsewhere, record.UsabilityFor(ServiceKind.Other));
        Assert.Equal(betweenMailServers, record.UsabilityFor(ServiceKind.Smtp));
    }

    [Fact, Rule("R35")]
    public void Full_data_must_be_exactly_a_certificate_or_a_public_key()
    {
        var certificate = Forge.Root("Root").Make();
        var key = new Octets(Signing.EcdsaSha256.PublicKeyOf("Root"));

        Assert.Equal(Usability.Usable, Of(TlsaSelector.Certificate, certificate));
        Assert.Equal(Usability.Usable, Of(TlsaSelector.PublicKey, key));
        Assert.Equal(Usability.MalformedData, Of(TlsaSelector.Certificate, key));
        Assert.Equal(Usability.MalformedData, Of(TlsaSelector.PublicKey, certificate));
        Assert.Equal(Usability.MalformedData, Of(TlsaSelector.Certificate, new((byte[])[.. certificate.Span, 0])));
        Assert.Equal(Usability.MalformedData, Of(TlsaSelector.PublicKey, key.Slice(0, key.Length - 1)));
    }

    [Fact, Rule("R35")]
    public void An_unusable_record_never_affects_the_others()
    {
        var leaf = Forge.Leaf("mx.example.org", "CA").Make();
        Assert.True(TlsaRecord.TryCreate(leaf, TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, out var good, out _));
        Assert.True(TlsaRecord.TryParse("3 1 2 00", out var tooShort, out _));
        Assert.True(TlsaRecord.TryParse("9 9 9 00", out var unknown, out _));

        var verdict = DaneVerifier.Judge([leaf], [tooShort, unknown, default, good], new(), Forge.Now);

        Assert.Equal((DaneReason.MatchedEndEntity, good), (verdict.Reason, verdict.Record));
    }

    [Fact, Rule("R29"), Rule("R33"), Rfc(7671, "10.3")]
    public void Records_of_which_none_is_usable_are_told_apart_from_none()
    {
        var leaf = Forge.Leaf("mx.example.org", "CA").Make();
        Assert.True(TlsaRecord.TryParse("3 1 2 00", out var tooShort, out _));

        Assert.Equal(DaneReason.NoUsableRecords, DaneVerifier.Judge([leaf], [tooShort], new(), Forge.Now).Reason);
        Assert.Equal(DaneReason.NoRecords, DaneVerifier.Judge([leaf], [], new(), Forge.Now).Reason);
        Assert.Equal(DaneReason.NoRecords, DaneVerifier.Judge([leaf], default, new(), Forge.Now).Reason);
    }

    private static Usability Of(TlsaSelector selector, Octets data) => new TlsaRecord(TlsaUsage.DaneTa, selector, TlsaMatching.Full, data).UsabilityFor(ServiceKind.Smtp);
}
