using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dnssec.Tests.Worlds;

/// <summary>A scripted Internet: signed zones, and recursive resolvers in front of them that do what they are told, lies included. No network.</summary>
internal sealed class World : IDnsTransport
{
    internal static readonly DnsServer First = new(TransportKind.Datagram, new IPEndPoint(IPAddress.Parse("192.0.2.1"), 53));
    internal static readonly DnsServer Second = new(TransportKind.Datagram, new IPEndPoint(IPAddress.Parse("192.0.2.2"), 53));
    private static readonly DnsMessage Template = new() { Flags = MessageFlags.Response | MessageFlags.RecursionDesired | MessageFlags.RecursionAvailable, Edns = new(1232, 0, true, []) };

    private readonly List<TestZone> _zones = [];

    internal World(params IEnumerable<TestZone> zones)
    {
        _zones.AddRange(zones.OrderBy(zone => zone.Apex.LabelCount));
        foreach (var child in _zones)
        {
            if (Parent(child.Apex) is not { } parent) continue;
            parent.Add(new ResourceRecord(child.Apex, RecordType.NS, RecordClass.IN, 3600, new NameData(child.Apex.Prepend("ns")).ToOctets()));
            foreach (var ds in child.DelegationSigners()) parent.Add(new ResourceRecord(child.Apex, RecordType.DS, RecordClass.IN, 3600, ds));
        }

        foreach (var zone in _zones) zone.Sign();
    }

    /// <summary>Every query in order.</summary>
    internal List<DnsQuery> Queries { get; } = [];

    /// <summary>Rewrites replies: question and genuine message to what is sent.</summary>
    internal Func<DnsQuery, DnsMessage, DnsMessage>? Rewrite { get; set; }

    /// <summary>Decides how an exchange ends, instead of a reply; null for the reply.</summary>
    internal Func<DnsQuery, ExchangeOutcome?>? Outcome { get; set; }

    internal TestZone this[string apex] => _zones.Single(zone => zone.Apex == Text.Name(apex));

    /// <summary>The DS of the root's keys.</summary>
    internal TrustAnchors Anchors
    {
        get
        {
            Assert.True(TrustAnchors.TryCreate(_zones[0].Keys.Select(key => new ResourceRecord(_zones[0].Apex, RecordType.DS, RecordClass.IN, 0, key.ToDs(_zones[0].Apex))), out var anchors, out _));
            return anchors;
        }
    }

    internal ResolverOptions Options => new() { Upstreams = [First], Anchors = Anchors };

    internal Resolver Resolver(ResolverOptions? options = null, DateTimeOffset? now = null) => new(this, options ?? Options, new FakeTimeProvider(now ?? TestZone.Now));

    internal async Task<Answer> LookupAsync(string name, RecordType type, ResolverOptions? options = null, DateTimeOffset? now = null) =>
        await Resolver(options, now).LookupAsync(Text.Name(name), type, TestContext.Current.CancellationToken);

    public ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
    {
        lock (Queries) Queries.Add(query);
        if (Outcome?.Invoke(query) is { } outcome) return ValueTask.FromResult(new Exchange(query, outcome));
        var message = Reply(query.Question);
        if (Rewrite is not null) message = Rewrite(query, message);
        return ValueTask.FromResult(new Exchange(query, ExchangeOutcome.Replied, new Octets(message.Write())));
    }

    /// <summary>What an honest recursive resolver replies.</summary>
    internal DnsMessage Reply(Question question)
    {
        var name = question.Name;
        var answer = new List<ResourceRecord>();
        var authority = new List<ResourceRecord>();
        for (var steps = 0; steps < 12; steps++)
        {
            var zone = Holder(name, question.Type);
            var reply = zone.Answer(name, question.Type);
            answer.AddRange(reply.Answer.SelectMany(set => set.All));
            authority.AddRange(reply.Authority.SelectMany(set => set.All));
            DomainName next;
            if (reply.Dname is { } dname)
            {
                Assert.True(NameData.TryRead(dname.Records[0].Data, out var target));
                if (!name.TryReplaceSuffix(dname.Records[0].Owner, target.Name, out next)) return Message(ResponseCode.YXDomain);
                answer.Add(new(name, RecordType.CNAME, RecordClass.IN, dname.Records[0].TimeToLive, new NameData(next).ToOctets()));
                if (question.Type == RecordType.CNAME) return Message(ResponseCode.NoError);
            }
            else if (reply.Cname is { } cname)
            {
                Assert.True(NameData.TryRead(cname.Records[0].Data, out var target));
                next = target.Name;
            }
            else
            {
                return Message(reply.IsNameError ? ResponseCode.NameError : ResponseCode.NoError);
            }

            name = next;
        }

        return Message(ResponseCode.NoError);

        DnsMessage Message(ResponseCode code) => Template with { Questions = [question], ResponseCode = code, Answers = [.. answer], Authorities = [.. authority.Distinct()] };
    }

    private TestZone Holder(DomainName name, RecordType type) => _zones.Last(zone => name.IsAtOrBelow(zone.Apex) && (type != RecordType.DS || zone.Apex != name || name.IsRoot));

    private TestZone? Parent(DomainName apex) => _zones.LastOrDefault(zone => apex.IsBelow(zone.Apex));
}

/// <summary>Changes that somebody in the middle might make to a message.</summary>
internal static class Tampering
{
    internal static DnsMessage WithoutSignatures(this DnsMessage message) => message with
    {
        Answers = message.Answers.RemoveAll(record => record.Type == RecordType.RRSIG),
        Authorities = message.Authorities.RemoveAll(record => record.Type is RecordType.RRSIG or RecordType.NSEC or RecordType.NSEC3),
    };

    internal static DnsMessage WithoutAuthority(this DnsMessage message, Func<ResourceRecord, bool> unwanted) => message with { Authorities = message.Authorities.RemoveAll(record => unwanted(record)) };

    internal static ImmutableArray<ResourceRecord> Replace(this ImmutableArray<ResourceRecord> records, RecordType type, Octets data) =>
        [.. records.Select(record => record.Type == type ? record with { Data = data } : record)];
}
