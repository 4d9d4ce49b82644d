using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Tests.Messages;

public sealed class MessageReadingTests
{
    [Fact, Rfc(1035, "4.1.1"), Rfc(4035, "3.1.6"), Rfc(6891, "6.1.3")]
    public void The_header_is_read_field_by_field_with_the_upper_bits_of_the_code_from_OPT()
    {
        // id 4711, QR, opcode 5, AA, TC, RD, RA, the reserved bit, AD, CD, code 7; OPT: 1232 octets, upper code 1, version 0, DO.
        var message = Wire.Hex("1267 AFF7 0000 0000 0000 0001", "00 0029 04D0 01008000 0000");

        Assert.True(DnsMessage.TryRead(message, out var read, out _));

        Assert.Equal(4711, read.Id);
        Assert.Equal(Opcode.Update, read.Opcode);
        Assert.Equal(
            MessageFlags.Response | MessageFlags.AuthoritativeAnswer | MessageFlags.Truncated | MessageFlags.RecursionDesired | MessageFlags.RecursionAvailable | MessageFlags.AuthenticData | MessageFlags.CheckingDisabled,
            read.Flags);
        Assert.Equal(ResponseCode.BadCookie, read.ResponseCode);
        Assert.Equal(new Edns(1232, dnssecOk: true), read.Edns);
        Assert.Empty(read.Additionals);
    }

    [Fact, Rfc(1035, "4.1.4")]
    public void Names_share_what_stands_before_them_and_are_read_in_full()
    {
        // The example of RFC 1035 §4.1.4: F.ISI.ARPA, FOO.F.ISI.ARPA, ARPA and the root, here as the owners of empty records.
        var message = Wire.Message(answers: 4, Wire.Hex(
            "01 46 03 495349 04 41525041 00", Wire.EmptyRecord,
            "03 464F4F C00C", Wire.EmptyRecord,
            "C012", Wire.EmptyRecord,
            "00", Wire.EmptyRecord));

        Assert.True(DnsMessage.TryRead(message, out var read, out _));

        Assert.Equal(["F.ISI.ARPA.", "FOO.F.ISI.ARPA.", "ARPA.", "."], read.Answers.Select(record => record.Owner.ToString()));
    }

    [Fact, Rfc(1035, "4.1.4"), Rfc(3597, "4")]
    public void Names_in_the_data_of_well_known_types_are_decompressed()
    {
        var message = Wire.Message(answers: 1, Wire.Hex("07 6578616D706C65 00", "000F 0001 00000E10 0007", "000A 02 6D78 C00C"));

        Assert.True(DnsMessage.TryRead(message, out var read, out _));

        Assert.Equal("000a026d78076578616d706c6500", read.Answers[0].Data.ToHex());
        Assert.True(MxData.TryRead(read.Answers[0].Data, out var mx));
        Assert.Equal(new MxData(10, DomainName.Parse("mx.example.")), mx);
    }

    [Theory, Rfc(3597, "4")]
    [InlineData(RecordType.RP, "C00C C00C", "0165000165 00")]
    [InlineData(RecordType.AFSDB, "0001 C00C", "0001 016500")]
    [InlineData(RecordType.RT, "0001 C00C", "0001 016500")]
    [InlineData(RecordType.KX, "0001 C00C", "0001 016500")]
    [InlineData(RecordType.PX, "0001 C00C C00C", "0001 016500 016500")]
    [InlineData(RecordType.NXT, "C00C 40", "016500 40")]
    [InlineData(RecordType.SRV, "0001 0002 0003 C00C", "0001 0002 0003 016500")]
    [InlineData(RecordType.NAPTR, "0001 0002 01 55 00 00 C00C", "0001 0002 01 55 00 00 016500")]
    [InlineData(RecordType.DNAME, "C00C", "016500")]
    [InlineData(RecordType.SIG, "0001 05 01 00000001 00000003 00000002 0004 C00C AABB", "0001 05 01 00000001 00000003 00000002 0004 016500 AABB")]
    [InlineData(RecordType.MINFO, "C00C C00C", "016500 016500")]
    [InlineData(RecordType.SOA, "C00C 00 00000001 00000002 00000003 00000004 00000005", "016500 00 00000001 00000002 00000003 00000004 00000005")]
    public void Names_that_old_servers_compress_are_decompressed(RecordType type, string data, string expected)
    {
        var message = Record(type, data);

        Assert.True(DnsMessage.TryRead(message, out var read, out var fault), fault.ToString());

        Assert.Equal(expected.Replace(" ", ""), Convert.ToHexString(read.Answers[0].Data.Span));
    }

    [Theory, Rfc(3597, "4"), Rfc(9460, "2.2"), Rfc(4034, "3.1.7"), Rfc(4034, "4.1.1")]
    [InlineData(RecordType.RRSIG, "0001 05 01 00000001 00000003 00000002 0004 C00C AABB")]
    [InlineData(RecordType.NSEC, "C00C 0001 40")]
    [InlineData(RecordType.SVCB, "0001 C00C")]
    [InlineData(RecordType.LP, "0001 C00C")]
    [InlineData((RecordType)65280, "C00C")]
    public void Pointers_in_newer_types_stay_what_they_are_and_spoil_the_record(RecordType type, string data)
    {
        Assert.True(DnsMessage.TryRead(Record(type, data), out var read, out _));

        var record = read.Answers[0];
        Assert.Equal(data.Replace(" ", ""), Convert.ToHexString(record.Data.Span));
        Assert.Equal(type == (RecordType)65280, RecordData.IsWellFormed(type, record.Data.Span));
    }

    [Theory, Rfc(2181, "8")]
    [InlineData("7FFFFFFF", 0x7FFFFFFFu)]
    [InlineData("80000000", 0u)]
    [InlineData("FFFFFFFF", 0u)]
    public void A_TTL_with_the_uppermost_bit_set_is_zero(string field, uint expected)
    {
        Assert.True(DnsMessage.TryRead(Wire.Message(answers: 1, Wire.Hex("00 000A 0001", field, "0000")), out var read, out _));

        Assert.Equal(expected, read.Answers[0].TimeToLive);
    }

    [Theory, Rfc(2136, "2.5.2")]
    [InlineData(RecordType.MX)]
    [InlineData(RecordType.SOA)]
    [InlineData(RecordType.A)]
    public void Empty_data_is_read_whatever_the_type_as_updates_need_it(RecordType type)
    {
        Assert.True(DnsMessage.TryRead(Record(type, ""), out var read, out _));

        Assert.True(read.Answers[0].Data.IsEmpty);
        Assert.False(RecordData.IsWellFormed(type, default));
    }

    [Fact, Rfc(1035, "2.3.4")]
    public void A_name_of_255_octets_is_read_and_one_of_256_is_not_however_it_is_compressed()
    {
        // 63 + 63 + 63 + 61 octets and their lengths and the root make 255; the pointer leads to the last of them.
        var label63 = "3F" + new string('6', 126);
        var label61 = "3D" + new string('6', 122);
        var whole = label63 + label63 + label63 + label61 + "00";
        var inParts = Wire.Message(answers: 2, Wire.Hex(label61, "00", Wire.EmptyRecord, label63, label63, label63, "C00C", Wire.EmptyRecord));
        var tooLong = Wire.Message(answers: 2, Wire.Hex("3E" + new string('6', 124), "00", Wire.EmptyRecord, label63, label63, label63, "C00C", Wire.EmptyRecord));
        var tooLongWhole = Wire.Message(answers: 1, Wire.Hex(label63 + label63 + label63 + "3E" + new string('6', 124) + "00", Wire.EmptyRecord));

        Assert.True(DnsMessage.TryRead(inParts, out var read, out _));
        Assert.Equal(whole, Convert.ToHexString(read.Answers[1].Owner.Wire));
        Assert.Equal(MessageFaultKind.NameTooLong, FaultOf(tooLong));
        Assert.Equal(MessageFaultKind.NameTooLong, FaultOf(tooLongWhole));
    }

    [Fact, Rfc(1035, "2.3.4")]
    public void A_name_of_127_labels_is_read()
    {
        var message = Wire.Message(answers: 1, Wire.Hex(string.Concat(Enumerable.Repeat("0161", 127)), "00", Wire.EmptyRecord));

        Assert.True(DnsMessage.TryRead(message, out var read, out _));

        Assert.Equal(127, read.Answers[0].Owner.LabelCount);
    }

    [Theory, Rfc(1035, "4.1.4"), Rfc(6891, "5")]
    [InlineData("C00C", MessageFaultKind.BadPointer)] // to itself
    [InlineData("01 61 C00C", MessageFaultKind.BadPointer)] // to its own beginning
    [InlineData("C00E 0161 00", MessageFaultKind.BadPointer)] // forwards
    [InlineData("C0FF", MessageFaultKind.BadPointer)] // beyond the end
    [InlineData("C000", MessageFaultKind.BadPointer)] // into the header
    [InlineData("C00B", MessageFaultKind.BadPointer)] // into the last octet of the header
    [InlineData("FFFF", MessageFaultKind.BadPointer)]
    [InlineData("40 61 00", MessageFaultKind.ReservedLabel)]
    [InlineData("41 C00C", MessageFaultKind.ReservedLabel)] // a bit string label (RFC 2673, withdrawn)
    [InlineData("80 61 00", MessageFaultKind.ReservedLabel)]
    [InlineData("BF", MessageFaultKind.ReservedLabel)]
    public void A_name_that_leads_nowhere_is_no_name(string owner, MessageFaultKind expected)
    {
        Assert.Equal(expected, FaultOf(Wire.Message(answers: 1, Wire.Hex(owner, Wire.EmptyRecord))));
    }

    [Fact, Rfc(1035, "4.1.4")]
    public void Two_pointers_that_lead_to_each_other_are_no_name()
    {
        // The RDATA of the first record holds a pointer to the owner of the second.
        var message = Wire.Message(answers: 2, Wire.Hex("00 FF00 0001 00000000 0002 C019", "C017", Wire.EmptyRecord));

        Assert.Equal(MessageFaultKind.BadPointer, FaultOf(message));
    }

    [Fact, Rfc(1035, "4.1.4")]
    public void Pointers_to_pointers_are_followed_127_times_and_no_further()
    {
        // Each owner is a pointer to the one before; the first is "a.".
        static byte[] Chain(int pointers)
        {
            var body = new List<byte>(Wire.Hex("01 61 00", Wire.EmptyRecord));
            var target = 12;
            for (var i = 0; i < pointers; i++)
            {
                var at = 12 + body.Count;
                body.AddRange([(byte)(0xC0 | (target >> 8)), (byte)(target & 0xFF), .. Wire.Hex(Wire.EmptyRecord)]);
                target = at;
            }

            return Wire.Message(answers: pointers + 1, [.. body]);
        }

        Assert.True(DnsMessage.TryRead(Chain(127), out var read, out _));
        Assert.All(read.Answers, record => Assert.Equal("a.", record.Owner.ToString()));
        Assert.Equal(MessageFaultKind.BadPointer, FaultOf(Chain(128)));
    }

    [Fact, Rfc(1035, "4.1.4")]
    public void Pointers_within_data_count_as_well_for_reader_and_walker_alike()
    {
        // The data of each NS is a pointer to that of the one before; a record owned by a pointer to the last is one too many.
        var body = new List<byte>(Wire.Hex("01 61 00", Wire.EmptyRecord));
        var target = 12;
        for (var i = 0; i < 127; i++)
        {
            body.AddRange(Wire.Hex($"00 0002 0001 00000000 0002 {0xC000 | target:X4}"));
            target = 12 + body.Count - 2;
        }

        var enough = Wire.Message(answers: 128, [.. body]);
        var tooMany = Wire.Message(answers: 129, [.. body, .. Wire.Hex($"{0xC000 | target:X4}", Wire.EmptyRecord)]);

        Assert.True(DnsMessage.TryRead(enough, out var read, out _));
        Assert.Equal("016100", read.Answers[^1].Data.ToHex());
        Assert.Equal(MessageFaultKind.BadPointer, FaultOf(tooMany));
        var walker = new MessageWalker(tooMany);
        while (walker.MoveNext()) Assert.Equal(MessageSection.Answer, walker.Current.Section);
        Assert.Equal(MessageFaultKind.BadPointer, walker.Fault.Kind);
    }

    [Theory, Rfc(1035, "4.1.3")]
    [InlineData(RecordType.NS, "0161", MessageFaultKind.Cut)] // the name goes on behind RDLENGTH
    [InlineData(RecordType.NS, "C0", MessageFaultKind.Cut)]
    [InlineData(RecordType.NS, "016100 00", MessageFaultKind.BadData)] // more than a name
    [InlineData(RecordType.MX, "00", MessageFaultKind.BadData)]
    [InlineData(RecordType.MX, "000A", MessageFaultKind.Cut)]
    [InlineData(RecordType.MX, "000A C00C 00", MessageFaultKind.BadData)]
    [InlineData(RecordType.SOA, "00 00 00000001 00000002 00000003 00000004 000000", MessageFaultKind.BadData)]
    [InlineData(RecordType.NAPTR, "0001 0002 FF", MessageFaultKind.BadData)]
    public void A_name_in_the_data_ends_where_RDLENGTH_says(RecordType type, string data, MessageFaultKind expected)
    {
        // Octets that would complete the name stand behind the record.
        var body = Record(type, data)[12..];

        Assert.Equal(expected, FaultOf(Wire.Message([.. body, .. Wire.Hex("0C 00 00 00 00 00 00 00 00 00 00 00 00")], answers: 2)));
    }

    [Theory, Rfc(1035, "4.1.3")]
    [InlineData("00 000A 0001 00000000 0001")]
    [InlineData("00 000A 0001 00000000 FFFF 00")]
    [InlineData("00 000F 0001 00000000 0005 000A 00")]
    public void A_record_that_announces_more_data_than_there_is_is_cut(string record)
    {
        Assert.Equal(MessageFaultKind.Cut, FaultOf(Wire.Message(answers: 1, Wire.Hex(record))));
    }

    [Theory, Rfc(1035, "4.1.1")]
    [InlineData(2, 1, MessageFaultKind.Cut)]
    [InlineData(65535, 1, MessageFaultKind.Cut)]
    [InlineData(1, 2, MessageFaultKind.TrailingOctets)]
    [InlineData(0, 1, MessageFaultKind.TrailingOctets)]
    public void Counts_must_account_for_every_record(int announced, int present, MessageFaultKind expected)
    {
        var body = Wire.Hex(string.Concat(Enumerable.Repeat("00" + Wire.EmptyRecord, present)));

        Assert.Equal(expected, FaultOf(Wire.Message(body, answers: announced)));
        Assert.Equal(expected, FaultOf(Wire.Message(body, authorities: announced)));
        Assert.Equal(expected, FaultOf(Wire.Message(body, additionals: announced)));
    }

    [Fact, Rfc(1035, "4.1.2")]
    public void A_lying_count_of_questions_is_a_cut_message()
    {
        Assert.Equal(MessageFaultKind.Cut, FaultOf(Wire.Message(Wire.Hex("00 0001 0001"), questions: 65535)));
    }

    [Fact]
    public void A_lying_count_makes_no_room_for_what_is_not_there()
    {
        var message = Wire.Message(Wire.Hex("00", Wire.EmptyRecord), answers: 65535);
        FaultOf(message);
        var before = GC.GetAllocatedBytesForCurrentThread();

        DnsMessage.TryRead(message, out _, out _);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256);
    }

    [Fact]
    public void A_lying_count_in_64_KiB_makes_room_for_64_records_only()
    {
        var message = Wire.Message([.. Enumerable.Repeat((byte)0xFF, 65000)], answers: 65535, authorities: 65535, additionals: 65535);
        FaultOf(message);
        var before = GC.GetAllocatedBytesForCurrentThread();

        DnsMessage.TryRead(message, out _, out _);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
    }

    [Fact, Rfc(1035, "4.2.2")]
    public void A_message_of_65535_octets_is_read_and_one_more_is_too_long()
    {
        var record = Wire.Hex("00 FF00 0001 00000000 FFE8");

        Assert.True(DnsMessage.TryRead(Wire.Message(answers: 1, [.. record, .. new byte[65512]]), out var read, out _));
        Assert.Equal(65512, read.Answers[0].Data.Length);
        Assert.Equal(MessageFaultKind.TooLong, FaultOf(Wire.Message(answers: 1, [.. record, .. new byte[65513]])));
    }

    [Fact]
    public void Nothing_but_a_header_is_a_message_and_less_is_not()
    {
        Assert.True(DnsMessage.TryRead(new byte[12], out _, out _));
        Assert.False(DnsMessage.TryRead(new byte[11], out _, out var fault));
        Assert.Equal(new MessageFault(MessageFaultKind.Cut, 11), fault);
        Assert.Equal(MessageFaultKind.Cut, FaultOf([]));
    }

    [Fact]
    public void Data_without_compression_shares_the_packet_until_it_is_made_one_s_own()
    {
        var message = Record(RecordType.TXT, "01 61");

        Assert.True(DnsMessage.TryRead(message, out var read, out _));
        var owned = read.Answers[0].ToOwned();
        message[^1] = (byte)'b';

        Assert.Equal("0162", read.Answers[0].Data.ToHex());
        Assert.Equal("0161", owned.Data.ToHex());
    }

    /// <summary>One answer; its owner <c>e.</c> stands at octet 12, so that pointers may lead there.</summary>
    private static byte[] Record(RecordType type, string data)
    {
        var octets = Wire.Hex(data);
        return Wire.Message(answers: 1, Wire.Hex("01 65 00", $"{(ushort)type:X4}", "0001 00000E10", $"{octets.Length:X4}", data));
    }

    private static MessageFaultKind FaultOf(byte[] message)
    {
        Assert.False(DnsMessage.TryRead(message, out _, out var fault));
        Assert.InRange(fault.Offset, 0, message.Length);
        return fault.Kind;
    }
}
