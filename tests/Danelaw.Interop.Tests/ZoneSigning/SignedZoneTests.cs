using System.Globalization;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.ZoneSigning;

/// <summary>Zones that we signed, judged by the checkers of three other projects.</summary>
[Peer("ldns"), Peer("bind"), Peer("knot")]
public sealed class SignedZoneTests
{
    // Cuts signed and unsigned, glue at and below them, empty names, wildcards, DNAME, mixed case, an unknown type, owners of odd octets.
    private const string Zone = """
        $ORIGIN Example.LAB.
        $TTL 3600
        @             SOA    ns hostmaster 1 7200 900 1209600 300
        @             NS     ns
        @             MX     10 MX.Example.lab.
        @             TXT    "v=spf1 -all" "second"
        ns            A      127.0.0.1
        mx            A      127.0.0.2
        mx            A      127.0.0.1
        mx            AAAA   2001:db8::25
        _25._tcp.mx   TLSA   3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
        unsigned      NS     ns.unsigned
        unsigned      A      127.0.0.3
        ns.unsigned   A      127.0.0.3
        a.b.unsigned  A      127.0.0.4
        signed        NS     ns.signed
        signed        DS     12345 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
        ns.signed     A      127.0.0.5
        x.y.deep      NS     ns.elsewhere.lab.
        *.wild        TXT    "any"
        a.b.c.d       A      127.0.0.9
        old           DNAME  new.lab.
        www           CNAME  Mx
        _sip._tcp     SRV    0 0 5060 MX
        odd\000\255   TXT    "\200"
        private       TYPE65280 \# 3 010203
        """;

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

    public static TheoryData<SecurityAlgorithm, string, bool> Cases()
    {
        var cases = new TheoryData<SecurityAlgorithm, string, bool>();
        SecurityAlgorithm[] algorithms = [SecurityAlgorithm.RsaSha256, SecurityAlgorithm.RsaSha512, SecurityAlgorithm.EcdsaP256Sha256, SecurityAlgorithm.EcdsaP384Sha384, SecurityAlgorithm.Ed25519, SecurityAlgorithm.Ed448];
        foreach (var algorithm in algorithms)
            foreach (var denial in (string[])["NSEC", "NSEC3", "NSEC3 with salt", "opt-out"])
                foreach (var isSplit in (bool[])[true, false])
                    cases.Add(algorithm, denial, isSplit);
        return cases;
    }

    [Theory, MemberData(nameof(Cases)), Rfc(4035, "2"), Rfc(5155, "7.1")]
    public async Task Three_checkers_accept_a_zone_that_we_signed(SecurityAlgorithm algorithm, string denial, bool isSplit)
    {
        using var folder = new TestFolder("signed");
        SigningKey[] keys = isSplit
            ? [SigningKey.Generate(algorithm, DnskeyFlags.KeySigning, 1024), SigningKey.Generate(algorithm, DnskeyFlags.Zone, 1024)]
            : [SigningKey.Generate(algorithm, DnskeyFlags.KeySigning, 1024)];
        var file = Write(folder, keys, Denial(denial));

        await AcceptAsync("ldns-verify-zone", file);
        await AcceptAsync("dnssec-verify", [.. isSplit ? (string[])[] : ["-z"], "-o", "example.lab", file]);
        await AcceptAsync("kzonecheck", "-o", "example.lab.", file);
    }

    [Fact, Rfc(4035, "2.2")]
    public async Task Three_checkers_accept_a_zone_signed_by_two_algorithms()
    {
        using var folder = new TestFolder("signed");
        var file = Write(folder, [SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256, DnskeyFlags.KeySigning), SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256), SigningKey.Generate(SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning), SigningKey.Generate(SecurityAlgorithm.Ed25519)], null);

        await AcceptAsync("ldns-verify-zone", file);
        await AcceptAsync("dnssec-verify", "-o", "example.lab", file);
        await AcceptAsync("kzonecheck", "-o", "example.lab.", file);
    }

    [Theory]
    [InlineData("RSASHA256")]
    [InlineData("RSASHA512")]
    [InlineData("ECDSAP256SHA256")]
    [InlineData("ECDSAP384SHA384")]
    [InlineData("ED25519")]
    [InlineData("ED448")]
    public async Task A_key_file_of_BIND_gives_the_DNSKEY_and_the_DS_records_that_BIND_gives(string algorithm)
    {
        using var folder = new TestFolder("keys");
        var size = algorithm.StartsWith("RSA", StringComparison.Ordinal) ? (string[])["-b", "2048"] : [];
        var made = await RunAsync("dnssec-keygen", ["-q", "-K", folder.Root, "-f", "KSK", "-a", algorithm, .. size, "example.lab"]);
        var stem = Path.Combine(folder.Root, made.Output.Trim());

        Assert.True(PrivateKeyFile.TryRead(await File.ReadAllTextAsync(stem + ".private", Cancelled), DnskeyFlags.KeySigning, out var key, out var fault), fault);

        var dnskey = Records(await File.ReadAllTextAsync(stem + ".key", Cancelled)).Single();
        Assert.Equal(dnskey.Data, key.ToDnskey());
        Assert.EndsWith(key.KeyTag.ToString("D5", CultureInfo.InvariantCulture), stem, StringComparison.Ordinal);
        foreach (var (name, digest) in new[] { ("SHA-1", DigestAlgorithm.Sha1), ("SHA-256", DigestAlgorithm.Sha256), ("SHA-384", DigestAlgorithm.Sha384) })
        {
            var ds = Records((await RunAsync("dnssec-dsfromkey", ["-a", name, stem + ".key"])).Output).Single();
            Assert.Equal(ds.Data, key.ToDs(DomainName.Parse("example.lab."), digest));
        }
    }

    [Theory]
    [InlineData(SecurityAlgorithm.RsaSha256)]
    [InlineData(SecurityAlgorithm.RsaSha512)]
    [InlineData(SecurityAlgorithm.EcdsaP256Sha256)]
    [InlineData(SecurityAlgorithm.EcdsaP384Sha384)]
    [InlineData(SecurityAlgorithm.Ed25519)]
    [InlineData(SecurityAlgorithm.Ed448)]
    public async Task BIND_signs_a_zone_with_a_key_file_that_we_wrote(SecurityAlgorithm algorithm)
    {
        using var folder = new TestFolder("keys");
        var key = SigningKey.Generate(algorithm, DnskeyFlags.KeySigning);
        var stem = folder[string.Create(CultureInfo.InvariantCulture, $"Kexample.lab.+{(byte)algorithm:D3}+{key.KeyTag:D5}")];
        var dnskey = ZoneWriter.ToLine(new ResourceRecord(DomainName.Parse("example.lab."), RecordType.DNSKEY, RecordClass.IN, 3600, key.ToDnskey())) + "\n";
        await File.WriteAllTextAsync(stem + ".private", PrivateKeyFile.Write(key), Cancelled);
        await File.WriteAllTextAsync(stem + ".key", dnskey, Cancelled);
        var zone = folder.Write("example.lab", Zone + "\n" + dnskey);

        await RunAsync("dnssec-signzone", ["-z", "-o", "example.lab", "-f", zone + ".signed", zone, stem]);

        await AcceptAsync("dnssec-verify", "-z", "-o", "example.lab", zone + ".signed");
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static Nsec3Options? Denial(string denial) => denial switch
    {
        "NSEC" => null,
        "NSEC3" => new Nsec3Options(),
        "NSEC3 with salt" => new Nsec3Options { Iterations = 7, Salt = Octets.Copy([0xAA, 0xBB, 0xCC]) },
        _ => new Nsec3Options { OptOut = true },
    };

    private static string Write(TestFolder folder, SigningKey[] keys, Nsec3Options? nsec3)
    {
        var options = new ZoneSigningOptions { Validity = new SignatureValidity(Now.AddHours(-1), Now.AddDays(14)), Nsec3 = nsec3 };
        var apex = DomainName.Parse("example.lab.");
        var zone = Records(Zone)
            .Append(new ResourceRecord(apex, RecordType.CDS, RecordClass.IN, 3600, keys[0].ToDs(apex)))
            .Append(new ResourceRecord(apex, RecordType.CDNSKEY, RecordClass.IN, 3600, keys[0].ToDnskey()));
        return folder.Write("signed.zone", string.Join('\n', ZoneSigner.Sign(zone, keys, options).Select(ZoneWriter.ToLine)) + "\n");
    }

    private static List<ResourceRecord> Records(string text)
    {
        using var reader = new ZoneReader(new StringReader(text), new ZoneReaderOptions { DefaultTtl = 3600 });
        var records = new List<ResourceRecord>();
        while (true)
        {
            var isRead = reader.TryRead(out var record, out var fault);
            Assert.True(fault is null, fault?.ToString());
            if (!isRead) break;
            records.Add(record);
        }

        return records;
    }

    private static async Task AcceptAsync(string program, params string[] arguments) => await RunAsync(program, arguments);

    private static async Task<ProgramResult> RunAsync(string program, string[] arguments)
    {
        var result = await PeerProcess.RunAsync(Peer.Require(program), arguments, cancellationToken: Cancelled);
        Assert.True(result.ExitCode == 0, $"{program}: {result.Everything}");
        return result;
    }
}
