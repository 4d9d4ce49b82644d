using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;

namespace Danelaw.Dns.Tests.Zones;

/// <summary>The examples that RFCs give of their records' text.</summary>
public sealed class RfcExampleTests
{
    [Fact, Rfc(3597, "5")]
    public void Unknown_types_and_classes() => AssertReads(
        """
        a.example. 60 CLASS32 TYPE731 \# 6 abcd (
                                   ef 01 23 45 )
        b.example. HS TYPE62347 \# 0
        e.example. IN A \# 4 0A000001
        e.example. CLASS1 TYPE1 10.0.0.2
        """,
        "a.example. 60 CLASS32 TYPE731 \\# 6 abcdef012345",
        "b.example. 60 HS TYPE62347 \\# 0",
        "e.example. 60 IN A 10.0.0.1",
        "e.example. 60 IN A 10.0.0.2");

    [Fact, Rfc(4034, "2.3")]
    public void DNSKEY() => AssertReads(
        """
        example.com. 86400 IN DNSKEY 256 3 5 ( AQPSKmynfzW4kyBv015MUG2DeIQ3
                                               Cbl+BBZH4b/0PY1kxkmvHjcZc8no
                                               kfzj31GajIQKY+5CptLr3buXA10h
                                               WqTkF7H6RfoRqXQeogmMHfpftf6z
                                               Mv1LyBUgia7za6ZEzOJBOztyvhjL
                                               742iU/TpPSEDhm2SNKLijfUppn1U
                                               aNvv4w==  )
        """,
        "example.com. 86400 IN DNSKEY 256 3 5 AQPSKmynfzW4kyBv015MUG2DeIQ3Cbl+BBZH4b/0PY1kxkmvHjcZc8nokfzj31GajIQKY+5CptLr3buXA10hWqTkF7H6RfoRqXQeogmMHfpftf6zMv1LyBUgia7za6ZEzOJBOztyvhjL742iU/TpPSEDhm2SNKLijfUppn1UaNvv4w==");

    [Fact, Rfc(4034, "3.3")]
    public void RRSIG()
    {
        var data = Data(RecordType.RRSIG, "A 5 3 86400 20030322173103 ( 20030220173103 2642 example.com. oJB1W6WNGv+ldvQ3WDG0MQkg5IEhjRip8WTr )");
        // date -u -d '2003-03-22 17:31:03' +%s, and the other.
        Assert.Equal("0001050300015180" + 1048354263.ToString("x8") + 1045762263.ToString("x8") + "0a52" + "076578616d706c6503636f6d00" + "a090755ba58d1affa576f4375831b4310920e481218d18a9f164eb", data.ToHex());
    }

    /// <summary>RFC 4034 §3.2: both forms of a time say the same, to the end of the serial numbers.</summary>
    [Theory, Rfc(4034, "3.2")]
    [InlineData("19700101000000", "0")]
    [InlineData("20380119031408", "2147483648")]
    [InlineData("20400229120000", "2214129600")]
    [InlineData("21060207062815", "4294967295")]
    public void Times_of_signatures(string date, string seconds)
    {
        Assert.Equal(Data(RecordType.RRSIG, $"A 8 1 60 {date} 0 1 . AQID"), Data(RecordType.RRSIG, $"A 8 1 60 {seconds} 0 1 . AQID"));
        Assert.Contains(date, RecordText.Format(RecordType.RRSIG, Data(RecordType.RRSIG, $"A 8 1 60 {seconds} 0 1 . AQID")), StringComparison.Ordinal);
    }

    [Fact, Rfc(4034, "4.3")]
    public void NSEC() => Assert.Equal(
        "04" + "686f7374" + "07" + "6578616d706c65" + "03" + "636f6d" + "00" + "0006400100000003" + "041b" + new string('0', 52) + "20",
        Data(RecordType.NSEC, "host.example.com. ( A MX RRSIG NSEC TYPE1234 )").ToHex());

    [Fact, Rfc(4034, "5.4")]
    public void DS() => Assert.Equal(
        "ec45" + "05" + "01" + "2bb183af5f22588179a53b0a98631fad1a292118",
        Data(RecordType.DS, "60485 5 1 ( 2BB183AF5F22588179A53B0A\n 98631FAD1A292118 )").ToHex());

    [Fact, Rfc(5155, "3.3"), Rfc(5155, "4.3"), Rfc(5155, "A")]
    public void NSEC3() => AssertReads(
        """
        example. 3600 IN NSEC3PARAM 1 0 12 aabbccdd
        0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example. NSEC3 1 1 12 aabbccdd (
                  2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY NS
                  SOA NSEC3PARAM RRSIG )
        35mthgpgcu1qg68fab165klnsnk3dpvl.example. NSEC3 1 1 12 - ( b4um86eghhds6nea196smvmlo4ors995 )
        """,
        "example. 3600 IN NSEC3PARAM 1 0 12 aabbccdd",
        "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example. 3600 IN NSEC3 1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr NS SOA MX RRSIG DNSKEY NSEC3PARAM",
        "35mthgpgcu1qg68fab165klnsnk3dpvl.example. 3600 IN NSEC3 1 1 12 - b4um86eghhds6nea196smvmlo4ors995");

    [Fact, Rfc(6698, "2.3")]
    public void TLSA() => AssertReads(
        """
        _443._tcp.www.example.com. 60 IN TLSA (
           0 0 1 d2abde240d7cd3ee6b4b28c54df034b9
                 7983a1d16e8a410e4561cb106618e971 )
        _443._tcp.www.example.com. IN TLSA (
           1 1 2 92003ba34942dc74152e2f2c408d29ec
                 a5a520e7f2e06bb944f4dca346baf63c
                 1b177615d466f6c4b71c216a50292bd5
                 8c9ebdd2f74e38fe51ffd48c43326cbc )
        """,
        "_443._tcp.www.example.com. 60 IN TLSA 0 0 1 d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971",
        "_443._tcp.www.example.com. 60 IN TLSA 1 1 2 92003ba34942dc74152e2f2c408d29eca5a520e7f2e06bb944f4dca346baf63c1b177615d466f6c4b71c216a50292bd58c9ebdd2f74e38fe51ffd48c43326cbc");

    [Fact, Rfc(8659, "4.2"), Rfc(8659, "4.3")]
    public void CAA() => AssertReads(
        """
        certs.example.com 60 CAA 0 issue "ca1.example.net; account=230123"
        malformed.example.com CAA 0 issue "%%%%%"
        nocerts.example.com CAA 0 issue ";"
        wild.example.com CAA 0 issuewild "ca1.example.org"
        report.example.com CAA 0 iodef "mailto:security@example.com"
        new.example.com CAA 128 tbs "Unknown"
        """,
        "certs.example.com. 60 IN CAA 0 issue \"ca1.example.net; account=230123\"",
        "malformed.example.com. 60 IN CAA 0 issue \"%%%%%\"",
        "nocerts.example.com. 60 IN CAA 0 issue \";\"",
        "wild.example.com. 60 IN CAA 0 issuewild \"ca1.example.org\"",
        "report.example.com. 60 IN CAA 0 iodef \"mailto:security@example.com\"",
        "new.example.com. 60 IN CAA 128 tbs \"Unknown\"");

    [Fact, Rfc(4398, "2.2")]
    public void CERT() => Assert.Equal("PGP 0 0 AQID", RecordText.Format(RecordType.CERT, Data(RecordType.CERT, "pgp 0 0 AQ\nID".Replace("\n", " "))));

    [Fact, Rfc(2308, "4")]
    public void The_directive_for_the_TTL() => AssertReads(
        """
        $TTL 2D
        @ SOA . . 1 2 3 4 5
        $TTL 60
        a A 192.0.2.1
        """,
        ". 172800 IN SOA . . 1 2 3 4 5",
        "a. 60 IN A 192.0.2.1");

    private static Octets Data(RecordType type, string text)
    {
        Assert.True(RecordText.TryParse(type, text, DomainName.Root, out var data, out var fault), fault);
        return data;
    }

    private static void AssertReads(string zone, params string[] lines)
    {
        using var reader = new ZoneReader(new StringReader(zone), new());
        var read = new List<string>();
        ZoneFault? fault;
        while (reader.TryRead(out var record, out fault)) read.Add(ZoneWriter.ToLine(record));
        Assert.Null(fault);
        Assert.Equal(lines, read);
    }
}
