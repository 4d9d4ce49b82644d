using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;

namespace Danelaw.Dnssec.Tests.Worlds;

/// <summary>Fills replies up to 64 KiB with small records whose names are as long as names can be, by pointing at one another: what is read takes thirty times as many octets.</summary>
internal sealed class FillingTransport(IDnsTransport inner, Func<DnsQuery, bool> isFilled) : IDnsTransport
{
    private readonly ResourceRecord[] _records = [.. Enumerable.Range(0, 3050).Select(i => new ResourceRecord(Named(i), RecordType.NS, RecordClass.IN, 300, new NameData(Named(i + 32768)).ToOctets()))];

    /// <summary>How many replies were filled.</summary>
    internal int Count { get; private set; }

    /// <summary>Whether the signatures of addresses are taken out as well, so that every label is asked for its DS set.</summary>
    internal bool IsStripping { get; set; }

    /// <summary>Called for each reply that is filled, before it is.</summary>
    internal Action? Filling { get; set; }

    public async ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
    {
        var exchange = await inner.ExchangeAsync(query, cancellationToken);
        if (!isFilled(query)) return exchange;
        Assert.True(DnsMessage.TryRead(exchange.Reply.Memory, out var message, out _));
        Count++;
        Filling?.Invoke();
        if (IsStripping && query.Question.Type == RecordType.A) message = message with { Answers = message.Answers.RemoveAll(record => record.Type == RecordType.RRSIG) };
        return exchange with { Message = null, Reply = new Octets((message with { Authorities = [.. message.Authorities, .. _records] }).Write()) };
    }

    private static DomainName Named(int i)
    {
        Assert.True(Text.Name($"{new string('b', 63)}.{new string('c', 63)}.{new string('d', 63)}.{new string('e', 40)}.evil.tld.").TryPrepend([(byte)(i >> 8), (byte)(i & 0xFF)], out var name));
        return name;
    }
}
