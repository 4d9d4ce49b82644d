using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Zones;

/// <summary>Zone files between us and the tools of BIND, ldns and Knot: they read ours, we read theirs.</summary>
public sealed class ZoneToolTests : IDisposable
{
    private const string Origin = "example.";

    /// <summary>Most of what the syntax has.</summary>
    private const string Syntax = """
        $ORIGIN example.
        $TTL 1h ; the zone's
        @ IN SOA ns host\.master ( 2026010101 ; serial
              2h 3m 1w
              5m )
           NS ns
        @  NS ns2.example.
        ns A 192.0.2.1
           AAAA 2001:db8::1
        ns2 1d2h A 192.0.2.2
        mail IN 300 A 192.0.2.3
        mail 300 IN MX 0 .
        txt TXT a "b c" "" ( "d;e"
               "\"\\\000\255" ) ; comment
        a\.b\032c A 192.0.2.4
        \065.UPPER CNAME \@.x
        *.wild A 192.0.2.5
        $GENERATE 1-3 host-${0,3} A 192.0.2.${10}
        $GENERATE 8-12/2 ${0,3,n}.rev PTR host${0,2,x}.$
        $GENERATE 1-1 m$ MX "10 mail$"
        $ORIGIN sub
        @ NS ns.sub
        ns.sub A 192.0.2.6
        $TTL 60
        _25._tcp TLSA 3 1 1 (
            d2abde240d7cd3ee6b4b28c54df034b9
            7983a1d16e8a410e4561cb106618e971 )
        type TYPE65280 \# 3 abcdef
        https HTTPS 1 . alpn="h2,h3" port=8443 ipv4hint=192.0.2.1
        last CLASS1 A 192.0.2.7
        """;

    private readonly TestFolder _folder = new("zone-tools");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact, Peer("bind")]
    public async Task BIND_makes_the_same_zone_of_a_file_and_of_what_we_make_of_it()
    {
        var theirs = await CompileAsync(_folder.Write("theirs", Syntax));
        var ours = await CompileAsync(Rewrite(_folder["theirs"], "ours"));
        Assert.Equal(theirs, ours);
        Assert.InRange(theirs.Length, 25, 40);
    }

    [Fact, Peer("ldns")]
    public async Task Ldns_reads_what_we_write()
    {
        // ldns 1.8 takes any name that begins with an at sign, escaped or not, for the origin (RFC 1035 §5.1 has a free-standing one), and writes every letter in lower case.
        var ours = Rewrite(_folder.Write("theirs", Syntax.Replace("\\@.x", "x", StringComparison.Ordinal)), "ours");
        var read = await PeerProcess.RunAsync(Peer.Require("ldns-read-zone"), ["-z", ours], cancellationToken: Token);
        Assert.True(read.ExitCode == 0, read.Everything);
        var again = Sorted(Rewrite(_folder.Write("ldns", read.Output), "again"));
        Assert.Equal(Sorted(ours), again);
    }

    [Fact, Peer("knot")]
    public async Task Knot_finds_no_fault_in_what_we_write()
    {
        var ours = Rewrite(_folder.Write("theirs", Syntax), "ours");
        var checkedZone = await PeerProcess.RunAsync(Peer.Require("kzonecheck"), ["-o", Origin, ours], cancellationToken: Token);
        Assert.True(checkedZone.ExitCode == 0, checkedZone.Everything);
    }

    [Theory, Peer("bind")]
    [InlineData("")]
    [InlineData("-3 abcd -H 2 -A")]
    public async Task A_zone_that_BIND_signed_survives_us_and_still_verifies(string options)
    {
        _folder.Write("zone", Syntax.Replace("CLASS1", "IN", StringComparison.Ordinal));
        var keys = new List<string>();
        foreach (var flag in new[] { "-f KSK", "" })
            keys.Add((await RunAsync("dnssec-keygen", $"-K {_folder.Root} -a ECDSAP256SHA256 {flag} {Origin}")).Trim());
        await RunAsync("dnssec-signzone", $"-S -K {_folder.Root} -d {_folder.Root} {options} -o {Origin} -f {_folder["signed"]} {_folder["zone"]}");
        var ours = Rewrite(_folder["signed"], "ours");
        Assert.Contains(File.ReadLines(ours), line => line.Contains(" RRSIG ", StringComparison.Ordinal));
        Assert.Equal(await CompileAsync(_folder["signed"]), await CompileAsync(ours));
        Assert.Contains("Zone fully signed", await RunAsync("dnssec-verify", $"-o {Origin} {ours}"), StringComparison.Ordinal);
        Assert.Equal(2, keys.Count);
    }

    /// <summary>What BIND refuses we refuse, what it takes we take.</summary>
    [Theory, Peer("bind")]
    [InlineData("a A 192.0.2.1", true)]
    [InlineData("a A 192.0.2", false)]
    [InlineData("a A 192.0.2.1 x", false)]
    [InlineData("a A (192.0.2.1", false)]
    [InlineData("a A 192.0.2.1)", false)]
    [InlineData("a TXT \"x", false)]
    [InlineData("a TXT \"x\ny\"", false)]
    [InlineData("a TXT x;y", true)]
    [InlineData("a TXT \\300", false)]
    [InlineData("a TXT \\12", false)]
    [InlineData("a TXT x\"y\"z", true)]
    [InlineData("a..b A 192.0.2.1", false)]
    [InlineData("a 1h30m A 192.0.2.1", true)]
    [InlineData("a 1m1h A 192.0.2.1", true)]
    [InlineData("a 1x A 192.0.2.1", false)]
    [InlineData("a 4294967296 A 192.0.2.1", false)]
    [InlineData("a ANY x", false)]
    [InlineData("a OPT \\# 0", false)]
    [InlineData("a TYPE1 192.0.2.1", true)]
    [InlineData("a TYPE1 \\# 4 c0000201", true)]
    [InlineData("a TYPE1 \\# 3 c00002", false)]
    [InlineData("a TYPE65280 abc", false)]
    [InlineData("a TYPE65280 \\# 2 abc", false)]
    [InlineData("a TLSA 3 1 1 abc", false)]
    [InlineData("a TLSA 3 1 1 ab cd", true)]
    [InlineData("a DS 1 8 2 zz", false)]
    [InlineData("a MX 65536 b", false)]
    [InlineData("a NSEC3PARAM 1 0 0 -", true)]
    [InlineData("a CAA 0 issue", false)]
    [InlineData("a CAA 0 issue \"\"", true)]
    [InlineData("a CAA 256 issue x", false)]
    [InlineData("a SVCB 1 . port=53 port=54", false)]
    [InlineData("a LOC 91 N 0 E 0m", false)]
    [InlineData("a APL 1:192.0.2.0/33", false)]
    [InlineData("a EUI48 00-00-00-00-00", false)]
    [InlineData("$ORIGIN\na A 192.0.2.1", false)]
    [InlineData("$TTL\na A 192.0.2.1", false)]
    [InlineData("$WHAT x\na A 192.0.2.1", false)]
    [InlineData("$GENERATE 2-1 a$ A 192.0.2.$", false)]
    [InlineData("$GENERATE 1-2/0 a$ A 192.0.2.$", false)]
    [InlineData("$GENERATE 1-2 a$ A 192.0.2.300", false)]
    [InlineData("$INCLUDE nothing", false)]
    public async Task We_and_BIND_agree_on_what_is_a_zone_file(string lines, bool isGood)
    {
        var file = _folder.Write("zone", "$TTL 60\n@ SOA ns host 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\n" + lines + "\n");
        var theirs = await PeerProcess.RunAsync(Peer.Require("named-checkzone"), ["-k", "ignore", "-i", "none", Origin, file], folder: _folder.Root, cancellationToken: Token);
        Assert.Equal((isGood, isGood), (theirs.ExitCode == 0, TryRead(file, out _, out _)));
    }

    private static bool TryRead(string file, out List<ResourceRecord> records, out ZoneFault? fault)
    {
        records = [];
        if (!ZoneReader.TryOpen(file, new() { Origin = DomainName.Parse(Origin) }, out var reader, out fault)) return false;
        using var closing = reader;
        while (reader.TryRead(out var record, out fault)) records.Add(record);
        return fault is null;
    }

    private static List<string> Sorted(string file) => [.. File.ReadLines(file).Select(line => line.ToLowerInvariant()).Order(StringComparer.Ordinal)];

    /// <summary>Reads a file and writes its records one a line.</summary>
    private string Rewrite(string file, string to)
    {
        Assert.True(TryRead(file, out var records, out var fault), fault?.ToString());
        using var output = new StreamWriter(_folder[to]);
        var writer = new ZoneWriter(output);
        foreach (var record in records) writer.Write(record);
        return _folder[to];
    }

    /// <summary>The zone as BIND writes it: one record a line, sorted.</summary>
    private async Task<string[]> CompileAsync(string file)
    {
        await RunAsync("named-compilezone", $"-k ignore -i none -s full -o {file}.compiled {Origin} {file}");
        return await File.ReadAllLinesAsync(file + ".compiled", Token);
    }

    private async Task<string> RunAsync(string program, string arguments)
    {
        var result = await PeerProcess.RunAsync(Peer.Require(program), arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), folder: _folder.Root, cancellationToken: Token);
        Assert.True(result.ExitCode == 0, $"{program}: {result.Everything}");
        return result.Output;
    }
}
