using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;

namespace Danelaw.Dns.Tests.Zones;

/// <summary>The test vectors of RFC 9460 Appendix D, and what its sections 2, 7 and 8 ask of zone files.</summary>
public sealed class ServiceParameterTests
{
    private const string FooCom = "03666f6f076578616d706c6503636f6d00";
    private const string FooOrg = "03666f6f076578616d706c65036f726700";

    [Theory, Rfc(9460, "D.1"), Rfc(9460, "D.2")]
    [InlineData("0 foo.example.com.", "0000" + FooCom)]
    [InlineData("1 .", "000100")]
    [InlineData("16 foo.example.com. port=53", "0010" + FooCom + "000300020035")]
    [InlineData("1 foo.example.com. key667=hello", "0001" + FooCom + "029b000568656c6c6f")]
    [InlineData("1 foo.example.com. key667=\"hello\\210qoo\"", "0001" + FooCom + "029b000968656c6c6fd2716f6f")]
    [InlineData("1 foo.example.com. ( ipv6hint=\"2001:db8::1,2001:db8::53:1\" )", "0001" + FooCom + "0006002020010db800000000000000000000000120010db8000000000000000000530001")]
    [InlineData("1 example.com. ( ipv6hint=\"2001:db8:122:344::192.0.2.33\" )", "0001076578616d706c6503636f6d000006001020010db80122034400000000c0000221")]
    [InlineData("16 foo.example.org. ( alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1 )", "0010" + FooOrg + "0000000400010004" + "00010009026832" + "0568332d3139" + "00040004c0000201")]
    [InlineData("16 foo.example.org. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"", "0010" + FooOrg + "0001000c08665c6f6f2c626172026832")]
    [InlineData("16 foo.example.org. alpn=f\\\\\\092oo\\092,bar,h2", "0010" + FooOrg + "0001000c08665c6f6f2c626172026832")]
    public void The_vectors_of_the_RFC_are_read_and_kept(string text, string hex)
    {
        Assert.True(RecordText.TryParse(RecordType.SVCB, text, DomainName.Root, out var data, out var fault), fault);
        Assert.Equal(hex, data.ToHex());
        var written = RecordText.Format(RecordType.HTTPS, data);
        Assert.DoesNotContain("\\#", written, StringComparison.Ordinal);
        Assert.True(RecordText.TryParse(RecordType.HTTPS, written, DomainName.Root, out var again, out fault), fault);
        Assert.Equal(data, again);
    }

    [Theory, Rfc(9460, "D.3"), Rfc(9460, "8")]
    [InlineData("key123=abc key123=def", "the parameter key123 stands there twice")]
    [InlineData("mandatory", "the parameter mandatory needs a value")]
    [InlineData("alpn", "the parameter alpn needs a value")]
    [InlineData("port", "the parameter port needs a value")]
    [InlineData("ipv4hint", "the parameter ipv4hint needs a value")]
    [InlineData("ipv6hint", "the parameter ipv6hint needs a value")]
    [InlineData("no-default-alpn=abc alpn=h2", "the parameter no-default-alpn takes no value")]
    [InlineData("mandatory=key123", "mandatory lists key123, which is not there")]
    [InlineData("mandatory=mandatory", "mandatory must not list itself")]
    [InlineData("mandatory=key123,key123 key123=abc", "mandatory lists key123 twice")]
    [InlineData("no-default-alpn", "no-default-alpn needs alpn beside it")]
    [InlineData("alpn=", "the parameter alpn needs a value")]
    [InlineData("alpn=h2,,h3", "the list of alpn has an empty item")]
    [InlineData("alpn=h2,", "the list of alpn has an empty item")]
    [InlineData("alpn=\"a\\\\b\"", "in a list a backslash stands before a comma or a backslash only (alpn)")]
    [InlineData("port=65536", "the port is not a number from 0 to 65535")]
    [InlineData("port=+1", "the port is not a number from 0 to 65535")]
    [InlineData("ipv4hint=192.0.2", "'192.0.2' is not an IPv4 address")]
    [InlineData("ipv6hint=::g", "'::g' is not an IPv6 address")]
    [InlineData("key65535=a", "'key65535' is no service parameter: neither a name that is known nor key with a number below 65535")]
    [InlineData("key01=a", "'key01' is no service parameter: neither a name that is known nor key with a number below 65535")]
    [InlineData("sport=1", "'sport' is no service parameter: neither a name that is known nor key with a number below 65535")]
    [InlineData("=1234", "'' is no service parameter: neither a name that is known nor key with a number below 65535")]
    [InlineData("\"port=53\"", "a parameter is a key, or a key, an equals sign and a value that alone may be in quotes")]
    [InlineData("key1=a=\"b\"", "a value is quoted in part only")]
    [InlineData("ech=a", "the value of ech is not base 64 with its padding")]
    public void What_a_zone_must_not_say_is_refused(string parameters, string expected)
    {
        Assert.False(RecordText.TryParse(RecordType.SVCB, "1 foo.example.com. " + parameters, DomainName.Root, out _, out var fault));
        Assert.Equal(expected, fault);
    }

    [Theory]
    [InlineData("000100" + "000000020001", "\\# 9 000100000000020001")]
    [InlineData("000100" + "00010003026832", "1 . alpn=h2")]
    [InlineData("000100" + "00010003036832", "1 . key1=\"\\003h2\"")]
    [InlineData("000100" + "00020000", "\\# 7 00010000020000")]
    [InlineData("000100" + "0003000101", "1 . key3=\"\\001\"")]
    [InlineData("000100" + "00040000", "1 . key4")]
    [InlineData("000100" + "0005000204fe", "1 . ech=BP4=")]
    [InlineData("000100" + "0007000c2f646e732d7175657279" + "7b7d", "1 . dohpath=\"/dns-query{}\"")]
    [InlineData("000100" + "ffff0000", "\\# 7 000100ffff0000")]
    [InlineData("000100" + "0003000201bb" + "00010003026832", "\\# 16 0001000003000201bb00010003026832")]
    public void Octets_that_contradict_the_RFC_keep_a_form_that_can_be_read_back(string hex, string expected)
    {
        Assert.True(Octets.TryParseHex(hex, out var data));
        Assert.Equal(expected, RecordText.Format(RecordType.HTTPS, data));
        Assert.True(RecordText.TryParse(RecordType.HTTPS, expected, DomainName.Root, out var again, out _));
        Assert.Equal(data, again);
    }
}
