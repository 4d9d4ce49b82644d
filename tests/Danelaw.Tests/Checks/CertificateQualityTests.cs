using System.Formats.Asn1;
using System.Security.Cryptography;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Probes;
using Danelaw.Tests.Certificates;

namespace Danelaw.Tests.Checks;

/// <summary>Small keys, weak signatures, odd encodings and chains out of order are told, and decide nothing.</summary>
public sealed class CertificateQualityTests
{
    private static readonly Octets Root = Forge.Root("Root").Make();
    private static readonly Octets Intermediate = Forge.Intermediate("Some CA", "Root").Make();
    private static readonly byte[] Noise = [0x30, 0x05, 0xFF, 0x02, 0x01];

    private static Forge Leaf => Forge.Leaf("mx.example.org", "Some CA");

    public static TheoryData<string, string> Odd
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var (name, (_, words)) in OddLeaves) rows.Add(name, words);
            return rows;
        }
    }

    private static Dictionary<string, (Octets Certificate, string Words)> OddLeaves { get; } = new()
    {
        ["extensions in version 1"] = ((Leaf with { Version = 1 }).Make(), "older version"),
        ["version 10"] = ((Leaf with { Version = 10 }).Make(), "its version is unknown"),
        ["negative serial"] = (WithSerial([0xFF, 0x01]), "negative serial"),
        ["serial 0"] = (WithSerial([0]), "serial number 0"),
        ["long serial"] = (WithSerial([.. Enumerable.Repeat((byte)0x11, 21)]), "more than 20 octets"),
        ["padded serial"] = (WithSerial([0, 1]), "not in DER"),
        ["two algorithms"] = ((Leaf with { InnerAlgorithm = Signing.Identifier("1.2.840.10045.4.3.3") }).Make(), "one signature algorithm"),
        ["dates"] = ((Leaf with { Validity = Extension.Encode(writer => { using (writer.PushSequence()) { writer.WriteInteger(1); writer.WriteInteger(2); } }) }).Make(), "dates that are not written"),
        ["ends before"] = ((Leaf with { NotBefore = Forge.Now, NotAfter = Forge.Now.AddDays(-1) }).Make(), "ends before it begins"),
        ["no issuer"] = ((Leaf with { IssuerName = [0x30, 0] }).Make(), "does not name its issuer"),
        ["nobody"] = ((Leaf with { SubjectName = [0x30, 0], Extensions = [] }).Make(), "names nobody"),
        ["two of one extension"] = ((Leaf with { Extensions = [Extension.DnsNames("mx.example.org"), Extension.DnsNames("mx.example.org")] }).Make(), "two extensions 2.5.29.17"),
        ["malformed extension"] = ((Leaf with { Extensions = [new("2.5.29.15", true, Noise)] }).Make(), "key usage cannot be read"),
        ["unknown critical extension"] = ((Leaf with { Extensions = [Extension.DnsNames("mx.example.org"), new("1.2.3.4", true, [5, 0])] }).Make(), "critical extension 1.2.3.4"),
        ["truth of 1"] = (WithTruthOfOne(Leaf.Make()), "not in DER"),
        ["compressed point"] = ((Leaf with { PublicKey = Compressed() }).Make(), "point of its key compressed"),
        ["curve spelt out"] = ((Leaf with { PublicKey = SpeltOut() }).Make(), "spells the curve"),
    };

    [Theory, MemberData(nameof(Odd)), Rfc(5280, "4.1")]
    public async Task What_is_odd_about_a_certificate_is_a_warning_that_names_it(string name, string words)
    {
        var leaf = OddLeaves[name].Certificate;
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(leaf)).Serve("192.0.2.1", leaf);

        var report = await world.CheckAsync("example.org");

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        var finding = Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsCertificateOdd);
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains("the server's own", finding.Text, StringComparison.Ordinal);
        Assert.Contains(words, finding.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("ed448")]
    [InlineData("ecdsa-sha384-p521")]
    [InlineData("ecdsa-secp256k1")]
    [InlineData("ecdsa-brainpool-p384")]
    [InlineData("rsa-exponent-3")]
    [InlineData("rsa-sha224")]
    [InlineData("pss-only-key")]
    [InlineData("pss-only-key-with-parameters")]
    [InlineData("pss-salt-of-digest")]
    [InlineData("pss-largest-salt")]
    [InlineData("pss-no-salt")]
    [InlineData("pss-sha1", FindingCodes.TlsSignatureWeak)]
    [InlineData("ecdsa-spelt-out-curve", FindingCodes.TlsCertificateOdd)]
    public async Task Certificates_of_OpenSSL_have_no_finding_but_those_that_are_theirs(string name, params string[] codes)
    {
        Assert.True(CertificateFile.TryReadCertificates(Repository.Corpus("certificates", name + ".pem"), out var chain, out var fault), fault);
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(chain[0])).Serve("192.0.2.1", [.. chain]);

        // They are of a later day than that of the test.
        Assert.Equal(codes, (await world.CheckAsync("example.org")).Findings.Select(finding => finding.Code).Where(code => code != FindingCodes.TlsExpired));
    }

    [Theory, Rfc(9325, "4.5")]
    [InlineData(1024, true)]
    [InlineData(2047, true)]
    [InlineData(2048, false)]
    [InlineData(3072, false)]
    public async Task An_RSA_key_below_2048_bits_is_a_warning(int bits, bool isSmall)
    {
        var leaf = (Leaf with { PublicKey = RsaKey(bits) }).Make();

        Assert.Equal(isSmall, await FindsAsync(FindingCodes.TlsKeySmall, Severity.Warning, $"RSA {bits}", leaf));
    }

    [Theory, Rfc(9325, "4.5")]
    [InlineData("1.2.840.10045.3.1.1", true)]
    [InlineData("1.3.132.0.8", true)]
    [InlineData("1.3.132.0.33", false)]
    [InlineData("1.2.840.10045.3.1.7", false)]
    [InlineData("1.2.3", false)]
    public async Task A_curve_below_224_bits_is_a_warning(string curve, bool isSmall)
    {
        var leaf = (Leaf with { PublicKey = EcKey(writer => writer.WriteObjectIdentifier(curve), [4, .. new byte[48]]) }).Make();

        Assert.Equal(isSmall, await FindsAsync(FindingCodes.TlsKeySmall, Severity.Warning, "ECDSA", leaf));
    }

    [Fact]
    public async Task The_small_key_of_an_authority_is_told_by_its_name()
    {
        var authority = (Forge.Intermediate("Some CA", "Root") with { PublicKey = RsaKey(1024) }).Make();

        Assert.True(await FindsAsync(FindingCodes.TlsKeySmall, Severity.Warning, "shows a key that is too small: number 2, \"Some CA\", has one of RSA 1024", Leaf.Make(), authority));
    }

    [Theory, Rfc(9325, "4.5")]
    [InlineData("1.2.840.113549.1.1.5", "SHA-1")]
    [InlineData("1.2.840.113549.1.1.4", "MD5")]
    public async Task A_weak_signature_is_a_note_beside_a_record_of_the_key_and_a_warning_otherwise(string algorithm, string name)
    {
        var weak = new Signing(Signing.Identifier(algorithm, [5, 0]), Signing.EcdsaSha256.PublicKeyOf, (_, _) => new byte[256]);
        var leaf = (Leaf with { Signing = weak }).Make();

        Assert.True(await FindsAsync(FindingCodes.TlsSignatureWeak, Severity.Note, $"is signed with {name}", leaf, Intermediate));
        var report = await World.Sound().Absent("_25._tcp.mx.example.org", RecordType.TLSA).Serve("192.0.2.1", leaf, Intermediate).CheckAsync("example.org");
        Assert.Contains(report.Findings, finding => finding is { Code: FindingCodes.TlsSignatureWeak, Severity: Severity.Warning });
    }

    [Fact]
    public async Task What_a_root_signed_itself_with_does_not_matter()
    {
        var weak = new Signing(Signing.Identifier("1.2.840.113549.1.1.5", [5, 0]), Signing.EcdsaSha256.PublicKeyOf, (_, _) => new byte[256]);
        var root = (Forge.Root("Root") with { Signing = weak }).Make();

        Assert.False(await FindsAsync(FindingCodes.TlsSignatureWeak, Severity.Note, "", Leaf.Make(), Intermediate, root));
        Assert.True(await FindsAsync(FindingCodes.TlsSignatureWeak, Severity.Note, "number 2", Leaf.Make(), (Forge.Intermediate("Some CA", "Root") with { Signing = weak }).Make(), root));
    }

    [Fact, Rfc(9325, "4.5")]
    public async Task A_key_exchange_by_a_small_group_is_a_warning_and_decides_nothing()
    {
        var world = World.Sound();
        world.Serve("192.0.2.1", 25, KeyAlgorithm.Any, target => World.Shown(target, World.EcLeaf) with { Detail = HandshakeFaults.OfGroup(1024) });

        var report = await world.CheckAsync("example.org");

        Assert.Equal((CheckVerdict.Verified, SenderAction.DeliverAuthenticated), (report.Verdict, report.Hosts[0].Sender.Action));
        var finding = Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsKeySmall);
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains("1024 bits (RFC 9325 §4.5 wants 2048). Postfix takes it", finding.Text, StringComparison.Ordinal);
        Assert.Empty(HandshakeFaults.OfGroup(2048));
    }

    [Theory, Rfc(8446, "4.4.2")]
    [InlineData("LIR", null)]
    [InlineData("LI", null)]
    [InlineData("L", null)]
    [InlineData("LR", "number 2, \"Root\", did not issue the one before it")]
    [InlineData("LRI", "number 2, \"Root\", did not issue the one before it and number 3, \"Some CA\", did not issue the one before it")]
    [InlineData("LL", "number 2, \"mx.example.org\", is the server's own again")]
    [InlineData("LII", "number 3, \"Some CA\", is number 2, \"Some CA\", again")]
    public async Task A_chain_out_of_order_is_a_note_beside_a_record_of_the_key_and_a_warning_otherwise(string order, string? words)
    {
        var leaf = Leaf.Make();
        Octets[] chain = [.. order.Select(one => one switch { 'L' => leaf, 'I' => Intermediate, _ => Root })];

        Assert.Equal(words is not null, await FindsAsync(FindingCodes.TlsChainOrder, Severity.Note, words ?? "", chain));
        var report = await World.Sound().Absent("_25._tcp.mx.example.org", RecordType.TLSA).Serve("192.0.2.1", chain).CheckAsync("example.org");
        Assert.Equal(words is not null, report.Findings.Any(finding => finding is { Code: FindingCodes.TlsChainOrder, Severity: Severity.Warning }));
    }

    [Fact]
    public async Task A_large_chain_is_a_note()
    {
        var large = (Forge.Intermediate("Some CA", "Root") with { Extensions = [Extension.Authority(), new("1.2.3.4", false, new byte[1 << 14])] }).Make();

        Assert.True(await FindsAsync(FindingCodes.TlsChainLarge, Severity.Note, "sends 2 certificates of", Leaf.Make(), large));
        Assert.False(await FindsAsync(FindingCodes.TlsChainLarge, Severity.Note, "", Leaf.Make(), Intermediate));
    }

    [Theory]
    [InlineData("3003deadbe")]
    [InlineData("30800000")]
    [InlineData("")]
    public async Task What_is_no_certificate_is_an_error_where_TLS_is_promised(string hex)
    {
        var world = World.Sound().Serve("192.0.2.1", 25, KeyAlgorithm.Any, target => new() { Target = target, Outcome = ProbeOutcome.HandshakeFailed, Detail = "what the server sent in the handshake cannot be read (ASN1 lib)", Chain = [new(Convert.FromHexString(hex))] });

        var report = await world.CheckAsync("example.org");

        Assert.Equal((CheckVerdict.Failing, CheckReason.TlsFailed), (report.Hosts[0].Verdict, report.Hosts[0].Reason));
        Assert.Contains(report.Findings, finding => finding is { Code: FindingCodes.TlsCertificateUnreadable, Severity: Severity.Error });
        Assert.All(report.Hosts[0].Endpoints, endpoint => Assert.Null(endpoint.Verdict));
    }

    [Fact]
    public void BER_is_told_from_noise()
    {
        var der = Leaf.Make().ToArray();
        byte[] indefinite = [0x30, 0x80, .. der[4..], 0, 0];

        Assert.Equal(["is encoded in BER, where DER is wanted"], CertificateOddities.Of(new(indefinite)));
        Assert.Equal(["is none: its octets have not the frame of one"], CertificateOddities.Of(new(Noise)));
        Assert.Empty(CertificateOddities.Of(new(der)));
    }

    [Fact]
    public void No_octets_make_the_search_for_oddities_throw()
    {
        foreach (var (_, (certificate, _)) in OddLeaves)
        {
            var octets = certificate.ToArray();
            for (var cut = 0; cut < octets.Length; cut += 3) Assert.NotEmpty(CertificateOddities.Of(new(octets.AsMemory(0, cut))));
            for (var i = 0; i < octets.Length; i++)
            {
                var altered = octets.ToArray();
                altered[i] ^= 0x81;
                _ = CertificateOddities.Of(new(altered));
                _ = KeySize.IsSmall(new(altered));
            }
        }
    }

    [Fact, Rule("R64")]
    public async Task Two_records_of_two_current_keys_are_told_from_a_current_one_and_another()
    {
        var both = await World.Sound().Address("mx.example.org", "192.0.2.1", "192.0.2.2").Tlsa("_25._tcp.mx.example.org", World.EcRecord, World.RsaRecord)
            .Serve("192.0.2.1", KeyAlgorithm.Rsa, World.RsaLeaf).Serve("192.0.2.2", World.EcLeaf).CheckAsync("example.org");
        var next = await World.Sound().Tlsa("_25._tcp.mx.example.org", World.EcRecord, World.RsaRecord).CheckAsync("example.org");

        Assert.Equal(["192.0.2.1:25 Ecdsa", "192.0.2.2:25 Ecdsa"], MatchesOf(both, World.EcRecord));
        Assert.Equal(["192.0.2.1:25 Rsa"], MatchesOf(both, World.RsaRecord));
        Assert.Equal(["192.0.2.1:25 Ecdsa"], MatchesOf(next, World.EcRecord));
        Assert.Empty(MatchesOf(next, World.RsaRecord));

        static IEnumerable<string> MatchesOf(CheckReport report, Danelaw.Tlsa.TlsaRecord record) => report.Hosts[0].Records.Single(other => other.Record == record).Matches.Select(match => $"{match.Address} {match.Algorithm}");
    }

    /// <summary>Whether a chain that is verified by its key has a finding, which then has these words.</summary>
    private static async Task<bool> FindsAsync(string code, Severity severity, string words, params Octets[] chain)
    {
        var report = await World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(chain[0])).Serve("192.0.2.1", chain).CheckAsync("example.org");
        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        if (report.Findings.SingleOrDefault(finding => finding.Code == code) is not { } found) return false;
        Assert.Equal(severity, found.Severity);
        Assert.Contains(words, found.Text, StringComparison.Ordinal);
        return true;
    }

    private static byte[] RsaKey(int bits)
    {
        var modulus = new byte[(bits + 7) / 8];
        Array.Fill(modulus, (byte)0x55);
        modulus[0] = (byte)(1 << ((bits - 1) % 8));
        modulus[^1] |= 1;
        return Extension.Encode(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(Signing.Identifier("1.2.840.113549.1.1.1", [5, 0]));
                writer.WriteBitString(Extension.Encode(key =>
                {
                    using (key.PushSequence())
                    {
                        key.WriteIntegerUnsigned(modulus);
                        key.WriteInteger(65537);
                    }
                }));
            }
        });
    }

    private static byte[] Compressed()
    {
        var point = ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportParameters(false).Q.X!;
        return EcKey(writer => writer.WriteObjectIdentifier("1.2.840.10045.3.1.7"), [2, .. point]);
    }

    private static byte[] SpeltOut() => EcKey(writer => { using (writer.PushSequence()) writer.WriteInteger(1); }, [4, .. new byte[64]]);

    private static byte[] EcKey(Action<AsnWriter> curve, byte[] point) => Extension.Encode(writer =>
    {
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.10045.2.1");
                curve(writer);
            }

            writer.WriteBitString(point);
        }
    });

    /// <summary>The leaf with another serial number, written as given.</summary>
    private static Octets WithSerial(byte[] serial) => Rewrite(Leaf.Make(), (place, element) => place == 1 ? [2, (byte)serial.Length, .. serial] : element);

    /// <summary>The leaf with a critical extension whose truth value is 1, where DER wants 255.</summary>
    private static Octets WithTruthOfOne(Octets leaf) => Rewrite(leaf, (place, element) =>
    {
        if (place != 7) return element;
        byte[] extension = [0x30, 0x0B, 6, 3, 0x55, 0x1D, 0x0E, 1, 1, 1, 4, 1, 0];
        byte[] list = [0x30, (byte)extension.Length, .. extension];
        return [0xA3, (byte)list.Length, .. list];
    });

    /// <summary>A certificate with parts of what is signed exchanged: 0 the version, 1 the serial number, and so on.</summary>
    private static Octets Rewrite(Octets certificate, Func<int, byte[], byte[]> change)
    {
        var outer = new AsnReader(certificate.ToArray(), AsnEncodingRules.DER).ReadSequence();
        var parts = outer.ReadSequence();
        var inside = new List<byte>();
        for (var place = 0; parts.HasData; place++) inside.AddRange(change(place, parts.ReadEncodedValue().ToArray()));
        byte[] rest = [.. outer.ReadEncodedValue().Span, .. outer.ReadEncodedValue().Span];
        return new(Sequence([.. Sequence([.. inside]), .. rest]));
    }

    private static byte[] Sequence(byte[] content) => content.Length < 0x80 ? [0x30, (byte)content.Length, .. content]
        : content.Length < 0x100 ? [0x30, 0x81, (byte)content.Length, .. content] : [0x30, 0x82, (byte)(content.Length >> 8), (byte)(content.Length & 0xFF), .. content];
}
