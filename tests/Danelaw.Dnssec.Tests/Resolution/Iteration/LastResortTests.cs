using System.Net;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution.Iteration;

/// <summary>Zones that hang by a thread, and are found all the same; what is believed is judged as ever.</summary>
public class LastResortTests
{
    private const string Stale = "192.0.2.21";
    private const string Elsewhere = "192.0.2.40";

    private static TestZone Signed(string apex, string key, string records = "www 300 A 192.0.2.80") => new(apex, records) { Keys = { TestKeys.Get(key) } };

    private static AuthorityWorld Top() => new AuthorityWorld().Zone(Signed(".", "root"), $"ns. {DescentTests.Root}").Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top}");

    private static bool IsAt(DnsQuery query, string address) => query.Server.EndPoint.Address.Equals(IPAddress.Parse(address));

    [Theory, Rfc(6840, "5.9"), Rfc(4035, "4.7")]
    [InlineData(RecordType.DNSKEY)]
    [InlineData(RecordType.A)]
    public async Task What_a_stale_server_gives_is_asked_of_one_whose_address_is_not_known_yet(RecordType spoilt)
    {
        var world = Top()
            .Zone(Signed("net.", "net"), "ns.net. 192.0.2.50")
            .Zone(Signed("one.tld.", "one"), $"ns1.one.tld. {Stale}", $"far.net. {Elsewhere}");
        world.Rewrite = (query, message) => !IsAt(query, Stale) || query.Question.Type != spoilt ? message : message with
        {
            Answers = [.. message.Answers.Where(record => record.Type != RecordType.RRSIG)],
        };

        var answer = await world.LookupAsync("www.one.tld.", RecordType.A);

        Assert.Equal(Security.Secure, answer.Security);
        Assert.NotEmpty(world.AskedOf(Stale));
        Assert.NotEmpty(world.AskedOf(Elsewhere));
    }

    [Fact]
    public async Task A_zone_whose_every_server_forgets_AA_is_judged_by_what_they_say()
    {
        var world = Top().Zone(Signed("one.tld.", "one"), $"ns1.one.tld. {Stale}", $"ns2.one.tld. {DescentTests.Leaf}");
        world.Rewrite = (query, message) => query.Question.Name == Text.Name("www.one.tld.") ? message with { Flags = MessageFlags.Response | MessageFlags.RecursionAvailable } : message;

        Assert.Equal(Security.Secure, (await world.LookupAsync("www.one.tld.", RecordType.A)).Security);
        Assert.Equal(Security.Secure, (await world.LookupAsync("www.one.tld.", RecordType.TXT)).Security);
        Assert.Equal(2, world.AskedOf(Stale).Concat(world.AskedOf(DescentTests.Leaf)).Count(asked => asked == "www.one.tld. A"));
    }

    [Fact]
    public async Task What_is_false_is_bogus_also_without_AA()
    {
        var world = Top().Zone(Signed("one.tld.", "one"), $"ns1.one.tld. {Stale}");
        world.Rewrite = (query, message) => query.Question.Name == Text.Name("www.one.tld.")
            ? message with { Flags = MessageFlags.Response, Answers = [.. message.Answers.Select(record => record.Type == RecordType.A ? record with { Data = new(new byte[] { 6, 6, 6, 6 }) } : record)] }
            : message;

        Assert.Equal((Security.Bogus, LookupReason.SignatureInvalid), await Told(world));
    }

    [Fact]
    public async Task Where_a_host_has_moved_to_in_its_own_zone_alone_the_zone_aboves_address_is_tried_in_the_end()
    {
        // net. says that far.net. is at the first address; the zone far.net. itself says the second, where nobody serves one.tld.
        var world = Top()
            .Zone(Signed("net.", "net"), "ns.net. 192.0.2.50")
            .Zone(new TestZone("far.net.") { Keys = { TestKeys.Get("far") } }, $"far.net. {Elsewhere}")
            .Zone(Signed("one.tld.", "one"), $"far.net. {Elsewhere}");
        world.Rewrite = (query, message) => !IsAt(query, Elsewhere) || query.Question.Name != Text.Name("far.net.") ? message : message with
        {
            Answers = [.. message.Answers.Select(record => record.Type == RecordType.A ? record with { Data = AddressData.ToOctets(IPAddress.Parse("192.0.2.99")) } : record)],
        };

        Assert.Equal(Security.Secure, (await world.LookupAsync("www.one.tld.", RecordType.A)).Security);
    }

    [Fact, Rfc(9471, "3")]
    public async Task Glue_that_a_referral_left_out_is_asked_of_the_zone_above()
    {
        var world = Top().Zone(Signed("one.tld.", "one"), $"ns1.one.tld. {DescentTests.Leaf}");
        world.Rewrite = (query, message) => IsAt(query, DescentTests.Top) && query.Question.Name != Text.Name("ns1.one.tld.") ? message with { Additionals = [] } : message;

        Assert.Equal(Security.Secure, (await world.LookupAsync("www.one.tld.", RecordType.A)).Security);
        Assert.Contains("ns1.one.tld. A", world.AskedOf(DescentTests.Top));
    }

    private static async Task<(Security, LookupReason)> Told(AuthorityWorld world)
    {
        var answer = await world.LookupAsync("www.one.tld.", RecordType.A);
        return (answer.Security, answer.Reason);
    }

    /// <summary>The second server of tld. knows of the cut that the first one hides; that referral is no reply to what was asked, nor to a question for DS of that name.</summary>
    [Fact, Rfc(6840, "5.9")]
    public async Task What_is_asked_again_is_followed_down_where_another_server_refers()
    {
        for (var round = 0; round < 12; round++)
        {
            var world = new AuthorityWorld()
                .Zone(Signed(".", "root"), $"ns. {DescentTests.Root}")
                .Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top}", $"ns2.tld. {Stale}")
                .Zone(Signed("one.tld.", "one"), $"ns1.one.tld. {DescentTests.Leaf}")
                .Serve(Stale, "one.tld.");
            var www = new Question(Text.Name("www.one.tld."), RecordType.A);

            // Who hides the cut is asked at first; what it says of the name is wrong.
            world.Rewrite = (query, message) => IsAt(query, DescentTests.Top) && query.Question == new Question(Text.Name("one.tld."), RecordType.A)
                ? message with { ResponseCode = ResponseCode.ServerFailure, Answers = [], Authorities = [] }
                : IsAt(query, Stale) && query.Question == www ? message with { Answers = message.Answers.Replace(RecordType.A, new(new byte[] { 6, 6, 6, 6 })) } : message;

            Assert.Equal(Security.Secure, (await world.LookupAsync("www.one.tld.", RecordType.A)).Security);
        }
    }
}
