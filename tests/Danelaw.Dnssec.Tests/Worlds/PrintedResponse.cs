using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dnssec.Tests.Worlds;

/// <summary>A response as an RFC prints it (<c>tests/Corpora/rfcNNNN/responses.txt</c>), and what it is.</summary>
internal sealed record PrintedResponse(Question Question, DnsMessage Message, string Expected)
{
    internal static ImmutableArray<PrintedResponse> ReadAll(string corpus) => [.. Read(corpus)];

    /// <summary>Judges a message as the response to a question; what else is asked gets the reply given, or none.</summary>
    internal static async Task<Answer> JudgeAsync(Question question, DnsMessage message, IEnumerable<ResourceRecord> keys, Func<Question, DnsMessage?> others, DateTimeOffset now)
    {
        Assert.True(TrustAnchors.TryCreate(keys, out var anchors, out _));
        var server = new DnsServer(TransportKind.Datagram, new IPEndPoint(IPAddress.Loopback, 53));
        var resolver = new Resolver(new Transport(asked => asked == question ? message : others(asked)), new() { Upstreams = [server], Anchors = anchors }, new FakeTimeProvider(now));
        return await resolver.LookupAsync(question.Name, question.Type, TestContext.Current.CancellationToken);
    }

    private static IEnumerable<PrintedResponse> Read(string corpus)
    {
        foreach (var part in $"\n{File.ReadAllText(Repository.Corpus(corpus, "responses.txt"))}".Split("\n;; ")[1..])
        {
            var lines = part.Split('\n');
            var words = lines.Single(line => line.StartsWith(";? ", StringComparison.Ordinal))[3..].Split(' ');
            Assert.True(RecordTypes.TryParse(words[1], out var type));
            var question = new Question(DomainName.Parse(words[0]), type);
            var sections = part.Split(";answer\n")[1].Split(";authority\n");
            var message = new DnsMessage
            {
                Questions = [question],
                Flags = MessageFlags.Response | MessageFlags.RecursionAvailable,
                ResponseCode = words[2] == "NXDOMAIN" ? ResponseCode.NameError : ResponseCode.NoError,
                Answers = Records(sections[0]),
                Authorities = Records(sections[1]),
            };
            yield return new(question, message, lines.Single(line => line.StartsWith(";= ", StringComparison.Ordinal))[3..]);
        }
    }

    private static ImmutableArray<ResourceRecord> Records(string text)
    {
        var records = ImmutableArray.CreateBuilder<ResourceRecord>();
        using var reader = new ZoneReader(new StringReader(text), new());
        ZoneFault? fault;
        while (reader.TryRead(out var record, out fault)) records.Add(record);
        Assert.Null(fault);
        return records.ToImmutable();
    }

    private sealed class Transport(Func<Question, DnsMessage?> reply) : IDnsTransport
    {
        public ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(reply(query.Question) is { } message ? new Exchange(query, ExchangeOutcome.Replied, new Octets(message.Write())) : new Exchange(query, ExchangeOutcome.Unreachable));
    }
}
