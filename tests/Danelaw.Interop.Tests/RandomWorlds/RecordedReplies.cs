using System.Collections.Concurrent;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>Asks real servers and keeps what they reply, so that it can be replied again, altered.</summary>
internal sealed class RecordedReplies(IDnsTransport real) : IDnsTransport
{
    public ConcurrentDictionary<Question, DnsMessage> Messages { get; } = [];

    /// <summary>The same in an order that does not depend on who replied first.</summary>
    public IReadOnlyList<(Question Question, DnsMessage Message)> InOrder => [.. Messages.Select(each => (each.Key, each.Value)).OrderBy(each => each.Key.Name).ThenBy(each => each.Key.Type)];

    public async ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
    {
        var exchange = await real.ExchangeAsync(query, cancellationToken);
        if (exchange.Message is { } message) Messages.TryAdd(query.Question, message);
        return exchange;
    }
}

/// <summary>Replies what was recorded, altered; nothing to what was not asked then.</summary>
internal sealed class AlteredReplies(RecordedReplies recorded, Func<Question, DnsMessage, DnsMessage> alter) : IDnsTransport
{
    public ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default) => ValueTask.FromResult(
        recorded.Messages.TryGetValue(query.Question, out var message)
            ? new Exchange(query, ExchangeOutcome.Replied, new Octets((alter(query.Question, message) with { Questions = [query.Question] }).Write()))
            : new Exchange(query, ExchangeOutcome.TimedOut));
}

/// <summary>What can be done to the records of one RRset wherever they are replied.</summary>
internal enum Alteration
{
    SetRemoved = 0,
    SignaturesRemoved,
    DataFlipped,
    SignaturesFlipped,
}

/// <summary>Takes records out of messages, and turns single bits.</summary>
internal static class Altering
{
    // All but the bit that turns a letter into the other case, which names do not have (RFC 4034 §6.2), and the one that the worlds' own bad signatures have turned.
    private static readonly byte[] Bits = [0x01, 0x02, 0x04, 0x08, 0x40, 0x80];

    public static DnsMessage Altered(this DnsMessage message, SetPlace place, Alteration alteration, Random random) => message.Each(record =>
    {
        var isSet = IsAt(record, record.Type, place);
        var isSignature = record.Type == RecordType.RRSIG && IsAt(record, RrsigData.ReadTypeCovered(record.Data), place);
        return alteration switch
        {
            Alteration.SetRemoved => isSet || isSignature ? null : record,
            Alteration.SignaturesRemoved => isSignature ? null : record,
            Alteration.DataFlipped => isSet ? record.Flipped(random) : record,
            Alteration.SignaturesFlipped => isSignature ? record.Flipped(random) : record,
        };
    });

    public static ResourceRecord Flipped(this ResourceRecord record, Random random)
    {
        if (record.Data.Length == 0) return record;
        var octets = record.Data.ToArray();
        octets[random.Next(octets.Length)] ^= Bits[random.Next(Bits.Length)];
        return record with { Data = new Octets(octets) };
    }

    /// <summary>Changes each record of the answer and authority sections; null takes it out.</summary>
    public static DnsMessage Each(this DnsMessage message, Func<ResourceRecord, ResourceRecord?> change) => message with
    {
        Answers = [.. message.Answers.Select(change).OfType<ResourceRecord>()],
        Authorities = [.. message.Authorities.Select(change).OfType<ResourceRecord>()],
    };

    // What a wildcard gives stands at the name that it is given to.
    private static bool IsAt(ResourceRecord record, RecordType type, SetPlace place) =>
        type == place.Type && (record.Owner == place.Owner || (place.Owner.IsWildcard && record.Owner.IsBelow(place.Owner.Parent)));
}
