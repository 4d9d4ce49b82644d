using System.Buffers.Binary;
using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using static Danelaw.Interop.Tests.Hostile.Catalogue.Victims;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

internal static partial class Attacks
{
    /// <summary>What is done to messages and packets.</summary>
    private static IEnumerable<Attack> Transports()
    {
        Attack Message(string does, string stoppedBy, string rule, Func<Deal, DnsMessage> change, Outcome expected, string[]? guards = null, ImmutableArray<Question>? victims = null) =>
            OnAll(Aim.Transport, does, stoppedBy, rule, victims ?? MxTlsa, change) with { Expected = expected, Guards = [.. guards ?? []], Asking = expected == Outcome.Withstood ? null : Impatient };
        Attack Packets(string does, string stoppedBy, string rule, Func<Deal, byte[], IReadOnlyList<byte[]>> send, Outcome expected, string[]? guards = null) =>
            new() { Aim = Aim.Transport, Does = does, StoppedBy = stoppedBy, Rule = rule, Victims = In("sec.nsec.", ("_25._tcp.mx", RecordType.TLSA)), Send = send, Expected = expected, Guards = [.. guards ?? []], Asking = expected == Outcome.Withstood ? null : Impatient };
        // Makes everything go over TCP, and does something there.
        Attack OverTcp(string does, string stoppedBy, string rule, Func<Deal, byte[], IReadOnlyList<byte[]>> send, Outcome expected, string[]? guards = null) =>
            Packets(does, stoppedBy, rule, (deal, packet) => deal.Query.OverTcp ? send(deal, packet) : [Truncated(packet)], expected, guards);
        const string Ignored = "what is no reply to the query is passed over, and the wait goes on";

        // Flags and codes.
        yield return Message("says AD to everything that he stripped and forged", "the AD bit of others is never believed", "RFC 4035 §4.9.3", deal => deal.IsVictims ? deal.Reply.Stripped().Forged() with { Flags = deal.Reply.Flags | MessageFlags.AuthenticData } : deal.Reply, Outcome.Refused);
        yield return Message("says AD, AA and CD to everything, and leaves RA and RD out", "no flag of these decides anything for a stub", "RFC 4035 §4.9.3", deal => deal.Reply with { Flags = (deal.Reply.Flags | MessageFlags.AuthenticData | MessageFlags.CheckingDisabled) ^ (MessageFlags.AuthoritativeAnswer | MessageFlags.RecursionDesired | MessageFlags.RecursionAvailable) }, Outcome.Withstood)
            with { ExpectedInIteration = Outcome.RefusedOrWithstood };
        foreach (var code in (ResponseCode[])[ResponseCode.ServerFailure, ResponseCode.Refused, ResponseCode.NameError, ResponseCode.YXDomain, ResponseCode.NotAuthoritative, ResponseCode.FormatError])
            yield return Message($"leaves the genuine data of the answer and writes response code {(int)code}", "a failure is no answer, and what is signed is no denial", "RFC 4035 §4.3", deal => deal.IsVictims ? deal.Reply with { ResponseCode = code } : deal.Reply, Outcome.RefusedOrWithstood);
        yield return Message("writes an extended response code over genuine data", "a code that is not known is a failure", "RFC 6891 §6.1.3", deal => deal.IsVictims ? deal.Reply with { ResponseCode = ResponseCode.BadCookie } : deal.Reply, Outcome.RefusedOrWithstood, victims: In("sec.nsec.", ("_25._tcp.mx", RecordType.TLSA)));

        // EDNS.
        yield return Message("takes EDNS out of every reply", "records count, not what OPT says of them", "RFC 3225 §3", deal => deal.Reply with { Edns = null }, Outcome.RefusedOrWithstood);
        yield return Message("clears DO in every reply", "records count, not what OPT says of them", "RFC 3225 §3", deal => deal.Reply with { Edns = deal.Reply.Edns is { } edns ? edns with { DnssecOk = false } : null }, Outcome.Withstood);
        yield return Message("answers FORMERR and no EDNS, so that nobody asks for signatures", "without signatures a signed zone is bogus", "RFC 4035 §4.1", deal => deal.Query.Wire.Length > 12 && deal.Reply.Edns is not null ? deal.Reply with { ResponseCode = ResponseCode.FormatError, Edns = null, Answers = [], Authorities = [], Additionals = [] } : deal.Reply, Outcome.Refused);
        yield return Message("adds extended errors that say DNSSEC Bogus and Stale Answer", "extended errors are told, not obeyed", "RFC 8914 §6", deal => deal.Reply with { Edns = (deal.Reply.Edns ?? new Edns(1232, true)) with { Options = [.. deal.Reply.Edns?.Options ?? [], new EdnsOption(EdnsOption.ExtendedError, Octets.Copy([0, 6])), new EdnsOption(EdnsOption.ExtendedError, Octets.Copy([0, 3]))] } }, Outcome.Withstood);
        yield return Message("adds unknown EDNS options and a hundred octets of padding", "unknown options are passed over", "RFC 6891 §6.1.2", deal => deal.Reply with { Edns = (deal.Reply.Edns ?? new Edns(1232, true)) with { Options = [.. deal.Reply.Edns?.Options ?? [], new EdnsOption(65001, Octets.Copy([1, 2, 3])), new EdnsOption(EdnsOption.Padding, Octets.Copy(new byte[100]))] } }, Outcome.Withstood);
        yield return Message("writes EDNS version 1", "a version that is not known is a failure, or nothing rests on it", "RFC 6891 §6.1.3", deal => deal.Reply with { Edns = deal.Reply.Edns is { } edns ? edns with { Version = 1 } : null }, Outcome.RefusedOrWithstood);

        // The question.
        yield return Message("echoes the question with another type", Ignored, "RFC 5452 §9.1", deal => deal.Reply with { Questions = [new Question(deal.Question.Name, RecordType.TXT)] }, Outcome.Refused, ["transport-wrong-question"], In("sec.nsec.", ("_25._tcp.mx", RecordType.TLSA)));
        yield return Message("answers another question than was asked, and echoes that one", Ignored, "RFC 5452 §9.1", deal => deal.IsVictims ? deal.Answered(deal.Zone.Signed(deal.In("_25._tcp.other"), RecordType.TLSA)) with { Questions = [new Question(deal.In("_25._tcp.other"), RecordType.TLSA)] } : deal.Reply, Outcome.Refused, ["transport-wrong-question"], In("sec.nsec.", ("_25._tcp.mx", RecordType.TLSA)));
        yield return Message("echoes no question", Ignored, "RFC 5452 §9.1", deal => deal.IsVictims ? deal.Reply with { Questions = [] } : deal.Reply, Outcome.RefusedOrWithstood, victims: In("sec.nsec.", ("_25._tcp.mx", RecordType.TLSA)));
        yield return Message("echoes two questions", Ignored, "RFC 5452 §9.1", deal => deal.IsVictims ? deal.Reply with { Questions = [deal.Question, new Question(deal.In("other"), RecordType.A)] } : deal.Reply, Outcome.RefusedOrWithstood, victims: In("sec.nsec.", ("_25._tcp.mx", RecordType.TLSA)));
        yield return Message("echoes the question in other letters", "names are compared without case where no random case was sent", "RFC 1035 §2.3.3", deal => deal.Reply with { Questions = [new Question(Upper(deal.Question.Name), deal.Question.Type)] }, Outcome.Withstood);
        yield return Message("writes another opcode", Ignored, "RFC 5452 §9.1", deal => deal.IsVictims ? deal.Reply with { Opcode = Opcode.Update } : deal.Reply, Outcome.RefusedOrWithstood, victims: In("sec.nsec.", ("_25._tcp.mx", RecordType.TLSA)));

        // Truncation.
        yield return Packets("marks forged datagrams as truncated", "what is truncated is fetched over TCP", "RFC 2181 §9", (deal, packet) => deal.Query.OverTcp ? [packet] : [WithFlag((deal.Reply.Forged() with { Edns = deal.Reply.Edns }).Write(), 2, 0x02)], Outcome.Withstood, ["transport-truncation"]);
        yield return Message("leaves part of a set out and does not say that it was truncated", "the signature is over the whole set", "RFC 4035 §5.3.3", deal => deal.IsVictims ? deal.Reply with { Answers = [.. deal.Reply.Answers.Take(1), .. deal.Reply.Answers.Where(record => record.Type == RecordType.RRSIG)] } : deal.Reply, Outcome.Refused, victims: Www);
        yield return Packets("says that everything is truncated, over TCP too", "a truncated reply over a stream is none", "RFC 7766 §5", (_, packet) => [Truncated(packet)], Outcome.Refused, ["transport-truncation-over-a-stream"]);
        yield return OverTcp("forces everything over TCP", "TCP is as good", "RFC 7766 §5", (_, packet) => [packet], Outcome.Withstood);
        yield return OverTcp("forces everything over TCP and forges there", "the signature does not verify over what is there", "RFC 4035 §5.3.3", (deal, _) => [deal.Reply.Forged().Write()], Outcome.Refused);

        // Packets before the genuine one.
        yield return Packets("sends a hundred forged packets with wrong ids before the genuine one", Ignored, "RFC 5452 §9.1", (deal, packet) => deal.Query.OverTcp ? [packet] : [.. Enumerable.Range(1, 100).Select(i => WithId(deal.Reply.Stripped().Forged().Write(), (ushort)(deal.Reply.Id ^ i))), packet], Outcome.Withstood, ["transport-wrong-id"]);
        yield return Packets("sends forged packets with wrong questions before the genuine one", Ignored, "RFC 5452 §9.1", (deal, packet) => deal.Query.OverTcp ? [packet] : [.. Enumerable.Range(0, 20).Select(i => (deal.Reply.Stripped().Forged() with { Questions = [new Question(deal.Question.Name.TryPrepend("x"u8, out var other) ? other : default, deal.Question.Type)] }).Write()), packet], Outcome.Withstood, ["transport-wrong-question"]);
        yield return Packets("sends queries back as if they were replies", Ignored, "RFC 1035 §4.1.1", (deal, packet) => deal.Query.OverTcp ? [packet] : [deal.Query.Wire, packet], Outcome.Withstood, ["transport-query-as-reply"]);
        yield return Packets("sends noise, an id alone and a header alone before the genuine one", Ignored, "RFC 5452 §9.1", (deal, packet) => deal.Query.OverTcp ? [packet] : [[], packet[..2], WithFlag(packet[..12], 5, 0), [.. Enumerable.Range(0, 500).Select(i => (byte)(i * 131 & 0xff))], packet], Outcome.RefusedOrWithstood);

        // Where TCP is faster than the genuine datagram, cookies rest, and the next forged packet fits in all but its signature.
        yield return Packets("sends a forged packet with another client cookie before the genuine one", "a reply with another cookie is ignored", "RFC 7873 §5.3", (deal, packet) => deal.Query.OverTcp ? [packet]
            : [(deal.Reply.Stripped().Forged() with { Edns = new Edns(1232, true).With(new EdnsOption(EdnsOption.Cookie, Octets.Copy([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]))) }).Write(), packet], Outcome.RefusedOrWithstood, ["transport-cookie-of-another"]);
        yield return Packets("sends a forged packet whose question is spelt otherwise before the genuine one, to who sent random case", "the reply must repeat the letters", "RFC 5452 §9.1", (deal, packet) => deal.Query.OverTcp || !deal.IsVictims ? [packet] : [SwapCase(deal.Reply.Stripped().Forged().Write()), packet], Outcome.Withstood, ["transport-random-case"])
            with { Asking = new DnsTransportOptions { Use0x20 = true } };
        yield return Packets("sends forged packets from another port before the genuine one", Ignored, "RFC 5452 §9.1", (_, packet) => [packet], Outcome.Withstood)
            with { Aside = (deal, _) => deal.Query.OverTcp ? [] : [deal.Reply.Stripped().Forged().Write(), deal.Reply.Stripped().Forged().Write()] };
        yield return Packets("is faster than the genuine reply with a forged one that fits", "the signature is missing", "RFC 4035 §5", (deal, packet) => deal.Query.OverTcp || !deal.IsVictims ? [packet] : [deal.Reply.Stripped().Forged().Write(), packet], Outcome.Refused);
        yield return Packets("sends each packet five times", "the second is passed over", "RFC 5452 §9.1", (_, packet) => [packet, packet, packet, packet, packet], Outcome.Withstood);

        // Broken packets.
        yield return Packets("says nothing", "silence is evidence of nothing", "RFC 4035 §4.3", (_, _) => [], Outcome.Refused);
        yield return Packets("cuts every reply short", "what cannot be read is no reply", "RFC 1035 §4.1", (_, packet) => [packet[..^20]], Outcome.Refused);
        yield return Packets("adds octets behind the message", "what cannot be read is no reply, or nothing rests on what is behind it", "RFC 1035 §4.1", (_, packet) => [[.. packet, 1, 2, 3, 4]], Outcome.RefusedOrWithstood, ["codec-trailing-octets"]);
        yield return Packets("claims fifty answers more than there are", "what cannot be read is no reply", "RFC 1035 §4.1.1", (_, packet) => [WithFlag(packet, 7, 50)], Outcome.Refused, ["codec-lying-counts-short"]);
        yield return Packets("makes names point at themselves", "pointers lead back only", "RFC 1035 §4.1.4", (deal, packet) => [PointAtItself(packet)], Outcome.Refused);
        yield return Packets("sends sixty thousand octets in one datagram", "what is not asked for is not judged", "RFC 6891 §6.2.5", (deal, packet) => deal.Query.OverTcp ? [packet] : [(deal.Reply with { Additionals = [.. Enumerable.Range(0, 240).Select(i => new ResourceRecord(deal.Zone.Apex, RecordType.TXT, RecordClass.IN, 300, Octets.Copy([230, .. new byte[230]])))] }).Write()], Outcome.RefusedOrWithstood);
        yield return Packets("puts two OPT records into the message", "a message has one OPT", "RFC 6891 §6.1.1", (_, packet) => [WithSecondOpt(packet)], Outcome.RefusedOrWithstood, ["codec-one-opt"]);
        yield return Packets("puts a signature of another kind, TSIG, at the end", "nobody agreed on a key", "RFC 8945 §5.3", (deal, packet) => [WithTsig(packet)], Outcome.RefusedOrWithstood);

        // Frames.
        yield return OverTcp("sends everything over TCP octet by octet", "a frame is read until it is whole", "RFC 7766 §8", (_, _) => [], Outcome.Withstood)
            with { Aside = (deal, packet) => deal.Query.OverTcp ? Framed(packet).Select(octet => new[] { octet }) : [] };
        yield return OverTcp("sends another message in the same segment before the genuine one", Ignored, "RFC 7766 §7", (_, _) => [], Outcome.Withstood, ["transport-stream-question"])
            with { Aside = (deal, packet) => deal.Query.OverTcp ? [[.. Framed(WithId(deal.Reply.Stripped().Forged().Write(), (ushort)(deal.Reply.Id ^ 0x5555))), .. Framed(packet)]] : [] };
        yield return OverTcp("sends forged messages with other questions over TCP before the genuine one", Ignored, "RFC 7766 §7", (deal, packet) => [(deal.Reply.Stripped().Forged() with { Questions = [new Question(deal.In("other"), RecordType.A)] }).Write(), packet], Outcome.Withstood, ["transport-stream-question"]);
        yield return OverTcp("announces a frame longer than what he sends", "what does not come is no reply", "RFC 7766 §8", (_, _) => [], Outcome.Refused)
            with { Aside = (deal, packet) => deal.Query.OverTcp ? [[0xff, 0xff, .. packet]] : [] };
        yield return OverTcp("sends empty frames before the genuine message", "what is no message is passed over, or ends the connection", "RFC 7766 §8", (_, packet) => [packet], Outcome.RefusedOrWithstood)
            with { Aside = (deal, _) => deal.Query.OverTcp ? [[0, 0, 0, 0]] : [] };
    }

    // Where silence is part of the attack nobody wants to wait for its end.
    private static DnsTransportOptions Impatient => new() { Timeout = TimeSpan.FromMilliseconds(400), Tries = 2 };

    private static byte[] WithFlag(byte[] packet, int at, byte bits)
    {
        var changed = (byte[])packet.Clone();
        changed[at] |= bits;
        return changed;
    }

    private static byte[] WithId(byte[] packet, ushort id)
    {
        var changed = (byte[])packet.Clone();
        BinaryPrimitives.WriteUInt16BigEndian(changed, id);
        return changed;
    }

    /// <summary>Header and question alone, with TC.</summary>
    private static byte[] Truncated(byte[] packet)
    {
        var end = 12;
        while (packet[end] != 0) end += 1 + packet[end];
        var cut = packet[..(end + 5)];
        cut[2] |= 0x02;
        cut.AsSpan(6, 6).Clear();
        return cut;
    }

    private static byte[] Framed(byte[] packet) => [(byte)(packet.Length >> 8), (byte)(packet.Length & 0xff), .. packet];

    private static byte[] SwapCase(byte[] packet)
    {
        var changed = (byte[])packet.Clone();
        for (var at = 12; changed[at] != 0; at += 1 + packet[at])
            foreach (ref var octet in changed.AsSpan(at + 1, changed[at]))
                if (char.IsAsciiLetter((char)octet)) octet ^= 0x20;
        return changed;
    }

    /// <summary>The owner of the first record behind the question becomes a pointer to itself.</summary>
    private static byte[] PointAtItself(byte[] packet)
    {
        var at = Truncated(packet).Length;
        if (at + 2 > packet.Length) return packet[..^1];
        byte[] changed = [.. packet[..at], (byte)(0xc0 | (at >> 8)), (byte)(at & 0xff), .. packet[(at + 2)..]];
        return changed;
    }

    private static byte[] WithSecondOpt(byte[] packet)
    {
        byte[] changed = [.. packet, 0, 0, 41, 4, 208, 0, 0, 0x80, 0, 0, 0];
        changed[11]++;
        return changed;
    }

    private static byte[] WithTsig(byte[] packet)
    {
        byte[] data = [4, (byte)'e', (byte)'v', (byte)'i', (byte)'l', 0, 0, 0, 0x66, 0, 0, 0, 1, 44, 0, 4, 1, 2, 3, 4, packet[0], packet[1], 0, 0, 0, 0];
        byte[] changed = [.. packet, 0, 0, 250, 0, 255, 0, 0, 0, 0, 0, (byte)data.Length, .. data];
        changed[11]++;
        return changed;
    }
}
