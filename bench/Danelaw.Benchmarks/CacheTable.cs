using System.Globalization;
using System.Net;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Benchmarks;

/// <summary>
/// What the cache takes for an answer, and what an answer from it costs. <c>cache-zone FOLDER N</c> makes signed zones of N hosts; <c>cache ADDRESS PORT FOLDER</c> asks the server
/// there for all of them. <c>bench/cache/run</c> does both, and asks unbound the same.
/// </summary>
internal static class CacheTable
{
    private const string Nsec = "nsec.bench.";
    private const string Nsec3 = "nsec3.bench.";
    private const int HitRounds = 3;

    internal static void MakeZones(string folder, int hosts)
    {
        Directory.CreateDirectory(folder);
        var now = TimeProvider.System.GetUtcNow();
        var validity = new SignatureValidity(now.AddDays(-1), now.AddDays(20));
        using var anchors = new StreamWriter(Path.Combine(folder, "anchors"));
        foreach (var (apex, nsec3) in ((string, Nsec3Options?)[])[(Nsec, null), (Nsec3, new Nsec3Options())])
        {
            var zone = DomainName.Parse(apex);
            var key = SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256);
            anchors.WriteLine(ZoneWriter.ToLine(new ResourceRecord(zone, RecordType.DNSKEY, RecordClass.IN, 3600, key.ToDnskey())));
            var records = new List<ResourceRecord>
            {
                new(zone, RecordType.SOA, RecordClass.IN, 3600, new SoaData(zone.Prepend("ns"), zone.Prepend("hostmaster"), 1, 7200, 900, 1209600, 3600).ToOctets()),
                new(zone, RecordType.NS, RecordClass.IN, 3600, new NameData(zone.Prepend("ns")).ToOctets()),
                new(zone.Prepend("ns"), RecordType.A, RecordClass.IN, 3600, new Octets(new byte[] { 127, 0, 0, 1 })),
            };
            for (var i = 0; i < hosts; i++)
            {
                var host = Host(apex, i);
                var data = new byte[35];
                (data[0], data[1], data[2]) = (3, 1, 1);
                BitConverter.TryWriteBytes(data.AsSpan(3), i);
                records.Add(new(host, RecordType.A, RecordClass.IN, 3600, new Octets(new byte[] { 127, 0, (byte)(i >> 8 & 0xFF), (byte)(i & 0xFF) })));
                records.Add(new(Service(apex, i), RecordType.TLSA, RecordClass.IN, 3600, new Octets(data)));
            }

            using var file = new StreamWriter(Path.Combine(folder, $"{apex}zone"));
            foreach (var record in ZoneSigner.Sign(records, [key], new() { Validity = validity, Nsec3 = nsec3 })) file.WriteLine(ZoneWriter.ToLine(record));
        }

        using var positive = new StreamWriter(Path.Combine(folder, "positive"));
        for (var i = 0; i < hosts; i++) positive.WriteLine($"{Service(Nsec, i)} TLSA");
        using var negative = new StreamWriter(Path.Combine(folder, "negative"));
        for (var i = 0; i < hosts; i++) negative.WriteLine($"x{i}.{Host(Nsec3, i)} A");
    }

    internal static async Task TakeAsync(string address, int port, string folder)
    {
        if (!TrustAnchors.TryCreate(Anchors(Path.Combine(folder, "anchors")), out var anchors, out var fault)) throw new InvalidOperationException(fault.ToString());
        await using var transport = new DnsTransport(new DnsTransportOptions(), TimeProvider.System);
        var options = new ResolverOptions { Upstreams = [new DnsServer(TransportKind.Datagram, new IPEndPoint(IPAddress.Parse(address), port))], Anchors = anchors, CacheBytes = 1L << 31 };
        Console.WriteLine("| answers | octets of heap an answer | us of CPU an answer, cold | us of CPU a hit | the same with 256 in flight |\n|---|---|---|---|---|");
        foreach (var list in (string[])["positive", "negative"])
        {
            var questions = File.ReadLines(Path.Combine(folder, list)).Select(line => line.Split(' ')).Select(words => (Name: DomainName.Parse(words[0]), Type: words[1] == "A" ? RecordType.A : RecordType.TLSA)).ToArray();
            var resolver = new Resolver(transport, options, TimeProvider.System);
            foreach (var (name, type) in questions.Take(100)) await AskAsync(resolver, name, type);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var cold = Cpu(async () =>
            {
                foreach (var (name, type) in questions.Skip(100)) await AskAsync(resolver, name, type);
            });
            var coldTime = await cold / (questions.Length - 100);
            var held = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)(questions.Length - 100);
            for (var i = 0; i < 2; i++)
                foreach (var (name, type) in questions) await AskAsync(resolver, name, type);
            var hits = new List<double>();
            var crowded = new List<double>();
            for (var round = 0; round < HitRounds; round++)
            {
                hits.Add(await Cpu(async () =>
                {
                    foreach (var (name, type) in questions) await AskAsync(resolver, name, type);
                }));
                crowded.Add(await Cpu(async () =>
                {
                    await Parallel.ForAsync(0, 256, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (lane, _) =>
                    {
                        for (var i = lane; i < questions.Length; i += 256) await AskAsync(resolver, questions[i].Name, questions[i].Type);
                    });
                }));
            }

            hits.Sort();
            crowded.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {list} | {held:F0} | {coldTime * 1e6:F0} | {hits[HitRounds / 2] / questions.Length * 1e6:F1} | {crowded[HitRounds / 2] / questions.Length * 1e6:F1} |"));
        }
    }

    private static async ValueTask AskAsync(Resolver resolver, DomainName name, RecordType type)
    {
        var answer = await resolver.LookupAsync(name, type);
        if (answer.Security != Security.Secure) throw new InvalidOperationException($"{name}: {answer.Explanation}");
    }

    private static async Task<double> Cpu(Func<Task> work)
    {
        var started = Environment.CpuUsage.TotalTime;
        await work();
        return (Environment.CpuUsage.TotalTime - started).TotalSeconds;
    }

    private static IEnumerable<ResourceRecord> Anchors(string file)
    {
        foreach (var line in File.ReadLines(file))
        {
            var words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            yield return new(DomainName.Parse(words[0]), RecordType.DNSKEY, RecordClass.IN, 3600, new DnskeyData(ushort.Parse(words[4], CultureInfo.InvariantCulture), 3, 13, new Octets(Convert.FromBase64String(string.Concat(words[7..])))).ToOctets());
        }
    }

    private static DomainName Host(string apex, int i) => DomainName.Parse($"h{i}.{apex}");

    private static DomainName Service(string apex, int i) => DomainName.Parse($"_25._tcp.h{i}.{apex}");
}
