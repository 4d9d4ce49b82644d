using System.Net;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Fuzz.Targets.Judging;

/// <summary>
/// A small Internet, the same in every run: signed with NSEC, with NSEC3 and with opt-out, unsigned, and a zone of the adversary's own; and all that an adversary could get hold of:
/// every record of it, and genuine records whose time is over or has not come.
/// </summary>
internal sealed class SignedWorld
{
    internal static readonly DnsServer Server = new(TransportKind.Datagram, new IPEndPoint(IPAddress.Loopback, 53));
    private static readonly DnsMessage Template = new() { Flags = MessageFlags.Response | MessageFlags.RecursionDesired | MessageFlags.RecursionAvailable, Edns = new(1232, 0, true, []) };

    private const string Content = """
        @ 300 TXT apex
        @ 300 MX 10 mx
        mx 300 A 192.0.2.25
        _25._tcp.mx 300 TLSA 3 1 1 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20
        www 300 A 192.0.2.80
        www 300 A 192.0.2.81
        alias 300 CNAME www
        across 300 CNAME www.s.h.
        plain 300 CNAME www.u.n.
        evil 300 CNAME www.x.n.
        loop 300 CNAME loop
        moved 300 DNAME www
        tohash 300 DNAME s.h.
        *.wild 300 A 192.0.2.99
        m.wild 300 TXT between
        leaf.ent 300 A 192.0.2.7
        """;

    /// <summary>What the adversary's own zone says, for a beginning; he can sign anything else in its name.</summary>
    private const string Hostile = """
        www 300 A 192.0.2.66
        alias 300 CNAME www.s.n.
        *.wild 300 A 192.0.2.66
        """;

    private readonly List<SignedZone> _zones;
    private readonly Dictionary<Question, DnsMessage> _replies = [];

    internal SignedWorld()
    {
        var salted = new Nsec3Options { Iterations = 1, Salt = new(new byte[] { 0xAB }) };
        _zones =
        [
            Signed("."), Signed("n."), Signed("h.", salted), Signed("o.", new() { OptOut = true }),
            Signed("s.n.", null, Content), Signed("s.h.", salted, Content), Signed("s.o.", new() { OptOut = true }, Content),
            new("x.n.", ZoneStanding.Hostile, true, null, Hostile), new("sub.x.n.", ZoneStanding.Hostile, true, null, Hostile), new("y.h.", ZoneStanding.Hostile, true, salted, Hostile),
            new("i.n.", ZoneStanding.ManyIterations, true, new() { Iterations = 200 }, Content),
            new("w.n.", ZoneStanding.Unsigned, true, null, Content),
            Unsigned("u.n."), Unsigned("u.h."), Unsigned("u.o."),
            new("d.u.n.", ZoneStanding.Unsigned, true, null, "www 300 A 192.0.2.9"),
            Signed("c.s.n.", null, "www 300 A 192.0.2.9\nalias 300 CNAME www.s.o."), new("p.s.n.", ZoneStanding.Unsigned, false, null, "www 300 A 192.0.2.9"),
        ];
        foreach (var child in _zones.Skip(1)) Holder(child.Apex, RecordType.DS).Delegate(child, DelegationSigners(child));
        foreach (var zone in _zones) zone.Sign();

        Sets = [.. _zones.SelectMany(zone => zone.Sets), .. OutOfTime()];
        Records = [.. Sets.SelectMany(set => set.All)];
        Names = [.. Sets.Where(set => set.Type != RecordType.NSEC3).Select(set => set.Owner).Distinct(), .. Missing.SelectMany(Below)];
        HostileKeys = [.. _zones.Where(zone => zone.Standing == ZoneStanding.Hostile).Select(zone => zone.Key!)];
        HostileKeys = [.. HostileKeys, .. OddFlags.Select(HostileKeys[^1].WithFlags)];
        var root = new ResourceRecord(DomainName.Root, RecordType.DS, RecordClass.IN, 0, _zones[0].Key!.ToDs(DomainName.Root));
        Anchors = Anchor(root);
        var second = _zones.Single(zone => zone.Apex.Equals(DomainName.Parse("s.h.")));
        MoreAnchors = Anchor(root, new(second.Apex, RecordType.DNSKEY, RecordClass.IN, 0, second.Key!.ToDnskey()), new(DomainName.Parse("d.u.n."), RecordType.DS, RecordClass.IN, 0, new DsData(1, 200, 2, new(new byte[32])).ToOctets()));

        static SignedZone Signed(string apex, Nsec3Options? nsec3 = null, string content = "") => new(apex, ZoneStanding.Signed, true, nsec3, content);
        static SignedZone Unsigned(string apex) => new(apex, ZoneStanding.Unsigned, false, null, Content);
    }

    /// <summary>The root's key.</summary>
    internal TrustAnchors Anchors { get; }

    /// <summary>Also a key below it, and an anchor that nobody can use.</summary>
    internal TrustAnchors MoreAnchors { get; }

    /// <summary>The keys that the adversary has: those of his own zones, and one of them in dresses that make it unfit.</summary>
    internal IReadOnlyList<SigningKey> HostileKeys { get; }

    /// <summary>Every genuine RRset with its signatures.</summary>
    internal IReadOnlyList<ServedSet> Sets { get; }

    /// <summary>Every genuine record.</summary>
    internal IReadOnlyList<ResourceRecord> Records { get; }

    /// <summary>Names that are there, and names that are not.</summary>
    internal IReadOnlyList<DomainName> Names { get; }

    /// <summary>The lowest zone that holds records of a type at a name: DS stands above the cut.</summary>
    internal SignedZone Holder(DomainName name, RecordType type) =>
        _zones.Where(zone => name.IsAtOrBelow(zone.Apex) && (type != RecordType.DS || name.IsRoot || !zone.Apex.Equals(name))).MaxBy(zone => zone.Apex.LabelCount)!;

    /// <summary>What an honest recursive resolver replies.</summary>
    internal DnsMessage Reply(Question question)
    {
        if (_replies.TryGetValue(question, out var known)) return known;
        return _replies[question] = Resolve(question);
    }

    private static TrustAnchors Anchor(params ResourceRecord[] records) => TrustAnchors.TryCreate(records, out var anchors, out _) ? anchors : TrustAnchors.None;

    private static readonly string[] Missing = ["missing", "x.www", "y.moved", "www.tohash", "ent", "b.wild", "a.b.wild", "wild", "*.wild", "x.m.wild", "www.missing", "_25._tcp.www", "z.c", "\\000.www", "WWW"];

    private IEnumerable<DomainName> Below(string name) => _zones.Select(zone => DomainName.Parse(zone.Apex.IsRoot ? name : $"{name}.{zone.Apex}"));

    private static IEnumerable<Octets> DelegationSigners(SignedZone child)
    {
        if (child.Key is not { } key) return [];

        // RFC 4035 §5.2: a DS set of unknown algorithms alone makes the zone insecure; a zone below one that is not signed is an island.
        if (child.Apex.Equals(DomainName.Parse("y.h."))) return OddSigners(child, key);
        if (child.Apex.Equals(DomainName.Parse("w.n."))) return [new DsData(key.KeyTag, 200, 2, new(new byte[32])).ToOctets()];
        return child.Standing == ZoneStanding.Unsigned ? [] : [key.ToDs(child.Apex)];
    }

    /// <summary>Whoever owns a zone has its DS set as he likes: every digest, keys unfit for anything, digests that fit no key, and one that is good.</summary>
    private static IEnumerable<Octets> OddSigners(SignedZone zone, SigningKey key)
    {
        foreach (var flags in OddFlags) yield return key.WithFlags(flags).ToDs(zone.Apex);
        yield return key.ToDs(zone.Apex, DigestAlgorithm.Sha1);
        yield return key.ToDs(zone.Apex, DigestAlgorithm.Sha384);
        yield return key.ToDs(zone.Apex);
        yield return new DsData(key.KeyTag, (byte)key.Algorithm, 2, new(new byte[32])).ToOctets();
        yield return new DsData(key.KeyTag, (byte)key.Algorithm, 3, new(new byte[32])).ToOctets();
        yield return new DsData(1, 8, 2, new(new byte[31])).ToOctets();
    }

    /// <summary>No zone key; revoked; both of nothing.</summary>
    internal static readonly DnskeyFlags[] OddFlags = [DnskeyFlags.None, DnskeyFlags.KeySigning | DnskeyFlags.Revoked, DnskeyFlags.Zone];

    /// <summary>What the zones signed once, or for a time to come: other data than they have now.</summary>
    private IEnumerable<ServedSet> OutOfTime()
    {
        foreach (var zone in _zones.Where(zone => zone.Standing == ZoneStanding.Signed && zone.Find(zone.Apex.IsRoot ? zone.Apex : zone.Apex.Prepend("www"), RecordType.A) is not null))
        {
            foreach (var (start, end) in new[] { (-60, -30), (10, 40), (60, -60) })
            {
                var records = new RecordSet(zone.Apex.Prepend("www"), RecordType.A, RecordClass.IN, 300, [new(new byte[] { 192, 0, 2, 13 })]);
                var signature = RecordSetSigner.Sign(records, zone.Key!, zone.Apex, new(SignedZone.Now.AddDays(start), SignedZone.Now.AddDays(end)));
                yield return new(records.Owner, records.Type, [.. records.Records], [signature]);
            }
        }
    }

    private DnsMessage Resolve(Question question)
    {
        var (answer, authority, name) = (new List<ResourceRecord>(), new List<ResourceRecord>(), question.Name);
        for (var steps = 0; steps < 12; steps++)
        {
            var reply = Holder(name, question.Type).Reply(name, question.Type);
            answer.AddRange(reply.Answer.SelectMany(set => set.All));
            authority.AddRange(reply.Authority.SelectMany(set => set.All));
            if (reply.Answer is [{ Type: RecordType.DNAME } dname] && question.Type is not (RecordType.DNAME or RecordType.ANY) && NameData.TryRead(dname.Records[0].Data, out var target) && name.IsBelow(dname.Owner))
            {
                if (!name.TryReplaceSuffix(dname.Owner, target.Name, out var next)) return Message(ResponseCode.YXDomain);
                answer.Add(new(name, RecordType.CNAME, RecordClass.IN, 300, new NameData(next).ToOctets()));
                name = next;
            }
            else if (reply.Answer is [{ Type: RecordType.CNAME } cname] && question.Type is not (RecordType.CNAME or RecordType.ANY) && NameData.TryRead(cname.Records[0].Data, out target))
            {
                name = target.Name;
            }
            else
            {
                return Message(reply.IsNameError ? ResponseCode.NameError : ResponseCode.NoError);
            }
        }

        return Message(ResponseCode.NoError);

        DnsMessage Message(ResponseCode code) => Template with { Questions = [question], ResponseCode = code, Answers = [.. answer], Authorities = [.. authority.Distinct()] };
    }
}
