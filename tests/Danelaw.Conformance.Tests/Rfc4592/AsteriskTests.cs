using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Conformance.Tests.Rfc4592;

/// <summary>Asterisk labels where a validator may go astray: asked for by name, above other names, in the middle.</summary>
public class AsteriskTests
{
    private const string Content = """
        *.wild 300 TXT star
        *.wild 300 MX 10 www
        sub.*.wild 300 TXT below
        www 300 A 192.0.2.1
        *.only 300 A 192.0.2.2
        host.only 300 TXT host
        """;

    public static TheoryData<bool, string, RecordType, LookupReason> Rows()
    {
        var rows = new TheoryData<bool, string, RecordType, LookupReason>();
        foreach (var isHashed in (bool[])[false, true])
        {
            rows.Add(isHashed, "*.wild.lab.", RecordType.TXT, LookupReason.ValidSignature);
            rows.Add(isHashed, "a.wild.lab.", RecordType.TXT, LookupReason.ValidSignature);
            rows.Add(isHashed, "a.b.wild.lab.", RecordType.TXT, LookupReason.ValidSignature);
            rows.Add(isHashed, "sub.*.wild.lab.", RecordType.TXT, LookupReason.ValidSignature);
            rows.Add(isHashed, "a.wild.lab.", RecordType.A, LookupReason.ProvenNoData);
            rows.Add(isHashed, "*.wild.lab.", RecordType.A, LookupReason.ProvenNoData);

            // The closest encloser is the asterisk itself, and it has no wildcard below it (RFC 4592 §3.3.1).
            rows.Add(isHashed, "other.*.wild.lab.", RecordType.TXT, LookupReason.ProvenNameError);

            // An empty non-terminal, not a name that the wildcard stands for.
            rows.Add(isHashed, "wild.lab.", RecordType.TXT, LookupReason.ProvenNoData);

            // What exists is not made from the wildcard (RFC 4592 §2.2.1).
            rows.Add(isHashed, "host.only.lab.", RecordType.A, LookupReason.ProvenNoData);
            rows.Add(isHashed, "x.host.only.lab.", RecordType.A, LookupReason.ProvenNameError);
        }

        return rows;
    }

    [Theory, MemberData(nameof(Rows)), Rfc(4592, "2.1.1"), Rfc(4592, "2.2.1"), Rfc(4592, "3.3.1"), Rfc(4035, "5.3.2")]
    public async Task An_asterisk_is_a_label_and_a_wildcard(bool isHashed, string name, RecordType type, LookupReason reason)
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.", Content) { Keys = { TestKeys.Get("lab") }, Nsec3 = isHashed ? new Nsec3Options { Iterations = 2 } : null });

        var answer = await world.LookupAsync(name, type);

        Assert.Equal((Security.Secure, reason), (answer.Security, answer.Reason));
    }

    [Theory, Rfc(4035, "5.3.2")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wildcards_records_under_another_name_than_it_stands_for_are_bogus(bool isHashed)
    {
        var world = new World(
            new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
            new TestZone("lab.", Content) { Keys = { TestKeys.Get("lab") }, Nsec3 = isHashed ? new Nsec3Options() : null });
        var star = world["lab."].Find(Text.Name("*.only.lab."), RecordType.A)!;
        world.Rewrite = (query, message) => query.Question.Type != RecordType.A ? message : message with
        {
            ResponseCode = 0, Answers = [.. star.As(query.Question.Name).All], Authorities = [.. world["lab."].Sets.Where(set => set.Type is RecordType.NSEC or RecordType.NSEC3).SelectMany(set => set.Set.All)],
        };

        // It exists; it lies elsewhere; it lies below a name that exists.
        Assert.Equal(Security.Bogus, (await world.LookupAsync("host.only.lab.", RecordType.A)).Security);
        Assert.Equal(Security.Bogus, (await world.LookupAsync("www.lab.", RecordType.A)).Security);
        Assert.Equal(Security.Bogus, (await world.LookupAsync("x.host.only.lab.", RecordType.A)).Security);
        Assert.Equal(Security.Secure, (await world.LookupAsync("x.only.lab.", RecordType.A)).Security);
    }
}
