using CsCheck;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;

namespace Danelaw.Dns.Tests.Zones;

public sealed class ZoneReaderTests
{
    private const string Everything = """
        ; the zone
        $ORIGIN example.
        $TTL 1h
        @ IN SOA ns host\.master ( 1 ; serial
              2h 3m 1w
              5m )
        	NS	ns
        ns	A	192.0.2.1 ; comment
           300 AAAA 2001:db8::1
        txt 1d IN TXT "a;b" (c
            "d e") ; more
        $GENERATE 1-2 host-${0,3} A 192.0.2.$
        alias CH 5 CNAME @
        """;

    [Fact, Rfc(1035, "5.1"), Rfc(2308, "4")]
    public void A_zone_is_read_record_by_record() => Assert.Equal(
        [
            "example. 3600 IN SOA ns.example. host\\.master.example. 1 7200 180 604800 300",
            "example. 3600 IN NS ns.example.",
            "ns.example. 3600 IN A 192.0.2.1",
            "ns.example. 300 IN AAAA 2001:db8::1",
            "txt.example. 86400 IN TXT \"a;b\" \"c\" \"d e\"",
            "host-001.example. 3600 IN A 192.0.2.1",
            "host-002.example. 3600 IN A 192.0.2.2",
            "alias.example. 5 CH CNAME example.",
        ],
        Read(Everything));

    /// <summary>The example of the RFC, with the class that it leaves to the zone.</summary>
    [Fact, Rfc(1035, "5.3")]
    public void The_example_of_the_RFC_is_read() => Assert.Equal(
        [
            "isi.edu. 60 IN SOA venera.isi.edu. action\\.domains.isi.edu. 20 7200 600 3600000 60",
            "isi.edu. 60 IN NS a.isi.edu.",
            "isi.edu. 60 IN NS venera.isi.edu.",
            "isi.edu. 60 IN NS vaxa.isi.edu.",
            "isi.edu. 60 IN MX 10 venera.isi.edu.",
            "isi.edu. 60 IN MX 20 vaxa.isi.edu.",
            "a.isi.edu. 60 IN A 26.3.0.103",
            "venera.isi.edu. 60 IN A 10.1.0.52",
            "venera.isi.edu. 60 IN A 128.9.0.32",
            "vaxa.isi.edu. 60 IN A 10.2.0.27",
            "vaxa.isi.edu. 60 IN A 128.9.0.33",
        ],
        Read("""
            @   IN  SOA     VENERA      Action\.domains (
                                             20     ; SERIAL
                                             7200   ; REFRESH
                                             600    ; RETRY
                                             3600000; EXPIRE
                                             60)    ; MINIMUM

                    NS      A.ISI.EDU.
                    NS      VENERA
                    NS      VAXA
                    MX      10      VENERA
                    MX      20      VAXA

            A       A       26.3.0.103

            VENERA  A       10.1.0.52
                    A       128.9.0.32

            VAXA    A       10.2.0.27
                    A       128.9.0.33
            """, new() { Origin = DomainName.Parse("isi.edu.") }).Select(line => line.ToLowerInvariant().Replace(" in ", " IN ").Replace(" soa ", " SOA ").Replace(" ns ", " NS ").Replace(" mx ", " MX ").Replace(" a ", " A ")));

    [Theory]
    [InlineData("a 300 IN A 192.0.2.1", 300)]
    [InlineData("a IN 300 A 192.0.2.1", 300)]
    [InlineData("a 300 A 192.0.2.1", 300)]
    [InlineData("a IN A 192.0.2.1", 7)]
    [InlineData("a in a 192.0.2.1", 7)]
    [InlineData("a 1W2D3h4M5s A 192.0.2.1", 788645)]
    [InlineData("a 0 A 192.0.2.1", 0)]
    [InlineData("a 2147483647 A 192.0.2.1", 2147483647)]
    public void TTL_and_class_stand_in_either_order_or_not_at_all(string line, int ttl) => Assert.Equal([$"a. {ttl} IN A 192.0.2.1"], Read(line, new() { DefaultTtl = 7 }));

    [Theory]
    [InlineData("a 5 A 192.0.2.1\nb A 192.0.2.1", "5 5")]
    [InlineData("$TTL 9\na 5 A 192.0.2.1\nb A 192.0.2.1", "5 9")]
    [InlineData("a SOA . . 1 2 3 4 77\nb A 192.0.2.1", "77 77")]
    [InlineData("a 5 SOA . . 1 2 3 4 77\nb A 192.0.2.1", "5 5")]
    [InlineData("a A 192.0.2.1\n$TTL 9\nb A 192.0.2.1", "7 9")]
    public void A_TTL_that_is_not_said_is_the_zones_or_the_last_or_the_SOAs_or_the_default(string text, string ttls) =>
        Assert.Equal(ttls, string.Join(' ', Read(text, new() { DefaultTtl = 7 }).Select(line => line.Split(' ')[1])));

    [Theory]
    [InlineData("a A 192.0.2.1", 1, 1, "the record has no TTL, and there is no $TTL before it")]
    [InlineData("\n\n  1 A 192.0.2.1", 3, 3, "a record has no owner, and none stands before it")]
    [InlineData("a 1 IN A 192.0.2", 1, 10, "'192.0.2' is not an IPv4 address")]
    [InlineData("a 1 IN A", 1, 9, "the address is missing")]
    [InlineData("a 1 TXT \"x\" \"y", 1, 13, "this quote is not closed")]
    [InlineData("a 1 TXT \"x\ny\"", 1, 9, "this quote is not closed on its line")]
    [InlineData("a 1 MX 10 \"m\"", 1, 11, "the mail exchange must not be in quotes")]
    [InlineData("a 1 MX \"10\"", 1, 8, "the preference must not be in quotes")]
    [InlineData("a 1 IN", 1, 7, "the record type is missing")]
    [InlineData("a", 1, 2, "the record type is missing")]
    [InlineData("a 1 BAD x", 1, 5, "'BAD' is no record type")]
    [InlineData("a 1 1 A 192.0.2.1", 1, 5, "'1' is no record type")]
    [InlineData("a IN IN A 192.0.2.1", 1, 6, "'IN' is no record type")]
    [InlineData("a 1 ANY x", 1, 5, "records of type ANY do not stand in zones")]
    [InlineData("a 1 OPT \\# 0", 1, 5, "records of type OPT do not stand in zones")]
    [InlineData("a 2147483648 A 192.0.2.1", 1, 3, "'2147483648' is not a TTL: 0 to 2147483647 seconds, or with units such as 1h30m")]
    [InlineData("a 1h30 A 192.0.2.1", 1, 3, "'1h30' is not a TTL: 0 to 2147483647 seconds, or with units such as 1h30m")]
    [InlineData("a 1 A (\n192.0.2.1\n", 1, 7, "this parenthesis is not closed")]
    [InlineData("a 1 A ((192.0.2.1)\n\n\n", 1, 7, "this parenthesis is not closed")]
    [InlineData("a 1 A 192.0.2.1 )\n", 1, 17, "a parenthesis is closed that was not opened")]
    [InlineData("a 1 SOA . . (1 2\n 3\n   x 4)", 3, 4, "'x' is not a number of seconds up to 4294967295, nor one with units such as 1h30m")]
    [InlineData("a 1 TXT a\0b", 1, 10, "a control character (code 0) must be written as \\000")]
    [InlineData("a 1 TXT \"a\u0001b\"", 1, 11, "a control character (code 1) must be written as \\001")]
    [InlineData("\0", 1, 1, "a control character (code 0) must be written as \\000")]
    [InlineData("a..b 1 A 192.0.2.1", 1, 1, "'a..b' is not a domain name: it has an empty label")]
    [InlineData("ä 1 A 192.0.2.1", 1, 1, "'ä' is not a domain name: a character is neither printable ASCII nor escaped")]
    [InlineData("\"a\" 1 A 192.0.2.1", 1, 1, "the owner of a record must not be in quotes")]
    [InlineData("a 1 DS \\# 1 00", 1, 8, "these octets are no data of a record of type DS")]
    [InlineData("$TTL", 1, 5, "$TTL takes one TTL")]
    [InlineData("$TTL 1 2", 1, 8, "$TTL takes one TTL")]
    [InlineData("$TTL x", 1, 6, "'x' is not a TTL: 0 to 2147483647 seconds, or with units such as 1h30m")]
    [InlineData("$ORIGIN a..b", 1, 9, "'a..b' is not a domain name: it has an empty label")]
    [InlineData("$NONSENSE x", 1, 1, "'$NONSENSE' is no directive: $ORIGIN, $TTL, $INCLUDE and $GENERATE are")]
    [InlineData("$INCLUDE other", 1, 1, "$INCLUDE has no file here that its own could be beside")]
    [InlineData("$GENERATE 1-2 a A", 1, 18, "$GENERATE takes a range, an owner, a type and data")]
    [InlineData("$GENERATE 2-1 a A 192.0.2.$", 1, 11, "the range is not start-stop or start-stop/step with numbers up to 2147483647")]
    [InlineData("$GENERATE 0-2147483647 a A 192.0.2.$", 1, 11, "the range makes more than 1048576 records")]
    [InlineData("\n  $TTL 5", 2, 3, "a record has no owner, and none stands before it")]
    public void What_is_wrong_is_told_with_its_place(string text, int line, int column, string expected)
    {
        using var reader = new ZoneReader(new StringReader(text), new());
        Assert.False(reader.TryRead(out var record, out var fault));
        Assert.Equal(default, record);
        Assert.Equal((line, column, expected), (fault!.Line, fault.Column, fault.Text));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Lines_end_as_they_do_on_any_system(string end)
    {
        var text = Everything.ReplaceLineEndings(end);
        Assert.Equal(Read(Everything), Read(text));
        using var reader = new ZoneReader(new StringReader(text + end + end + " bad"), new());
        while (reader.TryRead(out _, out _)) { }
        using var other = new ZoneReader(new StringReader($"; x{end}; y{end}a 1 A ({end}bad)"), new());
        Assert.False(other.TryRead(out _, out var fault));
        Assert.Equal((4, 1), (fault!.Line, fault.Column));
    }

    [Fact]
    public void Reading_goes_on_behind_a_fault()
    {
        using var reader = new ZoneReader(new StringReader("a 1 A 192.0.2.1\nb 1 A bad\n$WHAT\nc 1 TXT \"open\nd 1 A 192.0.2.4 )\ne 1 A 192.0.2.5"), new());
        var seen = new List<string>();
        while (reader.TryRead(out var record, out var fault) || fault is not null) seen.Add(fault?.Line.ToString() ?? ZoneWriter.ToLine(record));
        Assert.Equal(["a. 1 IN A 192.0.2.1", "2", "3", "4", "5", "e. 1 IN A 192.0.2.5"], seen);
        Assert.False(reader.TryRead(out _, out var none));
        Assert.Null(none);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n\n")]
    [InlineData("; only a comment")]
    [InlineData("   \t ; blanks")]
    [InlineData("(\n ; nothing inside\n)")]
    [InlineData("\uFEFF")]
    public void A_zone_without_records_is_no_fault(string text) => Assert.Empty(Read(text));

    [Fact]
    public void A_byte_order_mark_is_passed_over() => Assert.Equal(["a. 1 IN A 192.0.2.1"], Read("\uFEFFa 1 A 192.0.2.1"));

    [Fact, Rfc(1035, "5.1")]
    public void The_origin_completes_names_from_where_it_stands_on() => Assert.Equal(
        ["a.b.c. 1 IN NS b.c.", "a.b.c. 1 IN NS x.d.", "a.d. 1 IN NS a."],
        Read("$ORIGIN c.\n$ORIGIN b\na 1 NS @\n$ORIGIN d.\n 1 NS x\na 1 NS a."));

    [Theory]
    [InlineData("first A 192.0.2.9\n$GENERATE 1-1 a$ A 192.0.2.$\n A 192.0.2.7", "first. 1 IN A 192.0.2.9|a1. 1 IN A 192.0.2.1|first. 1 IN A 192.0.2.7")]
    [InlineData("$GENERATE 1-3 a$ A 192.0.2.$", "a1. 1 IN A 192.0.2.1|a2. 1 IN A 192.0.2.2|a3. 1 IN A 192.0.2.3")]
    [InlineData("$GENERATE 0-4/2 a${-0} 5 IN A 192.0.2.${100}", "a0. 5 IN A 192.0.2.100|a2. 5 IN A 192.0.2.102|a4. 5 IN A 192.0.2.104")]
    [InlineData("$GENERATE 10-11 a${0,4,x} CNAME b${-10,3,d}.${1,2,X}.${0,0,o}.", "a000a. 1 IN CNAME b000.0B.12.|a000b. 1 IN CNAME b001.0C.13.")]
    [InlineData("$GENERATE 18-18 ${0,7,n}.a TXT \"\\$$ $$\"", "2.1.0.0.a. 1 IN TXT \"$18\" \"$\"")]
    [InlineData("$GENERATE 171-171 ${0,0,N} PTR a", "B.A. 1 IN PTR a.")]
    [InlineData("$GENERATE 1-1 a MX \"10 m$\"", "a. 1 IN MX 10 m1.")]
    [InlineData("$GENERATE 1-1 a TXT \"x $\" y", "a. 1 IN TXT \"x 1\" \"y\"")]
    public void Records_are_generated_as_BIND_does(string text, string expected) => Assert.Equal(expected.Split('|'), Read("$TTL 1\n" + text));

    [Theory]
    [InlineData("$GENERATE 1-1 a${x} A 192.0.2.1")]
    [InlineData("$GENERATE 1-1 a${0,0,q} A 192.0.2.1")]
    [InlineData("$GENERATE 1-1 a${-2} A 192.0.2.1")]
    [InlineData("$GENERATE 1-1 a${0,999} A 192.0.2.1")]
    [InlineData("$GENERATE 1-1 a${0 A 192.0.2.1")]
    [InlineData("$GENERATE 255-256 a A 192.0.2.$")]
    [InlineData("$GENERATE 1-1 \"\" A 192.0.2.1")]
    public void A_generated_record_that_is_wrong_is_told_with_its_number(string text)
    {
        using var reader = new ZoneReader(new StringReader("$TTL 1\n" + text), new() { FileName = "f" });
        ZoneFault? fault;
        while (reader.TryRead(out _, out fault)) { }
        Assert.Equal(("f", 2, 1), (fault!.File, fault.Line, fault.Column));
        Assert.Contains(text.Contains("256") ? "$GENERATE at 256: " : "$GENERATE at 1: ", fault.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_beyond_all_measure_is_refused_and_takes_no_more_memory()
    {
        using var reader = new ZoneReader(new EndlessReader("a 1 TXT ", 'x'), new());
        Assert.False(reader.TryRead(out _, out var fault));
        Assert.Equal((1, 1, "this line has more than 1048576 characters"), (fault!.Line, fault.Column, fault.Text));
        Assert.False(reader.TryRead(out _, out fault));
        Assert.Null(fault);
    }

    [Fact]
    public void A_parenthesis_that_swallows_the_rest_is_told_where_it_stands()
    {
        using var reader = new ZoneReader(new EndlessReader("a 1 A 192.0.2.1\nb 1 A (", '\n'), new());
        Assert.True(reader.TryRead(out _, out _));
        Assert.False(reader.TryRead(out _, out var fault));
        Assert.Equal((2, 7, "this parenthesis is not closed within 1048576 characters"), (fault!.Line, fault.Column, fault.Text));
    }

    [Fact]
    public void The_longest_record_there_can_be_is_read()
    {
        var text = "a 1 TXT (" + string.Join('\n', Enumerable.Repeat("\"" + string.Concat(Enumerable.Repeat("\\255", 254)) + "\"", 257)) + ")\nb 1 A 192.0.2.1";
        var lines = Read(text);
        Assert.Equal(2, lines.Count);
        Assert.Equal(257, lines[0].Split("\" \"").Length);
    }

    [Fact]
    public void A_zone_is_read_the_same_however_the_text_comes_in()
    {
        var text = string.Concat(Enumerable.Range(0, 3000).Select(i => $"host{i} 60 IN TXT (\"{new string('x', i % 200)}\" ; comment {i}\r\n \"y\\\"\\{i % 256:000}\")\r\n"));
        var expected = Read(text);
        Assert.Equal(3000, expected.Count);
        using var reader = new ZoneReader(new DribblingReader(text), new());
        var lines = new List<string>();
        while (reader.TryRead(out var record, out var fault)) lines.Add(ZoneWriter.ToLine(record));
        Assert.Equal(expected, lines);
    }

    [Fact]
    public void Cut_at_every_length_nothing_throws()
    {
        for (var length = 0; length <= Everything.Length; length++)
        {
            using var reader = new ZoneReader(new StringReader(Everything[..length]), new());
            while (reader.TryRead(out _, out var fault) || fault is not null) { }
        }
    }

    [Fact]
    public void Noise_never_throws_and_always_ends() =>
        Gen.OneOf(Gen.Char["\\#\"();= \t\n\r\0aAN0129.:/-@!,$é{}\uD800\uFEFF"].Select(character => character.ToString()), Gen.Int[0, 11].Select(i => new[] { "$GENERATE ", "$INCLUDE ", "$ORIGIN ", "$TTL ", " IN ", " TXT ", " A ", "1-3 ", "\\# ", "NSEC3 ", "HTTPS ", "${0,1,n}" }[i])).Array[0, 80].Sample(parts =>
        {
            var text = string.Concat(parts);
            using var reader = new ZoneReader(new StringReader(text), new() { DefaultTtl = 1, FileName = "/nonexistent/zone" });
            var steps = 0;
            while (reader.TryRead(out _, out var fault) || fault is not null)
            {
                Assert.True(++steps < 10_000);
                if (fault is null) continue;
                Assert.InRange(fault.Line, 1, text.Length + 1);
                Assert.InRange(fault.Column, 1, text.Length + 2);
            }
        }, iter: 20_000);

    [Fact]
    public void A_zone_with_characters_changed_never_throws() =>
        Gen.Select(Gen.Int[0, Everything.Length - 1], Gen.Char["\\#\"();= \t\n\r\0aN01.:-@$é{}"], Gen.Int[0, Everything.Length - 1], Gen.Char["\\#\"();= \t\n\r\0aN01.:-@$é{}"]).Sample((at, character, at2, character2) =>
        {
            var text = Everything.ToCharArray();
            (text[at], text[at2]) = (character, character2);
            using var reader = new ZoneReader(new StringReader(new string(text)), new() { FileName = "/nonexistent/zone" });
            var steps = 0;
            while (reader.TryRead(out _, out var fault) || fault is not null) Assert.True(++steps < 10_000);
        }, iter: 20_000);

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Gen.UShort[1, 300], Gen.Byte.Array[0, 40], Gen.Byte.Array[1, 20], Gen.UInt[0, int.MaxValue], Gen.UShort).Sample((type, data, label, ttl, recordClass) =>
        {
            if (RecordTypes.IsMeta((RecordType)type) || recordClass is 0 or 254 or 255) return;
            Assert.True(DomainName.Parse("example.").TryPrepend(label, out var owner));
            var record = new ResourceRecord(owner, (RecordType)type, (RecordClass)recordClass, ttl, new(data));
            using var reader = new ZoneReader(new StringReader(ZoneWriter.ToLine(record)), new() { AllowMalformed = true });
            Assert.True(reader.TryRead(out var again, out var fault), fault?.ToString());
            Assert.Equal(record, again);
            Assert.True(record.Owner.EqualsExactly(again.Owner));
        }, iter: 20_000);

    [Fact]
    public void Lines_of_a_writer_end_in_line_feeds()
    {
        var output = new StringWriter { NewLine = "\r\n" };
        var writer = new ZoneWriter(output);
        writer.WriteComment("two\nlines");
        writer.Write(new(DomainName.Parse("a."), RecordType.APL, RecordClass.IN, 1, default));
        Assert.Equal("; two lines\na. 1 IN APL\n", output.ToString());
    }

    private static List<string> Read(string text, ZoneReaderOptions? options = null)
    {
        using var reader = new ZoneReader(new StringReader(text), options ?? new());
        var lines = new List<string>();
        ZoneFault? fault;
        while (reader.TryRead(out var record, out fault)) lines.Add(ZoneWriter.ToLine(record));
        Assert.Null(fault);
        return lines;
    }

    /// <summary>A beginning, and then one character for ever.</summary>
    private sealed class EndlessReader(string beginning, char character) : TextReader
    {
        private int _at;

        public override int Read(Span<char> buffer)
        {
            for (var i = 0; i < buffer.Length; i++, _at = Math.Min(_at + 1, beginning.Length)) buffer[i] = _at < beginning.Length ? beginning[_at] : character;
            return buffer.Length;
        }

        public override int ReadBlock(Span<char> buffer) => Read(buffer);
    }

    /// <summary>One character at a time.</summary>
    private sealed class DribblingReader(string text) : TextReader
    {
        private int _at;

        public override int Read(Span<char> buffer)
        {
            if (_at == text.Length) return 0;
            buffer[0] = text[_at++];
            return 1;
        }

        public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));
    }
}
