using System.Net;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;

namespace Danelaw.Dnssec.Tests.Unbound;

/// <summary>The authoritative servers of a scenario, each at its own address. A query that the scenario has no answer for is not answered, but for those that only a minimising resolver sends.</summary>
internal sealed class ScriptedAuthorities(Scenario scenario, bool setsAuthority) : IDnsTransport
{
    internal int Step { get; set; }

    internal List<string> Log { get; } = [];

    public ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
    {
        var entry = Ask(query.Server.EndPoint.Address, query.Question) ?? Minimised(query.Server.EndPoint.Address, query.Question);
        lock (Log) Log.Add($"{query.Server} <- {query.Question}: {(entry is null ? "silence" : $"{entry.Code} {string.Join(' ', entry.Reply)}, {entry.Answer.Count}+{entry.Authority.Count}+{entry.Additional.Count}")}");
        if (entry is null) return ValueTask.FromResult(new Exchange(query, ExchangeOutcome.TimedOut));
        var flags = MessageFlags.Response | (entry.Reply.Contains("AA") || (setsAuthority && IsAnswer(entry)) ? MessageFlags.AuthoritativeAnswer : 0) | (entry.Reply.Contains("RA") ? MessageFlags.RecursionAvailable : 0);
        var message = new DnsMessage
        {
            Flags = flags,
            ResponseCode = entry.Code,
            Questions = [query.Question],
            Answers = [.. entry.Answer.Select(record => Owned(record, entry, query.Question))],
            Authorities = [.. entry.Authority],
            Additionals = [.. entry.Additional],
            Edns = new(1232, 0, true, []),
        };
        return ValueTask.FromResult(new Exchange(query, ExchangeOutcome.Replied, new Octets(message.Write())));
    }

    /// <summary><c>ADJUST copy_query</c>: the name asked for is put in place of the one in the script.</summary>
    private static ResourceRecord Owned(ResourceRecord record, Entry entry, Question asked) =>
        entry.Adjust.Contains("copy_query") && record.Owner == entry.Question.Name ? record with { Owner = asked.Name } : record;

    /// <summary>Most of the scripts leave AA out, which unbound hardly looks at.</summary>
    private static bool IsAnswer(Entry entry) => entry.Answer.Count > 0 || entry.Code == ResponseCode.NameError || entry.Authority.Exists(record => record.Type == RecordType.SOA) || !entry.Authority.Exists(record => record.Type == RecordType.NS);

    private Entry? Ask(IPAddress server, Question question) => Entries(server).FirstOrDefault(entry => entry.Answers(question));

    /// <summary>The scripts were written for a resolver that sends the whole name to each server: for a part of it a server refers as it would for the whole, or has nothing of the type.</summary>
    private Entry? Minimised(IPAddress server, Question question)
    {
        var below = Entries(server).Where(entry => entry.Question.Name.IsBelow(question.Name)).ToList();
        if (below.Count == 0) return null;
        var referral = below.Find(entry => entry.Answer.Count == 0 && entry.Authority.Exists(record => record.Type == RecordType.NS && question.Name.IsAtOrBelow(record.Owner)));
        if (referral is not null) return referral;
        var empty = new Entry { Question = question };
        empty.Reply.UnionWith(["QR", "AA", "NOERROR"]);
        return empty;
    }

    private IEnumerable<Entry> Entries(IPAddress server) =>
        scenario.Ranges.Where(range => Step >= range.From && Step <= range.To && (range.Addresses.Count == 0 || range.Addresses.Contains(server))).SelectMany(range => range.Entries);
}
