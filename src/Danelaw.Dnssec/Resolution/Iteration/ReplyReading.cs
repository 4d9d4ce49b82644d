using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>What a reply is, coming from a server of a zone (RFC 1034 §5.3.3, RFC 2181 §5.4.1).</summary>
internal readonly record struct ReplyReading
{
    internal ReplyKind Kind { get; private init; }

    /// <summary>Where a referral leads.</summary>
    internal DomainName Child { get; private init; }

    /// <summary>What is wrong with it, after the server's name; empty when nothing is.</summary>
    internal string Fault { get; private init; }

    /// <summary>Whether the fault is that the server does not serve the zone.</summary>
    internal bool IsLame { get; private init; }

    /// <summary>Whether it holds an answer all the same, which a server gave that does not claim to serve the zone.</summary>
    internal bool IsUnauthoritative { get; private init; }

    /// <summary>Reads a reply.</summary>
    /// <param name="message">The reply.</param>
    /// <param name="zone">The zone that the server was asked as a server of.</param>
    /// <param name="question">What it was asked.</param>
    internal static ReplyReading Read(DnsMessage message, DomainName zone, Question question)
    {
        // RFC 5452 §9.1: the question of a reply is the query's, or nothing in it is an answer.
        if (message.Questions is not [var asked])
            return IsError(message.ResponseCode) ? Error(message) : Useless("sent a reply without a question");
        if (asked.Type != question.Type || asked.Class != question.Class || !asked.Name.Equals(question.Name)) return Useless("answered another question");
        if ((message.Flags & MessageFlags.Response) == 0 || message.Opcode != Opcode.Query) return Useless("sent no response to a query");
        if ((message.Flags & MessageFlags.Truncated) != 0) return Useless("sent a truncated reply");
        if (IsError(message.ResponseCode)) return Error(message);

        var isAuthoritative = (message.Flags & MessageFlags.AuthoritativeAnswer) != 0;
        if (message.ResponseCode == ResponseCode.NoError && message.Answers.IsEmpty && TryReadReferral(message, zone, question, isAuthoritative, out var referral)) return referral;

        // RFC 1034 §4.3.1, RFC 2181 §5.4.1: a server of the zone answers with AA. What another gives from a cache is anybody's word.
        if (!isAuthoritative)
        {
            return Lame("answered without authority (AA clear) and without referring further down (RFC 1034 §4.2.1): it does not serve the zone") with
            {
                IsUnauthoritative = !message.Answers.IsEmpty || HasSoaIn(message, zone),
            };
        }

        // RFC 4035 §3.1.4.1: the DS of a name is its parent's; the child's own word on it is not asked for.
        if (question.Type == RecordType.DS && message.Answers.IsEmpty && !question.Name.IsRoot && HasSoaOf(message, question.Name))
            return Useless($"answered for {question.Name} in place of the zone above, which holds its DS set (RFC 4035 §3.1.4.1)");
        return new() { Kind = ReplyKind.Answer, Fault = "" };
    }

    private static bool IsError(ResponseCode code) => code is not (ResponseCode.NoError or ResponseCode.NameError or ResponseCode.YXDomain);

    private static ReplyReading Error(DnsMessage message)
    {
        var code = ResponseCodes.ToText(message.ResponseCode);
        var text = message.ExtendedError is { } error ? $"answered {code} with extended error {error.Code}{(error.Text.Length > 0 ? $" \"{error.Text}\"" : "")}" : $"answered {code}";
        return new() { Fault = text, IsLame = message.ResponseCode is ResponseCode.Refused or ResponseCode.NotAuthoritative };
    }

    private static bool TryReadReferral(DnsMessage message, DomainName zone, Question question, bool isAuthoritative, out ReplyReading reading)
    {
        reading = default;
        DomainName? child = null;
        foreach (var record in message.Authorities)
        {
            // A denial that names the zone's servers as well is an answer (RFC 2308 §2.2).
            if (record.Type == RecordType.SOA) return false;
            if (record.Type == RecordType.NS && record.Class == RecordClass.IN) child ??= record.Owner;
        }

        if (child is not { } owner) return false;

        // Referrals lead down only, and towards the name: what leads up, aside or back comes from a server that does not serve the zone.
        if (owner.IsBelow(zone) && question.Name.IsAtOrBelow(owner))
        {
            reading = new() { Kind = ReplyKind.Referral, Child = owner, Fault = "" };
            return true;
        }

        // NODATA without SOA, with the zone's own servers beside it (RFC 2308 §2.2, type 3 with NS).
        if (isAuthoritative) return false;
        reading = Lame(owner.Equals(zone)
            ? "referred back to the zone itself: it does not serve the zone"
            : zone.IsBelow(owner)
                ? $"referred upwards to {owner}: it does not serve the zone"
                : $"referred to {owner}, which does not lead to {question.Name}");
        return true;
    }

    private static bool HasSoaOf(DnsMessage message, DomainName apex)
    {
        foreach (var record in message.Authorities)
            if (record.Type == RecordType.SOA && record.Owner.IsAtOrBelow(apex)) return true;
        return false;
    }

    /// <summary>A denial bears the zone's SOA (RFC 2308 §3).</summary>
    private static bool HasSoaIn(DnsMessage message, DomainName zone)
    {
        foreach (var record in message.Authorities)
            if (record.Type == RecordType.SOA && record.Owner.Equals(zone)) return true;
        return false;
    }

    private static ReplyReading Useless(string fault) => new() { Fault = fault };

    private static ReplyReading Lame(string fault) => new() { Fault = fault, IsLame = true };
}
