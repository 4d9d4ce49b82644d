using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution.Iteration;

/// <summary>From the root hints down: what is asked of whom, and what becomes of it.</summary>
public class DescentTests
{
    internal const string Root = AuthorityWorld.RootAddress;
    internal const string Top = "192.0.2.10";
    internal const string Leaf = "192.0.2.20";
    internal const string Other = "192.0.2.30";

    private const string Content = """
        @ 300 MX 10 mx
        mx 300 A 192.0.2.25
        _25._tcp.mx 300 TLSA 3 1 1 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20
        www 300 A 192.0.2.80
        across 300 CNAME www.two.tld.
        moved 300 DNAME two.tld.
        a.b.c.d.e 300 A 192.0.2.81
        """;

    /// <summary>A root, a TLD, and below it two signed zones and an unsigned one, each at an address of its own.</summary>
    internal static AuthorityWorld Standard() => new AuthorityWorld()
        .Zone(new TestZone(".") { Keys = { TestKeys.Get("root") } }, $"ns. {Root}")
        .Zone(new TestZone("tld.") { Keys = { TestKeys.Get("tld") } }, $"ns.tld. {Top}")
        .Zone(new TestZone("one.tld.", Content) { Keys = { TestKeys.Get("one") } }, $"ns1.one.tld. {Leaf}")
        .Zone(new TestZone("two.tld.", Content) { Keys = { TestKeys.Get("two") } }, $"ns1.two.tld. {Other}")
        .Zone(new TestZone("plain.tld.", Content), $"ns1.plain.tld. {Leaf}");

    [Fact, Rfc(9609, "3"), Rfc(9156, "2"), Rfc(4035, "3.1.4")]
    public async Task A_cold_lookup_asks_each_zone_once_and_its_keys_beside_and_DS_never()
    {
        var world = Standard();
        var resolver = world.Resolver();

        Assert.Equal(Security.Secure, (await world.LookupAsync(resolver, "_25._tcp.mx.one.tld.", RecordType.TLSA)).Security);

        Assert.Equal([". NS", "tld. A", ". DNSKEY"], world.AskedOf(Root));
        Assert.Equal(["tld. DNSKEY", "one.tld. A"], world.AskedOf(Top));
        Assert.Equal(["one.tld. DNSKEY", "_25._tcp.mx.one.tld. TLSA"], world.AskedOf(Leaf));

        // Another domain of the same TLD costs three queries.
        Assert.Equal(Security.Secure, (await world.LookupAsync(resolver, "_25._tcp.mx.two.tld.", RecordType.TLSA)).Security);

        Assert.Equal(3, world.AskedOf(Top).Count);
        Assert.Equal(["two.tld. DNSKEY", "_25._tcp.mx.two.tld. TLSA"], world.AskedOf(Other));
    }

    [Fact, Rfc(1034, "5.3.3"), Rfc(4035, "3.2.1")]
    public async Task Queries_ask_for_signatures_and_not_for_recursion()
    {
        var world = Standard();

        await world.LookupAsync("www.one.tld.", RecordType.A);

        Assert.All(world.Queries, query => Assert.Equal((false, true, false), (query.RecursionDesired, query.DnssecOk, query.CheckingDisabled)));
    }

    [Fact, Rfc(9156, "2"), Rfc(9156, "2.3")]
    public async Task No_zone_sees_more_of_a_name_than_one_label_beyond_itself()
    {
        var world = Standard();

        Assert.Equal(Security.Secure, (await world.LookupAsync("a.b.c.d.e.one.tld.", RecordType.A)).Security);

        Assert.Equal(["e.one.tld. A", "d.e.one.tld. A", "c.d.e.one.tld. A", "b.c.d.e.one.tld. A", "a.b.c.d.e.one.tld. A"], world.AskedOf(Leaf).Where(asked => !asked.EndsWith("DNSKEY", StringComparison.Ordinal)));
        Assert.DoesNotContain(world.Queries, query => !query.Server.EndPoint.Address.ToString().Equals(Leaf, StringComparison.Ordinal) && query.Question.Name.LabelCount > 2);
    }

    [Fact, Rfc(9156, "2.3")]
    public async Task A_long_name_costs_at_most_ten_queries_to_find_its_way()
    {
        var world = Standard();
        var deep = string.Concat(Enumerable.Range(0, 60).Select(i => $"l{i}."));
        world["one.tld."].Add($"{deep.TrimEnd('.')} 300 A 192.0.2.82");

        Assert.Equal(Security.Secure, (await world.LookupAsync($"{deep}one.tld.", RecordType.A)).Security);

        Assert.InRange(world.AskedOf(Leaf).Count, 5, 12);
    }

    [Theory, Rfc(9156, "2.3"), Rfc(8020, "2")]
    [InlineData(ResponseCode.NameError)]
    [InlineData(ResponseCode.Refused)]
    [InlineData(ResponseCode.FormatError)]
    [InlineData(ResponseCode.ServerFailure)]
    public async Task A_server_that_stumbles_over_an_empty_non_terminal_is_asked_for_the_whole_name(ResponseCode code)
    {
        var world = Standard();
        world.Rewrite = (query, message) => query.Question.Name == Text.Name("e.one.tld.") ? message with { ResponseCode = code, Answers = [], Authorities = [] } : message;

        Assert.Equal(Security.Secure, (await world.LookupAsync("a.b.c.d.e.one.tld.", RecordType.A)).Security);
        Assert.Contains("a.b.c.d.e.one.tld. A", world.AskedOf(Leaf));
        Assert.DoesNotContain("d.e.one.tld. A", world.AskedOf(Leaf));
    }

    [Fact, Rfc(1034, "3.6.2"), Rfc(2181, "5.4.1")]
    public async Task Each_part_of_a_chain_of_aliases_is_asked_of_the_zone_that_holds_it()
    {
        var world = Standard();
        // The first zone's server claims to know the target, too.
        world.Rewrite = (query, message) => query.Question.Name != Text.Name("across.one.tld.") ? message : message with
        {
            Answers = message.Answers.Add(new(Text.Name("www.two.tld."), RecordType.A, RecordClass.IN, 300, new(new byte[] { 6, 6, 6, 6 }))),
        };

        var answer = await world.LookupAsync("across.one.tld.", RecordType.A);

        Assert.Equal((Security.Secure, Text.Name("www.two.tld.")), (answer.Security, answer.FinalName));
        Assert.Equal("c0000250", answer.Records!.Data.Single().ToHex());
        Assert.Contains("www.two.tld. A", world.AskedOf(Other));
    }

    [Fact, Rfc(6672, "3")]
    public async Task A_DNAME_leads_into_another_zone()
    {
        var answer = await Standard().LookupAsync("www.moved.one.tld.", RecordType.A);

        Assert.Equal((Security.Secure, Text.Name("www.two.tld.")), (answer.Security, answer.FinalName));
    }

    [Fact, Rfc(5452, "6"), Rfc(2181, "5.4.1")]
    public async Task What_a_server_says_of_names_outside_its_zone_is_dropped()
    {
        var world = Standard();
        // The unsigned zone's server moves the whole TLD with a DNAME that is not its to give.
        world.Rewrite = (query, message) => query.Question.Name != Text.Name("www.plain.tld.") ? message : message with
        {
            Answers = message.Answers.Insert(0, new(Text.Name("tld."), RecordType.DNAME, RecordClass.IN, 300, new NameData(Text.Name("evil.")).ToOctets())),
        };

        var answer = await world.LookupAsync("www.plain.tld.", RecordType.A);

        Assert.Equal((Security.Insecure, Text.Name("www.plain.tld.")), (answer.Security, answer.FinalName));
    }

    [Fact, Rfc(4035, "5.2")]
    public async Task A_referral_that_denies_DS_makes_the_zone_insecure_without_another_query()
    {
        var world = Standard();

        var answer = await world.LookupAsync("www.plain.tld.", RecordType.A);

        Assert.Equal((Security.Insecure, LookupReason.InsecureDelegation), (answer.Security, answer.Reason));
        Assert.DoesNotContain(world.Queries, query => query.Question.Type == RecordType.DS);
        Assert.DoesNotContain("plain.tld. DNSKEY", world.AskedOf(Leaf));
    }

    [Fact, Rfc(4035, "5.2")]
    public async Task A_referral_without_its_DS_set_is_doubted_and_the_DS_set_asked_for()
    {
        var world = Standard();
        world.Rewrite = (query, message) => query.Question == new Question(Text.Name("one.tld."), RecordType.A) ? message.WithoutSignatures().WithoutAuthority(record => record.Type == RecordType.DS) : message;

        Assert.Equal(Security.Secure, (await world.LookupAsync("www.one.tld.", RecordType.A)).Security);
        Assert.Contains("one.tld. DS", world.AskedOf(Top));
    }

    [Fact, Rfc(4035, "3.1.4.1")]
    public async Task DS_is_asked_of_the_zone_above()
    {
        var world = Standard();
        var resolver = world.Resolver(world.Options with { CacheBytes = 0 });

        // The child's servers are known by then, and would be nearer.
        Assert.Equal(Security.Secure, (await world.LookupAsync(resolver, "www.one.tld.", RecordType.A)).Security);
        Assert.Equal(Security.Secure, (await world.LookupAsync(resolver, "one.tld.", RecordType.DS)).Security);

        Assert.Contains("one.tld. DS", world.AskedOf(Top));
        Assert.DoesNotContain("one.tld. DS", world.AskedOf(Leaf));
    }

    [Fact, Rfc(4035, "3.1.4.1")]
    public async Task A_child_that_answers_for_DS_in_place_of_its_parent_is_not_believed()
    {
        // The second server of the TLD serves the child alone.
        var world = new AuthorityWorld()
            .Zone(new TestZone(".") { Keys = { TestKeys.Get("root") } }, $"ns. {Root}")
            .Zone(new TestZone("tld.") { Keys = { TestKeys.Get("tld") } }, $"ns.tld. {Top}", "ns2.tld. 192.0.2.11")
            .Zone(new TestZone("one.tld.", Content) { Keys = { TestKeys.Get("one") } }, $"ns1.one.tld. {Leaf}");
        world.Rewrite = (query, message) => query.Question.Type == RecordType.DS && query.Server.EndPoint.Address.ToString() == "192.0.2.11"
            ? message with { Answers = [], Authorities = [new(Text.Name("one.tld."), RecordType.SOA, RecordClass.IN, 300, world["one.tld."].Find(Text.Name("one.tld."), RecordType.SOA)!.Records[0].Data)] }
            : message;

        for (var i = 0; i < 8; i++) Assert.Equal(Security.Secure, (await world.LookupAsync("one.tld.", RecordType.DS)).Security);
    }

    [Fact, Rfc(4035, "5"), Rfc(4035, "3.1.4.1")]
    public async Task A_server_of_parent_and_child_that_hides_the_cut_is_seen_through()
    {
        var world = new AuthorityWorld()
            .Zone(new TestZone(".") { Keys = { TestKeys.Get("root") } }, $"ns. {Root}")
            .Zone(new TestZone("tld.") { Keys = { TestKeys.Get("tld") } }, $"ns.tld. {Top}")
            .Zone(new TestZone("one.tld.", Content) { Keys = { TestKeys.Get("one") } }, $"ns1.one.tld. {Top}")
            .Zone(new TestZone("sub.one.tld.", Content) { Keys = { TestKeys.Get("sub") } }, $"ns1.sub.one.tld. {Top}")
            .Zone(new TestZone("bare.one.tld.", Content), $"ns1.bare.one.tld. {Top}");
        var resolver = world.Resolver();

        Assert.Equal(Security.Secure, (await world.LookupAsync(resolver, "www.sub.one.tld.", RecordType.A)).Security);
        Assert.Equal(Security.Secure, (await world.LookupAsync(resolver, "missing.sub.one.tld.", RecordType.A)).Security);
        Assert.Equal(Security.Secure, (await world.LookupAsync(resolver, "www.one.tld.", RecordType.A)).Security);
        Assert.Equal(Security.Secure, (await world.LookupAsync(resolver, "sub.one.tld.", RecordType.DS)).Security);
        Assert.Equal(LookupReason.InsecureDelegation, (await world.LookupAsync(resolver, "www.bare.one.tld.", RecordType.A)).Reason);
    }

    [Fact]
    public async Task Hints_may_stand_at_any_name()
    {
        var world = new AuthorityWorld()
            .Zone(new TestZone("lab.") { Keys = { TestKeys.Get("lab") } }, $"ns.lab. {Root}")
            .Zone(new TestZone("one.lab.", Content) { Keys = { TestKeys.Get("one") } }, $"ns1.one.lab. {Leaf}");
        var options = new ResolverOptions { Anchors = world.Anchors, Iteration = new() { Hints = world.Hints("lab.") } };

        Assert.Equal(Security.Secure, (await world.LookupAsync("www.one.lab.", RecordType.A, options)).Security);

        var outside = await world.LookupAsync("www.example.", RecordType.A, options);
        Assert.Equal(Security.Indeterminate, outside.Security);
        Assert.Contains("no root hint", outside.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lookups_at_the_same_time_ask_each_question_once()
    {
        var world = Standard();
        world.Delay = (_, token) => Task.Run(static async () => await Task.Yield(), token);
        var resolver = world.Resolver();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => resolver.LookupAsync(Text.Name($"n{i}.one.tld."), RecordType.A).AsTask())));

        Assert.All(answers, answer => Assert.Equal(LookupReason.ProvenNameError, answer.Reason));
        Assert.Equal(world.Queries.Count, world.Queries.Select(query => query.Question).Distinct().Count());
    }

    /// <summary>Decision 0090: a delegation is the parent's word, for as long as the parent gave it. The zone's own NS set, whatever its TTL, adds nothing.</summary>
    [Fact, Rfc(2181, "5.4.1")]
    public async Task A_zone_that_was_let_go_does_not_live_on_by_its_own_word()
    {
        var world = Standard();
        var resolver = world.Resolver(world.Options with { CacheBytes = 0 });
        Assert.Equal(Security.Insecure, (await world.LookupAsync(resolver, "www.plain.tld.", RecordType.A)).Security);
        Assert.Equal(Security.Insecure, (await world.LookupAsync(resolver, "plain.tld.", RecordType.NS)).Security);
        var asked = world.AskedOf(Leaf).Count;
        world.Rewrite = (query, message) => query.Server.EndPoint.Address.ToString() == Top && query.Question.Name.IsAtOrBelow(Text.Name("plain.tld."))
            ? message with { Flags = MessageFlags.Response | MessageFlags.AuthoritativeAnswer, ResponseCode = ResponseCode.NameError, Authorities = [], Additionals = [] }
            : message;

        world.Timer.Advance(TimeSpan.FromSeconds(3601));

        Assert.NotEqual(Security.Insecure, (await world.LookupAsync(resolver, "www.plain.tld.", RecordType.A)).Security);
        Assert.Equal(asked, world.AskedOf(Leaf).Count);
    }
}
