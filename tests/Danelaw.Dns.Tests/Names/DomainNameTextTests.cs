using Danelaw.Dns.Names;

namespace Danelaw.Dns.Tests.Names;

public sealed class DomainNameTextTests
{
    private static readonly string Label63 = new('a', 63);

    [Theory, Rfc(1035, "5.1")]
    [InlineData("example.org", "076578616d706c65036f726700")]
    [InlineData("example.org.", "076578616d706c65036f726700")]
    [InlineData(".", "00")]
    [InlineData(@"a\.b.c", "03612e62016300")]
    [InlineData(@"\000\255\032", "0300ff2000")]
    [InlineData(@"\a\\", "02615c00")]
    [InlineData("_25._tcp.MX", "035f3235045f746370024d5800")]
    [InlineData("*.x", "012a017800")]
    public void A_text_becomes_its_wire_form(string text, string wire) =>
        Assert.Equal(wire, Convert.ToHexStringLower(DomainName.Parse(text).Wire));

    [Theory, Rfc(1035, "2.3.4")]
    [InlineData("", NameFault.Empty)]
    [InlineData("..", NameFault.EmptyLabel)]
    [InlineData(".a", NameFault.EmptyLabel)]
    [InlineData("a..b", NameFault.EmptyLabel)]
    [InlineData(@"a\25", NameFault.BadEscape)]
    [InlineData(@"a\256", NameFault.BadEscape)]
    [InlineData(@"a\", NameFault.BadEscape)]
    [InlineData("bücher.example", NameFault.NotAscii)]
    [InlineData("\uFF47\uFF4F\uFF4F\uFF44.example", NameFault.NotAscii)]
    [InlineData("\uFB01x.example", NameFault.NotAscii)]
    public void What_is_no_name_is_refused_with_its_fault(string text, NameFault fault)
    {
        Assert.False(DomainName.TryParse(text, out var name, out var found));
        Assert.Equal(fault, found);
        Assert.True(name.IsRoot);
    }

    [Fact, Rfc(1035, "2.3.4")]
    public void A_label_has_63_octets_and_no_more()
    {
        Assert.True(DomainName.TryParse(Label63, out _));
        Assert.False(DomainName.TryParse(Label63 + "a", out _, out var fault));
        Assert.Equal(NameFault.LabelTooLong, fault);
    }

    [Fact, Rfc(1035, "2.3.4")]
    public void A_name_has_255_octets_and_no_more()
    {
        // 3 × 64 + 62 + the root's octet = 255.
        var longest = $"{Label63}.{Label63}.{Label63}.{Label63[..61]}";
        Assert.Equal(255, DomainName.Parse(longest).Length);
        Assert.False(DomainName.TryParse(longest + "a", out _, out var fault));
        Assert.Equal(NameFault.NameTooLong, fault);
        Assert.Equal(127, DomainName.Parse(string.Join('.', Enumerable.Repeat("a", 127))).LabelCount);
        Assert.False(DomainName.TryParse(string.Join('.', Enumerable.Repeat("a", 128)), out _));
    }

    [Theory]
    [InlineData("@", "example.org.")]
    [InlineData("mx", "mx.example.org.")]
    [InlineData("mx.", "mx.")]
    [InlineData(@"a\.", @"a\..example.org.")]
    public void A_relative_name_is_completed_by_the_origin(string text, string expected)
    {
        Assert.True(DomainName.TryParseRelative(text, DomainName.Parse("example.org"), out var name, out _));
        Assert.Equal(expected, name.ToString());
    }

    [Fact]
    public void A_relative_name_that_is_too_long_with_its_origin_is_refused()
    {
        var origin = DomainName.Parse($"{Label63}.{Label63}.{Label63}");
        Assert.True(DomainName.TryParseRelative(Label63.AsSpan(0, 61), origin, out _, out _));
        Assert.False(DomainName.TryParseRelative(Label63.AsSpan(0, 62), origin, out _, out var fault));
        Assert.Equal(NameFault.NameTooLong, fault);
    }

    [Theory, Rfc(5891, "4.4")]
    [InlineData("bücher.example", "xn--bcher-kva.example.")]
    [InlineData("BÜCHER.example", "xn--bcher-kva.example.")]
    [InlineData("faß.example", "xn--fa-hia.example.")]
    [InlineData("παράδειγμα.δοκιμή", "xn--hxajbheg2az3al.xn--jxalpdlp.")]
    [InlineData("例え。テスト", "xn--r8jz45g.xn--zckzah.")]
    [InlineData("example.org", "example.org.")]
    public void What_a_person_types_becomes_A_labels(string typed, string expected)
    {
        Assert.True(DomainName.TryFromUserInput(typed, out var name, out _));
        Assert.Equal(expected, name.ToString());
    }

    [Theory, Rfc(5891, "4.2")]
    [InlineData("\u0301a.example")]
    [InlineData("☃.example")]
    [InlineData("ü\ud800.example")]
    [InlineData("-ü.example")]
    [InlineData("ab--ü.example")]
    public void A_label_that_no_A_label_can_stand_for_is_refused(string typed)
    {
        Assert.False(DomainName.TryFromUserInput(typed, out _, out var fault));
        Assert.Equal(NameFault.NotAscii, fault);
    }

    [Theory, Rfc(5891, "4.2.1")]
    [InlineData("bu\u0308cher.example")]
    [InlineData("BU\u0308CHER.example")]
    [InlineData("\u304B\u3099.example")]
    [InlineData("\u1112\u1161\u11AB.example")]
    [InlineData("\u0995\u09C7\u09BE.example")]
    [InlineData("\u0E01\u0E48\u0E38.example")]
    [InlineData("\uFA10.example")]
    public void A_letter_written_in_parts_never_becomes_the_name_of_another(string typed)
    {
        Assert.False(DomainName.TryFromUserInput(typed, out var name, out var fault));
        Assert.Equal((NameFault.NotComposed, true), (fault, name.IsRoot));
    }

    [Fact, Rfc(5891, "4.2.1")]
    public void Nothing_that_Form_C_alters_is_taken_for_composed()
    {
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "tests", "Corpora", "normalization", "decomposed.txt")).Where(line => line[0] != '#'))
        {
            var letters = string.Concat(line.Split(' ').Select(point => char.ConvertFromUtf32(int.Parse(point, System.Globalization.NumberStyles.HexNumber, null))));
            Assert.False(Composition.IsComposed($"a{letters}"), line);
        }
    }

    [Theory, Rfc(5891, "4.2.1")]
    [InlineData("हिंदी.भारत", "xn--i1b6e8byah.xn--h2brj9c.")]
    [InlineData("বাংলা.ভারত", "xn--54b7fta0cc.xn--45brj9c.")]
    [InlineData("ตู้.ไทย", "xn--m3c6e1b.xn--o3cw4h.")]
    [InlineData("க்ஷ.இந்தியா", "xn--clc2ezc.xn--xkc2dl3a5ee0h.")]
    [InlineData("ភ្នំពេញ.example", "xn--r2etjc6s2a6f.example.")]
    [InlineData("が.例え", "xn--v8j.xn--r8jz45g.")]
    public void Marks_that_no_letter_takes_up_stand_as_they_are(string typed, string expected)
    {
        Assert.True(DomainName.TryFromUserInput(typed, out var name, out var fault), fault.ToString());
        Assert.Equal(expected, name.ToString());
    }

    [Fact]
    public void Every_octet_survives_presentation_form_and_back()
    {
        for (var octet = 0; octet < 256; octet++)
        {
            Assert.True(DomainName.TryFromWire([1, (byte)octet, 0], out var name));
            var text = name.ToString();
            Assert.True(text.All(character => character is > ' ' and < (char)127));
            Assert.True(DomainName.Parse(text).EqualsExactly(name));
        }
    }
}
