using System.Collections.Immutable;
using System.Numerics;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dnssec.Tests.Resolution.Caching;

/// <summary>Records of denial whose types are not those of their name: made for one answer alone (NSEC3), or signed without some that the name has.</summary>
public class WrongBitmapTests
{
    private const string Records = """
        @ 300 A 192.0.2.1
        @ 300 MX 10 mail
        _25._tcp 300 TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000
        mail 60 A 192.0.2.2
        mail 60 MX 10 mail
        mail 60 TXT hi
        mail 60 TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000
        *.w 60 A 192.0.2.3
        *.w 60 TXT hi
        m.w 60 A 192.0.2.4
        low.ent 300 A 192.0.2.5
        """;

    private static readonly RecordType[] Wanted = [RecordType.MX, RecordType.A, RecordType.TLSA];
    private readonly FakeTimeProvider _clock = new(TestZone.Now);
    private readonly List<Question> _asked = [];

    // DVE-2018-0003: the span ends at the next hash, and of all types the name has, TXT stands there alone.
    [Theory, Rfc(8198, "5.4"), Rfc(5155, "8.5")]
    [InlineData(false, false, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    public async Task What_one_denial_lists_of_a_name_denies_no_other_type_there(bool iterates, bool hasRrsig, bool endsAtNext)
    {
        RecordType[] types = hasRrsig ? [RecordType.TXT, RecordType.RRSIG] : [RecordType.TXT];
        var resolver = Resolver(iterates, (question, message) => question.Name == Text.Name("mail.sec.") && message.Answers.IsEmpty ? Denied(message, OneAnswer("mail.sec.", types, endsAtNext ? 1 : 1 << 20)) : message);
        Assert.Equal((Security.Secure, LookupReason.ProvenNoData), Verdict(await Ask(resolver, "mail.sec.", RecordType.SRV)));
        foreach (var type in Wanted) Assert.Equal((Security.Secure, LookupReason.ValidSignature), Verdict(await Ask(resolver, "mail.sec.", type)));
    }

    // DVE-2021-0001: beside an NXDOMAIN below it the apex lists nothing at all.
    [Theory, Rfc(8198, "5.4"), Rfc(5155, "8.4")]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task An_apex_that_lists_nothing_beside_the_denial_of_a_name_below_denies_none_of_its_own(bool iterates, bool hasSoa)
    {
        // A verified SOA alone shows that the list is wrong.
        var resolver = Resolver(iterates, (question, message) => question.Name == Text.Name("nope.sec.") && message.Answers.IsEmpty
            ? Denied(hasSoa ? message : message with { Authorities = [] }, [.. OneAnswer("sec.", [], 1), .. OneAnswer("nope.sec.", [], 1, -1), .. OneAnswer("*.sec.", [], 1, -1)])
            : message);
        Assert.Equal((Security.Secure, LookupReason.ProvenNameError), Verdict(await Ask(resolver, "nope.sec.", RecordType.A)));
        foreach (var type in (RecordType[])[RecordType.MX, RecordType.A]) Assert.Equal((Security.Secure, LookupReason.ValidSignature), Verdict(await Ask(resolver, "sec.", type)));
        Assert.Equal((Security.Secure, LookupReason.ValidSignature), Verdict(await Ask(resolver, "_25._tcp.sec.", RecordType.TLSA)));
    }

    // A resolver is asked for DS at the owner of each signed set; what comes must not outlive the set as a denial of it.
    [Fact, Rfc(8198, "5.4"), Rfc(4035, "5.3.1")]
    public async Task What_denies_DS_at_the_owner_of_TLSA_records_does_not_deny_them_later()
    {
        var resolver = Resolver(iterates: false, (question, message) => question == new Question(Text.Name("mail.sec."), RecordType.DS) ? Denied(message, OneAnswer("mail.sec.", [RecordType.TXT, RecordType.RRSIG], 1)) : message);
        for (var time = 0; time < 3; time++, _clock.Advance(TimeSpan.FromSeconds(61)))
            Assert.Equal((Security.Secure, LookupReason.ValidSignature), Verdict(await Ask(resolver, "mail.sec.", RecordType.TLSA)));
        Assert.Contains(new Question(Text.Name("mail.sec."), RecordType.DS), _asked);
    }

    [Theory, Rfc(8198, "5.3"), Rfc(5155, "8.7")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_one_denial_lists_of_a_wildcard_denies_no_other_type_of_what_it_stands_for(bool iterates)
    {
        var resolver = Resolver(iterates, (question, message) => question == new Question(Text.Name("x.w.sec."), RecordType.SRV)
            ? message with { Authorities = [.. message.Authorities.Where(record => record.Owner != Hashed("*.w.sec.")), .. OneAnswer("*.w.sec.", [RecordType.TXT, RecordType.RRSIG], 1)] }
            : message);
        Assert.Equal((Security.Secure, LookupReason.ProvenNoData), Verdict(await Ask(resolver, "x.w.sec.", RecordType.SRV)));
        Assert.Equal((Security.Secure, LookupReason.ValidSignature), Verdict(await Ask(resolver, "x.w.sec.", RecordType.A)));
    }

    [Theory, Rfc(8198, "5.3"), Rfc(4035, "5.4")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nor_does_the_NSEC_record_of_a_wildcard(bool iterates)
    {
        var resolver = Resolver(iterates, nsec3: null, rewrite: (question, message) => question == new Question(Text.Name("n.w.sec."), RecordType.SRV)
            ? message with { Authorities = [.. message.Authorities.Where(record => record.Owner != Text.Name("*.w.sec.")), .. Sign("*.w.sec.", RecordType.NSEC, new NsecData(Text.Name("\\000.*.w.sec."), TypeBitmap.Create(RecordType.TXT, RecordType.RRSIG, RecordType.NSEC)).ToOctets())] }
            : message);
        Assert.Equal((Security.Secure, LookupReason.ProvenNoData), Verdict(await Ask(resolver, "n.w.sec.", RecordType.SRV)));
        Assert.Equal((Security.Secure, LookupReason.ValidSignature), Verdict(await Ask(resolver, "n.w.sec.", RecordType.A)));
    }

    // PowerDNS before 4.5 signed names with an ALIAS record without A and AAAA among their types; the spans are real.
    [Theory, Rfc(8198, "5.4"), Rfc(4035, "5.4")]
    [InlineData(false, false, false)]
    [InlineData(false, false, true)]
    [InlineData(false, true, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(true, true, true)]
    public async Task Where_a_set_was_verified_that_is_not_listed_nothing_is_denied_without_asking(bool iterates, bool isHashed, bool isApex)
    {
        var name = isApex ? "sec." : "mail.sec.";
        var resolver = Resolver(iterates, (_, message) => message, isHashed ? new() : null, zone => Without(zone, name, RecordType.A));
        for (var time = 0; time < 2; time++, _clock.Advance(TimeSpan.FromSeconds(301)))
        {
            Assert.Equal((Security.Secure, LookupReason.ValidSignature), Verdict(await Ask(resolver, name, RecordType.A)));
            _clock.Advance(TimeSpan.FromSeconds(30));
            Assert.Equal((Security.Secure, LookupReason.ProvenNoData), Verdict(await Ask(resolver, name, RecordType.SRV)));

            // The set is over, the denial is not.
            _clock.Advance(TimeSpan.FromSeconds(isApex ? 275 : 61));
            Assert.Equal((Security.Secure, LookupReason.ValidSignature), Verdict(await Ask(resolver, name, RecordType.A)));
        }
    }

    // What a resolver is asked for to see that no cut lies there came with the set itself.
    [Theory, Rfc(8198, "5.4")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nor_is_what_the_same_lookup_verified(bool isHashed)
    {
        var resolver = Resolver(iterates: false, (_, message) => message, isHashed ? new() : null, zone => Without(zone, "mail.sec.", RecordType.A));
        for (var time = 0; time < 2; time++, _clock.Advance(TimeSpan.FromSeconds(61)))
            Assert.Equal((Security.Secure, LookupReason.ValidSignature), Verdict(await Ask(resolver, "mail.sec.", RecordType.A)));
    }

    [Theory, Rfc(8198, "5.2"), Rfc(2308, "5")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_real_chain_denies_other_types_without_asking(bool iterates)
    {
        var resolver = Resolver(iterates, (_, message) => message);
        foreach (var name in (string[])["mail.sec.", "sec.", "ent.sec.", "x.w.sec."])
        {
            Assert.Equal((Security.Secure, LookupReason.ProvenNoData), Verdict(await Ask(resolver, name, RecordType.SRV)));
            _asked.Clear();
            Assert.Equal((Security.Secure, LookupReason.ProvenNoData), Verdict(await Ask(resolver, name, RecordType.CAA)));
            Assert.Empty(_asked);
        }
    }

    // RFC 2308 §5: nothing else can be made of such a record, but the answer itself is kept.
    [Theory, Rfc(2308, "5")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_answer_that_such_a_record_was_made_for_is_kept(bool iterates)
    {
        var resolver = Resolver(iterates, (question, message) => question.Name == Text.Name("mail.sec.") && message.Answers.IsEmpty ? Denied(message, OneAnswer("mail.sec.", [RecordType.TXT, RecordType.RRSIG], 1)) : message);
        Assert.Equal(LookupReason.ProvenNoData, (await Ask(resolver, "mail.sec.", RecordType.SRV)).Reason);
        _asked.Clear();
        Assert.Equal(LookupReason.ProvenNoData, (await Ask(resolver, "mail.sec.", RecordType.SRV)).Reason);
        Assert.Empty(_asked);
        _clock.Advance(TimeSpan.FromSeconds(301));
        Assert.Equal(LookupReason.ProvenNoData, (await Ask(resolver, "mail.sec.", RecordType.SRV)).Reason);
        Assert.NotEmpty(_asked);
    }

    private Resolver Resolver(bool iterates, Func<Question, DnsMessage, DnsMessage> rewrite) => Resolver(iterates, rewrite, new());

    private Resolver Resolver(bool iterates, Func<Question, DnsMessage, DnsMessage> rewrite, Nsec3Options? nsec3, Action<TestZone>? spoil = null)
    {
        var root = new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } };
        var zone = new TestZone("sec.", Records) { Keys = { TestKeys.Get("sec") }, Nsec3 = nsec3 };
        spoil?.Invoke(zone);
        if (iterates)
        {
            var authorities = new AuthorityWorld().Zone(root, $"ns. {AuthorityWorld.RootAddress}").Zone(zone, "ns.sec. 192.0.2.10");
            authorities.Rewrite = Rewrite;
            return new(authorities, authorities.Options, _clock, _clock);
        }

        var world = new World(root, zone) { Rewrite = Rewrite };
        return new(world, world.Options, _clock, _clock);

        DnsMessage Rewrite(Danelaw.Dns.Transports.DnsQuery query, DnsMessage message)
        {
            _asked.Add(query.Question);
            return rewrite(query.Question, message);
        }
    }

    /// <summary>The message with other records of denial.</summary>
    private static DnsMessage Denied(DnsMessage message, ImmutableArray<ResourceRecord> denials) => message with
    {
        Authorities = [.. message.Authorities.Where(record => record.Type != RecordType.NSEC3 && (record.Type != RecordType.RRSIG || RrsigData.ReadTypeCovered(record.Data) != RecordType.NSEC3)), .. denials],
    };

    /// <summary>An NSEC3 record that begins some hashes from a name's own, and ends some behind it.</summary>
    private static ImmutableArray<ResourceRecord> OneAnswer(string name, RecordType[] types, int end, int begin = 0) =>
        Sign(Owner(Hash(name) + begin), RecordType.NSEC3, new Nsec3Data(Nsec3Hash.Sha1Algorithm, 0, 0, default, new(Octets(Hash(name) + end)), TypeBitmap.Create(types)).ToOctets());

    private static ImmutableArray<ResourceRecord> Sign(string owner, RecordType type, Octets data)
    {
        var set = new RecordSet(Text.Name(owner), type, RecordClass.IN, 300, [data]);
        return [.. set.Records, RecordSetSigner.Sign(set, TestKeys.Get("sec"), Text.Name("sec."), TestZone.Validity)];
    }

    /// <summary>Signs the zone with a type left out where a name lists its own.</summary>
    private static void Without(TestZone zone, string name, RecordType missing)
    {
        var owner = zone.Nsec3 is null ? Text.Name(name) : Hashed(name);
        zone.Spoil = records =>
        {
            var list = records.ToList();
            var denial = list.Single(record => record.Owner == owner && record.Type is RecordType.NSEC or RecordType.NSEC3 && record.Owner == owner);
            Octets data;
            if (NsecData.TryRead(denial.Data, out var nsec) && denial.Type == RecordType.NSEC) data = (nsec with { Types = Less(nsec.Types) }).ToOctets();
            else data = Nsec3Data.TryRead(denial.Data, out var nsec3) ? (nsec3 with { Types = Less(nsec3.Types) }).ToOctets() : throw new FormatException("NSEC3");
            list.RemoveAll(record => record.Owner == owner && (record.Type == denial.Type || (record.Type == RecordType.RRSIG && RrsigData.ReadTypeCovered(record.Data) == denial.Type)));
            return [.. list, .. Sign(owner.ToString(), denial.Type, data)];
        };

        TypeBitmap Less(TypeBitmap types)
        {
            var left = new List<RecordType>();
            foreach (var type in types)
                if (type != missing) left.Add(type);
            return TypeBitmap.Create(left);
        }
    }

    private static DomainName Hashed(string name) => Text.Name(Owner(Hash(name)));

    private static string Owner(BigInteger hash) => Nsec3Hash.TryToOwner(Octets(hash), Text.Name("sec."), out var owner) ? owner.ToString() : throw new ArgumentException("too long", nameof(hash));

    private static BigInteger Hash(string name)
    {
        var hash = new byte[Nsec3Hash.Length];
        Nsec3Hash.Compute(Text.Name(name), 0, [], hash);
        return new(hash, isUnsigned: true, isBigEndian: true);
    }

    private static byte[] Octets(BigInteger hash)
    {
        var octets = hash.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[Nsec3Hash.Length - octets.Length], .. octets];
    }

    private static (Security Security, LookupReason Reason) Verdict(Answer answer) => (answer.Security, answer.Reason);

    private static async Task<Answer> Ask(Resolver resolver, string name, RecordType type)
    {
        var answer = await resolver.LookupAsync(Text.Name(name), type, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{name} {RecordTypes.ToText(type)} => {answer.Security} {answer.Reason}: {answer.Explanation}");
        return answer;
    }
}
