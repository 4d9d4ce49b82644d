using System.Formats.Asn1;
using System.Security.Cryptography;
using Danelaw.Certificates;

namespace Danelaw.Tests.Certificates;

public sealed class CertificateSummaryTests
{
    [Fact]
    public void A_certificate_is_summed_up()
    {
        var forge = new Forge
        {
            Subject = "mx.example.org",
            SubjectName = Forge.Name(("2.5.4.6", "NL"), ("2.5.4.10", "A, B + C"), ("2.5.4.3", "mx.example.org")),
            Issuer = "CA",
            Extensions = [Extension.DnsNames("mx.example.org", "*.example.net")],
        };

        Assert.True(CertificateSummary.TryRead(forge.Make(), out var summary));

        Assert.Equal("CN=mx.example.org, O=A\\, B \\+ C, C=NL", summary.Subject);
        Assert.Equal("CN=CA", summary.Issuer);
        Assert.Equal((forge.NotBefore, forge.NotAfter), (summary.NotBefore, summary.NotAfter));
        Assert.Equal(["mx.example.org", "*.example.net"], summary.DnsNames);
        Assert.Equal("ECDSA P-256", summary.KeyAlgorithm);
        Assert.False(summary.IsSelfIssued);
        Assert.False(summary.IsAuthority);
        Assert.Equal(Signing.EcdsaSha256.PublicKeyOf("mx.example.org"), summary.PublicKey.ToArray());
    }

    [Fact]
    public void What_cannot_be_read_is_left_empty()
    {
        var forge = Forge.Root("x") with { Validity = [0x30, 0x00], SubjectName = [0x30, 0x03, 0x0C, 0x01, 0xFF], Extensions = [new("2.5.29.17", false, [0xFF])], PublicKey = [0x30, 0x0B, 0x30, 0x06, 0x06, 0x04, 0x2A, 0x03, 0x04, 0x05, 0x03, 0x01, 0x00] };

        Assert.True(CertificateSummary.TryRead(forge.Make(), out var summary));

        Assert.Equal(("(no name)", "CN=x", null, null, "1.2.3.4.5"), (summary.Subject, summary.Issuer, summary.NotBefore, summary.NotAfter, summary.KeyAlgorithm));
        Assert.Empty(summary.DnsNames);
        Assert.False(CertificateSummary.TryRead(default, out _));
    }

    [Theory]
    [InlineData(2048, "RSA 2048")]
    [InlineData(1016, "RSA 1016")]
    public void The_size_of_an_RSA_key_is_told(int bits, string expected)
    {
        using var rsa = RSA.Create(bits);
        Assert.Equal(expected, CertificateSummary.DescribeKey(new(rsa.ExportSubjectPublicKeyInfo())));
    }

    [Theory]
    [InlineData(UniversalTagNumber.UTF8String)]
    [InlineData(UniversalTagNumber.PrintableString)]
    [InlineData(UniversalTagNumber.BMPString)]
    [InlineData(UniversalTagNumber.T61String)]
    [InlineData(UniversalTagNumber.IA5String)]
    public void Names_are_the_same_whatever_their_string_type_case_and_blanks(UniversalTagNumber type)
    {
        var plain = DistinguishedName.Read(new(Forge.Name("Root CA")));
        Assert.Equal(plain, DistinguishedName.Read(new(Forge.Name(type, ("2.5.4.3", "  rOOT   ca ")))));
        Assert.NotEqual(plain, DistinguishedName.Read(new(Forge.Name(type, ("2.5.4.10", "Root CA")))));
        Assert.NotEqual(plain, DistinguishedName.Read(new(Forge.Name(type, ("2.5.4.3", "RootCA")))));
    }

    [Fact]
    public void Names_that_read_alike_but_are_divided_differently_are_not_the_same()
    {
        var two = DistinguishedName.Read(new(Forge.Name(("2.5.4.3", "a"), ("2.5.4.3", "b"))));
        Assert.NotEqual(two, DistinguishedName.Read(new(Forge.Name(("2.5.4.3", "a2.5.4.3=b")))));
        Assert.NotEqual(two, DistinguishedName.Read(new(Forge.Name(("2.5.4.3", "b"), ("2.5.4.3", "a")))));
        Assert.True(two.IsAtOrBelow(DistinguishedName.Read(new(Forge.Name("A")))));
        Assert.False(DistinguishedName.Read(new(Forge.Name("A"))).IsAtOrBelow(two));
    }

    [Theory]
    [InlineData("2B060105", "1.3.6.1.5")]
    [InlineData("", "")]
    [InlineData("2A", "1.2")]
    [InlineData("883703", "2.999.3")]
    [InlineData("2A80", "2a80")]
    [InlineData("2AFFFFFFFFFFFFFFFFFFFF7F", "2affffffffffffffffffff7f")]
    public void Object_identifiers_are_told_as_dotted_decimals(string hex, string expected) =>
        Assert.Equal(expected, ObjectIdentifiers.ToText(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("261101120000Z", "261201120000Z", true)]
    [InlineData("500101000000Z", "491231235959Z", true)]
    [InlineData("2611011200Z", "261201120000Z", false)]
    [InlineData("261101120000+0100", "261201120000Z", false)]
    [InlineData("261301120000Z", "261201120000Z", false)]
    [InlineData("26110112000 Z", "261201120000Z", false)]
    [InlineData("-61101120000Z", "261201120000Z", false)]
    [InlineData("261101126000Z", "261201120000Z", false)]
    public void Dates_are_read_in_the_one_form_that_certificates_have(string notBefore, string notAfter, bool expected)
    {
        var octets = Extension.Encode(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue([0x17, (byte)notBefore.Length, .. System.Text.Encoding.ASCII.GetBytes(notBefore)]);
                writer.WriteEncodedValue([0x17, (byte)notAfter.Length, .. System.Text.Encoding.ASCII.GetBytes(notAfter)]);
            }
        });
        Assert.Equal(expected, Validity.TryRead(octets, out var validity));
        if (notBefore.StartsWith('5')) Assert.Equal((1950, 2049), (validity.NotBefore.Year, validity.NotAfter.Year));
    }
}
