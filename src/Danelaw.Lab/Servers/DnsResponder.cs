using System.Buffers.Binary;
using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Lab.Faults;
using Danelaw.Lab.Zones;

namespace Danelaw.Lab.Servers;

/// <summary>
/// Answers queries as an upstream recursive resolver that does not validate: everything with its proofs when DO is set, whatever CD says. Whoever wants no recursion speaks to the zones' own name
/// server, which has them all. Immutable but for its faults, which are swapped whole.
/// </summary>
internal sealed class DnsResponder(LabNamespace world, Oddities oddities)
{
    /// <summary>The largest datagram that is sent, whatever the asker takes (RFC 9715 §3.1).</summary>
    internal const int MaximumDatagram = 1232;

    private const int HeaderLength = 12;

    internal ImmutableArray<ReplyFault> Faults { get; set; } = [];

    /// <summary>Null when nothing is to be said.</summary>
    internal byte[]? Answer(ReadOnlyMemory<byte> wire, bool isDatagram)
    {
        // RFC 1035 §7.3: what is a response, or has no header, is not answered.
        if (wire.Length < HeaderLength || (wire.Span[2] & 0x80) != 0) return null;
        if (!DnsMessage.TryRead(wire, out var query, out _)) return FormatError(wire.Span);

        var reply = new DnsMessage
        {
            Id = query.Id,
            Opcode = query.Opcode,
            Questions = query.Questions,
            Flags = MessageFlags.Response | MessageFlags.RecursionAvailable | (query.Flags & (MessageFlags.RecursionDesired | MessageFlags.CheckingDisabled)),
            Edns = query.Edns is null ? null : new Edns(MaximumDatagram, 0, query.Edns.DnssecOk, []),
        };
        var limit = !isDatagram ? DnsMessage.MaximumLength : query.Edns is null ? 512 : Math.Clamp((int)query.Edns.UdpPayloadSize, 512, MaximumDatagram);
        if (Refusal(query) is { } code) return (reply with { ResponseCode = code }).Write(limit);

        var question = query.Questions[0];
        var fault = Faults.FirstOrDefault(fault => fault.Concerns(question.Name, question.Type));
        return fault is null ? Resolve(reply, query).Write(limit) : Misbehave(fault.Kind, reply, query, isDatagram, limit);
    }

    private static ResponseCode? Refusal(DnsMessage query)
    {
        // RFC 6891 §6.1.3: a version that is not known.
        if (query.Edns is { Version: > 0 }) return ResponseCode.BadVersion;
        if (query.Opcode != Opcode.Query) return ResponseCode.NotImplemented;
        // RFC 9619: exactly one question.
        if (query.Questions.Length != 1) return ResponseCode.FormatError;
        var question = query.Questions[0];
        if (question.Class != RecordClass.IN || question.Type is RecordType.AXFR or RecordType.IXFR) return ResponseCode.Refused;
        return question.Type is RecordType.OPT or RecordType.TSIG or RecordType.TKEY ? ResponseCode.FormatError : null;
    }

    private DnsMessage Resolve(DnsMessage reply, DnsMessage query)
    {
        var question = query.Questions[0];
        var (code, answers, authorities) = world.Resolve(question.Name, question.Type);
        if (query.Edns is not { DnssecOk: true })
        {
            answers = [.. answers.Where(record => IsFor(question.Type, record.Type))];
            authorities = [.. authorities.Where(record => IsFor(question.Type, record.Type))];
        }

        var flags = (query.Flags & MessageFlags.RecursionDesired) == 0 ? reply.Flags | MessageFlags.AuthoritativeAnswer : reply.Flags;
        return reply with { Flags = flags, ResponseCode = code, Answers = oddities.Order(answers), Authorities = oddities.Order(authorities) };
    }

    // RFC 4035 §3.2.1: without DO no DNSSEC records but those asked for.
    private static bool IsFor(RecordType asked, RecordType type) =>
        asked == RecordType.ANY || type == asked || type is not (RecordType.RRSIG or RecordType.NSEC or RecordType.NSEC3);

    private byte[]? Misbehave(ReplyFaultKind kind, DnsMessage reply, DnsMessage query, bool isDatagram, int limit)
    {
        switch (kind)
        {
            case ReplyFaultKind.ServerFailure:
                return (reply with { ResponseCode = ResponseCode.ServerFailure }).Write(limit);
            case ReplyFaultKind.Refused:
                return (reply with { ResponseCode = ResponseCode.Refused }).Write(limit);
            case ReplyFaultKind.Silence:
                return null;
            case ReplyFaultKind.Noise:
                var noise = Enumerable.Repeat((byte)0xC1, 64).ToArray();
                BinaryPrimitives.WriteUInt16BigEndian(noise, reply.Id);
                return noise;
            case ReplyFaultKind.WrongQuestion:
                return (Resolve(reply, query) with { Questions = [new Question(query.Questions[0].Name.Parent, RecordType.TXT)] }).Write(limit);
            case ReplyFaultKind.WrongId:
                return (Resolve(reply, query) with { Id = (ushort)(reply.Id ^ 1) }).Write(limit);
            case ReplyFaultKind.WithoutSignatures:
                return Without(Resolve(reply, query), record => record.Type == RecordType.RRSIG).Write(limit);
            case ReplyFaultKind.WithoutDenials:
                return Without(Resolve(reply, query), IsDenial).Write(limit);
            case ReplyFaultKind.TruncatedForEver:
                return isDatagram ? (reply with { Flags = reply.Flags | MessageFlags.Truncated }).Write(limit) : null;
        }

        return null;
    }

    private static bool IsDenial(ResourceRecord record) =>
        record.Type is RecordType.NSEC or RecordType.NSEC3 ||
        (record.Type == RecordType.RRSIG && RrsigData.ReadTypeCovered(record.Data) is RecordType.NSEC or RecordType.NSEC3);

    private static DnsMessage Without(DnsMessage message, Func<ResourceRecord, bool> isLeftOut) => message with
    {
        Answers = [.. message.Answers.Where(record => !isLeftOut(record))],
        Authorities = [.. message.Authorities.Where(record => !isLeftOut(record))],
    };

    private static byte[] FormatError(ReadOnlySpan<byte> wire) => new DnsMessage
    {
        Id = BinaryPrimitives.ReadUInt16BigEndian(wire),
        Opcode = (Opcode)((wire[2] >> 3) & 0xF),
        Flags = MessageFlags.Response | MessageFlags.RecursionAvailable,
        ResponseCode = ResponseCode.FormatError,
    }.Write();
}
