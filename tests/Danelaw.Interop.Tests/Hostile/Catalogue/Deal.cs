using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Interop.Tests.Hostile.Catalogue.Realm;
using Danelaw.Testing.Forwarding;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

/// <summary>Where an attacker sits.</summary>
internal enum Position
{
    /// <summary>Between the stub and the recursive resolver that it asks.</summary>
    Upstream = 0,

    /// <summary>In the place of every authoritative server, before an iterative resolver.</summary>
    Servers,
}

/// <summary>One reply in the attacker's hand: what was asked, what is the genuine reply, whom he is after, and all that he knows besides.</summary>
/// <param name="Scene">All genuine records, and what is his own.</param>
/// <param name="Victim">The question whose answer he is after.</param>
/// <param name="Reply">The reply as it is so far.</param>
/// <param name="Query">The query as it came.</param>
/// <param name="Position">Where he sits.</param>
internal sealed record Deal(Scene Scene, Question Victim, DnsMessage Reply, ForwardedQuery Query, Position Position)
{
    public Question Question => Reply.Questions[0];

    /// <summary>Whether this is the reply to the victim's question itself.</summary>
    public bool IsVictims => Question == Victim;

    /// <summary>The zone that holds the victim's name.</summary>
    public GenuineZone Zone => Scene.Holder(Victim.Name, Victim.Type);

    /// <summary>The zone above.</summary>
    public GenuineZone Parent => Scene.Holder(Zone.Apex, RecordType.DS);

    /// <summary>The top of the tree that the victim stands in.</summary>
    public string Tree => Victim.Name.Suffix(1).ToString();

    /// <summary>The attacker's zone beside the victim's.</summary>
    public GenuineZone Evil => Scene[$"evil.{Tree}"];

    /// <summary>The attacker's zone below <c>sec.</c></summary>
    public GenuineZone EvilChild => Scene[$"evil.sec.{Tree}"];

    /// <summary>Another's zone beside the victim's, with the same names in it.</summary>
    public GenuineZone Sibling => Scene[$"sib.{Tree}"];

    public Impostor Impostor => Scene.Impostor;

    public bool Asks(DomainName name, RecordType type) => Question.Name == name && Question.Type == type;

    public bool Asks(string name, RecordType type) => Asks(DomainName.Parse(name), type);

    /// <summary>A name in the victim's zone.</summary>
    public DomainName In(string label) => DomainName.Parse($"{label}.{Zone.Apex}");

    /// <summary>The genuine records of the victim's set.</summary>
    public IReadOnlyList<ResourceRecord> Set => Zone.Signed(Victim.Name, Victim.Type);

    /// <summary>The reply with another answer and nothing else in it.</summary>
    public DnsMessage Answered(params IEnumerable<ResourceRecord> records) =>
        Reply with { ResponseCode = ResponseCode.NoError, Answers = [.. records], Authorities = [], Additionals = [], Flags = Authoritative };

    /// <summary>The reply as a denial with these records.</summary>
    public DnsMessage Denied(ResponseCode code, params IEnumerable<ResourceRecord> proof) =>
        Reply with { ResponseCode = code, Answers = [], Authorities = [.. proof], Additionals = [], Flags = Authoritative };

    /// <summary>Servers of a zone say so in every answer that is no referral.</summary>
    private MessageFlags Authoritative => Position == Position.Servers ? Reply.Flags | MessageFlags.AuthoritativeAnswer : Reply.Flags;

    /// <summary>Whether this reply tells whether a zone is signed: the answer to its DS question, or the referral to it.</summary>
    public bool DecidesDs(DomainName zone) => Asks(zone, RecordType.DS) || IsReferral(zone);

    public bool IsReferral(DomainName zone) => Position == Position.Servers && Reply.Answers.IsEmpty && Reply.Authorities.Any(record => record.Type == RecordType.NS && record.Owner == zone) && (Reply.Flags & MessageFlags.AuthoritativeAnswer) == 0;

    /// <summary>The reply with another word on whether a zone is signed.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="signers">A DS set.</param>
    /// <param name="denial">Or its denial.</param>
    public DnsMessage WithDs(DomainName zone, IEnumerable<ResourceRecord> signers, IEnumerable<ResourceRecord> denial)
    {
        if (!IsReferral(zone)) return signers.Any() ? Answered(signers) : Denied(ResponseCode.NoError, denial);
        return Reply with { Authorities = [.. Reply.Authorities.Where(record => record.Type == RecordType.NS), .. signers, .. denial.Where(record => record.Type != RecordType.SOA && !record.Covers(RecordType.SOA))] };
    }
}

/// <summary>What attackers do to records.</summary>
internal static class Falsifying
{
    public static bool Covers(this ResourceRecord record, RecordType type) => record.Type == RecordType.RRSIG && RrsigData.ReadTypeCovered(record.Data) == type;

    public static DnsMessage Stripped(this DnsMessage reply) => reply with
    {
        Answers = reply.Answers.RemoveAll(record => record.Type == RecordType.RRSIG),
        Authorities = reply.Authorities.RemoveAll(record => record.Type is RecordType.RRSIG or RecordType.NSEC or RecordType.NSEC3),
        Additionals = reply.Additionals.RemoveAll(record => record.Type == RecordType.RRSIG),
    };

    /// <summary>The reply with the attacker's data in place of the genuine.</summary>
    public static DnsMessage Forged(this DnsMessage reply) => reply with { Answers = [.. reply.Answers.Forged()] };

    /// <summary>The attacker's data in place of the genuine; signatures as they are.</summary>
    public static IEnumerable<ResourceRecord> Forged(this IEnumerable<ResourceRecord> records) => records.Select(record => record.Type switch
    {
        RecordType.TLSA => record with { Data = Filled(record.Data, 3) },
        RecordType.A => record with { Data = Octets.Copy([192, 0, 2, 66]) },
        RecordType.TXT => record with { Data = Octets.Copy([4, .. "evil"u8]) },
        RecordType.MX => record with { Data = new MxData(0, DomainName.Parse("mx.evil.nsec.")).ToOctets() },
        _ => record,
    });

    public static IEnumerable<ResourceRecord> At(this IEnumerable<ResourceRecord> records, DomainName owner) => records.Select(record => record with { Owner = owner });

    /// <summary>Every signature changed, its fields as they are given.</summary>
    public static IEnumerable<ResourceRecord> WithSignatures(this IEnumerable<ResourceRecord> records, Func<RrsigData, RrsigData> change) => records.Select(record =>
        record.Type == RecordType.RRSIG && RrsigData.TryRead(record.Data, out var view) ? record with { Data = change(view).ToOctets() } : record);

    public static IEnumerable<ResourceRecord> Without(this IEnumerable<ResourceRecord> records, Func<ResourceRecord, bool> unwanted) => records.Where(record => !unwanted(record));

    public static ResourceRecord WithOctet(this ResourceRecord record, Index at, Func<byte, byte> change)
    {
        var data = record.Data.ToArray();
        data[at] = change(data[at]);
        return record with { Data = new Octets(data) };
    }

    public static IEnumerable<ResourceRecord> Each(this IEnumerable<ResourceRecord> records, RecordType type, Func<ResourceRecord, ResourceRecord> change) =>
        records.Select(record => record.Type == type ? change(record) : record);

    public static DnsMessage WithAuthority(this DnsMessage reply, IEnumerable<ResourceRecord> records) => reply with { Authorities = [.. records] };

    private static Octets Filled(Octets data, int from)
    {
        var octets = data.ToArray();
        octets.AsSpan(from).Fill(0x66);
        return new Octets(octets);
    }
}
