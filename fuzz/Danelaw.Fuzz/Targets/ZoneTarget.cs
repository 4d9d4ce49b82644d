using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;

namespace Danelaw.Fuzz.Targets;

/// <summary>
/// Zone files: every record that is read is sound and, written as a line, reads back the same; every fault has its place in the text; reading goes on behind it and ends.
/// Input: one octet of options, then the text in UTF-8.
/// </summary>
internal sealed class ZoneTarget : FuzzTarget
{
    private const int MaximumGenerated = 32;
    private const int RecordsToCheck = 64;
    private const int FaultsToRead = 64;
    private static readonly DomainName Origin = DomainName.Parse("Example.org.");

    private static readonly string[] Words =
    [
        "$ORIGIN ", "$TTL ", "$INCLUDE ", "$GENERATE 0-9/2 ", "${1,2,n}", "\\# 4 ", " IN ", " CH ", "TYPE65280", "CLASS255", "( ", " )\n", "\"", "\\032", " alpn=h2,h3", " ech=AAAA", " ipv4hint=192.0.2.1", " mandatory=alpn,port", " key65000=x", " no-default-alpn", " port=53", " dohpath=/q{?dns}",
    ];

    internal override string Name => "zone";

    internal override int MaximumLength => 4096;

    internal override void Run(byte[] input)
    {
        if (input.Length == 0) return;
        var allowsMalformed = (input[0] & 2) != 0;
        var options = new ZoneReaderOptions
        {
            DefaultTtl = (input[0] & 1) == 0 ? 3600u : null,
            AllowMalformed = allowsMalformed,
            AllowInclude = (input[0] & 8) != 0,
            Origin = (input[0] & 4) == 0 ? Origin : DomainName.Root,
            MaximumGenerated = MaximumGenerated,
        };
        var text = Encoding.UTF8.GetString(input, 1, input.Length - 1);
        using var reader = new ZoneReader(new StringReader(text), options);
        var (records, faults) = (0, 0);
        while (faults < FaultsToRead && records < RecordsToCheck)
        {
            if (reader.TryRead(out var record, out var fault))
            {
                records++;
                Check(record, allowsMalformed);
            }
            else if (fault is null)
            {
                return;
            }
            else
            {
                faults++;
                FuzzFinding.Unless(fault.Text.Length > 0 && fault.Line >= 1 && fault.Column >= 1, $"a fault has its place: {fault}");
                FuzzFinding.Unless(fault.Line <= text.Length + 1 && fault.Column <= text.Length + 1, $"the place is one of the text: {fault}");
            }
        }
    }

    internal override IEnumerable<byte[]> Tokens =>
    [
        .. Enumerable.Range(1, 270).Concat([32768, 32769]).Select(number => RecordTypes.ToText((RecordType)number)).Where(text => !text.StartsWith("TYPE", StringComparison.Ordinal)).Select(text => Encoding.ASCII.GetBytes($" {text} ")),
        .. Words.Select(Encoding.ASCII.GetBytes),
    ];

    internal override IEnumerable<(string Name, byte[] Octets)> Seeds(string corpora)
    {
        var rows = File.ReadLines(Path.Combine(corpora, "rdata", "named-rrchecker.tsv")).Select(line => line.Split('\t')).Where(row => row.Length == 3).ToList();
        for (var i = 0; i < rows.Count; i += 3)
            yield return ($"types-{i:d3}", [0, .. Encoding.UTF8.GetBytes(string.Concat(rows.Skip(i).Take(3).Select(row => $"a {row[0]} {row[1]}\n")))]);
        for (var i = 0; i < rows.Count; i += 8)
            yield return ($"generic-{i:d3}", [2, .. Encoding.UTF8.GetBytes(string.Concat(rows.Skip(i).Take(4).Select(row => $"a {row[0]} \\# {row[2].Length / 2} {row[2]}\n")))]);
        foreach (var (name, text) in Texts) yield return (name, [1, .. Encoding.UTF8.GetBytes(text)]);

        // Entries of signed zones as unbound's replays show them.
        var count = 0;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(corpora, "unbound"), "val_nsec3*.rpl").Order(StringComparer.Ordinal).Take(8))
        {
            var lines = File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Contains("\tIN\t", StringComparison.Ordinal) && line.Length < 500).Take(10);
            yield return ($"signed-{count++:d3}", [0, .. Encoding.UTF8.GetBytes(string.Join('\n', lines))]);
        }
    }

    private static readonly (string Name, string Text)[] Texts =
    [
        ("directives", "$ORIGIN sub.example.\n$TTL 1h30m\n@ SOA ns host ( 1 2h ; comment\n 3m 1w 5 )\n  NS ns\nns 300 IN A 192.0.2.1\n IN 600 A 192.0.2.2\n"),
        ("generate", "$TTL 1d\n$GENERATE 1-10/3 h${0,3,x} 60 IN A 192.0.2.$\n$GENERATE 0-2 ${1,5,n}.ip6 PTR a$$${-0,2,o}\n"),
        ("quotes", "$TTL 1\na TXT \"one \\\"two\\\" \\255\" three\\032four ( \"five\"\n;six\n)\n\"b\" TXT é\n"),
        ("faults", "a 1 A 1.2.3\nb 1 MX 1\n$TTL x\n$FOO\n$INCLUDE f\nc 1 TXT \"open\nd 1 A 192.0.2.1 )\ne 99999999999 A 192.0.2.1\n"),
        ("signed", "$TTL 3600\na RRSIG A 13 2 3600 20300101000000 20200101000000 12345 example. AAAA\na NSEC b A RRSIG NSEC TYPE1234\n0p9mhaveqvm6t7vbl5lop2u3t2rp3tom NSEC3 1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY\na DS 1 13 2 ( aa bb )\na TYPE65280 \\# 2 abcd\n"),
        ("classes", "$TTL 5\na CH TXT x\nb HS TXT y\nc CLASS32 TYPE1 \\# 4 0a000001\n"),
    ];

    private static void Check(in ResourceRecord record, bool allowsMalformed)
    {
        FuzzFinding.Unless(record.TimeToLive <= int.MaxValue, "a TTL has 31 bits (RFC 2181 §8)");
        FuzzFinding.Unless(record.Data.Length <= ushort.MaxValue, "RDATA has at most 65535 octets");
        FuzzFinding.Unless(allowsMalformed || RecordData.IsWellFormed(record.Type, record.Data.Span), "a record has the fields of its type");

        var line = ZoneWriter.ToLine(record);
        FuzzFinding.Unless(line.All(character => character is >= ' ' and <= '~'), "a line is printable ASCII");
        using var reader = new ZoneReader(new StringReader(line), new() { AllowMalformed = allowsMalformed });
        var isRead = reader.TryRead(out var again, out var fault);
        FuzzFinding.Unless(isRead && again == record && again.Owner.EqualsExactly(record.Owner), $"a line reads back to the same record: {line}: {fault}");
        FuzzFinding.Unless(!reader.TryRead(out _, out fault) && fault is null, $"a line is one record: {line}: {fault}");
    }
}
