using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>
/// A zone once delegated <c>a.child</c> itself, unsigned; since then it has delegated <c>child</c>, signed, which holds the name. What it signed then is still in force, and leads to no
/// insecurity, whatever zone the signatures name that somebody sends along.
/// </summary>
public class FormerDelegationTests
{
    private const string Asked = "www.a.child.sec.";

    [Theory, Rfc(4035, "5.2"), Rfc(4035, "5.3.1")]
    [InlineData(false, null, false)]
    [InlineData(false, null, true)]
    [InlineData(false, "a.child.sec.", false)]
    [InlineData(false, "a.child.sec.", true)]
    [InlineData(false, "www.a.child.sec.", false)]
    [InlineData(true, null, false)]
    [InlineData(true, "a.child.sec.", false)]
    [InlineData(true, "a.child.sec.", true)]
    public async Task A_former_unsigned_delegation_makes_nothing_insecure_below_a_signed_cut(bool isOptOut, string? signer, bool isDenial)
    {
        static TestZone Root() => new(".") { Keys = { TestKeys.Get("root-ksk") } };
        TestZone Top() => new("sec.", "www 300 A 192.0.2.80") { Keys = { TestKeys.Get("sec") }, Nsec3 = isOptOut ? new() { OptOut = true } : null };
        var former = new World(Root(), Top(), new TestZone("a.child.sec.", "www 300 A 192.0.2.66"));
        var today = new World(Root(), Top(), new TestZone("child.sec.", "www.a 300 A 192.0.2.1") { Keys = { TestKeys.Get("child") } });
        Assert.Equal(Security.Secure, (await today.LookupAsync(Asked, RecordType.A)).Security);
        Assert.Equal(Security.Insecure, (await former.LookupAsync(Asked, RecordType.A)).Security);
        var asked = 0;
        today.Rewrite = (query, message) =>
        {
            if (query.Question == new Question(Text.Name("a.child.sec."), RecordType.DS)) return former.Reply(query.Question) is var denial ? message with { ResponseCode = denial.ResponseCode, Answers = [], Authorities = denial.Authorities.RemoveAll(IsSoa) } : null!;
            if (query.Question.Name == Text.Name("www.a.child.sec.") && query.Question.Type == RecordType.DS) return former.Reply(query.Question);
            if (query.Question != new Question(Text.Name(Asked), RecordType.A)) return message;
            asked++;
            if (!isDenial) return former.Reply(query.Question) is var reply ? reply with { Answers = [.. reply.Answers, .. Garbage(Asked, RecordType.A, signer)] } : null!;
            var none = new ResourceRecord(Text.Name(Asked), RecordType.NSEC, RecordClass.IN, 300, new NsecData(Text.Name("z.a.child.sec."), TypeBitmap.Create(RecordType.TXT)).ToOctets());
            return message with { Answers = [], Authorities = [none, .. Garbage(Asked, RecordType.NSEC, signer)] };
        };

        var answer = await today.LookupAsync(Asked, RecordType.A);
        TestContext.Current.TestOutputHelper?.WriteLine($"{answer.Security} {answer.Reason} {answer.Explanation}");
        Assert.Equal(Security.Bogus, answer.Security);
        Assert.NotEqual(0, asked);

        static bool IsSoa(ResourceRecord record) => record.Type == RecordType.SOA || (record.Type == RecordType.RRSIG && RrsigData.ReadTypeCovered(record.Data) == RecordType.SOA);
    }

    // Whoever can do that can keep the signed cut back as well: then nothing is known of it, and nothing is insecure.
    [Theory, Rfc(4035, "5.2"), Rfc(4035, "4.3")]
    [InlineData(false, ResponseCode.NoError)]
    [InlineData(false, ResponseCode.ServerFailure)]
    [InlineData(true, ResponseCode.NoError)]
    [InlineData(true, ResponseCode.ServerFailure)]
    public async Task Nor_does_it_where_the_signed_cut_is_kept_back(bool isHashed, ResponseCode code)
    {
        static TestZone Root() => new(".") { Keys = { TestKeys.Get("root-ksk") } };
        TestZone Top() => new("sec.", "www 300 A 192.0.2.80") { Keys = { TestKeys.Get("sec") }, Nsec3 = isHashed ? new() : null };
        var former = new World(Root(), Top(), new TestZone("a.child.sec.", "www 300 A 192.0.2.66"));
        var today = new World(Root(), Top(), new TestZone("child.sec.", "www.a 300 A 192.0.2.1") { Keys = { TestKeys.Get("child") } });
        Assert.Equal(Security.Insecure, (await former.LookupAsync(Asked, RecordType.A)).Security);
        today.Rewrite = (query, message) => query.Question == new Question(Text.Name("child.sec."), RecordType.DS) ? message with { ResponseCode = code, Answers = [], Authorities = [] }
            : query.Question.Name.IsBelow(Text.Name("child.sec.")) ? former.Reply(query.Question)
            : message;

        var answer = await today.LookupAsync(Asked, RecordType.A);
        TestContext.Current.TestOutputHelper?.WriteLine($"{answer.Security} {answer.Reason} {answer.Explanation}");
        Assert.Equal(code == ResponseCode.NoError ? Security.Bogus : Security.Indeterminate, answer.Security);
    }

    // What the zone itself signed at the name before all that.
    [Fact, Rfc(4035, "5.2"), Rfc(4035, "5.3.1")]
    public async Task Nor_does_it_for_what_the_zone_itself_has_signed_there()
    {
        static TestZone Root() => new(".") { Keys = { TestKeys.Get("root-ksk") } };
        var first = new World(Root(), new TestZone("sec.", "www.a.child 300 A 192.0.2.66") { Keys = { TestKeys.Get("sec") } });
        var former = new World(Root(), new TestZone("sec.") { Keys = { TestKeys.Get("sec") } }, new TestZone("a.child.sec.", "www 300 A 192.0.2.66"));
        var today = new World(Root(), new TestZone("sec.") { Keys = { TestKeys.Get("sec") } }, new TestZone("child.sec.", "www.a 300 A 192.0.2.1") { Keys = { TestKeys.Get("child") } });
        today.Rewrite = (query, message) => query.Question.Name == Text.Name(Asked) ? (query.Question.Type == RecordType.DS ? message with { ResponseCode = ResponseCode.ServerFailure, Authorities = [] } : first.Reply(query.Question))
            : query.Question == new Question(Text.Name("a.child.sec."), RecordType.DS) ? former.Reply(query.Question) is var denial ? message with { Answers = [], Authorities = [.. denial.Authorities.Where(record => record.Owner == Text.Name("a.child.sec."))] } : null!
            : message;

        var answer = await today.LookupAsync(Asked, RecordType.A);
        TestContext.Current.TestOutputHelper?.WriteLine($"{answer.Security} {answer.Reason} {answer.Explanation}");
        Assert.Equal(Security.Bogus, answer.Security);
    }

    private static ResourceRecord[] Garbage(string owner, RecordType type, string? signer)
    {
        if (signer is null) return [];
        var name = Text.Name(owner);
        return [new(name, RecordType.RRSIG, RecordClass.IN, 300, new RrsigData(type, 13, (byte)name.LabelCount, 300, (uint)TestZone.Validity.Expiration.ToUnixTimeSeconds(), (uint)TestZone.Validity.Inception.ToUnixTimeSeconds(), 1, Text.Name(signer), new(new byte[64])).ToOctets())];
    }
}
