using System.Globalization;
using Danelaw.Dns.Names;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Checking;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.ZoneSigning;

/// <summary>What the tests of signed zone files share: a rich zone, and the programs around it.</summary>
internal static class SigningTools
{
    // Cuts signed and unsigned, glue, empty names (also above unsigned delegations alone), wildcards, DNAME, mixed case, unknown types, odd octets, long names, duplicates.
    internal const string Zone = """
        $ORIGIN Example.LAB.
        $TTL 3600
        @             SOA    ns hostmaster 7 7200 900 1209600 300
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
        z.y.deep      NS     ns.elsewhere.lab.
        *.wild        TXT    "any"
        a.b.c.d       A      127.0.0.9
        old           DNAME  new.lab.
        www           CNAME  Mx
        _sip._tcp     SRV    0 0 5060 MX
        odd\000\255   TXT    "\200"
        private       TYPE65280 \# 3 010203
        aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.ddddddddddddddddddddddddddddddddddddddddddddddd A 127.0.0.10
        $GENERATE 1-5 host$ A 127.0.1.$
        """;

    internal static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

    internal static readonly DomainName Apex = DomainName.Parse("example.lab.");

    internal static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    internal static ZoneSigningOptions Options(string denial = "NSEC") => new()
    {
        Validity = new SignatureValidity(Now.AddHours(-1), Now.AddDays(14)),
        Now = Now,
        Nsec3 = denial switch
        {
            "NSEC" => null,
            "NSEC3" => new Nsec3Options(),
            "NSEC3 with salt" => new Nsec3Options { Iterations = 7, Salt = Dns.Octets.Copy([0xAA, 0xBB, 0xCC]) },
            _ => new Nsec3Options { OptOut = true },
        },
    };

    /// <summary>Signs text into a file.</summary>
    internal static async Task<ZoneSigningOutcome> SignAsync(string zone, IReadOnlyCollection<SigningKey> keys, ZoneSigningOptions options, string file)
    {
        using var reader = new ZoneReader(new StringReader(zone), new ZoneReaderOptions());
        await using var output = File.Create(file);
        return await ZoneSigner.SignAsync(reader, keys, options, output, cancellationToken: Cancelled);
    }

    internal static async Task<ZoneCheckReport> CheckAsync(string file, DateTimeOffset? now = null)
    {
        Assert.True(ZoneReader.TryOpen(file, new ZoneReaderOptions { Origin = Apex, DefaultTtl = 3600 }, out var reader, out var fault), fault?.ToString());
        using (reader) return await ZoneChecker.CheckAsync(reader, new ZoneCheckOptions { Now = now ?? Now }, cancellationToken: Cancelled);
    }

    internal static async Task<ZoneCheckReport> SoundAsync(string file)
    {
        // The peers sign from their own clock on.
        var report = await CheckAsync(file, TimeProvider.System.GetUtcNow().AddSeconds(1));
        Assert.True(report.IsSound, string.Join('\n', report.Findings.Select(finding => $"{finding.Code} {finding.Owner} {finding.Type} {finding.Line}: {finding.Text}").Prepend(report.Syntax?.ToString() ?? "")));
        return report;
    }

    internal static SigningKey[] Keys(SecurityAlgorithm algorithm, bool isSplit) => isSplit
        ? [SigningKey.Generate(algorithm, DnskeyFlags.KeySigning, 1024), SigningKey.Generate(algorithm, DnskeyFlags.Zone, 1024)]
        : [SigningKey.Generate(algorithm, DnskeyFlags.KeySigning, 1024)];

    /// <summary>Writes the pair of files of a key; what both are called but for their endings.</summary>
    internal static string WritePair(TestFolder folder, SigningKey key)
    {
        var stem = folder[PublicKeyFile.NameOf(Apex, key)];
        File.WriteAllText(stem + ".private", PrivateKeyFile.Write(key));
        File.WriteAllText(stem + ".key", PublicKeyFile.Write(Apex, key, 3600));
        return stem;
    }

    internal static async Task<ProgramResult> RunAsync(string program, params string[] arguments)
    {
        var result = await PeerProcess.RunAsync(Peer.Require(program), arguments, cancellationToken: Cancelled);
        Assert.True(result.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {result.Everything}");
        return result;
    }

    internal static async Task<bool> AcceptsAsync(string program, params string[] arguments) =>
        (await PeerProcess.RunAsync(Peer.Require(program), arguments, cancellationToken: Cancelled)).ExitCode == 0;

    internal static string Text(this DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
}
