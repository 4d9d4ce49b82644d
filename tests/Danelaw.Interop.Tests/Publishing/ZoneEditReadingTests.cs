using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Tests.Publishing;
using Danelaw.Testing.Peers;
using Danelaw.Tlsa;

namespace Danelaw.Interop.Tests.Publishing;

/// <summary>Random zone files before and after an edit, read by BIND: it knows nothing of how we read and write them.</summary>
[Peer("bind")]
public sealed class ZoneEditReadingTests(ITestOutputHelper output) : IDisposable
{
    private const string Zone = "example.org.";
    private const string Owner = "_25._tcp.mx.example.org.";

    /// <summary>One shell for all of them.</summary>
    private const string ReadAll = """for zone in "$1"/*/*; do cd "$zone" && "$2" -q -i none -k ignore -s full -o read example.org zone > fault 2>&1; done; exit 0""";

    private readonly TestFolder _folder = new("zone-edit-bind");

    private static int Zones => LongRun.IsOn ? 3000 : 300;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task BIND_finds_the_RRset_that_was_asked_for_a_later_serial_and_nothing_else_changed()
    {
        var (done, refused, unread) = (new List<(int Seed, PublishRequest Request, PublishOutcome Outcome)>(), 0, 0);
        for (var seed = 0; seed < Zones; seed++)
        {
            var random = new Random(seed);
            var (before, after) = (Directory.CreateDirectory(Place(seed, "before")).FullName, Directory.CreateDirectory(Place(seed, "after")).FullName);
            new RandomZoneFile(random).Write(before);
            foreach (var file in Directory.GetFiles(before)) File.Copy(file, Path.Combine(after, Path.GetFileName(file)));
            var publisher = ZonePublisher.Create(new PublisherSettings.ZoneFile(Path.Combine(after, "zone"), DomainName.Parse(Zone), []), new() { Time = TimeProvider.System });
            var has = await publisher.ReadAsync(DomainName.Parse(Owner), Cancelled);
            var pool = has.Records.Records.Concat("abcdef".Select(letter => TlsaRecord.TryParse($"3 1 1 {new string(letter, 64)}", out var record, out _) ? record : default));
            var request = new PublishRequest(DomainName.Parse(Owner), has.Records, TlsaSet.Of(pool.Where(_ => random.Next(3) == 0)), random.Next(2) == 0 ? 300u : 3600u);
            var result = has.Outcome == PublishOutcome.Done ? await publisher.PublishAsync(request, Cancelled) : new(has.Outcome, has.Detail);
            if (result.Outcome is PublishOutcome.Done or PublishOutcome.Unchanged) done.Add((seed, request, result.Outcome));
            else refused++;
        }

        await PeerProcess.RunAsync(Peer.Require("sh"), ["-c", ReadAll, "sh", _folder.Root, Peer.Require("named-compilezone")], limit: TimeSpan.FromMinutes(10), cancellationToken: Cancelled);
        foreach (var (seed, request, outcome) in done)
        {
            if (Read(seed, "before") is not { } before)
            {
                unread++;
                continue;
            }

            var tale = $"seed {seed}: {outcome}\n{Everything(seed, "before")}\nbecame\n{Everything(seed, "after")}";
            var after = Read(seed, "after");
            Assert.True(after is not null, tale);
            Assert.True(before.Others.SequenceEqual(after.Others), $"{tale}\n{string.Join('\n', before.Others.Except(after.Others))}\nand\n{string.Join('\n', after.Others.Except(before.Others))}");
            Assert.True(request.After.Records.Select(record => $"{Owner} {request.TimeToLive} IN TLSA {record}").Order(StringComparer.Ordinal).SequenceEqual(after.Set), $"{tale}\n{string.Join('\n', after.Set)}");
            Assert.True(outcome == PublishOutcome.Done ? unchecked((int)(after.Serial - before.Serial)) > 0 : after.Serial == before.Serial, tale);
        }

        output.WriteLine($"{done.Count - unread} edits read by BIND before and after, {refused} refused, {unread} of which BIND could not read what was there before");
        Assert.True(done.Count - unread > Zones / 2 && unread * 10 < Zones, $"{done.Count} done, {unread} unread");
    }

    private string Place(int seed, string when) => Path.Combine(_folder.Root, seed.ToString(System.Globalization.CultureInfo.InvariantCulture), when);

    private string Everything(int seed, string when) => string.Join('\n', Directory.GetFiles(Place(seed, when)).Order(StringComparer.Ordinal).Select(file => $";; {Path.GetFileName(file)}\n{File.ReadAllText(file)}"));

    private Reading? Read(int seed, string when)
    {
        var file = Path.Combine(Place(seed, when), "read");
        if (!File.Exists(file)) return null;
        var (set, others, serial, mixed) = (new List<string>(), new List<string>(), 0u, FindMixed(seed));
        foreach (var fields in File.ReadLines(file).Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(fields => fields.Length > 4))
        {
            // Data in hexadecimal come in several words.
            if (fields[3] == "TLSA" && fields[0] == Owner) set.Add($"{string.Join(' ', fields[..7])} {string.Concat(fields[7..]).ToLowerInvariant()}");
            else others.Add(string.Join(' ', fields.Where((_, at) => !(fields[3] == "SOA" && at == 6) && !(at == 1 && mixed.Contains($"{fields[0]} {fields[3]}")))));
            if (fields[3] == "SOA") serial = uint.Parse(fields[6], System.Globalization.CultureInfo.InvariantCulture);
        }

        return new([.. set.Order(StringComparer.Ordinal)], [.. others.Order(StringComparer.Ordinal)], serial);
    }

    /// <summary>RRsets whose records have several TTLs: which of them BIND takes hangs on what stands between.</summary>
    private HashSet<string> FindMixed(int seed)
    {
        Assert.True(ZoneReader.TryOpen(Path.Combine(Place(seed, "before"), "zone"), new() { Origin = DomainName.Parse(Zone) }, out var reader, out _));
        using (reader)
        {
            var records = new List<ResourceRecord>();
            while (reader.TryRead(out var record, out _)) records.Add(record);
            return [.. records.GroupBy(record => $"{record.Owner} {RecordTypes.ToText(record.Type)}").Where(set => set.Select(record => record.TimeToLive).Distinct().Count() > 1).Select(set => set.Key)];
        }
    }

    /// <summary>A zone as BIND has read it.</summary>
    private sealed record Reading(string[] Set, string[] Others, uint Serial);
}
