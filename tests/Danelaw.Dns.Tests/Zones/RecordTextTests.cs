using System.Text;
using CsCheck;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;

namespace Danelaw.Dns.Tests.Zones;

public sealed class RecordTextTests
{
    private static readonly DomainName Origin = DomainName.Parse("example.");

    public static TheoryData<string, string, string> Corpus()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var line in File.ReadLines(Repository.Corpus("rdata", "named-rrchecker.tsv")))
        {
            var fields = line.Split('\t');
            rows.Add(fields[0], fields[1], fields[2]);
        }

        return rows;
    }

    [Theory, MemberData(nameof(Corpus)), Rfc(1035, "5.1"), Rfc(3597, "5")]
    public void Text_is_read_as_BIND_reads_it_and_what_we_write_is_the_same_octets(string mnemonic, string text, string hex)
    {
        Assert.True(RecordTypes.TryParse(mnemonic, out var type));
        Assert.True(RecordText.TryParse(type, text, DomainName.Root, out var data, out var fault), fault);
        Assert.Equal(hex, data.ToHex());
        Assert.True(RecordText.TryParse(type, RecordText.Format(type, data), Origin, out var again, out fault), fault);
        Assert.Equal(hex, again.ToHex());
    }

    [Theory, MemberData(nameof(Corpus))]
    public void Cut_at_every_length_nothing_throws(string mnemonic, string text, string hex)
    {
        Assert.True(RecordTypes.TryParse(mnemonic, out var type));
        for (var length = 0; length < text.Length; length++)
            if (!RecordText.TryParse(type, text.AsSpan(0, length), Origin, out _, out var fault)) Assert.NotEmpty(fault);
        var data = Octets.TryParseHex(hex, out var octets) ? octets : default;
        for (var length = 0; length < data.Length; length++) AssertKept(type, data.Slice(0, length));
    }

    [Theory]
    [InlineData("A", "192.0.2.1", "192.0.2.1")]
    [InlineData("AAAA", "2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("AAAA", "1:0:0:0:0:0:0:0", "1::")]
    [InlineData("AAAA", "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("AAAA", "::ffff:c000:201", "::ffff:192.0.2.1")]
    [InlineData("NS", "ns", "ns.example.")]
    [InlineData("CNAME", "@", "example.")]
    [InlineData("SOA", "ns hm 1 1h 1h30m 1w 300", "ns.example. hm.example. 1 3600 5400 604800 300")]
    [InlineData("TXT", "a \"b c\" \\\"\\000\\200", "\"a\" \"b c\" \"\\\"\\000\\200\"")]
    [InlineData("CAA", "128 issue ca", "128 issue \"ca\"")]
    [InlineData("TLSA", "3 1 1 AB cd 0 1", "3 1 1 abcd01")]
    [InlineData("DS", "1 ECDSAP256SHA256 SHA-256 AB", "1 13 2 ab")]
    [InlineData("DNSKEY", "257 3 ED25519 AQ ID", "257 3 15 AQID")]
    [InlineData("RRSIG", "A 8 2 3600 1 0 1 @ AQID", "A 8 2 3600 19700101000001 19700101000000 1 example. AQID")]
    [InlineData("RRSIG", "A 8 2 3600 4294967295 20380119031408 1 @ AQID", "A 8 2 3600 21060207062815 20380119031408 1 example. AQID")]
    [InlineData("NSEC", "@ MX A TYPE1 TYPE65535 A", "example. A MX TYPE65535")]
    [InlineData("NSEC3", "1 0 0 - 2VPTU5TIMAMQTTGL4LUU9KG21E0AOR3S A", "1 0 0 - 2vptu5timamqttgl4luu9kg21e0aor3s A")]
    [InlineData("CERT", "1 0 0 AQID", "PKIX 0 0 AQID")]
    [InlineData("LOC", "1 N 2 W -0.5", "1 0 0.000 N 2 0 0.000 W -0.50m 1.00m 10000.00m 10.00m")]
    [InlineData("APL", "", "")]
    [InlineData("HTTPS", "1 . ipv4hint=\"192.0.2.1\" alpn=h3 key667=\"a b\" port=443", "1 . alpn=h3 port=443 ipv4hint=192.0.2.1 key667=\"a b\"")]
    [InlineData("A", "\\# 4 C0 000201", "192.0.2.1")]
    [InlineData("A", "\\# 3 C00002", "\\# 3 c00002")]
    [InlineData("TLSA", "\\# 3 030101", "\\# 3 030101")]
    [InlineData("NULL", "\\# 2 0 A0b", "\\# 2 0a0b")]
    [InlineData("TYPE65280", "\\# 0", "\\# 0")]
    [InlineData("TSIG", "hmac-sha256. 1 300 3 AQID 1 BADTIME 6 AAAAAAAB", "hmac-sha256. 1 300 3 AQID 1 BADTIME 6 AAAAAAAB")]
    [InlineData("DSYNC", "CDS 1 5359 @", "CDS 1 5359 example.")]
    [InlineData("DSYNC", "CDS NOTIFY 5359 @", "CDS 1 5359 example.")]
    [InlineData("IPN", "18446744073709551615", "18446744073709551615")]
    [InlineData("TXT", "ü", "\"\\195\\188\"")]
    public void Text_is_written_in_one_form(string mnemonic, string text, string expected)
    {
        Assert.True(RecordTypes.TryParse(mnemonic, out var type));
        Assert.True(RecordText.TryParse(type, text, Origin, out var data, out var fault), fault);
        Assert.Equal(expected, RecordText.Format(type, data));
    }

    [Theory]
    [InlineData("A", "", "the address is missing")]
    [InlineData("A", "192.0.2", "'192.0.2' is not an IPv4 address")]
    [InlineData("A", "192.0.2.256", "'192.0.2.256' is not an IPv4 address")]
    [InlineData("A", "192.0.2.1 x", "'x' stands behind the end of the record")]
    [InlineData("A", "\"192.0.2.1\"", "the address must not be in quotes")]
    [InlineData("AAAA", "1:2:3:4:5:6:7", "'1:2:3:4:5:6:7' is not an IPv6 address")]
    [InlineData("AAAA", "1::2::3", "'1::2::3' is not an IPv6 address")]
    [InlineData("AAAA", "1:2:3:4:5:6:7:8::", "'1:2:3:4:5:6:7:8::' is not an IPv6 address")]
    [InlineData("AAAA", "fe80::1%eth0", "'fe80::1%eth0' is not an IPv6 address")]
    [InlineData("MX", "mail", "the preference is 'mail', not a number from 0 to 65535")]
    [InlineData("MX", "65536 mail", "the preference is '65536', not a number from 0 to 65535")]
    [InlineData("MX", "-1 mail", "the preference is '-1', not a number from 0 to 65535")]
    [InlineData("MX", "10", "the mail exchange is missing")]
    [InlineData("NS", "a..b", "'a..b' is not a domain name: it has an empty label")]
    [InlineData("NS", "a\\300", "'a\\300' is not a domain name: a backslash must be followed by three digits up to 255 or by a character")]
    [InlineData("TXT", "", "the text is missing")]
    [InlineData("TXT", "\"a", "this quote is not closed")]
    [InlineData("TXT", "\"a\nb\"", "this quote is not closed on its line")]
    [InlineData("TXT", "(a", "this parenthesis is not closed")]
    [InlineData("TXT", "a)", "a parenthesis is closed that was not opened")]
    [InlineData("TXT", "a\0b", "a control character (code 0) must be written as \\000")]
    [InlineData("TXT", "a\nb", "the data of one record goes on in another line without parentheses")]
    [InlineData("TLSA", "3 1 1", "the association data is missing")]
    [InlineData("TLSA", "3 1 1 abc", "the association data has an odd number of hexadecimal digits")]
    [InlineData("TLSA", "3 1 1 ab cg", "the association data has something other than hexadecimal digits")]
    [InlineData("TLSA", "256 1 1 ab", "the certificate usage is '256', not a number from 0 to 255")]
    [InlineData("DS", "1 NOALG 1 ab", "'NOALG' is no algorithm: neither a number up to 255 nor a name that is known")]
    [InlineData("DNSKEY", "257 3 8 A", "the public key is not base 64 with its padding")]
    [InlineData("RRSIG", "A 8 2 3600 20381331000000 0 1 @ AQID", "'20381331000000' is neither a time YYYYMMDDHHmmSS nor seconds since 1970")]
    [InlineData("RRSIG", "A 8 2 3600 19691231235959 0 1 @ AQID", "'19691231235959' is neither a time YYYYMMDDHHmmSS nor seconds since 1970")]
    [InlineData("RRSIG", "A 8 2 3600 4294967296 0 1 @ AQID", "'4294967296' is neither a time YYYYMMDDHHmmSS nor seconds since 1970")]
    [InlineData("NSEC", "@", "the list of types is missing")]
    [InlineData("NSEC", "@ FOO", "'FOO' is no record type")]
    [InlineData("NSEC3", "1 0 0 - 2VPTU5TIMAMQTTGL4LUU9KG21E0AOR3W", "'2VPTU5TIMAMQTTGL4LUU9KG21E0AOR3W' is not a hash in base 32 with the extended hex alphabet")]
    [InlineData("NSEC3PARAM", "1 0 0 abc", "the salt is neither a hyphen nor an even number of hexadecimal digits")]
    [InlineData("CAA", "0 is-sue x", "the tag 'is-sue' has something other than letters and digits")]
    [InlineData("TYPE65280", "abc", "a record of type TYPE65280 is written as \\# length hex only")]
    [InlineData("TYPE65280", "", "the data is missing")]
    [InlineData("TYPE65280", "\\# 2 ab", "the data is said to have 2 octets, but 1 are given")]
    [InlineData("TYPE65280", "\\# 1", "the data is said to have 1 octets, but 0 are given")]
    [InlineData("LOC", "91 N 0 E 0", "the latitude is more than 90 degrees")]
    [InlineData("LOC", "1 60 N 0 E 0", "'60' in the latitude is not below 60")]
    [InlineData("LOC", "1 2 3 4 N", "the latitude must end in N or S")]
    [InlineData("EUI48", "01-23-45-67-89", "'01-23-45-67-89' is not 6 groups of hexadecimal digits with '-' between them")]
    public void What_is_wrong_is_told_in_one_sentence(string mnemonic, string text, string expected)
    {
        Assert.True(RecordTypes.TryParse(mnemonic, out var type));
        Assert.False(RecordText.TryParse(type, text, Origin, out var data, out var fault));
        Assert.Equal(expected, fault);
        Assert.True(data.IsEmpty);
    }

    [Fact, Rule("R02"), Rfc(6698, "2.2")]
    public void Blanks_may_stand_anywhere_in_the_digits_of_a_TLSA_record()
    {
        Assert.True(RecordText.TryParse(RecordType.TLSA, "3 1 1 (a b\tc\n  def 01)", Origin, out var data, out var fault), fault);
        Assert.Equal("030101abcdef01", data.ToHex());
    }

    [Fact, Rfc(1035, "3.3")]
    public void A_character_string_has_at_most_255_octets()
    {
        Assert.True(RecordText.TryParse(RecordType.TXT, new string('a', 255), Origin, out _, out _));
        Assert.False(RecordText.TryParse(RecordType.TXT, new string('a', 256), Origin, out _, out var fault));
        Assert.Equal("a character-string has 256 octets; at most 255 fit into one", fault);
    }

    [Fact, Rfc(1035, "3.2.1")]
    public void Data_has_at_most_65535_octets()
    {
        Assert.True(RecordText.TryParse((RecordType)65280, "\\# 65535 " + new string('a', 131070), Origin, out var data, out _));
        Assert.Equal(65535, data.Length);
        Assert.False(RecordText.TryParse(RecordType.TXT, string.Join(' ', Enumerable.Repeat(new string('a', 255), 256)), Origin, out _, out var fault));
        Assert.Equal("the record's data has 65536 octets; at most 65535 fit", fault);
    }

    [Fact]
    public void Any_octets_of_any_type_survive_their_text() =>
        Gen.Select(Gen.UShort[0, 300], Gen.Byte.Array[0, 40]).Sample((type, octets) => AssertKept((RecordType)type, new(octets)), iter: 30_000);

    [Fact]
    public void Octets_near_to_well_formed_survive_their_text()
    {
        var corpus = Corpus().Select(row => ((string)row.Data.Item1, (string)row.Data.Item3)).ToArray();
        Gen.Select(Gen.Int[0, corpus.Length - 1], Gen.Int[0, 200], Gen.Byte).Sample((row, at, value) =>
        {
            Assert.True(RecordTypes.TryParse(corpus[row].Item1, out var type));
            var octets = Convert.FromHexString(corpus[row].Item2);
            if (octets.Length > 0) octets[at % octets.Length] = value;
            AssertKept(type, new(octets));
        }, iter: 30_000);
    }

    [Fact]
    public void Noise_is_refused_or_read_and_never_throws() =>
        Gen.Select(Gen.UShort[0, 300], Gen.Char["\\#\"();= \t\n\r\0aN0129.:/-@!,é\uD800"].Array[0, 60]).Sample((type, text) =>
        {
            if (!RecordText.TryParse((RecordType)type, text, Origin, out _, out var fault)) Assert.NotEmpty(fault);
        }, iter: 50_000);

    [Fact]
    public void Words_in_the_wrong_place_are_refused_or_read_and_never_throw()
    {
        string[] words = ["\"\"", "\"a\"", "a=\"\"", "=\"\"", "a\\\"b=\"c\"", "-", ".", "@", "\\#", "\\", "0", "1", "255", "65536", "4294967296", "18446744073709551616", "ab", "A", "NS", "TYPE65535", "SHA-1", "PKIX", "192.0.2.1", "::", "N", "E", "-1m", "0x", "1:::/0", "!", "=", "key1=", "alpn=,", "mandatory=alpn", "AQ==", "20260101000000", "RSASHA256", "a.b", "60"];
        var corpus = Corpus().Select(row => ((string)row.Data.Item1, ((string)row.Data.Item2).Split(' '))).ToArray();
        Gen.Select(Gen.Int[0, corpus.Length - 1], Gen.Int[0, 20], Gen.Int[0, words.Length - 1], Gen.Int[0, 20], Gen.Int[0, words.Length - 1]).Sample((row, at, word, at2, word2) =>
        {
            var (mnemonic, tokens) = corpus[row];
            string[] changed = [.. tokens];
            changed[at % tokens.Length] = words[word];
            if (at2 < tokens.Length) changed[at2] = words[word2];
            Assert.True(RecordTypes.TryParse(mnemonic, out var type));
            if (!RecordText.TryParse(type, string.Join(' ', changed), Origin, out var data, out var fault)) Assert.NotEmpty(fault);
            else AssertKept(type, data);
        }, iter: 100_000);
    }

    [Fact]
    public void A_word_and_a_quoted_string_right_behind_it_are_two_strings()
    {
        Assert.True(RecordText.TryParse(RecordType.TXT, "a\\\"b=\"c d\"e", Origin, out var data, out var fault), fault);
        Assert.Equal("\"a\\\"b=\" \"c d\" \"e\"", RecordText.Format(RecordType.TXT, data));
    }

    private static void AssertKept(RecordType type, Octets data)
    {
        var text = RecordText.Format(type, data);
        Assert.True(Ascii.IsValid(text) && !text.Contains('\n'), text);
        Assert.True(RecordText.TryParse(type, text, Origin, out var again, out var fault), $"{RecordTypes.ToText(type)} {text}: {fault}");
        Assert.Equal(data.ToHex(), again.ToHex());
    }
}
