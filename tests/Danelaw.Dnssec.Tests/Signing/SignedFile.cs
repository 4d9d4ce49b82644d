using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Checking;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Dnssec.Tests.Signing;

/// <summary>A small zone, signed as a file; tests alter its text.</summary>
internal static class SignedFile
{
    internal const string Zone = """
        $ORIGIN example.lab.
        $TTL 3600
        @            SOA ns hostmaster 1 7200 900 1209600 300
        @            NS  ns
        ns           A   127.0.0.1
        www          A   127.0.0.4
        www          TXT "x"
        *.wild       TXT "any"
        a.b.c        A   127.0.0.3
        cut          NS  ns.cut
        ns.cut       A   127.0.0.2
        z.empty      NS  ns.elsewhere.lab.
        safe         NS  ns
        safe         DS  1 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
        old          DNAME new.lab.
        """;

    internal static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(56);
    internal static readonly DomainName Apex = DomainName.Parse("example.lab.");
    internal static readonly SigningKey KeySigning = SigningKey.Generate(SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning);
    internal static readonly SigningKey ZoneSigning = SigningKey.Generate(SecurityAlgorithm.Ed25519);

    internal static ZoneSigningOptions Options { get; } = new() { Validity = new(Now.AddHours(-1), Now.AddDays(14)), Now = Now };

    internal static async Task<(ZoneSigningOutcome Outcome, string Text)> SignAsync(string zone, ZoneSigningOptions? options = null, params SigningKey[] keys)
    {
        using var reader = new ZoneReader(new StringReader(zone), new ZoneReaderOptions());
        using var output = new MemoryStream();
        var outcome = await ZoneSigner.SignAsync(reader, keys.Length > 0 ? keys : [KeySigning, ZoneSigning], options ?? Options, output, cancellationToken: TestContext.Current.CancellationToken);
        return (outcome, Encoding.ASCII.GetString(output.ToArray()));
    }

    internal static async Task<ZoneCheckReport> CheckAsync(string text, ZoneCheckOptions? options = null)
    {
        using var reader = new ZoneReader(new StringReader(text), new ZoneReaderOptions());
        return await ZoneChecker.CheckAsync(reader, options ?? new ZoneCheckOptions { Now = Now }, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Whether a line is the record, or the signature over records, of a type at a name.</summary>
    internal static bool Is(string line, string owner, string type, string? covered = null) =>
        line.StartsWith(owner + " ", StringComparison.Ordinal) && line.Contains($" IN {type} {covered}", StringComparison.Ordinal);

    internal static string Without(string text, Func<string, bool> line) => string.Join('\n', text.Split('\n').Where(one => !line(one)));

    /// <summary>The records of a type, signed once more after a change, with their place in the text kept.</summary>
    internal static IEnumerable<string> Lines(string text, string type) => text.Split('\n').Where(line => line.Contains($" IN {type} ", StringComparison.Ordinal));

    internal static List<RrsigData> Signatures(string text)
    {
        using var reader = new ZoneReader(new StringReader(text), new ZoneReaderOptions());
        var found = new List<RrsigData>();
        while (reader.TryRead(out var record, out _))
            if (record.Type == RecordType.RRSIG && RrsigData.TryRead(record.Data, out var data)) found.Add(data);
        return found;
    }
}
