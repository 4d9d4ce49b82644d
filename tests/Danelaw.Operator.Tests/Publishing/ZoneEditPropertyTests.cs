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
            var file = new RandomZoneFile(random).Write(_folder.Root);
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
}
