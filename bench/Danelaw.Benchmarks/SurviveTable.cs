using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Benchmarks;

/// <summary>
/// How much of their speed 48 honest lookups in flight keep while 16 others, all the time, are of hostile zones. Those forget what failed (RFC 9520), or they would be answered
/// from memory and not be in flight at all. Each round begins with an empty cache; the two kinds of round take turns, and the medians count.
/// </summary>
internal static class SurviveTable
{
    private const int Honest = 48;
    private const int Hostile = 16;
    private const int Rounds = 5;

    internal static async Task TakeAsync(string folder)
    {
        var honest = Questions(Path.Combine(folder, "honest"));
        var hostile = Questions(Path.Combine(folder, "hostile"));
        var options = new ResolverOptions { Anchors = Anchors(Path.Combine(folder, "anchors")), Iteration = new() { Hints = Hints(Path.Combine(folder, "hints")) } };
        await RunAsync(options, honest, []);
        var (alone, beset, attacks) = (new List<double>(), new List<double>(), new List<int>());
        for (var round = 0; round < Rounds; round++)
        {
            alone.Add((await RunAsync(options, honest, [])).Seconds);
            var (seconds, done) = await RunAsync(options, honest, hostile);
            beset.Add(seconds);
            attacks.Add(done);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{honest.Count} honest lookups, {Honest} in flight, beside {Hostile} of {hostile.Count} hostile kinds: {Middle(alone) / Middle(beset):F2} of the speed without them ({attacks.Order().ElementAt(Rounds / 2)} hostile lookups ended meanwhile)"));
    }

    private static async Task<(double Seconds, int Attacks)> RunAsync(ResolverOptions options, List<Question> honest, List<Question> hostile)
    {
        await using var transport = new DnsTransport(new() { Tries = 1 }, TimeProvider.System);
        var resolver = new Resolver(transport, options, TimeProvider.System);
        var forgetful = new Resolver(transport, options with { KeepsAnswersOnly = true }, TimeProvider.System);
        using var end = new CancellationTokenSource();
        var attacks = 0;
        var attackers = Enumerable.Range(0, hostile.Count == 0 ? 0 : Hostile).Select(worker => Task.Run(async () =>
        {
            try
            {
                for (var i = worker; ; i += Hostile)
                {
                    var question = hostile[i % hostile.Count];
                    var answer = await forgetful.LookupAsync(question.Name, question.Type, end.Token);
                    if (answer.Security == Security.Insecure) throw new InvalidOperationException($"{question}: insecure");
                    Interlocked.Increment(ref attacks);
                }
            }
            catch (OperationCanceledException)
            {
                // The honest ones are done.
            }
        })).ToList();

        var queue = new ConcurrentQueue<Question>(honest);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Honest).Select(_ => Task.Run(async () =>
        {
            while (queue.TryDequeue(out var question))
            {
                var answer = await resolver.LookupAsync(question.Name, question.Type);
                if (answer.Security != Security.Secure) Console.Error.WriteLine($"{question}: {answer.Security}, {answer.Explanation}");
            }
        })));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await end.CancelAsync();
        await Task.WhenAll(attackers);
        return (seconds, attacks);
    }

    private static List<Question> Questions(string file) =>
    [
        .. File.ReadLines(file).Select(line => line.Split('\t')).Select(words =>
            DomainName.TryParse(words[0], out var name) && RecordTypes.TryParse(words[1], out var type) ? new Question(name, type) : throw new InvalidOperationException(words[0])),
    ];

    private static List<ResourceRecord> Records(string file)
    {
        using var reader = new ZoneReader(new StringReader(File.ReadAllText(file)), new ZoneReaderOptions());
        var records = new List<ResourceRecord>();
        while (reader.TryRead(out var record, out var fault)) records.Add(fault is null ? record : throw new InvalidOperationException(fault.ToString()));
        return records;
    }

    private static TrustAnchors Anchors(string file) => TrustAnchors.TryCreate(Records(file), out var anchors, out var fault) ? anchors : throw new InvalidOperationException($"{fault}");

    private static RootHints Hints(string file) => RootHints.TryCreate(Records(file), out var hints, out var fault) ? hints : throw new InvalidOperationException(fault);

    private static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
