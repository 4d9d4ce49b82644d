using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

/// <summary>What honest forwarders and servers do to replies, and may.</summary>
internal static class Honesty
{
    public static readonly IReadOnlyList<Attack> All =
    [
        Way("turns the order of all records around", "RFC 1034 §3.6", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.Reverse()], Authorities = [.. deal.Reply.Authorities.Reverse()], Additionals = [.. deal.Reply.Additionals.Reverse()] }),
        Way("sorts signatures before what they sign", "RFC 1034 §3.6", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.OrderBy(record => record.Type != RecordType.RRSIG)], Authorities = [.. deal.Reply.Authorities.OrderBy(record => record.Type != RecordType.RRSIG)] }),
        Way("spells all owners in capitals", "RFC 4343 §3", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.Select(Capital)], Authorities = [.. deal.Reply.Authorities.Select(Capital)] }),
        Way("drops the additional section, but for glue", "RFC 2181 §9", deal => IsReferral(deal) ? deal.Reply : deal.Reply with { Additionals = [] }),
        Way("leaves out what a positive answer does not need", "RFC 4035 §3.1.1", deal => deal.Reply with { Authorities = IsReferral(deal) ? deal.Reply.Authorities : [.. deal.Reply.Authorities.Where(record => record.Type != RecordType.NS && !record.Covers(RecordType.NS))], Additionals = IsReferral(deal) ? deal.Reply.Additionals : [] }),
        Way("counts TTLs down", "RFC 1035 §4.1.3", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.Select(Older)], Authorities = [.. deal.Reply.Authorities.Select(Older)] }),
        Way("sends every record twice", "RFC 2181 §5", deal => deal.Reply with { Answers = [.. deal.Reply.Answers, .. deal.Reply.Answers], Authorities = [.. deal.Reply.Authorities, .. deal.Reply.Authorities] }),
        Way("adds padding, a server's name and an extended error", "RFC 6891 §6.1.2", deal => deal.Reply with { Edns = (deal.Reply.Edns ?? new Edns(1232, true)) with { Options = [.. deal.Reply.Edns?.Options ?? [], new EdnsOption(EdnsOption.Padding, Octets.Copy(new byte[64])), new EdnsOption(EdnsOption.NameServerId, Octets.Copy("ns1"u8)), new EdnsOption(EdnsOption.ExtendedError, Octets.Copy([0, 4]))] } }),
        Way("says AD to everything", "RFC 6840 §5.8", deal => deal.Reply with { Flags = deal.Reply.Flags | MessageFlags.AuthenticData }),
        Way("clears DO and CD in replies", "RFC 3225 §3", deal => deal.Reply with { Flags = deal.Reply.Flags & ~MessageFlags.CheckingDisabled, Edns = deal.Reply.Edns is { } edns ? edns with { DnssecOk = false } : null }),
        Way("adds addresses that nobody asked for", "RFC 2181 §5.4.1", deal => deal.Reply with { Additionals = [.. deal.Reply.Additionals, new(DomainName.Parse("unrelated.example."), RecordType.A, RecordClass.IN, 300, Octets.Copy([192, 0, 2, 200]))] }),
        Way("truncates every datagram", "RFC 2181 §9", deal => deal.Reply) with { Send = (deal, packet) => deal.Query.OverTcp ? [packet] : [Cut(packet)] },
        Way("compresses no name", "RFC 1035 §4.1.4", deal => deal.Reply) with { Send = (deal, packet) => deal.Query.OverTcp || Plain(deal.Reply) is not { Length: <= 1232 } plain ? [packet] : [plain] },
    ];

    private static Attack Way(string does, string rule, Func<Deal, DnsMessage> change) => new()
    {
        Aim = Aim.Transport,
        Does = does,
        StoppedBy = "",
        Rule = rule,
        Victims = [],
        Expected = Outcome.Withstood,
        Change = change,
    };

    private static bool IsReferral(Deal deal) => deal.Position == Position.Servers && deal.Reply.Answers.IsEmpty;

    private static ResourceRecord Capital(ResourceRecord record) => record.Type == RecordType.NSEC3 || record.Covers(RecordType.NSEC3)
        ? record with { Owner = DomainName.Parse(record.Owner.ToString().ToLowerInvariant()) }
        : record with { Owner = DomainName.Parse(record.Owner.ToString().ToUpperInvariant()) };

    private static ResourceRecord Older(ResourceRecord record) => record with { TimeToLive = record.TimeToLive / 2 };

    private static byte[] Cut(byte[] packet)
    {
        var end = 12;
        while (packet[end] != 0) end += 1 + packet[end];
        var cut = packet[..(end + 5)];
        cut[2] |= 0x02;
        cut.AsSpan(6, 6).Clear();
        return cut;
    }

    /// <summary>The message with every name written out.</summary>
    private static byte[] Plain(DnsMessage reply)
    {
        List<byte> octets = [.. (reply with { Answers = [], Authorities = [], Additionals = [], Edns = null }).Write()];
        (octets[7], octets[9], octets[11]) = ((byte)reply.Answers.Length, (byte)reply.Authorities.Length, (byte)reply.Additionals.Length);
        foreach (var record in reply.Answers.Concat(reply.Authorities).Concat(reply.Additionals))
        {
            octets.AddRange(record.Owner.Wire);
            foreach (var (value, bytes) in ((uint Value, int Bytes)[])[((uint)record.Type, 2), ((uint)record.Class, 2), (record.TimeToLive, 4), ((uint)record.Data.Length, 2)])
                for (var i = bytes - 1; i >= 0; i--) octets.Add((byte)((value >> (8 * i)) & 0xff));
            octets.AddRange(record.Data.Span);
        }
        return [.. octets];
    }
}
