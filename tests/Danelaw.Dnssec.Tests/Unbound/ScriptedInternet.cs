using System.Net;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;

namespace Danelaw.Dnssec.Tests.Unbound;

/// <summary>A recursive resolver that believes everything, in front of the servers of a scenario: it follows referrals and aliases as unbound's iterator does.</summary>
internal sealed class ScriptedInternet(Scenario scenario) : IDnsTransport
{
    private static readonly DnsMessage Template = new() { Flags = MessageFlags.Response | MessageFlags.RecursionDesired | MessageFlags.RecursionAvailable, Edns = new(1232, 0, true, []) };

    private readonly Dictionary<DomainName, List<IPAddress>> _delegations = [];

    private readonly Dictionary<DomainName, Entry> _referrals = [];

    internal int Step { get; set; }

    internal List<string> Log { get; } = [];

    public ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
    {
        var message = Resolve(query.Question);
        lock (Log) Log.Add($"{query.Question}{(query.CheckingDisabled ? "" : " CD=0")}: {message.ResponseCode}, {message.Answers.Length}+{message.Authorities.Length}");
        return ValueTask.FromResult(new Exchange(query, ExchangeOutcome.Replied, new Octets(message.Write())));
    }

    private DnsMessage Resolve(Question asked)
    {
        var question = asked;
        var answers = new List<ResourceRecord>();
        var authority = new List<ResourceRecord>();
        var additional = new List<ResourceRecord>();
        for (var aliases = 0; aliases < 10; aliases++)
        {
            if (Iterate(question, 0) is not { } entry) return Message(ResponseCode.ServerFailure);
            answers.AddRange(entry.Answer);
            authority.AddRange(entry.Authority);
            additional = entry.Additional;
            if (entry.Code is not (ResponseCode.NoError or ResponseCode.NameError) || entry.Code == ResponseCode.NameError || question.Type is RecordType.ANY or RecordType.CNAME) return Message(entry.Code);
            var name = End(question.Name, entry.Answer, question.Type);
            if (name == question.Name || entry.Answer.Any(record => record.Owner == name && record.Type == question.Type)) return Message(entry.Code);
            question = question with { Name = name };
        }

        return Message(ResponseCode.ServerFailure);

        DnsMessage Message(ResponseCode code) => Template with { Questions = [asked], ResponseCode = code, Answers = [.. answers], Authorities = [.. authority], Additionals = [.. additional] };
    }

    private static DomainName End(DomainName name, List<ResourceRecord> answer, RecordType type)
    {
        for (var steps = 0; steps < 20; steps++)
        {
            if (answer.Any(record => record.Owner == name && record.Type == type)) return name;
            var cname = answer.FirstOrDefault(record => record.Owner == name && record.Type == RecordType.CNAME);
            var dname = answer.FirstOrDefault(record => name.IsBelow(record.Owner) && record.Type == RecordType.DNAME);
            if (cname.Type == RecordType.CNAME && NameData.TryRead(cname.Data, out var target)) name = target.Name;
            else if (dname.Type == RecordType.DNAME && NameData.TryRead(dname.Data, out target) && name.TryReplaceSuffix(dname.Owner, target.Name, out var renamed)) name = renamed;
            else return name;
        }

        return name;
    }

    /// <summary>From the nearest hint downwards; null when nobody answers.</summary>
    private Entry? Iterate(Question question, int depth)
    {
        if (depth > 8) return null;
        var place = question.Type == RecordType.DS && !question.Name.IsRoot ? question.Name.Parent : question.Name;
        var hints = scenario.Hints.Where(hint => place.IsAtOrBelow(hint.Zone)).ToList();
        if (hints.Count == 0) return null;
        var zone = hints.MaxBy(hint => hint.Zone.LabelCount).Zone;
        var servers = hints.Where(hint => hint.Zone == zone).Select(hint => hint.Address).ToList();
        foreach (var (cut, addresses) in _delegations)
            if (place.IsAtOrBelow(cut) && cut.LabelCount > zone.LabelCount) (zone, servers) = (cut, addresses);
        for (var referrals = 0; referrals < 20; referrals++)
        {
            var entry = servers.Select(server => Ask(server, question)).FirstOrDefault(entry => entry is not null && entry.Code is ResponseCode.NoError or ResponseCode.NameError or ResponseCode.YXDomain)
                ?? servers.Select(server => Ask(server, question)).FirstOrDefault(entry => entry is not null);
            if (entry is null) break;
            if (Referral(entry, question, zone) is not { } cut) return entry;
            if (question.Type == RecordType.DS && cut == question.Name) return DelegationOf(entry, question);
            var glue = Glue(entry, cut, depth).ToList();
            if (glue.Count == 0) break;
            (zone, servers) = (cut, glue);
            _delegations.TryAdd(cut, glue);
            _referrals.TryAdd(cut, entry);
        }

        // A referral brings the DS set, or the proof that there is none.
        return question.Type == RecordType.DS && _referrals.TryGetValue(question.Name, out var referral) ? DelegationOf(referral, question) : null;
    }

    private static Entry DelegationOf(Entry referral, Question question)
    {
        var entry = new Entry { Question = question };
        foreach (var record in referral.Authority)
        {
            var type = record.Type == RecordType.RRSIG ? RrsigData.ReadTypeCovered(record.Data) : record.Type;
            if (type == RecordType.DS) entry.Answer.Add(record);
            else if (type != RecordType.NS) entry.Authority.Add(record);
        }

        return entry;
    }

    private static DomainName? Referral(Entry entry, Question question, DomainName zone)
    {
        if (entry.Code != ResponseCode.NoError || entry.Answer.Count > 0 || entry.Authority.Exists(record => record.Type == RecordType.SOA)) return null;
        var cut = entry.Authority.FirstOrDefault(record => record.Type == RecordType.NS);
        return cut.Type == RecordType.NS && cut.Owner.IsBelow(zone) && question.Name.IsAtOrBelow(cut.Owner) ? cut.Owner : null;
    }

    private IEnumerable<IPAddress> Glue(Entry entry, DomainName cut, int depth)
    {
        foreach (var record in entry.Authority.Where(record => record.Type == RecordType.NS && record.Owner == cut))
        {
            Assert.True(NameData.TryRead(record.Data, out var server));
            var found = entry.Additional.Where(glue => glue.Owner == server.Name).ToList();
            if (found.Count == 0 && Iterate(new(server.Name, RecordType.A), depth + 1) is { } answer) found = answer.Answer;
            foreach (var glue in found)
                if (glue.Type is RecordType.A or RecordType.AAAA && AddressData.TryRead(glue.Type, glue.Data, out var address)) yield return address;
        }
    }

    private Entry? Ask(IPAddress server, Question question)
    {
        foreach (var range in scenario.Ranges)
        {
            if (Step < range.From || Step > range.To || !range.Addresses.Contains(server)) continue;
            if (range.Entries.FirstOrDefault(entry => entry.Answers(question)) is { } entry) return entry;
        }

        return null;
    }
}
