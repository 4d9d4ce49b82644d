using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Servers;

/// <summary>What a server is asked.</summary>
public enum ServerQuestion
{
    /// <summary>A name and a type that the survey is about.</summary>
    Answer = 0,

    /// <summary>The zone's SOA.</summary>
    Soa,

    /// <summary>A random name that does not exist.</summary>
    NonName,

    /// <summary>The zone's keys (DNSKEY).</summary>
    Keys,

    /// <summary>The DS set that the zone would have its parent publish (CDS, RFC 7344 §3.1).</summary>
    ChildDs,

    /// <summary>The keys for which it would have DS records (CDNSKEY, RFC 7344 §3.2).</summary>
    ChildKeys,

    /// <summary>A name that exists because of the names below it alone, such as <c>_tcp.host</c> (RFC 8020 §2).</summary>
    EmptyNonTerminal,

    /// <summary>The zone's DS set, at a server of the zone above.</summary>
    Ds,
}

/// <summary>One question to one address, and what came of it. Immutable.</summary>
/// <param name="Host">The name server.</param>
/// <param name="Address">Its address.</param>
/// <param name="IsTcp">Whether it was asked over TCP; otherwise over UDP.</param>
/// <param name="Question">Which question.</param>
public sealed record ServerProbe(DomainName Host, IPAddress Address, bool IsTcp, ServerQuestion Question)
{
    /// <summary>The name and the type that were asked for.</summary>
    public Question Asked { get; init; }

    /// <summary>How the exchange ended.</summary>
    public ExchangeOutcome Outcome { get; init; }

    /// <summary>The response code; null when no reply came.</summary>
    public ResponseCode? Code { get; init; }

    /// <summary>The AA bit.</summary>
    public bool IsAuthoritative { get; init; }

    /// <summary>Whether the answer section bears signatures.</summary>
    public bool IsSigned { get; init; }

    /// <summary>Whether the authority section bears signed NSEC or NSEC3 records.</summary>
    public bool HasDenial { get; init; }

    /// <summary>The serial of the SOA in answer or authority; null without one.</summary>
    public uint? Serial { get; init; }

    /// <summary>The primary server that the SOA names (MNAME): serials of copies with another one are counted by somebody else.</summary>
    internal DomainName? Primary { get; init; }

    /// <summary>Records of the type asked for in the answer section.</summary>
    public int Records { get; init; }

    /// <summary>Whether the answer section begins with an alias instead of what was asked for.</summary>
    internal bool HasAlias { get; init; }

    /// <summary>Eight digits of a digest over the answer's records at the name that was asked for, signatures aside; empty without any. Of an alias the alias alone: some servers hold the zone that it leads to as well.</summary>
    public string Digest { get; init; } = "";

    /// <summary>Octets of the reply.</summary>
    public int Size { get; init; }

    /// <summary>The records of the answer section.</summary>
    internal ImmutableArray<ResourceRecord> Answers { get; init; } = [];

    /// <summary>The records of the authority section.</summary>
    internal ImmutableArray<ResourceRecord> Authorities { get; init; } = [];

    /// <summary>The payload size that the server announces (RFC 6891 §6.2.3); null without EDNS.</summary>
    public int? EdnsSize { get; init; }

    /// <summary>For a failure a few words.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What this reply by itself is worth along the chain of trust; null where none came that can be judged. Of an alias that leads elsewhere the alias alone.</summary>
    public Security? Status { get; init; }

    /// <summary>Why it is worth no more, one sentence; empty when it is secure or was not judged.</summary>
    public string Why { get; init; } = "";

    /// <summary>How long it took.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>Whether a reply came that can be read.</summary>
    public bool IsReplied => Outcome == ExchangeOutcome.Replied;

    /// <summary>Whether nothing was sent: this machine has no route to the address, or there was no time.</summary>
    public bool IsNotAsked => Outcome is ExchangeOutcome.NotAsked or ExchangeOutcome.None;

    /// <summary>Of the SOA question: whether the server has the zone (RFC 1912 §2.8).</summary>
    internal bool HasZone => this is { IsReplied: true, Code: ResponseCode.NoError, IsAuthoritative: true, Serial: not null };

    /// <summary>A reply larger than a datagram that passes everywhere (RFC 9715 §3.2): over UDP it is truncated first.</summary>
    public bool IsLarge => Size > 1232;

    /// <summary>RDATA of the records that were asked for, at the name that was asked for.</summary>
    internal ImmutableArray<Octets> Data => [.. Answers.Where(record => record.Type == Asked.Type && record.Owner == Asked.Name).Select(record => record.Data).Distinct()];

    /// <summary>Whether the answer is one that the zone's owner gave: records, or that there are none.</summary>
    internal bool IsAnswer => this is { IsReplied: true, IsAuthoritative: true, Code: ResponseCode.NoError };

    /// <summary>The same as if nothing had been sent.</summary>
    internal ServerProbe Unasked() => new(Host, Address, IsTcp, Question) { Asked = Asked, Outcome = ExchangeOutcome.NotAsked };

    /// <summary>Reads what came of an exchange.</summary>
    internal ServerProbe With(Exchange exchange, TimeSpan time)
    {
        var probe = this with { Asked = exchange.Query.Question, Outcome = exchange.Outcome, Detail = exchange.Detail, Time = time };
        if (exchange.Outcome != ExchangeOutcome.Replied || MessageOf(exchange) is not { } message)
            return exchange.Outcome == ExchangeOutcome.Replied ? probe with { Outcome = ExchangeOutcome.Malformed } : probe;

        var asked = exchange.Query.Question;
        SoaData? soa = message.Answers.Concat(message.Authorities).FirstOrDefault(record => record.Type == RecordType.SOA) is { Type: RecordType.SOA } record && SoaData.TryRead(record.Data, out var data) ? data : null;
        return probe with
        {
            Code = message.ResponseCode,
            IsAuthoritative = (message.Flags & MessageFlags.AuthoritativeAnswer) != 0,
            IsSigned = message.Answers.Any(record => record.Type == RecordType.RRSIG),
            HasDenial = message.Authorities.Any(record => record.Type is RecordType.NSEC or RecordType.NSEC3) && message.Authorities.Any(record => record.Type == RecordType.RRSIG),
            Serial = soa?.Serial,
            Primary = soa?.PrimaryServer,
            Records = message.Answers.Count(record => record.Type == asked.Type),
            HasAlias = message.Answers.Any(record => record.Type == RecordType.CNAME && record.Owner == asked.Name),
            Digest = DigestOf(message.Answers.Where(record => record.Type != RecordType.RRSIG && record.Owner == asked.Name)),
            Size = exchange.Reply.Length,
            EdnsSize = message.Edns?.UdpPayloadSize,
            Answers = message.Answers,
            Authorities = message.Authorities,
        };
    }

    /// <summary>The reply as read, also of an exchange that was kept; null when there is none that can be read.</summary>
    internal static DnsMessage? MessageOf(Exchange exchange) =>
        exchange.Message ?? (exchange.Outcome == ExchangeOutcome.Replied && DnsMessage.TryRead(exchange.Reply.Memory, out var message, out _) ? message : null);

    /// <summary>The same for the same records in any order, whatever their TTL and the case of names in them: some servers keep it, others write all in lower case (RFC 4343 §4).</summary>
    private static string DigestOf(IEnumerable<ResourceRecord> records)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var isEmpty = true;
        foreach (var line in records.Select(record => $"{record.Owner.ToCanonical()} {(int)record.Type} {RecordData.ToCanonical(record.Type, record.Data).ToHex()}\n").Order(StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.ASCII.GetBytes(line));
            isEmpty = false;
        }

        return isEmpty ? "" : Convert.ToHexStringLower(hash.GetHashAndReset())[..8];
    }
}
