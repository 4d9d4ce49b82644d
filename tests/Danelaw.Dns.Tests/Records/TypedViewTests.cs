using CsCheck;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Tests.Records;

public sealed class TypedViewTests
{
    private static readonly DomainName Host = DomainName.Parse("Host.Example.");

    [Fact, Rfc(1035, "3.3.13")]
    public void SOA_has_two_names_and_five_numbers()
    {
        var view = new SoaData(Host, DomainName.Parse("admin.example."), 1, 2, 3, 4, uint.MaxValue);

        Assert.Equal("04486f7374074578616d706c6500" + "0561646d696e076578616d706c6500" + "00000001" + "00000002" + "00000003" + "00000004" + "ffffffff", view.ToOctets().ToHex());
        Assert.True(SoaData.TryRead(view.ToOctets(), out var read));
        Assert.Equal(view, read);
    }

    [Fact, Rfc(1035, "3.3.9"), Rfc(2782, "1"), Rfc(1035, "3.3.1")]
    public void MX_SRV_and_plain_names_are_written_as_they_are_read()
    {
        Assert.Equal("000a04486f7374074578616d706c6500", new MxData(10, Host).ToOctets().ToHex());
        Assert.Equal("00010002000304486f7374074578616d706c6500", new SrvData(1, 2, 3, Host).ToOctets().ToHex());
        Assert.Equal("04486f7374074578616d706c6500", new NameData(Host).ToOctets().ToHex());
        Assert.True(MxData.TryRead(new MxData(10, Host).ToOctets(), out var mx) && mx.Exchange.EqualsExactly(Host));
        Assert.True(SrvData.TryRead(new SrvData(1, 2, 3, Host).ToOctets(), out var srv) && srv == new SrvData(1, 2, 3, Host));
        Assert.True(NameData.TryRead(new NameData(Host).ToOctets(), out var name) && name == new NameData(Host));
    }

    [Fact, Rfc(7505, "3")]
    public void A_null_MX_has_the_root_for_a_host()
    {
        Assert.True(MxData.TryRead(new(Wire.Hex("0000 00")), out var mx));
        Assert.True(mx.Exchange.IsRoot);
    }

    [Fact, Rfc(1035, "3.3.14")]
    public void TXT_has_strings_which_may_be_joined()
    {
        Assert.True(TxtData.TryRead(new(Wire.Hex("024142 00 0143")), out var view));

        Assert.Equal(["4142", "", "43"], view.Strings.Select(text => text.ToHex()));
        Assert.Equal("414243", view.Join().ToHex());
    }

    [Fact, Rfc(8659, "4.1")]
    public void CAA_has_flags_a_tag_and_a_value()
    {
        Assert.True(CaaData.TryRead(new(Wire.Hex("80 05 6973737565 3B")), out var view));

        Assert.Equal((true, "6973737565", "3b"), (view.IsCritical, view.Tag.ToHex(), view.Value.ToHex()));
    }

    [Theory, Rfc(1035, "3.4.1"), Rfc(3596, "2.2")]
    [InlineData(RecordType.A, "C0000201", "192.0.2.1")]
    [InlineData(RecordType.AAAA, "20010DB8000000000000000000000001", "2001:db8::1")]
    [InlineData(RecordType.A, "20010DB8000000000000000000000001", null)]
    [InlineData(RecordType.AAAA, "C0000201", null)]
    [InlineData(RecordType.A, "C00002", null)]
    [InlineData(RecordType.TXT, "C0000201", null)]
    public void An_address_has_the_length_that_its_type_demands(RecordType type, string hex, string? expected)
    {
        Assert.Equal(expected is not null, AddressData.TryRead(type, new(Wire.Hex(hex)), out var address));
        Assert.Equal(expected, address?.ToString());
        if (address is not null) Assert.Equal(hex.ToLowerInvariant(), AddressData.ToOctets(address).ToHex());
    }

    [Fact, Rfc(4034, "5.4"), Rfc(4034, "B")]
    public void The_key_of_the_RFC_has_the_tag_that_its_DS_names()
    {
        var key = Convert.FromBase64String("AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==");
        var view = new DnskeyData(256, 3, 5, new(key));

        Assert.Equal(60485, view.KeyTag());
        Assert.True(DnskeyData.TryRead(view.ToOctets(), out var read));
        Assert.Equal(view, read);
        Assert.True(DsData.TryRead(new(Wire.Hex("EC45 05 01 2BB183AF5F22588179A53B0A98631FAD1A292118")), out var ds));
        Assert.Equal(new DsData(60485, 5, 1, new(Wire.Hex("2BB183AF5F22588179A53B0A98631FAD1A292118"))), ds);
        Assert.Equal(ds, DsData.TryRead(ds.ToOctets(), out var again) ? again : default);
    }

    [Theory, Rfc(4034, "B")]
    [InlineData("AA", 0x0100 + 0x0305 + 0xAA00)] // an odd octet at the end is the upper half of a sum
    [InlineData("FFFF FFFF", 0x0100 + 0x0305)] // each carry comes back once at the end
    [InlineData("", 0x0100 + 0x0305)]
    public void The_tag_is_a_sum_of_pairs_of_octets(string key, int expected)
    {
        Assert.Equal(expected, new DnskeyData(0x0100, 3, 5, new(Wire.Hex(key))).KeyTag());
    }

    [Fact, Rfc(4034, "B.1")]
    public void The_tag_of_RSA_MD5_is_taken_from_the_end_of_the_modulus()
    {
        Assert.Equal(0x1234, new DnskeyData(256, 3, 1, new(Wire.Hex("0103 AABBCC 123456"))).KeyTag());
        Assert.Equal(0, new DnskeyData(256, 3, 1, new(Wire.Hex("0103"))).KeyTag());
    }

    [Theory, Rfc(4034, "2.1.1"), Rfc(5011, "2.1")]
    [InlineData(0x0100, true, false, false)]
    [InlineData(0x0101, true, true, false)]
    [InlineData(0x0181, true, true, true)]
    [InlineData(0x0001, false, true, false)]
    public void The_flags_of_a_key_are_told_apart(int flags, bool isZoneKey, bool isEntryPoint, bool isRevoked)
    {
        var key = new DnskeyData((ushort)flags, 3, 13, default);

        Assert.Equal((isZoneKey, isEntryPoint, isRevoked), (key.IsZoneKey, key.IsSecureEntryPoint, key.IsRevoked));
    }

    [Fact, Rfc(4034, "3.1"), Rfc(4034, "3.1.8.1"), Rfc(6840, "5.1")]
    public void An_RRSIG_is_signed_without_its_signature_and_with_the_signer_in_lower_case()
    {
        var view = new RrsigData(RecordType.A, 5, 3, 86400, 0xFFFFFFFF, 0x80000000, 2642, Host, new(Wire.Hex("AABB")));

        Assert.True(RrsigData.TryRead(view.ToOctets(), out var read));
        var prefix = new byte[read.SignedPrefixLength];
        read.WriteSignedPrefix(prefix);

        Assert.Equal(view, read);
        Assert.Equal("0001" + "05" + "03" + "00015180" + "ffffffff" + "80000000" + "0a52" + "04486f7374074578616d706c6500" + "aabb", view.ToOctets().ToHex());
        Assert.Equal("0001" + "05" + "03" + "00015180" + "ffffffff" + "80000000" + "0a52" + "04686f7374076578616d706c6500", Convert.ToHexStringLower(prefix));
        Assert.Equal(RecordType.A, RrsigData.ReadTypeCovered(view.ToOctets()));
    }

    [Fact, Rfc(4034, "4.3")]
    public void The_NSEC_of_the_RFC_is_read_and_written()
    {
        var data = new Octets(Wire.Hex("04 686F7374 07 6578616D706C65 03 636F6D 00", "0006 400100000003", "041B 000000000000000000000000000000000000000000000000000020"));

        Assert.True(NsecData.TryRead(data, out var view));

        Assert.Equal("host.example.com.", view.NextName.ToString());
        Assert.Equal("A MX RRSIG NSEC TYPE1234", view.Types.ToString());
        Assert.Equal(data, view.ToOctets());
        Assert.Equal(data, new NsecData(view.NextName, TypeBitmap.Create((RecordType)1234, RecordType.NSEC, RecordType.A, RecordType.RRSIG, RecordType.MX, RecordType.A)).ToOctets());
    }

    [Fact, Rfc(5155, "3.2"), Rfc(5155, "A")]
    public void An_NSEC3_is_read_and_written()
    {
        // The first NSEC3 of App. A; its next hash is 2t7b4g4vsa5smi47k61mv5bv1a22bojr.
        var data = new Octets(Wire.Hex("01 01 000C 04 AABBCCDD 14 174EB2409FE28BCB4887A1836F957F0A8425E27B", "0007 22010000000290"));

        Assert.True(Nsec3Data.TryRead(data, out var view));

        Assert.Equal((1, true, 12, "aabbccdd"), (view.HashAlgorithm, view.IsOptOut, view.Iterations, view.Salt.ToHex()));
        Assert.Equal("174eb2409fe28bcb4887a1836f957f0a8425e27b", view.NextHash.ToHex());
        Assert.Equal("NS SOA MX RRSIG DNSKEY NSEC3PARAM", view.Types.ToString());
        Assert.Equal(data, view.ToOctets());
    }

    [Fact, Rfc(5155, "3.2.1")]
    public void An_NSEC3_of_an_empty_non_terminal_has_no_types_but_an_NSEC_must_have_some()
    {
        Assert.True(Nsec3Data.TryRead(new(Wire.Hex("01 00 0000 00 01AA")), out var view) && view.Types.IsEmpty);
        Assert.False(NsecData.TryRead(new(Wire.Hex("00")), out _));
    }

    [Theory, Rfc(5155, "3.2"), Rfc(5155, "4.2")]
    [InlineData("01 00 0000")]
    [InlineData("01 00 0000 01")]
    [InlineData("01 00 0000 00")]
    [InlineData("01 00 0000 00 00")]
    [InlineData("01 00 0000 00 02AA")]
    [InlineData("01 00 0000 00 01AA 0001")]
    [InlineData("01 00 0000 00 01AA 000100")]
    public void An_NSEC3_whose_lengths_lie_is_none(string hex) => Assert.False(Nsec3Data.TryRead(new(Wire.Hex(hex)), out _));

    [Fact, Rfc(5155, "4.2")]
    public void NSEC3PARAM_ends_with_its_salt()
    {
        Assert.True(Nsec3ParamData.TryRead(new(Wire.Hex("01 00 000A 02 AABB")), out var view));
        Assert.Equal(new Nsec3ParamData(1, 0, 10, new(Wire.Hex("AABB"))), view);
        Assert.Equal("0100000a02aabb", view.ToOctets().ToHex());
        Assert.False(Nsec3ParamData.TryRead(new(Wire.Hex("01 00 000A 02 AABB CC")), out _));
        Assert.False(Nsec3ParamData.TryRead(new(Wire.Hex("01 00 000A 02 AA")), out _));
    }

    [Fact, Rfc(6698, "2.1"), Rule("R35")]
    public void TLSA_is_read_whatever_its_three_numbers_and_its_length()
    {
        Assert.True(TlsaData.TryRead(new(Wire.Hex("03 01 01 AABB")), out var view));
        Assert.Equal(new TlsaData(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, new(Wire.Hex("AABB"))), view);
        Assert.Equal("030101aabb", view.ToOctets().ToHex());
        Assert.True(TlsaData.TryRead(new(Wire.Hex("FF 07 63")), out _));
        Assert.False(TlsaData.TryRead(new(Wire.Hex("03 01")), out _));
    }

    [Fact]
    public void Whatever_octets_stand_there_no_view_throws_and_what_is_read_is_written_back()
    {
        Gen.Byte.Array[0, 60].Select(octets => new Octets(octets)).Sample(
            data => (!NameData.TryRead(data, out var name) || name.ToOctets() == data)
                && (!MxData.TryRead(data, out var mx) || mx.ToOctets() == data)
                && (!SoaData.TryRead(data, out var soa) || soa.ToOctets() == data)
                && (!SrvData.TryRead(data, out var srv) || srv.ToOctets() == data)
                && (!TxtData.TryRead(data, out var txt) || txt.ToOctets() == data)
                && (!DsData.TryRead(data, out var ds) || ds.ToOctets() == data)
                && (!DnskeyData.TryRead(data, out var key) || key.ToOctets() == data)
                && (!RrsigData.TryRead(data, out var rrsig) || rrsig.ToOctets() == data)
                && (!NsecData.TryRead(data, out var nsec) || nsec.ToOctets() == data)
                && (!Nsec3Data.TryRead(data, out var nsec3) || nsec3.ToOctets() == data)
                && (!Nsec3ParamData.TryRead(data, out var parameters) || parameters.ToOctets() == data)
                && (!TlsaData.TryRead(data, out var tlsa) || tlsa.ToOctets() == data)
                && (!TsigData.TryRead(data, out var tsig) || tsig.ToOctets() == data),
            iter: LongRun.Times(20_000),
            seed: "0N0XIzNsQ0O2");
    }
}
