using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Testing.Forwarding;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Hostile;

/// <summary>Upstreams that fail in all the ways that servers fail. Those that lie and forge are in the catalogue of attacks.</summary>
internal static class Conducts
{
    private const string Tlsa = "_25._tcp.mx.a13.nsec.";
    private const string Tlsa3 = "_25._tcp.mx.b13.nsec3.";

    /// <summary>The same path without any attack.</summary>
    public static IEnumerable<Conduct> Honest() =>
        [Conduct.Changing("forwards everything as it is", (_, reply, _) => Task.FromResult(reply), (Tlsa, "TLSA"), (Tlsa3, "TLSA"), ("www.plain.optout.", "A"), ("www.expired.nsec.", "A"), ("no-such-name.a13.nsec.", "A"))];

    /// <summary>Upstreams that do not work, or send what is no reply. Where unbound would try for a minute, what is right is written here.</summary>
    public static IEnumerable<Conduct> Failures()
    {
        (string, string)[] questions = [(Tlsa, "TLSA")];
        Conduct Failing(string name, Answering answer) => new(name, answer, questions) { Expected = PeerStatus.Failed };
        yield return Failing("says nothing", (_, _, _) => Task.FromResult<IReadOnlyList<byte[]>>([]));
        yield return Failing("sends noise", (query, _, _) => Task.FromResult<IReadOnlyList<byte[]>>([[.. query.Wire.AsSpan(0, 2), .. Enumerable.Range(0, 400).Select(i => (byte)((i * 131) & 0xff))]]));
        yield return Failing("sends the query back", (query, _, _) => Task.FromResult<IReadOnlyList<byte[]>>([query.Wire]));
        yield return Failing("sends two octets", (query, _, _) => Task.FromResult<IReadOnlyList<byte[]>>([query.Wire[..2]]));
        yield return Failing("answers with another id", async (query, forwarder, token) =>
        {
            var reply = await forwarder.AskAsync(query.Wire, overTcp: true, token);
            reply[0] ^= 0x55;
            return [reply];
        });
        yield return Failing("answers another question", async (query, forwarder, token) =>
        {
            var other = new DnsMessage { Id = (ushort)((query.Wire[0] << 8) | query.Wire[1]), Flags = MessageFlags.RecursionDesired, Questions = [new Question(DomainName.Parse("_25._tcp.many.a13.nsec."), RecordType.TLSA)], Edns = new Edns(1232, dnssecOk: true) };
            return [await forwarder.AskAsync(other.Write(), overTcp: true, token)];
        });
        yield return Failing("cuts every reply short", async (query, forwarder, token) => [(await forwarder.AskAsync(query.Wire, overTcp: true, token))[..^20]]);
        yield return Failing("says that all is truncated, over TCP as well", async (query, forwarder, token) =>
        {
            var reply = await forwarder.AskAsync(query.Wire, overTcp: true, token);
            reply[2] |= 0x02;
            reply[7] = reply[9] = reply[11] = 0;
            return [reply[..(12 + QuestionLength(reply))]];
        });
        yield return Failing("truncates, and says nothing over TCP", (query, _, _) =>
        {
            if (query.OverTcp) return Task.FromResult<IReadOnlyList<byte[]>>([]);
            var reply = query.Wire[..(12 + QuestionLength(query.Wire))];
            reply[2] |= 0x82;
            reply[6] = reply[7] = reply[8] = reply[9] = reply[10] = reply[11] = 0;
            return Task.FromResult<IReadOnlyList<byte[]>>([reply]);
        });
        foreach (var code in (ResponseCode[])[ResponseCode.Refused, ResponseCode.ServerFailure, ResponseCode.FormatError, ResponseCode.NotImplemented])
            yield return Failing($"answers {code} to everything", (query, _, _) =>
            {
                var reply = query.Wire[..(12 + QuestionLength(query.Wire))];
                reply[2] |= 0x80;
                reply[3] = (byte)(0x80 | (int)code);
                reply[6] = reply[7] = reply[8] = reply[9] = reply[10] = reply[11] = 0;
                return Task.FromResult<IReadOnlyList<byte[]>>([reply]);
            });
        yield return Failing("knows no EDNS", async (query, forwarder, token) =>
        {
            DnsMessage.TryRead(query.Wire, out var asked, out _);
            if (asked is null) return [];
            if (asked.Edns is not null) return [(asked with { Flags = asked.Flags | MessageFlags.Response, ResponseCode = ResponseCode.FormatError, Edns = null }).Write()];
            return [await forwarder.AskAsync(query.Wire, query.OverTcp, token)];
        });
        // A forged packet first, then the genuine one: the wait goes on, and the answer is secure.
        yield return new Conduct("is overtaken by a packet with another id", async (query, forwarder, token) =>
        {
            var reply = await forwarder.AskAsync(query.Wire, query.OverTcp, token);
            if (query.OverTcp) return [reply];
            var forged = (byte[])reply.Clone();
            forged[1] ^= 0xff;
            return [forged, reply];
        }, questions)
            { Expected = PeerStatus.Secure };
        yield return new Conduct("is overtaken by a packet with another question", async (query, forwarder, token) =>
        {
            var reply = await forwarder.AskAsync(query.Wire, query.OverTcp, token);
            if (query.OverTcp) return [reply];
            var forged = (byte[])reply.Clone();
            forged[13] ^= 0x01;
            return [forged, reply];
        }, questions)
            { Expected = PeerStatus.Secure };
        yield return new Conduct("truncates every datagram", async (query, forwarder, token) =>
        {
            if (query.OverTcp) return [await forwarder.AskAsync(query.Wire, overTcp: true, token)];
            var reply = query.Wire[..(12 + QuestionLength(query.Wire))];
            reply[2] |= 0x82;
            reply[6] = reply[7] = reply[8] = reply[9] = reply[10] = reply[11] = 0;
            return [reply];
        }, questions)
            { Expected = PeerStatus.Secure };
    }

    private static int QuestionLength(byte[] message)
    {
        var end = 12;
        while (message[end] != 0) end += 1 + message[end];
        return end + 5 - 12;
    }
}
