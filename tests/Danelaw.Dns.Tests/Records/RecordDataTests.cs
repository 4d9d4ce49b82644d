using CsCheck;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Tests.Records;

public sealed class RecordDataTests
{
    /// <summary>RDATA of every type that the table knows: fields as they stand on the wire.</summary>
    public static TheoryData<RecordType, string> WellFormed => new()
    {
        { RecordType.A, "C0000201" },
        { RecordType.AAAA, "20010DB8000000000000000000000001" },
        { RecordType.NS, "024E5300" },
        { RecordType.MD, "014100" },
        { RecordType.MF, "014100" },
        { RecordType.CNAME, "00" },
        { RecordType.SOA, "014100 014200 00000001 00000002 00000003 00000004 00000005" },
        { RecordType.MB, "014100" },
        { RecordType.MG, "014100" },
        { RecordType.MR, "014100" },
        { RecordType.NULL, "" },
        { RecordType.PTR, "014100" },
        { RecordType.HINFO, "0141 00" },
        { RecordType.MINFO, "014100 014200" },
        { RecordType.MX, "000A 014100" },
        { RecordType.TXT, "00 024142" },
        { RecordType.RP, "014100 014200" },
        { RecordType.AFSDB, "0001 014100" },
        { RecordType.X25, "0131" },
        { RecordType.ISDN, "0131 0132" },
        { RecordType.RT, "0001 014100" },
        { RecordType.NSAP_PTR, "014100" },
        { RecordType.SIG, "0001 05 02 00000001 00000002 00000003 0004 014100 AA" },
        { RecordType.KEY, "0100 03 05 AA" },
        { RecordType.PX, "0001 014100 014200" },
        { RecordType.GPOS, "0131 0132 0133" },
        { RecordType.NXT, "014100 40" },
        { RecordType.SRV, "0001 0002 0003 014100" },
        { RecordType.NAPTR, "0001 0002 0141 0142 0143 014100" },
        { RecordType.KX, "0001 014100" },
        { RecordType.CERT, "0001 0002 03 AA" },
        { RecordType.A6, "40 0123456789ABCDEF 014100" },
        { RecordType.DNAME, "014100" },
        { RecordType.OPT, "000A 0001 AA" },
        { RecordType.DS, "0001 0D 02 AA" },
        { RecordType.SSHFP, "01 02 AA" },
        { RecordType.RRSIG, "0001 05 02 00000001 00000002 00000003 0004 014100 AA" },
        { RecordType.NSEC, "014100 000140" },
        { RecordType.DNSKEY, "0100 03 0D AA" },
        { RecordType.DHCID, "AA" },
        { RecordType.NSEC3, "01 00 0000 00 01AA 000140" },
        { RecordType.NSEC3PARAM, "01 00 0000 02AABB" },
        { RecordType.TLSA, "03 01 01 AA" },
        { RecordType.SMIMEA, "03 00 00 AA" },
        { RecordType.TALINK, "014100 014200" },
        { RecordType.CDS, "0000 00 00 00" },
        { RecordType.CDNSKEY, "0000 03 00 00" },
        { RecordType.OPENPGPKEY, "AA" },
        { RecordType.CSYNC, "00000001 0003 000140" },
        { RecordType.ZONEMD, "00000001 01 01 AA" },
        { RecordType.SVCB, "0001 014100 0001 0003 026832 0003 0002 01BB" },
        { RecordType.HTTPS, "0000 00" },
        { RecordType.DSYNC, "003B 01 14E7 014100" },
        { RecordType.UID, "00000001" },
        { RecordType.NID, "0001 0123456789ABCDEF" },
        { RecordType.L32, "0001 C0000201" },
        { RecordType.L64, "0001 0123456789ABCDEF" },
        { RecordType.LP, "0001 014100" },
        { RecordType.EUI48, "0123456789AB" },
        { RecordType.EUI64, "0123456789ABCDEF" },
        { RecordType.TSIG, "014100 000000000001 012C 0001AA 0002 0000 0000" },
        { RecordType.URI, "0001 0002 41" },
        { RecordType.CAA, "00 056973737565 41" },
        { RecordType.DOA, "00000001 00000002 03 0141 AA" },
        { RecordType.IPN, "0123456789ABCDEF" },
    };

    [Theory, MemberData(nameof(WellFormed)), Rfc(3597, "3")]
    public void Data_with_the_fields_of_its_type_is_well_formed_and_survives_a_message(RecordType type, string hex)
    {
        var data = Wire.Hex(hex);

        Assert.True(RecordData.IsWellFormed(type, data));
        if (type is not (RecordType.OPT or RecordType.TSIG)) Assert.Equal(Convert.ToHexString(data), Convert.ToHexString(Wire.ThroughMessage(type, data)));
    }

    [Theory, MemberData(nameof(WellFormed))]
    public void Cut_anywhere_it_is_well_formed_only_where_a_shorter_one_ends(RecordType type, string hex)
    {
        var data = Wire.Hex(hex);
        var lengths = Enumerable.Range(0, data.Length).Where(length => RecordData.IsWellFormed(type, data.AsSpan(0, length)));

        // What may be left out at the end: a string, options, parameters, a bitmap, a value.
        int[] expected = type switch
        {
            RecordType.TXT => [1],
            RecordType.ISDN => [2],
            RecordType.OPT => [0],
            RecordType.NSEC3 => [7],
            RecordType.CSYNC => [6],
            RecordType.SVCB => [5, 12],
            RecordType.URI => [4],
            RecordType.CAA => [7],
            _ => [],
        };
        Assert.Equal(expected, lengths);
    }

    [Theory]
    [InlineData(RecordType.A, "C000020100")]
    [InlineData(RecordType.NS, "014100 00")]
    [InlineData(RecordType.NS, "C00C")]
    [InlineData(RecordType.NS, "4100")]
    [InlineData(RecordType.TXT, "")]
    [InlineData(RecordType.TXT, "0241")]
    [InlineData(RecordType.CAA, "00 00 41")]
    [InlineData(RecordType.CAA, "00 01 2D")]
    [InlineData(RecordType.NXT, "014100 0000000000000000000000000000000000")]
    [InlineData(RecordType.A6, "81 014100")]
    [InlineData(RecordType.A6, "00 0123456789ABCDEF0123456789ABCDEF 00")]
    [InlineData(RecordType.NSEC, "014100")]
    [InlineData(RecordType.NSEC, "014100 000100")]
    [InlineData(RecordType.NSEC3, "01 00 0000 00 00")]
    [InlineData(RecordType.SVCB, "0001 00 0003 0000 0003 0000")]
    [InlineData(RecordType.SVCB, "0001 00 0003 0000 0001 0000")]
    [InlineData(RecordType.SVCB, "0001 00 0003 0001")]
    [InlineData(RecordType.OPT, "000A 0002 AA")]
    [InlineData(RecordType.TLSA, "030101")]
    public void Anything_else_is_not_well_formed(RecordType type, string hex)
    {
        Assert.False(RecordData.IsWellFormed(type, Wire.Hex(hex)));
    }

    [Fact, Rfc(2874, "3.1")]
    public void An_A6_record_without_a_prefix_has_no_prefix_name()
    {
        Assert.True(RecordData.IsWellFormed(RecordType.A6, Wire.Hex("00 0123456789ABCDEF0123456789ABCDEF")));
        Assert.True(RecordData.IsWellFormed(RecordType.A6, Wire.Hex("80 014100")));
    }

    [Fact, Rfc(3597, "3")]
    public void Data_of_a_type_that_nobody_knows_is_always_well_formed()
    {
        Assert.True(RecordData.IsWellFormed((RecordType)65280, default));
        Assert.True(RecordData.IsWellFormed((RecordType)65280, Wire.Hex("C000")));
    }

    [Theory, Rfc(4034, "6.2"), Rfc(6840, "5.1")]
    [InlineData(RecordType.NS, "014100", "016100")]
    [InlineData(RecordType.MD, "014100", "016100")]
    [InlineData(RecordType.MF, "014100", "016100")]
    [InlineData(RecordType.CNAME, "014100", "016100")]
    [InlineData(RecordType.SOA, "014100 014200 41414141 41414141 41414141 41414141 41414141", "016100 016200 41414141 41414141 41414141 41414141 41414141")]
    [InlineData(RecordType.MB, "014100", "016100")]
    [InlineData(RecordType.MG, "014100", "016100")]
    [InlineData(RecordType.MR, "014100", "016100")]
    [InlineData(RecordType.PTR, "014100", "016100")]
    [InlineData(RecordType.MINFO, "014100 014200", "016100 016200")]
    [InlineData(RecordType.MX, "4141 014100", "4141 016100")]
    [InlineData(RecordType.RP, "014100 014200", "016100 016200")]
    [InlineData(RecordType.AFSDB, "4141 014100", "4141 016100")]
    [InlineData(RecordType.RT, "4141 014100", "4141 016100")]
    [InlineData(RecordType.SIG, "4141 41 41 41414141 41414141 41414141 4141 014100 41", "4141 41 41 41414141 41414141 41414141 4141 016100 41")]
    [InlineData(RecordType.PX, "4141 014100 014200", "4141 016100 016200")]
    [InlineData(RecordType.NXT, "014100 41", "016100 41")]
    [InlineData(RecordType.NAPTR, "4141 4141 0141 0141 0141 014100", "4141 4141 0141 0141 0141 016100")]
    [InlineData(RecordType.KX, "4141 014100", "4141 016100")]
    [InlineData(RecordType.SRV, "4141 4141 4141 014100", "4141 4141 4141 016100")]
    [InlineData(RecordType.DNAME, "014100", "016100")]
    [InlineData(RecordType.A6, "41 4141414141414141 014100", "41 4141414141414141 016100")]
    [InlineData(RecordType.RRSIG, "4141 41 41 41414141 41414141 41414141 4141 014100 41", "4141 41 41 41414141 41414141 41414141 4141 016100 41")]
    public void Names_of_the_types_that_the_RFC_lists_are_lower_cased_and_nothing_else_of_them(RecordType type, string hex, string expected)
    {
        Assert.Equal(Convert.ToHexStringLower(Wire.Hex(expected)), RecordData.ToCanonical(type, new(Wire.Hex(hex))).ToHex());
    }

    [Theory, Rfc(6840, "5.1"), Rfc(3597, "7")]
    [InlineData(RecordType.NSEC, "014100 000140")]
    [InlineData(RecordType.HINFO, "0141 0142")]
    [InlineData(RecordType.TXT, "0141")]
    [InlineData(RecordType.SVCB, "0001 014100")]
    [InlineData(RecordType.LP, "0001 014100")]
    [InlineData(RecordType.TALINK, "014100 014200")]
    [InlineData(RecordType.NSAP_PTR, "014100")]
    [InlineData(RecordType.DSYNC, "003B 01 14E7 014100")]
    [InlineData((RecordType)65280, "014100")]
    public void Names_of_every_other_type_keep_their_case(RecordType type, string hex)
    {
        Assert.Equal(Convert.ToHexStringLower(Wire.Hex(hex)), RecordData.ToCanonical(type, new(Wire.Hex(hex))).ToHex());
    }

    [Fact, Rfc(4034, "6.2")]
    public void Octets_outside_ASCII_are_no_letters()
    {
        Assert.Equal("03c3e00000", RecordData.ToCanonical(RecordType.NS, new(Wire.Hex("03C3E00000"))).ToHex());
        Assert.Equal("0340610000", RecordData.ToCanonical(RecordType.NS, new(Wire.Hex("0340410000"))).ToHex());
    }

    [Fact]
    public void Data_that_is_canonical_already_is_not_copied()
    {
        var data = new Octets(Wire.Hex("000A 016100"));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var canonical = RecordData.ToCanonical(RecordType.MX, data);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(data, canonical);
    }

    [Fact, Rfc(4034, "6.3")]
    public void An_RRset_is_ordered_octet_by_octet_the_shorter_first_and_without_duplicates()
    {
        Octets[] data = [new(Wire.Hex("80")), new(Wire.Hex("7F FF")), new(Wire.Hex("7F")), new(Wire.Hex("80")), default, new(Wire.Hex("7F 00"))];

        Assert.Equal(["", "7f", "7f00", "7fff", "80"], RecordData.ToCanonicalOrder((RecordType)65280, data).Select(octets => octets.ToHex()));
    }

    [Fact, Rfc(4034, "6.3")]
    public void Records_that_differ_in_case_only_are_one_record_once_they_are_canonical()
    {
        Octets[] data = [new(Wire.Hex("014200")), new(Wire.Hex("016100")), new(Wire.Hex("014100"))];

        Assert.Equal(["016100", "016200"], RecordData.ToCanonicalOrder(RecordType.NS, data).Select(octets => octets.ToHex()));
    }

    [Fact, Rfc(3597, "4"), Rfc(4034, "6.2")]
    public void What_is_said_of_the_names_of_a_type_agrees_with_its_fields()
    {
        for (var number = 0; number <= ushort.MaxValue; number++)
        {
            var type = (RecordType)number;
            var fields = RecordFields.Of(type).ToArray();
            Assert.Equal(fields.Contains(FieldKind.CompressedName), RecordFields.HasCompressedNames(type));
            Assert.Equal(fields.Any(RecordFields.IsDecompressed), RecordFields.HasDecompressedNames(type));
            Assert.InRange(fields.Count(RecordFields.IsDecompressed), 0, 2);
            Assert.Equal(fields.Any(RecordFields.IsLowered), RecordFields.HasLoweredNames(type));
        }
    }

    [Fact]
    public void Whatever_octets_stand_there_nothing_throws_and_the_canonical_form_stays_what_it_is()
    {
        Gen.Select(Gen.UShort[0, 300], Gen.Byte.Array[0, 80]).Sample((number, octets) =>
        {
            var type = (RecordType)number;
            var isWellFormed = RecordData.IsWellFormed(type, octets);
            var canonical = RecordData.ToCanonical(type, new(octets));
            return canonical.Length == octets.Length
                && RecordData.ToCanonical(type, canonical) == canonical
                && RecordData.IsWellFormed(type, canonical.Span) == isWellFormed;
        }, iter: LongRun.Times(20_000), seed: "0N0XIzNsQ0O2");
    }
}
