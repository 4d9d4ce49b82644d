using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Validation;

/// <summary>What a question brought: a reply in the shape that judging needs, or the reason why there is none. Not shared between threads.</summary>
internal sealed class Reply
{
    private static readonly SetTable Empty = new([], keepsSignatures: false);

    private Reply(Question question) => Question = question;

    internal Question Question { get; }

    /// <summary>Why there is no reply to judge; null when there is one.</summary>
    internal Ground? Failure { get; private init; }

    /// <summary>The response code; null when no reply came.</summary>
    internal ResponseCode? Code { get; private init; }

    /// <summary>Who replied, or was asked in vain; null when nobody was asked.</summary>
    internal DnsServer? Server { get; private init; }

    /// <summary>The zone whose servers were asked, where that is known because we came by referrals; null for the reply of an upstream.</summary>
    internal DomainName? Zone { get; init; }

    /// <summary>Whether it was made of what is in the cache.</summary>
    internal bool IsComposed { get; private init; }

    /// <summary>Whether the server said that it understood the DO bit (RFC 3225 §3).</summary>
    internal bool HasDnssecOk { get; private init; }

    /// <summary>Whether it bears an OPT record; without EDNS there is no DO bit, and so no signature (RFC 3225 §3).</summary>
    internal bool HasEdns { get; private init; }

    internal SetTable Answer { get; private init; } = Empty;

    internal SetTable Authority { get; private init; } = Empty;

    internal bool HasSignatures => Answer.HasSignatures || Authority.HasSignatures;

    /// <summary>What was never asked, or could not be had, and why.</summary>
    internal static Reply Failed(Question question, Ground failure, ResponseCode? code = null, DnsServer? server = null, DomainName? zone = null) =>
        new(question) { Failure = failure.Blamed is null ? failure with { Blamed = question } : failure, Code = code, Server = server, Zone = zone };

    /// <summary>Makes a reply of RRsets that were verified before; it is judged like any other.</summary>
    /// <param name="question">The question.</param>
    /// <param name="code">NOERROR or NXDOMAIN.</param>
    /// <param name="zone">The zone that signed them.</param>
    /// <param name="answer">The answer section.</param>
    /// <param name="authority">The authority section.</param>
    internal static Reply Compose(Question question, ResponseCode code, DomainName zone, SetTable? answer, SetTable? authority) =>
        new(question) { Code = code, Zone = zone, HasDnssecOk = true, HasEdns = true, IsComposed = true, Answer = answer ?? Empty, Authority = authority ?? Empty };

    /// <summary>Reads what came of an exchange.</summary>
    /// <param name="exchange">The exchange.</param>
    /// <param name="zone">The zone whose server was asked; null when it was a recursive resolver. What a zone's server says of names outside the zone is dropped.</param>
    internal static Reply Read(Exchange exchange, DomainName? zone = null)
    {
        var (question, server) = (exchange.Query.Question, exchange.Query.Server);
        switch (exchange.Outcome)
        {
            case ExchangeOutcome.Replied: break;
            case ExchangeOutcome.TimedOut: return Failure(LookupReason.TimedOut, "gave no reply in time", mend: FailureRules.TimedOutMend(server));
            case ExchangeOutcome.Unreachable: return Failure(LookupReason.Unreachable, "could not be reached");
            case ExchangeOutcome.Closed: return Failure(LookupReason.Unreachable, "closed the connection before a whole reply");
            case ExchangeOutcome.NotTrusted: return Failure(LookupReason.Unreachable, "could not be trusted: its TLS handshake or HTTP reply was refused", mend: FailureRules.NotTrustedMend);
            case ExchangeOutcome.Malformed: return Failure(LookupReason.MalformedReply, "sent a reply that cannot be read");
            case ExchangeOutcome.NotAsked: return exchange.Detail.Length == 0
                ? Failure(LookupReason.LimitReached, "was not asked: the time, the queries or the octets allowed were spent")
                : Failure(LookupReason.NotRecorded, "was not asked");
            case ExchangeOutcome.NoDescriptors: return Failed(question, FailureRules.NoDescriptors($"{question.Name} {RecordTypes.ToText(question.Type)}: {server} was not asked"), server: server);
            case ExchangeOutcome.None: return Failure(LookupReason.MalformedReply, "sent nothing that is known");
        }

        if (exchange.Message is not { } message && !DnsMessage.TryRead(exchange.Reply.Memory, out message, out _))
            return Failure(LookupReason.MalformedReply, "sent a reply that cannot be read");

        // A reply to another question is none to ours.
        if (message.Questions is not [var asked] || asked.Type != question.Type || asked.Class != question.Class || !asked.Name.Equals(question.Name))
            return Failure(LookupReason.MalformedReply, "answered another question", message.ResponseCode);
        if ((message.Flags & MessageFlags.Response) == 0 || message.Opcode != Opcode.Query)
            return Failure(LookupReason.MalformedReply, "sent no response to a query", message.ResponseCode);
        if ((message.Flags & MessageFlags.Truncated) != 0)
            return Failure(LookupReason.MalformedReply, "sent a truncated reply", message.ResponseCode);
        if (message.ResponseCode is not (ResponseCode.NoError or ResponseCode.NameError or ResponseCode.YXDomain))
            return Failure(LookupReason.ServerFailed, $"answered {Text(message)}", message.ResponseCode);
        foreach (var record in message.Answers)
        {
            // RFC 1035 §3.4.1, RFC 3596 §2.2: no address has another length, whatever signs it.
            if ((record.Type, record.Data.Length) is (RecordType.A, not 4) or (RecordType.AAAA, not 16))
                return Failure(LookupReason.MalformedReply, $"sent {record.Owner} {RecordTypes.ToText(record.Type)} with {record.Data.Length} octets, which is no address", message.ResponseCode);
        }

        if (zone is null && IsReferral(message))
            return Failure(LookupReason.ServerFailed, "answered with a referral: it does not resolve for us", message.ResponseCode, FailureRules.ReferralMend);

        var answer = new SetTable(message.Answers, question.Type == RecordType.RRSIG, zone);
        var authority = new SetTable(message.Authorities, keepsSignatures: false, zone);
        answer.AttachMissing(message.Additionals);
        authority.AttachMissing(message.Additionals);
        return new(question) { Code = message.ResponseCode, Server = server, Zone = zone, HasDnssecOk = message.Edns is { DnssecOk: true }, HasEdns = message.Edns is not null, Answer = answer, Authority = authority };

        Reply Failure(LookupReason reason, string what, ResponseCode? code = null, string? mend = null) => Failed(
            question,
            new(reason, $"{question.Name} {RecordTypes.ToText(question.Type)}: {server} {what}{(exchange.Detail.Length > 0 ? $": {exchange.Detail}" : "")}") { Mend = mend },
            code,
            server);
    }

    /// <summary>What a referral says about the DS set of the zone that it leads to, as the reply to that question: the set, or the proof that there is none (RFC 4035 §3.1.4).</summary>
    /// <param name="exchange">The referral.</param>
    /// <param name="parent">The zone that refers.</param>
    /// <param name="child">The zone that it leads to.</param>
    internal static Reply OfReferral(Exchange exchange, DomainName parent, DomainName child)
    {
        var message = exchange.Message!;
        return new(new(child, RecordType.DS))
        {
            Code = ResponseCode.NoError,
            Server = exchange.Query.Server,
            Zone = parent,
            HasDnssecOk = message.Edns is { DnssecOk: true },
            HasEdns = message.Edns is not null,
            Answer = new SetTable([.. message.Authorities.Where(IsSigner)], keepsSignatures: false, parent),
            Authority = new SetTable(message.Authorities, keepsSignatures: false, parent),
        };

        bool IsSigner(ResourceRecord record) =>
            record.Owner.Equals(child) && (record.Type == RecordType.DS || (record.Type == RecordType.RRSIG && RrsigData.ReadTypeCovered(record.Data) == RecordType.DS));
    }

    /// <summary>A DNAME record above a name, in the answer section (RFC 6672 §3).</summary>
    internal bool TryFindDname(DomainName name, [NotNullWhen(true)] out SignedSet? dname)
    {
        foreach (var set in Answer.Sets)
        {
            if (set.Type != RecordType.DNAME || !name.IsBelow(set.Owner)) continue;
            dname = set;
            return true;
        }

        dname = null;
        return false;
    }

    /// <summary>NS records of somebody else and no SOA: the server tells us whom to ask, and we asked it to resolve.</summary>
    private static bool IsReferral(DnsMessage message) =>
        message.ResponseCode == ResponseCode.NoError && message.Answers.IsEmpty
        && (message.Flags & (MessageFlags.RecursionAvailable | MessageFlags.AuthoritativeAnswer)) == 0
        && message.Authorities.Any(record => record.Type == RecordType.NS) && message.Authorities.All(record => record.Type != RecordType.SOA);

    private static string Text(DnsMessage message)
    {
        var code = ResponseCodes.ToText(message.ResponseCode);
        return message.ExtendedError is { } error ? $"{code} with extended error {error.Code}{(error.Text.Length > 0 ? $" \"{error.Text}\"" : "")}" : code;
    }
}
