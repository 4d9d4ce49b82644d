using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Tests.Tlsa;

public sealed class TlsaRecordTextTests
{
    // The digest of RFC 6698 §2.3.
    private const string Digest = "d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971";

    [Theory, Rule("R02"), Rfc(6698, "2.2")]
    [InlineData("0 0 1 " + Digest)]
    [InlineData("0 0 1 D2ABDE240D7CD3EE6B4B28C54DF034B97983A1D16E8A410E4561CB106618E971")]
    [InlineData("0 0 1 d2abde240d7cd3ee6b4b28c54df034b9 7983a1d16e8a410e4561cb106618e971")]
    [InlineData("  0\t0  1\td2abde240d7cd3ee6b4b28c54df034b97983a1d\n16e8a410e4561cb106618e971 ")]
    [InlineData("0 0 1d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971", "the matching type is not a number from 0 to 255: 1d2abde240d7cd3ee6b4…")]
    [InlineData("00 000 001 " + Digest)]
    public void Presentation_form_is_three_decimals_and_hex_with_blanks_inside(string text, string expectedFault = "")
    {
        var read = TlsaRecord.TryParse(text, out var record, out var fault);

        Assert.Equal(expectedFault, fault);
        Assert.Equal(expectedFault.Length == 0, read);
        if (read) Assert.Equal("0 0 1 " + Digest, record.ToString());
    }

    [Theory, Rule("R02")]
    [InlineData("", "the usage is missing")]
    [InlineData("3", "the selector is missing")]
    [InlineData("3 1 ", "the matching type is missing")]
    [InlineData("3 1 1", "the certificate association data is missing")]
    [InlineData("3 1 1  ", "the certificate association data is missing")]
    [InlineData("3 1 1 abc", "the certificate association data has an odd number of hexadecimal digits (3)")]
    [InlineData("3 1 1 ab cg", "character 11 is not a hexadecimal digit: g")]
    [InlineData("3 1 1 ab\u0660\u0661", "character 9 is not a hexadecimal digit: \u0660")]
    [InlineData("256 1 1 ab", "the usage is not a number from 0 to 255: 256")]
    [InlineData("-1 1 1 ab", "the usage is not a number from 0 to 255: -1")]
    [InlineData("3 +1 1 ab", "the selector is not a number from 0 to 255: +1")]
    [InlineData("3 1 x ab", "the matching type is not a number from 0 to 255: x")]
    public void A_text_that_is_no_record_says_what_is_wrong_and_where(string text, string expected)
    {
        Assert.False(TlsaRecord.TryParse(text, out var record, out var fault));
        Assert.Equal(expected, fault);
        Assert.Equal(default, record);
    }

    [Fact]
    public void Unknown_numbers_survive_text_and_wire()
    {
        Assert.True(TlsaRecord.TryParse("200 7 255 00ff", out var record, out _));

        Assert.Equal("c807ff00ff", record.ToRecordData().ToHex());
        Assert.True(TlsaRecord.TryFromRecordData(record.ToRecordData(), out var again));
        Assert.Equal(record, again);
        Assert.Equal("200 7 255 00ff", again.ToString());
    }

    [Theory, Rfc(6698, "2.1")]
    [InlineData("")]
    [InlineData("03")]
    [InlineData("0301")]
    public void Record_data_of_fewer_than_three_octets_is_no_record(string hex)
    {
        Assert.True(Octets.TryParseHex(hex, out var data));
        Assert.False(TlsaRecord.TryFromRecordData(data, out _));
    }

    [Fact]
    public void The_longest_association_that_fits_is_accepted_and_one_octet_more_is_not()
    {
        Assert.True(TlsaRecord.TryParse("3 0 0 " + new string('a', TlsaRecord.MaximumDataLength * 2), out var record, out _));
        Assert.Equal(ushort.MaxValue, record.ToRecordData().Length);
        Assert.False(TlsaRecord.TryParse("3 0 0 " + new string('a', (TlsaRecord.MaximumDataLength * 2) + 2), out _, out var fault));
        Assert.Equal("the certificate association data has 65533 octets; a record has room for 65532", fault);
    }

    [Fact]
    public void The_default_is_a_record_that_nobody_can_use() =>
        Assert.Equal(Usability.MalformedData, default(TlsaRecord).UsabilityFor(Danelaw.Verification.ServiceKind.Other));

    [Fact]
    public void The_enum_names_are_those_of_RFC_7218()
    {
        Assert.True(TlsaRecord.TryParse("2 0 2 00", out var record, out _));
        Assert.Equal((TlsaUsage.DaneTa, TlsaSelector.Certificate, TlsaMatching.Sha512), (record.Usage, record.Selector, record.Matching));
    }
}
