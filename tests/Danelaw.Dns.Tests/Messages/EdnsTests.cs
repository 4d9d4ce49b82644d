using Danelaw.Dns.Messages;

namespace Danelaw.Dns.Tests.Messages;

public sealed class EdnsTests
{
    private const string Opt = "00 0029 04D0 00000000 0000";

    [Fact, Rfc(6891, "6.1.1")]
    public void A_second_OPT_record_makes_the_message_malformed() => Assert.Equal(MessageFaultKind.SecondOpt, FaultOf(Wire.Message(Wire.Hex(Opt, Opt), additionals: 2)));

    [Fact, Rfc(6891, "6.1.1")]
    public void An_OPT_record_outside_the_additional_section_makes_the_message_malformed()
    {
        Assert.Equal(MessageFaultKind.MisplacedOpt, FaultOf(Wire.Message(Wire.Hex(Opt), answers: 1)));
        Assert.Equal(MessageFaultKind.MisplacedOpt, FaultOf(Wire.Message(Wire.Hex(Opt), authorities: 1)));
    }

    [Fact, Rfc(6891, "6.1.2")]
    public void An_OPT_record_with_an_owner_makes_the_message_malformed() => Assert.Equal(MessageFaultKind.MisplacedOpt, FaultOf(Wire.Message(Wire.Hex("0161", Opt), additionals: 1)));

    [Theory, Rfc(6891, "6.1.2")]
    [InlineData("00")]
    [InlineData("000A00")]
    [InlineData("000A0001")]
    [InlineData("000A0002AA")]
    [InlineData("000A0001AA000A")]
    [InlineData("000AFFFF")]
    public void An_option_that_reaches_beyond_the_record_makes_the_message_malformed(string options)
    {
        // Octets follow that the option could reach into.
        var opt = $"00 0029 04D0 00000000 {options.Length / 2:X4} {options}";

        Assert.Equal(MessageFaultKind.BadOption, FaultOf(Wire.Message(Wire.Hex(opt, "00", Wire.EmptyRecord), additionals: 2)));
    }

    [Fact, Rfc(6891, "6.1.1")]
    public void OPT_may_stand_anywhere_among_the_additional_records()
    {
        Assert.True(DnsMessage.TryRead(Wire.Message(Wire.Hex("00", Wire.EmptyRecord, Opt, "00", Wire.EmptyRecord), additionals: 3), out var read, out _));

        Assert.Equal(2, read.Additionals.Length);
        Assert.Equal(1232, read.Edns!.UdpPayloadSize);
    }

    [Fact, Rfc(6891, "6.1.3")]
    public void A_version_of_the_future_is_read_as_it_is()
    {
        Assert.True(DnsMessage.TryRead(Wire.Message(Wire.Hex("00 0029 0200 0101 7FFF 0000"), additionals: 1), out var read, out _));

        Assert.Equal(((byte)1, false, ResponseCode.BadVersion), (read.Edns!.Version, read.Edns.DnssecOk, read.ResponseCode));
    }

    [Fact, Rfc(6891, "6.1.2")]
    public void Options_are_read_in_order_and_an_empty_one_is_one()
    {
        Assert.True(DnsMessage.TryRead(Wire.Message(Wire.Hex("00 0029 04D0 00008000 000B 0003 0000 000A 0003 AABBCC"), additionals: 1), out var read, out _));

        Assert.Equal([new EdnsOption(3, default), new EdnsOption(10, new(Wire.Hex("AABBCC")))], read.Edns!.Options);
        Assert.True(read.Edns.TryGetOption(10, out var data) && data.ToHex() == "aabbcc");
        Assert.False(read.Edns.TryGetOption(15, out _));
    }

    [Theory, Rfc(8914, "2")]
    [InlineData("0006", 6, "")]
    [InlineData("0006 626F677573", 6, "bogus")]
    [InlineData("0016 6E6F206E73 00", 22, "no ns")] // a final zero octet is no part of the text
    [InlineData("FFFF C3A9", 65535, "é")]
    [InlineData("0000 FF", 0, "\uFFFD")]
    public void An_extended_error_has_a_code_and_a_text(string option, int code, string text)
    {
        Assert.True(ExtendedError.TryRead(new(EdnsOption.ExtendedError, new(Wire.Hex(option))), out var error));

        Assert.Equal(new ExtendedError((ushort)code, text), error);
    }

    [Fact, Rfc(8914, "2")]
    public void The_first_extended_error_is_that_of_the_message()
    {
        var edns = new Edns(1232, true).With(new(EdnsOption.ExtendedError, new(Wire.Hex("00")))).With(new ExtendedError(9, "no key").ToOption()).With(new ExtendedError(6, "").ToOption());

        Assert.Equal(new ExtendedError(9, "no key"), (new DnsMessage { Edns = edns }).ExtendedError);
        Assert.Null(new DnsMessage().ExtendedError);
    }

    [Theory, Rfc(7873, "5.2.2")]
    [InlineData(8, true)]
    [InlineData(16, true)]
    [InlineData(40, true)]
    [InlineData(0, false)]
    [InlineData(7, false)]
    [InlineData(9, false)]
    [InlineData(15, false)]
    [InlineData(41, false)]
    public void A_cookie_has_8_octets_or_16_to_40(int length, bool expected)
    {
        var option = new EdnsOption(EdnsOption.Cookie, new(new byte[length]));

        Assert.Equal(expected, Cookie.TryRead(option, out var cookie));
        if (expected) Assert.Equal(option, cookie.ToOption());
        Assert.False(Cookie.TryRead(option with { Code = 11 }, out _));
    }

    [Fact, Rfc(8945, "5.1")]
    public void A_TSIG_record_that_is_not_the_last_makes_the_message_malformed()
    {
        const string Tsig = "00 00FA 00FF 00000000 0000";

        Assert.Equal(MessageFaultKind.MisplacedTsig, FaultOf(Wire.Message(Wire.Hex(Tsig, Opt), additionals: 2)));
        Assert.Equal(MessageFaultKind.MisplacedTsig, FaultOf(Wire.Message(Wire.Hex(Tsig, Tsig), additionals: 2)));
        Assert.Equal(MessageFaultKind.MisplacedTsig, FaultOf(Wire.Message(Wire.Hex(Tsig), answers: 1)));
        Assert.True(DnsMessage.TryRead(Wire.Message(Wire.Hex(Opt, Tsig), additionals: 2), out _, out _));
    }

    [Theory, Rfc(8945, "3")]
    [InlineData(ResponseCode.NameError, "NXDOMAIN", "NXDOMAIN")]
    [InlineData(ResponseCode.BadVersion, "BADVERS", "BADSIG")]
    [InlineData((ResponseCode)3841, "RCODE3841", "RCODE3841")]
    public void Codes_have_the_names_of_the_registry(ResponseCode code, string text, string tsigText)
    {
        Assert.Equal((text, tsigText), (ResponseCodes.ToText(code), ResponseCodes.ToTsigText(code)));
        Assert.True(ResponseCodes.TryParse(text.ToLowerInvariant(), out var read) && read == code);
        Assert.True(ResponseCodes.TryParse(tsigText, out read) && read == code);
        Assert.False(ResponseCodes.TryParse("NONSENSE", out _));
    }

    private static MessageFaultKind FaultOf(byte[] message)
    {
        Assert.False(DnsMessage.TryRead(message, out _, out var fault));
        return fault.Kind;
    }

    [Theory, Rfc(8914, "2")]
    [InlineData("a", 512, 512)]
    [InlineData("a", 513, 512)]
    [InlineData("a", 65000, 512)]
    [InlineData("\u00E9", 300, 256)]
    [InlineData("\u20AC", 300, 170)]
    [InlineData("\U0001F511", 300, 128)]
    public void An_extra_text_that_nobody_can_read_to_its_end_is_cut_between_two_characters(string character, int count, int kept)
    {
        var option = new ExtendedError(7, string.Concat(Enumerable.Repeat(character, count))).ToOption();

        Assert.True(ExtendedError.TryRead(option, out var read));

        Assert.Equal(string.Concat(Enumerable.Repeat(character, kept)) + (kept < count ? "\u2026" : ""), read.Text);
    }
}
