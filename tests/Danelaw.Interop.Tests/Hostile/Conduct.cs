using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Testing.Forwarding;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Hostile;

/// <summary>Something that an upstream does to its askers.</summary>
/// <param name="Name">What it does, in a few words.</param>
/// <param name="Answer">How it answers.</param>
/// <param name="Questions">What is asked of it.</param>
internal sealed record Conduct(string Name, Answering Answer, params (string Name, string Type)[] Questions)
{
    /// <summary>What must come out of it where unbound is no judge, because it has no answer in reasonable time or no verdict of its own; null: unbound is asked.</summary>
    public PeerStatus? Expected { get; init; }

    /// <summary>One that changes replies which hold genuine records.</summary>
    public static Conduct Changing(string name, Func<Question, DnsMessage, Genuine, Task<DnsMessage>> change, params (string Name, string Type)[] questions) =>
        new(name, async (query, forwarder, token) =>
        {
            var genuine = new Genuine(forwarder, token);
            if (!DnsMessage.TryRead(query.Wire, out var asked, out _) || asked.Questions.Length != 1) return [];
            // Over TCP, so that the attacker has the whole reply in hand.
            var changed = await change(asked.Questions[0], await genuine.ReadAsync(query.Wire), genuine);
            return [changed.Write(query.OverTcp ? DnsMessage.MaximumLength : Math.Max(512, (int)(asked.Edns?.UdpPayloadSize ?? 512)))];
        }, questions);
}

/// <summary>The genuine world behind an attacker, who may ask it anything.</summary>
internal sealed class Genuine(RewritingForwarder forwarder, CancellationToken cancellationToken)
{
    public async Task<DnsMessage> ReadAsync(byte[] query)
    {
        var reply = await forwarder.AskAsync(query, overTcp: true, cancellationToken);
        return DnsMessage.TryRead(reply, out var message, out var fault) ? message : throw new InvalidOperationException($"a genuine reply cannot be read: {fault}");
    }

    public Task<DnsMessage> AskAsync(string name, RecordType type) => ReadAsync(new DnsMessage
    {
        Id = 4711,
        Flags = MessageFlags.RecursionDesired | MessageFlags.CheckingDisabled,
        Questions = [new Question(DomainName.Parse(name), type)],
        Edns = new Edns(1232, dnssecOk: true),
    }.Write());
}

/// <summary>What attackers do to records.</summary>
internal static class Tampering
{
    public static DnsMessage WithoutSignatures(this DnsMessage reply) => reply with
    {
        Answers = reply.Answers.RemoveAll(record => record.Type == RecordType.RRSIG),
        Authorities = reply.Authorities.RemoveAll(record => record.Type is RecordType.RRSIG or RecordType.NSEC or RecordType.NSEC3),
        Additionals = reply.Additionals.RemoveAll(record => record.Type == RecordType.RRSIG),
    };

    /// <summary>TLSA and address records are replaced by the attacker's.</summary>
    public static DnsMessage WithForgedData(this DnsMessage reply) => reply with
    {
        Answers = [.. reply.Answers.Select(record => record.Type switch
        {
            RecordType.TLSA => record with { Data = Forged(record.Data) },
            RecordType.A => record with { Data = Octets.Copy([192, 0, 2, 66]) },
            _ => record,
        })],
    };

    /// <summary>A denial made of records that came from elsewhere.</summary>
    public static DnsMessage Denied(this DnsMessage reply, ResponseCode code, params IEnumerable<ResourceRecord> proof) =>
        reply with { ResponseCode = code, Answers = [], Authorities = [.. proof], Additionals = [] };

    private static Octets Forged(Octets tlsa)
    {
        var data = tlsa.ToArray();
        data.AsSpan(3).Fill(0x66);
        return new Octets(data);
    }
}
