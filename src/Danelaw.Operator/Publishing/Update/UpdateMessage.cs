using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Publishing.Update;

/// <summary>Writes the message that replaces one RRset (RFC 2136).</summary>
internal static class UpdateMessage
{
    /// <summary>The message, without TSIG.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="zone">The zone that holds the owner.</param>
    /// <param name="owner">The owner.</param>
    /// <param name="before">What must be there, or the server does nothing.</param>
    /// <param name="after">What is to be there; empty for nothing.</param>
    /// <param name="timeToLive">Its TTL in seconds.</param>
    internal static DnsMessage Replace(ushort id, DomainName zone, DomainName owner, TlsaSet before, TlsaSet after, uint timeToLive) => new()
    {
        Id = id,
        Opcode = Opcode.Update,

        // RFC 2136 §2.3: the zone stands where a query has its question.
        Questions = [new(zone, RecordType.SOA)],

        // RFC 2136 §2.4.3: the RRset must not exist. §2.4.2: it must exist with just these records; their TTL is 0 and means nothing.
        Answers = before.IsEmpty ? [new(owner, RecordType.TLSA, RecordClass.NONE, 0, default)] : Records(owner, before, 0),

        // RFC 2136 §2.5.2: the RRset is deleted; §2.5.1: records are added. Both in one message: all of it is done, or nothing (§3.4).
        Authorities = [new(owner, RecordType.TLSA, RecordClass.ANY, 0, default), .. Records(owner, after, timeToLive)],
    };

    /// <summary>A message that changes nothing, and is refused where the owner has TLSA records of its own (RFC 2136 §2.4.3).</summary>
    /// <param name="id">Its id.</param>
    /// <param name="zone">The zone that holds the owner.</param>
    /// <param name="owner">The owner.</param>
    internal static DnsMessage Probe(ushort id, DomainName zone, DomainName owner) => new() { Id = id, Opcode = Opcode.Update, Questions = [new(zone, RecordType.SOA)], Answers = [new(owner, RecordType.TLSA, RecordClass.NONE, 0, default)] };

    private static ImmutableArray<ResourceRecord> Records(DomainName owner, TlsaSet set, uint timeToLive) =>
        [.. set.Records.Select(record => new ResourceRecord(owner, RecordType.TLSA, RecordClass.IN, timeToLive, record.ToRecordData()))];
}
