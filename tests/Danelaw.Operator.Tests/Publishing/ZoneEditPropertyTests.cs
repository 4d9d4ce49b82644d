using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Testing.Peers;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Tests.Publishing;

/// <summary>Random zone files, edited at random: the RRset becomes what was asked for, and every other record stays; or the edit is refused, and the file stays.</summary>
public sealed class ZoneEditPropertyTests(ITestOutputHelper output) : IDisposable
{
    private static readonly DomainName Zone = DomainName.Parse("example.org.");
    private static readonly DomainName Owner = DomainName.Parse("_25._tcp.mx.example.org.");

    private readonly TestFolder _folder = new("zone-edit-random");

    private static int Zones => Environment.GetEnvironmentVariable("DANELAW_TEST_LONG") == "1" ? 20_000 : 250;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_other_record_stays_what_it_was()
    {
        var (done, refused, faulty) = (0, 0, 0);
        for (var seed = 0; seed < Zones; seed++)
        {
            var random = new Random(seed);
            var file = new RandomZoneFile(random).Write(_folder);
            if (Read(file) is not { } before)
            {
                faulty++;
                continue;
            }

            for (var turn = 0; turn < 3; turn++)
            {
                var texts = Texts();
                var has = Set(before.Set);
                var pool = before.Set.Select(record => ZoneOf(record)).Concat("abcdef".Select(Record)).ToArray();
                var after = TlsaSet.Of(pool.Where(_ => random.Next(3) == 0));
                var ttl = random.Next(2) == 0 ? 300u : 3600u;
                var result = await ZonePublisher.Create(new PublisherSettings.ZoneFile(file, Zone, []), new() { Time = TimeProvider.System }).PublishAsync(new(Owner, has, after, ttl), TestContext.Current.CancellationToken);
                var tale = $"seed {seed}, turn {turn}: {result.Outcome}: {result.Detail}\nbefore:\n{texts[0]}\nafter:\n{Texts()[0]}";
                if (result.Outcome is PublishOutcome.Refused)
                {
                    refused++;
                    if (Environment.GetEnvironmentVariable("DANELAW_TEST_LONG") != "1" && refused <= 5) output.WriteLine(tale);
                    Assert.True(texts.SequenceEqual(Texts()), tale);
                    break;
                }

                Assert.True(result.Outcome is PublishOutcome.Done or PublishOutcome.Unchanged, tale);
                done++;
                var read = Read(file);
                Assert.True(read is not null, tale);
                Assert.True(before.Others.SequenceEqual(read.Value.Others), tale);
                Assert.True(after.Equals(Set(read.Value.Set)) && read.Value.Set.All(record => record.TimeToLive == ttl), tale);
                before = read.Value;
            }
        }

        output.WriteLine($"{done} edits made, {refused} refused, {faulty} files that are no zones");
        Assert.True(done > refused * 8, $"{done} made, {refused} refused");
    }

    private string[] Texts() => [.. Directory.GetFiles(_folder.Root).Order(StringComparer.Ordinal).Reverse().Select(file => File.ReadAllText(file, Encoding.Latin1))];

    private static TlsaRecord Record(char letter) => TlsaRecord.TryParse($"3 1 1 {new string(letter, 64)}", out var record, out _) ? record : default;

    private static TlsaRecord ZoneOf(ResourceRecord record) => TlsaRecord.TryFromRecordData(record.Data, out var tlsa) ? tlsa : default;

    private static TlsaSet Set(IEnumerable<ResourceRecord> records) => TlsaSet.Of(records.Select(ZoneOf));

    /// <summary>The records of a zone; null where the text is none.</summary>
    private static (List<ResourceRecord> Set, List<ResourceRecord> Others)? Read(string file)
    {
        Assert.True(ZoneReader.TryOpen(file, new() { Origin = Zone }, out var reader, out _));
        using (reader)
        {
            var (set, others) = (new List<ResourceRecord>(), new List<ResourceRecord>());
            ZoneFault? fault;
            while (reader.TryRead(out var record, out fault))
            {
                if (record.Type == RecordType.SOA && SoaData.TryRead(record.Data, out var soa)) others.Add(record with { Data = (soa with { Serial = 0 }).ToOctets() });
                else (record.Type == RecordType.TLSA && record.Owner == Owner ? set : others).Add(record);
            }

            return fault is null ? (set, others) : null;
        }
    }

    /// <summary>Writes zones as people do, and worse.</summary>
    private sealed class RandomZoneFile(Random random)
    {
        private string _origin = "example.org.";
        private int _count;

        public string Write(TestFolder folder)
        {
            foreach (var old in Directory.GetFiles(folder.Root)) File.Delete(old);
            var text = new StringBuilder();
            if (random.Next(8) > 0) text.Append("$TTL 3600\n");
            text.Append(random.Next(2) == 0 ? "@ IN SOA ns1 hostmaster ( 2026112501 ; serial\n  7200 900 1209600 300 )\n" : "@ 3600 SOA ns1 hostmaster 7 7200 900 1209600 300\n").Append("  NS ns1\n");
            for (var left = random.Next(2, 14); left > 0; left--) text.Append(Entry(isIncluded: false));
            var whole = text.ToString();
            if (random.Next(5) == 0) whole = whole.TrimEnd('\n');
            var ends = random.Next(4) == 0 ? "\r\n" : "\n";
            if (whole.Contains("$INCLUDE", StringComparison.Ordinal))
            {
                _origin = "mx.example.org.";
                File.WriteAllText(folder["a.inc"], string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => Entry(isIncluded: true))), Encoding.Latin1);
            }

            File.WriteAllText(folder["zone"], whole.Replace("\n", ends, StringComparison.Ordinal), Encoding.Latin1);
            return folder["zone"];
        }

        private string Entry(bool isIncluded) => random.Next(isIncluded ? 20 : 24) switch
        {
            < 9 => Head(isMail: true) + Tlsa(),
            < 12 => Head(isMail: false) + $"A 192.0.2.{++_count}\n",
            < 15 => Head(random.Next(2) == 0) + $"TXT \"; no comment ( {++_count}\" ; one\n",
            < 16 => Head(isMail: false) + $"TXT ( \"one {++_count}\" ; first )\n   \"two\" )\n",
            < 17 => "; a comment (\n",
            < 18 => "\n",
            < 19 => Origin(),
            < 20 => "$TTL 600\n",
            < 21 => "\t \n",
            < 22 => isIncluded || _count > 40 ? "\n" : Include(),
            < 23 => $"$GENERATE 1-2 host{++_count}-$ A 192.0.2.$\n",
            _ => "mx 300 A 192.0.2.25\n",
        };

        private string Include()
        {
            _count += 41;
            return "$INCLUDE a.inc mx.example.org. ; the mail server\n";
        }

        private string Origin()
        {
            _origin = _origin == "example.org." ? "mx.example.org." : "example.org.";
            return $"$ORIGIN {_origin}\n";
        }

        /// <summary>Owner, TTL and class, each of which may be left out.</summary>
        private string Head(bool isMail)
        {
            var owner = random.Next(3) == 0 ? new string(' ', random.Next(1, 20))
                : !isMail ? random.Next(2) == 0 ? "www" : "www.example.org."
                : random.Next(4) == 0 ? Owner.ToString() : _origin == "example.org." ? "_25._tcp.mx" : "_25._tcp";
            return $"{owner}{(random.Next(3) == 0 ? "\t" : " ")}{(random.Next(3) == 0 ? "300 " : "")}{(random.Next(3) == 0 ? "IN " : "")}";
        }

        private string Tlsa()
        {
            var hex = new string("abcdef"[random.Next(6)], 64);
            return random.Next(5) switch
            {
                0 => $"TLSA ( 3 1 1 ; the key\n  {hex[..30]}\n  {hex[30..]} ) ; end\n",
                1 => $"TYPE52 \\# 35 030101{hex}\n",
                2 => $"TLSA 3 1 1 {hex[..20]} {hex[20..]} ; by hand\n",
                _ => $"TLSA 3 1 1 {hex}\n",
            };
        }
    }
}
