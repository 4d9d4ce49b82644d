using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Testing.Forwarding;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Hostile;

/// <summary>Upstreams that fail, lie and forge. All forgeries but the plainest are made of genuine records of the signed world.</summary>
internal static class Attacks
{
    private const string Tlsa = "_25._tcp.mx.a13.nsec.";
    private const string Tlsa3 = "_25._tcp.mx.b13.nsec3.";
    private const string Star = "_25._tcp.star.a13.nsec.";

    /// <summary>Forgeries of records and of denials.</summary>
    public static IEnumerable<Attack> Forgeries()
    {
        yield return Attack.Changing("forwards everything as it is", (_, reply, _) => Task.FromResult(reply), (Tlsa, "TLSA"), (Tlsa3, "TLSA"), ("www.plain.optout.", "A"), ("www.expired.nsec.", "A"), ("no-such-name.a13.nsec.", "A"));
        yield return Attack.ChangingOne("replaces the TLSA and strips its signatures (NSEC zone)", Tlsa, RecordType.TLSA, (reply, _) => Task.FromResult(reply.WithoutSignatures().WithForgedData()));
        yield return Attack.ChangingOne("replaces the TLSA and strips its signatures (NSEC3 zone)", Tlsa3, RecordType.TLSA, (reply, _) => Task.FromResult(reply.WithoutSignatures().WithForgedData()));
        yield return Attack.ChangingOne("replaces the TLSA and keeps the signature", Tlsa, RecordType.TLSA, (reply, _) => Task.FromResult(reply.WithForgedData()));
        yield return Attack.Changing("strips every signature and every denial", (_, reply, _) => Task.FromResult(reply.WithoutSignatures()), (Tlsa, "TLSA"), (Tlsa3, "TLSA"), ("www.plain.optout.", "A"), ("no-such-name.a13.nsec.", "A"));
        yield return Attack.Changing("strips everything and says AD", (_, reply, _) => Task.FromResult(reply.WithoutSignatures().WithForgedData() with { Flags = reply.Flags | MessageFlags.AuthenticData }), (Tlsa, "TLSA"), ("www.a13.nsec.", "A"));
        yield return Attack.ChangingOne("denies what a wildcard makes, with the NSEC that only rules out a closer name", Star, RecordType.TLSA,
            async (reply, genuine) => reply.Denied(ResponseCode.NameError, [.. (await genuine.AskAsync("zzz-no-such-name.a13.nsec.", RecordType.A)).Proof(RecordType.SOA), .. reply.Proof(RecordType.NSEC)]));
        yield return Attack.ChangingOne("denies a child's TLSA with the NSEC of the parent's cut", "_25._tcp.www.sub.a13.nsec.", RecordType.TLSA, async (reply, genuine) =>
        {
            // The name right behind the cut is denied by the NSEC that the cut owns.
            var parent = await genuine.AskAsync("sub0.a13.nsec.", RecordType.A);
            var cut = DomainName.Parse("sub.a13.nsec.");
            var proof = parent.Proof(RecordType.NSEC).Where(record => record.Owner == cut).ToList();
            Assert.NotEmpty(proof);
            return reply.Denied(ResponseCode.NameError, [.. parent.Proof(RecordType.SOA), .. proof]);
        });
        yield return Attack.ChangingOne("denies an existing TLSA with NSEC3 records that do not cover it", Tlsa3, RecordType.TLSA, async (reply, genuine) =>
        {
            var other = await genuine.AskAsync("zzz-no-such-name.b13.nsec3.", RecordType.TLSA);
            return reply.Denied(ResponseCode.NameError, [.. other.Proof(RecordType.SOA), .. other.Proof(RecordType.NSEC3)]);
        });
        yield return Attack.ChangingOne("denies an existing type with the NSEC of another name", Tlsa, RecordType.TLSA, async (reply, genuine) =>
        {
            var other = await genuine.AskAsync("www.a13.nsec.", RecordType.MX);
            return reply.Denied(ResponseCode.NoError, [.. other.Proof(RecordType.SOA), .. other.Proof(RecordType.NSEC)]);
        });
        yield return Attack.ChangingOne("denies an existing name with the zone's SOA alone", Tlsa, RecordType.TLSA,
            async (reply, genuine) => reply.Denied(ResponseCode.NameError, (await genuine.AskAsync("zzz-no-such-name.a13.nsec.", RecordType.A)).Proof(RecordType.SOA)));
        yield return Attack.ChangingOne("answers with nothing at all", Tlsa, RecordType.TLSA, (reply, _) => Task.FromResult(reply.Denied(ResponseCode.NoError)));
        yield return Attack.ChangingOne("denies a name without any proof", Tlsa, RecordType.TLSA, (reply, _) => Task.FromResult(reply.Denied(ResponseCode.NameError)));
        yield return Attack.Changing("denies the zone's DS without proof, and strips the zone", (question, reply, _) =>
            Task.FromResult(question.Type == RecordType.DS && question.Name == DomainName.Parse("a13.nsec.") ? reply.Denied(ResponseCode.NoError) : Strip("a13.nsec.", question, reply)), (Tlsa, "TLSA"));
        yield return Attack.Changing("denies the zone's DS with the NSEC of an unsigned neighbour, and strips the zone", async (question, reply, genuine) =>
        {
            if (question.Type != RecordType.DS || question.Name != DomainName.Parse("a13.nsec.")) return Strip("a13.nsec.", question, reply);
            var neighbour = await genuine.AskAsync("plain.nsec.", RecordType.DS);
            return reply.Denied(ResponseCode.NoError, neighbour.Authorities);
        }, (Tlsa, "TLSA"));
        yield return Attack.Changing("denies the DS of a signed zone by opt-out records that do not cover it, and strips the zone", async (question, reply, genuine) =>
        {
            if (question.Type != RecordType.DS || question.Name != DomainName.Parse("c15.optout.")) return Strip("c15.optout.", question, reply);
            var neighbour = await genuine.AskAsync("plain.optout.", RecordType.DS);
            return reply.Denied(ResponseCode.NoError, neighbour.Authorities);
        }, ("_25._tcp.mx.c15.optout.", "TLSA"));
        yield return Attack.Changing("takes the signatures off the keys of the zone", (question, reply, _) =>
            Task.FromResult(question.Type == RecordType.DNSKEY && question.Name == DomainName.Parse("a13.nsec.") ? reply.WithoutSignatures() : reply), (Tlsa, "TLSA"));
        yield return Attack.Changing("gives another zone's keys", async (question, reply, genuine) =>
            question.Type == RecordType.DNSKEY && question.Name == DomainName.Parse("a13.nsec.") ? (await genuine.AskAsync("sub.a13.nsec.", RecordType.DNSKEY) with { Id = reply.Id, Questions = reply.Questions }).WithNames(question.Name) : reply, (Tlsa, "TLSA"));
        yield return Attack.ChangingOne("puts another RRset's signature on the TLSA", Tlsa, RecordType.TLSA, async (reply, genuine) =>
        {
            var other = await genuine.AskAsync("_25._tcp.many.a13.nsec.", RecordType.TLSA);
            return reply with { Answers = [.. reply.Answers.Where(record => record.Type == RecordType.TLSA), .. other.Answers.Where(record => record.IsSignature(RecordType.TLSA)).Select(record => record with { Owner = reply.Answers[0].Owner })] };
        });
        yield return Attack.ChangingOne("moves another name's signed TLSA to this name", Tlsa, RecordType.TLSA, async (reply, genuine) =>
            (await genuine.AskAsync("_25._tcp.many.a13.nsec.", RecordType.TLSA) with { Id = reply.Id, Questions = reply.Questions }).WithNames(DomainName.Parse(Tlsa)));
        yield return Attack.ChangingOne("gives a wildcard's records for a name that exists", "there.wild.a13.nsec.", RecordType.A, async (reply, genuine) =>
        {
            var wild = await genuine.AskAsync("other.wild.a13.nsec.", RecordType.A);
            return (wild with { Id = reply.Id, Questions = reply.Questions }).WithNames(DomainName.Parse("there.wild.a13.nsec."));
        });
        yield return Attack.ChangingOne("gives a wildcard's records without the proof that no closer name exists", "other.wild.a13.nsec.", RecordType.A, (reply, _) => Task.FromResult(reply with { Authorities = [] }));
        yield return Attack.ChangingOne("sends an alias of its own", "www.a13.nsec.", RecordType.A, async (reply, genuine) =>
        {
            var target = await genuine.AskAsync("www.plain.optout.", RecordType.A);
            return reply with { Answers = [new ResourceRecord(DomainName.Parse("www.a13.nsec."), RecordType.CNAME, RecordClass.IN, 300, new Octets(DomainName.Parse("www.plain.optout.").Wire.ToArray())), .. target.Answers] };
        });
        // unbound makes the CNAME anew from the DNAME and so is not led astray; we refuse the reply.
        yield return Attack.ChangingOne("leads the CNAME of a DNAME elsewhere", "host.tree.a13.nsec.", RecordType.A, async (reply, genuine) =>
        {
            var target = await genuine.AskAsync("www.plain.optout.", RecordType.A);
            return reply with { Answers = [.. reply.Answers.Where(record => record.Type == RecordType.DNAME || record.IsSignature(RecordType.DNAME)), new ResourceRecord(DomainName.Parse("host.tree.a13.nsec."), RecordType.CNAME, RecordClass.IN, 300, new Octets(DomainName.Parse("www.plain.optout.").Wire.ToArray())), .. target.Answers] };
        })
            with { Expected = PeerStatus.Bogus };
        yield return Attack.Changing("writes iterations above the limit into the NSEC3 records", (_, reply, _) => Task.FromResult(reply with
        {
            Authorities = [.. reply.Authorities.Select(record => record.Type == RecordType.NSEC3 ? record with { Data = WithIterations(record.Data, 5000) } : record)],
        }), ("zzz-no-such-name.b13.nsec3.", "A"));
        yield return Attack.Changing("sets the opt-out flag in the NSEC3 records", (_, reply, _) => Task.FromResult(reply with
        {
            Authorities = [.. reply.Authorities.Select(record => record.Type == RecordType.NSEC3 ? record with { Data = WithOptOut(record.Data) } : record)],
        }), ("un.b13.nsec3.", "DS"));
        yield return Attack.ChangingOne("adds a record to a signed RRset", Tlsa, RecordType.TLSA, (reply, _) =>
        {
            var added = reply.WithForgedData().Answers.First(record => record.Type == RecordType.TLSA);
            return Task.FromResult(reply with { Answers = reply.Answers.Add(added) });
        });
        yield return Attack.ChangingOne("takes a record from a signed RRset", Tlsa, RecordType.TLSA, (reply, _) =>
            Task.FromResult(reply with { Answers = reply.Answers.Remove(reply.Answers.First(record => record.Type == RecordType.TLSA)) }));
        yield return Attack.ChangingOne("writes names in capitals and turns the order round, which is allowed", Tlsa, RecordType.TLSA, (reply, _) => Task.FromResult(reply with
        {
            Answers = [.. reply.Answers.Reverse().Select(record => record with { Owner = DomainName.Parse(Tlsa.ToUpperInvariant()) })],
        }));
        yield return Attack.ChangingOne("sends each record twice, which counts once", Tlsa, RecordType.TLSA, (reply, _) => Task.FromResult(reply with { Answers = reply.Answers.AddRange(reply.Answers) }));
    }

    /// <summary>Upstreams that do not work, or send what is no reply. Where unbound would try for a minute, what is right is written here.</summary>
    public static IEnumerable<Attack> Failures()
    {
        (string, string)[] questions = [(Tlsa, "TLSA")];
        Attack Failing(string name, Answering answer) => new(name, answer, questions) { Expected = PeerStatus.Failed };
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
        yield return new Attack("is overtaken by a packet with another id", async (query, forwarder, token) =>
        {
            var reply = await forwarder.AskAsync(query.Wire, query.OverTcp, token);
            if (query.OverTcp) return [reply];
            var forged = (byte[])reply.Clone();
            forged[1] ^= 0xff;
            return [forged, reply];
        }, questions)
            { Expected = PeerStatus.Secure };
        yield return new Attack("is overtaken by a packet with another question", async (query, forwarder, token) =>
        {
            var reply = await forwarder.AskAsync(query.Wire, query.OverTcp, token);
            if (query.OverTcp) return [reply];
            var forged = (byte[])reply.Clone();
            forged[13] ^= 0x01;
            return [forged, reply];
        }, questions)
            { Expected = PeerStatus.Secure };
        yield return new Attack("truncates every datagram", async (query, forwarder, token) =>
        {
            if (query.OverTcp) return [await forwarder.AskAsync(query.Wire, overTcp: true, token)];
            var reply = query.Wire[..(12 + QuestionLength(query.Wire))];
            reply[2] |= 0x82;
            reply[6] = reply[7] = reply[8] = reply[9] = reply[10] = reply[11] = 0;
            return [reply];
        }, questions)
            { Expected = PeerStatus.Secure };
    }

    private static DnsMessage Strip(string zone, Question question, DnsMessage reply) => question.Name.IsAtOrBelow(DomainName.Parse(zone)) ? reply.WithoutSignatures().WithForgedData() : reply;

    private static int QuestionLength(byte[] message)
    {
        var end = 12;
        while (message[end] != 0) end += 1 + message[end];
        return end + 5 - 12;
    }

    private static Octets WithIterations(Octets nsec3, ushort iterations) => Nsec3Data.TryRead(nsec3, out var view) ? (view with { Iterations = iterations }).ToOctets() : nsec3;

    private static Octets WithOptOut(Octets nsec3) => Nsec3Data.TryRead(nsec3, out var view) ? (view with { Flags = Nsec3Data.OptOutFlag }).ToOctets() : nsec3;
}
