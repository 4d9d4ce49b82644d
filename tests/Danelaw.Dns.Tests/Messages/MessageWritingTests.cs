using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Tests.Messages;

public sealed class MessageWritingTests
{
    private static readonly DomainName Example = DomainName.Parse("example.");

    [Fact, Rfc(1035, "4.1"), Rfc(6891, "6.1.3")]
    public void Every_field_stands_where_it_belongs()
    {
        var message = new DnsMessage
        {
            Id = 0x1267,
            Flags = MessageFlags.Response | MessageFlags.RecursionDesired | MessageFlags.CheckingDisabled,
            Opcode = Opcode.Notify,
            ResponseCode = ResponseCode.BadCookie,
            Questions = [new(Example, RecordType.MX)],
            Answers = [new(Example, RecordType.MX, RecordClass.IN, 3600, new MxData(10, DomainName.Parse("mx.example.")).ToOctets())],
            Edns = new Edns(1232, dnssecOk: true).With(new(EdnsOption.NameServerId, new(Wire.Hex("AABB")))),
        };

        var expected = Wire.Hex(
            "1267 A117 0001 0001 0000 0001",
            "076578616D706C6500 000F 0001",
            "C00C 000F 0001 00000E10 0007 000A 026D78C00C",
            "00 0029 04D0 01008000 0006 0003 0002 AABB");
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(message.Write()));
    }

    [Theory, Rfc(3597, "4"), Rfc(6672, "2.5"), Rfc(2782, "1"), Rfc(9460, "2.2")]
    [InlineData(RecordType.SRV, "000100020003 076578616D706C6500")]
    [InlineData(RecordType.DNAME, "076578616D706C6500")]
    [InlineData(RecordType.KX, "0001 076578616D706C6500")]
    [InlineData(RecordType.RP, "076578616D706C6500 076578616D706C6500")]
    [InlineData(RecordType.NSEC, "076578616D706C6500 000140")]
    [InlineData(RecordType.HTTPS, "0001 076578616D706C6500")]
    public void Names_in_the_data_of_other_types_are_never_compressed(RecordType type, string data)
    {
        var octets = new Octets(Wire.Hex(data));
        var written = new DnsMessage { Answers = [new(Example, type, RecordClass.IN, 0, octets)] }.Write();

        Assert.Equal(octets.ToHex(), Convert.ToHexStringLower(written[^octets.Length..]));
    }

    [Fact, Rfc(1035, "4.1.4")]
    public void The_case_of_letters_is_kept_and_not_traded_for_a_pointer()
    {
        var message = new DnsMessage { Questions = [new(DomainName.Parse("eXaMple."), RecordType.A), new(Example, RecordType.A), new(DomainName.Parse("A.example."), RecordType.A)] };

        DnsMessage.TryRead(message.Write(), out var read, out _);

        Assert.Equal(["eXaMple.", "example.", "A.example."], read!.Questions.Select(question => question.Name.ToString()));
    }

    [Fact, Rfc(1035, "4.1.4")]
    public void No_pointer_leads_beyond_what_fourteen_bits_can_say()
    {
        var far = DomainName.Parse("far.example.");
        var message = new DnsMessage
        {
            Answers =
            [
                new(DomainName.Root, RecordType.NULL, RecordClass.IN, 0, new(new byte[16400])),
                new(far, RecordType.NULL, RecordClass.IN, 0, default),
                new(far, RecordType.NULL, RecordClass.IN, 0, default),
            ],
        };

        var written = message.Write();

        Assert.True(DnsMessage.TryRead(written, out var read, out _));
        Assert.Equal(message, read);
        Assert.Equal(12 + 11 + 16400 + (2 * (13 + 10)), written.Length);
    }

    [Fact, Rfc(2181, "9")]
    public void What_does_not_fit_is_left_out_by_whole_RRsets_and_said_with_TC()
    {
        // 12 octets header, 13 question, 16 an A record: 30 of them make 505.
        var message = new DnsMessage
        {
            Questions = [new(Example, RecordType.A)],
            Answers = [.. Enumerable.Range(0, 20).Select(i => A(Example, i)), .. Enumerable.Range(0, 20).Select(i => A(DomainName.Parse("b.example."), i))],
            Authorities = [new(Example, RecordType.NS, RecordClass.IN, 0, new NameData(Example).ToOctets())],
        };

        var written = message.Write(512);

        Assert.True(DnsMessage.TryRead(written, out var read, out _));
        Assert.Equal(message.Answers[..20], read.Answers);
        Assert.Empty(read.Authorities);
        Assert.True(read.Flags.HasFlag(MessageFlags.Truncated));
        Assert.InRange(written.Length, 12, 512);
    }

    [Fact, Rfc(2181, "9")]
    public void Additional_records_that_do_not_fit_are_left_out_without_TC()
    {
        var message = new DnsMessage
        {
            Questions = [new(Example, RecordType.A)],
            Answers = [A(Example, 1)],
            Additionals = [A(DomainName.Parse("a.example."), 1), .. Enumerable.Range(0, 40).Select(i => A(DomainName.Parse("b.example."), i))],
        };

        Assert.True(DnsMessage.TryRead(message.Write(512), out var read, out _));

        Assert.Equal(message.Answers, read.Answers);
        Assert.Equal(message.Additionals[..1], read.Additionals);
        Assert.False(read.Flags.HasFlag(MessageFlags.Truncated));
    }

    [Fact, Rfc(6891, "7"), Rfc(8945, "5.3")]
    public void OPT_and_TSIG_stay_when_the_rest_does_not_fit()
    {
        var tsig = new ResourceRecord(DomainName.Parse("key."), RecordType.TSIG, RecordClass.ANY, 0, new TsigData(Example, 1, 2, default, 3, 0, default).ToOctets());
        var message = new DnsMessage
        {
            Questions = [new(Example, RecordType.A)],
            Answers = [.. Enumerable.Range(0, 100).Select(i => A(Example, i))],
            Additionals = [tsig],
            Edns = new(1232, dnssecOk: true),
        };

        Assert.True(DnsMessage.TryRead(message.Write(512), out var read, out _));

        Assert.Equal(message with { Answers = [], Flags = MessageFlags.Truncated }, read);
    }

    [Theory]
    [InlineData(512)]
    [InlineData(1232)]
    [InlineData(65535)]
    public void No_message_is_longer_than_it_may_be(int maximum)
    {
        var message = new DnsMessage { Answers = [.. Enumerable.Range(0, 6000).Select(i => A(DomainName.Parse($"h{i}.example."), i))], Edns = new(1232, dnssecOk: false) };

        var written = message.Write(maximum);

        Assert.InRange(written.Length, maximum - 50, maximum);
        Assert.True(DnsMessage.TryRead(written, out var read, out _));
        Assert.Equal(message.Answers[..read.Answers.Length], read.Answers);
    }

    [Fact]
    public void A_message_that_is_too_long_only_before_compression_is_written_whole()
    {
        var owner = DomainName.Parse(string.Concat(Enumerable.Repeat("a23456789b.", 20)));
        var message = new DnsMessage { Answers = [.. Enumerable.Range(0, 1000).Select(i => A(owner, i))] };

        Assert.True(DnsMessage.TryRead(message.Write(), out var read, out _));

        Assert.Equal(message, read);
    }

    [Fact]
    public void What_no_message_can_say_is_refused()
    {
        var record = A(Example, 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => new DnsMessage().Write(511));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DnsMessage().Write(65536));
        Assert.Throws<InvalidOperationException>(() => new DnsMessage { ResponseCode = ResponseCode.BadCookie }.Write());
        Assert.Throws<InvalidOperationException>(() => new DnsMessage { ResponseCode = (ResponseCode)4096, Edns = new(512, false) }.Write());
        Assert.Throws<InvalidOperationException>(() => new DnsMessage { Answers = [record with { Data = new(new byte[65536]) }] }.Write());
        Assert.Throws<InvalidOperationException>(() => new DnsMessage { Edns = new Edns(512, false).With(new(1, new(new byte[65532]))) }.Write());
        Assert.Throws<InvalidOperationException>(() => new DnsMessage { Answers = [.. Enumerable.Repeat(record, 65536)] }.Write());
        Assert.Throws<InvalidOperationException>(() => new DnsMessage { Edns = new Edns(512, false).With(new(1, new(new byte[600]))) }.Write(512));
    }

    private static ResourceRecord A(DomainName owner, int number) => new(owner, RecordType.A, RecordClass.IN, 60, new(Wire.Hex($"C0{number:X6}")));
}
