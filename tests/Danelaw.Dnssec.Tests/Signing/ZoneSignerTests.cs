using System.Buffers.Binary;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Dnssec.Tests.Signing;

public class ZoneSignerTests
{
    private const string Small = """
        example.lab.          3600 IN SOA ns.example.lab. hostmaster.example.lab. 1 7200 900 1209600 300
        example.lab.          3600 IN NS  ns.example.lab.
        ns.example.lab.       3600 IN A   127.0.0.1
        cut.example.lab.      3600 IN NS  ns.cut.example.lab.
        cut.example.lab.      3600 IN A   127.0.0.2
        ns.cut.example.lab.   3600 IN A   127.0.0.2
        safe.example.lab.     3600 IN NS  ns.example.lab.
        safe.example.lab.     3600 IN DS  1 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
        *.wild.example.lab.   60   IN TXT "any"
        a.b.example.lab.      3600 IN A   127.0.0.3
        """;

    private static readonly SignatureValidity Validity = new(DateTimeOffset.UnixEpoch.AddYears(56), DateTimeOffset.UnixEpoch.AddYears(57));
    private static readonly SigningKey KeySigning = SigningKey.Generate(SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning);
    private static readonly SigningKey ZoneSigning = SigningKey.Generate(SecurityAlgorithm.Ed25519);

    [Fact, Rfc(4035, "2.3"), Rfc(4035, "A")]
    public void The_example_zone_of_RFC_4035_has_the_NSEC_records_that_the_RFC_shows()
    {
        var signed = Sign(RfcZones.Rfc4035, [KeySigning, ZoneSigning]);

        Assert.Equal(
            [
                "example. 3600 IN NSEC a.example. NS SOA MX RRSIG NSEC DNSKEY",
                "a.example. 3600 IN NSEC ai.example. NS DS RRSIG NSEC",
                "ai.example. 3600 IN NSEC b.example. A HINFO AAAA RRSIG NSEC",
                "b.example. 3600 IN NSEC ns1.example. NS RRSIG NSEC",
                "ns1.example. 3600 IN NSEC ns2.example. A RRSIG NSEC",
                "ns2.example. 3600 IN NSEC *.w.example. A RRSIG NSEC",
                "*.w.example. 3600 IN NSEC x.w.example. MX RRSIG NSEC",
                "x.w.example. 3600 IN NSEC x.y.w.example. MX RRSIG NSEC",
                "x.y.w.example. 3600 IN NSEC xx.example. MX RRSIG NSEC",
                "xx.example. 3600 IN NSEC example. A HINFO AAAA RRSIG NSEC",
            ],
            signed.Where(record => record.Type == RecordType.NSEC).Select(ZoneWriter.ToLine));
    }

    [Fact, Rfc(5155, "7.1"), Rfc(5155, "A"), Rfc(5155, "6")]
    public void The_example_zone_of_RFC_5155_has_the_NSEC3_records_that_the_RFC_shows()
    {
        var signed = Sign(RfcZones.Rfc5155, [KeySigning, ZoneSigning], new Nsec3Options { Iterations = 12, Salt = Octets.Copy([0xAA, 0xBB, 0xCC, 0xDD]), OptOut = true });

        Assert.Equal(
            [
                "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom 2t7b4g4vsa5smi47k61mv5bv1a22bojr NS SOA MX RRSIG DNSKEY NSEC3PARAM",
                "2t7b4g4vsa5smi47k61mv5bv1a22bojr 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG",
                "2vptu5timamqttgl4luu9kg21e0aor3s 35mthgpgcu1qg68fab165klnsnk3dpvl MX RRSIG",
                "35mthgpgcu1qg68fab165klnsnk3dpvl b4um86eghhds6nea196smvmlo4ors995 NS DS RRSIG",
                "b4um86eghhds6nea196smvmlo4ors995 gjeqe526plbf1g8mklp59enfd789njgi MX RRSIG",
                "gjeqe526plbf1g8mklp59enfd789njgi ji6neoaepv8b5o6k4ev33abha8ht9fgc A HINFO AAAA RRSIG",
                "ji6neoaepv8b5o6k4ev33abha8ht9fgc k8udemvp1j2f7eg6jebps17vp3n8i58h",
                "k8udemvp1j2f7eg6jebps17vp3n8i58h kohar7mbb8dc2ce8a9qvl8hon4k53uhi",
                "kohar7mbb8dc2ce8a9qvl8hon4k53uhi q04jkcevqvmu85r014c7dkba38o0ji5r A RRSIG",
                "q04jkcevqvmu85r014c7dkba38o0ji5r r53bq7cc2uvmubfu5ocmm6pers9tk9en A RRSIG",
                "r53bq7cc2uvmubfu5ocmm6pers9tk9en t644ebqk9bibcna874givr6joj62mlhv MX RRSIG",
                "t644ebqk9bibcna874givr6joj62mlhv 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom A HINFO AAAA RRSIG",
            ],
            signed.Where(record => record.Type == RecordType.NSEC3).Select(Short));
        Assert.Equal("example. 0 IN NSEC3PARAM 1 0 12 aabbccdd", ZoneWriter.ToLine(Assert.Single(signed, record => record.Type == RecordType.NSEC3PARAM)), ignoreCase: true);
        Assert.All(signed.Where(record => record.Type == RecordType.NSEC3), record => Assert.True(Nsec3Data.TryRead(record.Data, out var data) && data is { HashAlgorithm: 1, IsOptOut: true, Iterations: 12 }));

        static string Short(ResourceRecord record)
        {
            Assert.True(Nsec3Data.TryRead(record.Data, out var data));
            Span<byte> digits = stackalloc byte[32];
            Base32Hex.Encode(data.NextHash.Span, digits);
            return $"{System.Text.Encoding.ASCII.GetString(record.Owner.GetLabel(0))} {System.Text.Encoding.ASCII.GetString(digits)} {data.Types}".TrimEnd();
        }
    }

    [Fact, Rfc(4035, "2.2")]
    public void What_is_signed_is_the_zones_own_and_DS_and_never_the_NS_and_glue_of_a_cut()
    {
        var signed = Sign(Small, [KeySigning, ZoneSigning]);

        Assert.Equal(
            [
                "example.lab. DNSKEY", "example.lab. NS", "example.lab. NSEC", "example.lab. SOA",
                "*.wild.example.lab. NSEC", "*.wild.example.lab. TXT", "a.b.example.lab. A", "a.b.example.lab. NSEC", "cut.example.lab. NSEC",
                "ns.example.lab. A", "ns.example.lab. NSEC", "safe.example.lab. DS", "safe.example.lab. NSEC",
            ],
            Signatures(signed).Select(signature => $"{signature.Owner} {RecordTypes.ToText(signature.Data.TypeCovered)}").Order(StringComparer.Ordinal).OrderBy(text => !text.StartsWith("example", StringComparison.Ordinal)));
    }

    [Fact, Rfc(4035, "2.2")]
    public void The_key_with_the_SEP_flag_signs_the_key_set_and_the_other_everything_else()
    {
        var signed = Sign(Small, [KeySigning, ZoneSigning]);

        Assert.All(Signatures(signed), signature => Assert.Equal(signature.Data.TypeCovered == RecordType.DNSKEY ? KeySigning.KeyTag : ZoneSigning.KeyTag, signature.Data.KeyTag));
    }

    [Theory]
    [InlineData(DnskeyFlags.KeySigning)]
    [InlineData(DnskeyFlags.Zone)]
    public void A_key_that_stands_alone_signs_everything(DnskeyFlags flags)
    {
        var key = SigningKey.Generate(SecurityAlgorithm.Ed25519, flags);

        Assert.Contains(Signatures(Sign(Small, [key])), signature => signature.Data.TypeCovered == RecordType.DNSKEY);
    }

    [Fact, Rfc(4035, "2.2")]
    public void Each_algorithm_of_the_key_set_signs_each_RRset()
    {
        var signed = Sign(Small, [KeySigning, ZoneSigning, SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256, DnskeyFlags.KeySigning)]);

        Assert.All(
            Signatures(signed).GroupBy(signature => (signature.Owner, signature.Data.TypeCovered)),
            set => Assert.Equal([13, 15], set.Select(signature => (int)signature.Data.Algorithm).Order()));
    }

    [Fact, Rfc(5011, "2.1")]
    public void A_revoked_key_signs_the_key_set_and_nothing_else()
    {
        var revoked = SigningKey.Generate(SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning | DnskeyFlags.Revoked);

        var signed = Sign(Small, [KeySigning, ZoneSigning, revoked]);

        Assert.Equal(RecordType.DNSKEY, Assert.Single(Signatures(signed), signature => signature.Data.KeyTag == revoked.KeyTag).Data.TypeCovered);
    }

    [Fact]
    public void Keys_alone_that_may_not_sign_are_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => Sign(Small, [SigningKey.Generate(SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning | DnskeyFlags.Revoked)]));

    [Fact, Rfc(9077, "3"), Rfc(2308, "5")]
    public void A_denial_is_kept_no_longer_than_the_SOA_says()
    {
        var nsec = Sign(Small, [KeySigning]).Where(record => record.Type == RecordType.NSEC);
        var nsec3 = Sign(Small, [KeySigning], new Nsec3Options()).Where(record => record.Type == RecordType.NSEC3);

        Assert.All(nsec.Concat(nsec3), record => Assert.Equal(300u, record.TimeToLive));
    }

    [Fact, Rfc(4034, "3.1.3")]
    public void The_asterisk_of_a_wildcard_is_not_counted_among_the_labels()
    {
        var signature = Assert.Single(Signatures(Sign(Small, [KeySigning])), signature => signature.Data.TypeCovered == RecordType.TXT);

        Assert.Equal(3, signature.Data.Labels);
        Assert.Equal(60u, signature.Data.OriginalTtl);
    }

    [Fact, Rfc(5155, "7.1")]
    public void Without_opt_out_unsigned_delegations_and_empty_names_have_an_NSEC3_record_and_no_signature_in_it()
    {
        var signed = Sign(Small, [KeySigning], new Nsec3Options());

        // Apex, ns, cut, safe, *.wild, a.b, and the empty names wild and b.
        Assert.Equal(8, signed.Count(record => record.Type == RecordType.NSEC3));
        Assert.Equal("NS", TypesAt(signed, "cut.example.lab."));
        Assert.Equal("NS DS RRSIG", TypesAt(signed, "safe.example.lab."));
        Assert.Equal("", TypesAt(signed, "b.example.lab."));
    }

    [Fact]
    public void What_an_earlier_signing_left_is_left_out_and_other_keys_stay()
    {
        var other = SigningKey.Generate(SecurityAlgorithm.Ed25519);
        var once = Sign(Small, [KeySigning, other], new Nsec3Options());

        var twice = ZoneSigner.Sign(once, [KeySigning], new ZoneSigningOptions { Validity = Validity }).ToList();

        Assert.DoesNotContain(twice, record => record.Type is RecordType.NSEC3 or RecordType.NSEC3PARAM);
        Assert.Equal(2, twice.Count(record => record.Type == RecordType.DNSKEY));
        Assert.All(Signatures(twice), signature => Assert.Equal(KeySigning.KeyTag, signature.Data.KeyTag));
    }

    [Fact]
    public void Every_signature_verifies_and_none_does_when_an_octet_of_its_data_changes()
    {
        var signed = Sign(Small, [KeySigning], new Nsec3Options());
        Assert.True(VerificationKey.TryImport(KeySigning.Algorithm, KeySigning.PublicKey.Span, out var key));

        foreach (var signature in Signatures(signed))
        {
            var data = signed.Where(record => record.Type == signature.Data.TypeCovered && record.Owner == signature.Owner).Select(record => record.Data).ToArray();
            Assert.True(key.Verify(SignedOctets(signature, data), signature.Data.Signature.Span));
            var altered = data[^1].ToArray();
            altered[^1] ^= 0x80;
            Assert.False(key.Verify(SignedOctets(signature, [.. data[..^1], new Octets(altered)]), signature.Data.Signature.Span));
        }

        // RFC 4034 §3.1.8.1, written down once more.
        static byte[] SignedOctets((DomainName Owner, RrsigData Data) signature, Octets[] data)
        {
            var prefix = new byte[signature.Data.SignedPrefixLength];
            signature.Data.WriteSignedPrefix(prefix);
            IEnumerable<byte> octets = prefix;
            foreach (var one in RecordData.ToCanonicalOrder(signature.Data.TypeCovered, data))
            {
                var head = new byte[10];
                BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)signature.Data.TypeCovered);
                head[3] = 1;
                BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(4), signature.Data.OriginalTtl);
                BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(8), (ushort)one.Length);
                octets = [.. octets, .. signature.Owner.ToCanonical().Wire, .. head, .. one.Span];
            }

            return [.. octets];
        }
    }

    [Fact, Rfc(4034, "3.1.5")]
    public void Times_wrap_round_after_2106()
    {
        var validity = new SignatureValidity(new(2106, 2, 7, 6, 28, 15, TimeSpan.Zero), new(2106, 2, 7, 6, 28, 17, TimeSpan.Zero));

        Assert.Equal(uint.MaxValue, validity.InceptionSeconds);
        Assert.Equal(1u, validity.ExpirationSeconds);
    }

    [Theory]
    [InlineData("example.lab. 3600 IN NS ns.example.lab.", "no SOA record")]
    [InlineData("example.lab. 60 IN SOA a. b. 1 2 3 4 5\nsub.example.lab. 60 IN SOA a. b. 1 2 3 4 5", "more than one SOA record (sub.example.lab.)")]
    [InlineData("example.lab. 60 IN SOA a. b. 1 2 3 4 5\nexample.org. 60 IN A 127.0.0.1", "example.org. A lies outside the zone example.lab.")]
    [InlineData("example.lab. 60 IN SOA a. b. 1 2 3 4 5\nexample.lab. 60 CH TXT \"x\"", "example.lab. TXT has another class than the SOA")]
    public void What_is_no_zone_is_refused_with_a_reason(string text, string expected)
    {
        var refused = Assert.Throws<ArgumentException>(() => Sign(text, [KeySigning]));

        Assert.StartsWith(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact, Rfc(2181, "5")]
    public void Duplicates_count_once_and_the_smallest_TTL_is_that_of_the_set()
    {
        var zone = Sign("example.lab. 60 IN SOA a. b. 1 2 3 4 5\na.example.lab. 60 IN A 127.0.0.1\nA.example.lab. 30 IN A 127.0.0.1\na.example.lab. 60 IN A 127.0.0.2", [KeySigning]);

        var set = zone.Where(record => record.Type == RecordType.A).ToList();
        Assert.Equal(2, set.Count);
        Assert.All(set, record => Assert.Equal(30u, record.TimeToLive));
    }

    /// <summary>The hashes of RFC 5155 Appendix A.</summary>
    [Theory, Rfc(5155, "A"), Rfc(5155, "5")]
    [InlineData("example.", "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom")]
    [InlineData("a.example.", "35mthgpgcu1qg68fab165klnsnk3dpvl")]
    [InlineData("ai.example.", "gjeqe526plbf1g8mklp59enfd789njgi")]
    [InlineData("NS1.example.", "2t7b4g4vsa5smi47k61mv5bv1a22bojr")]
    [InlineData("ns2.example.", "q04jkcevqvmu85r014c7dkba38o0ji5r")]
    [InlineData("w.example.", "k8udemvp1j2f7eg6jebps17vp3n8i58h")]
    [InlineData("*.w.example.", "r53bq7cc2uvmubfu5ocmm6pers9tk9en")]
    [InlineData("x.w.example.", "b4um86eghhds6nea196smvmlo4ors995")]
    [InlineData("y.w.example.", "ji6neoaepv8b5o6k4ev33abha8ht9fgc")]
    [InlineData("x.y.w.example.", "2vptu5timamqttgl4luu9kg21e0aor3s")]
    [InlineData("xx.example.", "t644ebqk9bibcna874givr6joj62mlhv")]
    [InlineData("2t7b4g4vsa5smi47k61mv5bv1a22bojr.example.", "kohar7mbb8dc2ce8a9qvl8hon4k53uhi")]
    public void Names_hash_as_the_RFC_shows(string name, string expected)
    {
        Span<byte> hash = stackalloc byte[Nsec3Hash.Length];
        Nsec3Hash.Compute(DomainName.Parse(name), 12, [0xAA, 0xBB, 0xCC, 0xDD], hash);

        Assert.True(Nsec3Hash.TryToOwner(hash, DomainName.Parse("example."), out var owner));
        Assert.Equal($"{expected}.example.", owner.ToString());
    }

    private static List<ResourceRecord> Sign(string zone, SigningKey[] keys, Nsec3Options? nsec3 = null) =>
        [.. ZoneSigner.Sign(Read(zone), keys, new ZoneSigningOptions { Validity = Validity, Nsec3 = nsec3 })];

    private static List<ResourceRecord> Read(string text)
    {
        using var reader = new ZoneReader(new StringReader(text), new ZoneReaderOptions());
        var records = new List<ResourceRecord>();
        while (reader.TryRead(out var record, out _)) records.Add(record);
        return records;
    }

    private static IEnumerable<(DomainName Owner, RrsigData Data)> Signatures(IEnumerable<ResourceRecord> records) =>
        records.Where(record => record.Type == RecordType.RRSIG).Select(record => RrsigData.TryRead(record.Data, out var data) ? (record.Owner, data) : throw new InvalidOperationException("unreadable"));

    private static string TypesAt(IEnumerable<ResourceRecord> signed, string name)
    {
        Span<byte> hash = stackalloc byte[Nsec3Hash.Length];
        Nsec3Hash.Compute(DomainName.Parse(name), 0, [], hash);
        Assert.True(Nsec3Hash.TryToOwner(hash, DomainName.Parse("example.lab."), out var owner));
        return Nsec3Data.TryRead(Assert.Single(signed, record => record.Type == RecordType.NSEC3 && record.Owner == owner).Data, out var data) ? data.Types.ToString() : "unreadable";
    }
}
