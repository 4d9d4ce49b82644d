using System.Net;
using System.Net.Sockets;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution.Iteration;

/// <summary>Servers that are dead, lame or wrong, delegations that lead nowhere, and what a zone's owner might do to make us work.</summary>
public class ServerFaultTests
{
    private const string Bad = "192.0.2.21";

    private static TestZone Signed(string apex, string key, string records = "www 300 A 192.0.2.80") => new(apex, records) { Keys = { TestKeys.Get(key) } };

    /// <summary>A zone with a good server and a bad one.</summary>
    private static AuthorityWorld TwoServers() => new AuthorityWorld()
        .Zone(Signed(".", "root"), $"ns. {DescentTests.Root}")
        .Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top}")
        .Zone(Signed("one.tld.", "one"), $"ns1.one.tld. {Bad}", $"ns2.one.tld. {DescentTests.Leaf}");

    private static bool IsBad(DnsQuery query) => query.Server.EndPoint.Address.Equals(IPAddress.Parse(Bad));

    /// <summary>Asks so often that each server is drawn first at some time.</summary>
    private static async Task AssertAlwaysSecure(AuthorityWorld world, string name = "www.one.tld.")
    {
        for (var i = 0; i < 12; i++) Assert.Equal(Security.Secure, (await world.LookupAsync(name, RecordType.A)).Security);
    }

    [Theory, Rfc(1034, "5.3.3"), Rfc(9520, "2.2")]
    [InlineData(ResponseCode.ServerFailure)]
    [InlineData(ResponseCode.Refused)]
    [InlineData(ResponseCode.FormatError)]
    [InlineData(ResponseCode.NotImplemented)]
    [InlineData(ResponseCode.NotAuthoritative)]
    public async Task After_an_error_the_next_address_is_asked(ResponseCode code)
    {
        var world = TwoServers();
        world.Rewrite = (query, message) => IsBad(query) ? message with { ResponseCode = code, Answers = [], Authorities = [] } : message;

        await AssertAlwaysSecure(world);
        Assert.NotEmpty(world.AskedOf(Bad));
    }

    [Fact]
    public async Task How_often_a_silent_server_was_asked_is_told()
    {
        var world = TwoServers();
        world.Outcome = query => query.Question.Name.IsAtOrBelow(DomainName.Parse("one.tld.")) && !query.Server.EndPoint.Address.Equals(IPAddress.Parse(DescentTests.Top)) ? ExchangeOutcome.TimedOut : null;

        var answer = await world.LookupAsync("www.one.tld.", RecordType.A);

        Assert.Equal(LookupReason.TimedOut, answer.Reason);
        Assert.Contains(", 3 times", answer.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExchangeOutcome.TimedOut)]
    [InlineData(ExchangeOutcome.Unreachable)]
    [InlineData(ExchangeOutcome.Closed)]
    [InlineData(ExchangeOutcome.Malformed)]
    public async Task After_silence_the_next_address_is_asked(ExchangeOutcome outcome)
    {
        var world = TwoServers();
        world.Outcome = query => IsBad(query) ? outcome : null;

        await AssertAlwaysSecure(world);
        Assert.NotEmpty(world.AskedOf(Bad));
    }

    [Fact]
    public async Task A_machine_without_descriptors_blames_no_server()
    {
        var world = TwoServers();
        world.Outcome = query => query.Question.Name == Text.Name("www.one.tld.") ? ExchangeOutcome.NoDescriptors : null;
        var resolver = world.Resolver();

        var answer = await resolver.LookupAsync(Text.Name("www.one.tld."), RecordType.A, TestContext.Current.CancellationToken);

        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached), (answer.Security, answer.Reason));
        Assert.Contains("was not asked", answer.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("could not be reached", answer.Explanation, StringComparison.Ordinal);
        Assert.Contains("ulimit -n", answer.Failure!.Mend, StringComparison.Ordinal);
    }

    /// <summary>RFC 6891 §7: a server may know no EDNS; a signed zone on it is told as its fault, not as the zone's.</summary>
    [Fact, Rfc(6891, "7"), Rfc(3225, "3")]
    public async Task A_signed_zone_on_servers_without_EDNS_names_them_and_the_mend()
    {
        var world = TwoServers();
        world.Rewrite = (query, message) => query.Server.EndPoint.Address.ToString() is Bad or DescentTests.Leaf ? message.WithoutSignatures() with { Edns = null } : message;

        var trace = await world.Resolver().TraceAsync(Text.Name("www.one.tld."), RecordType.A, TestContext.Current.CancellationToken);

        Assert.Equal(Security.Bogus, trace.Answer.Security);
        Assert.Contains("answers without EDNS", trace.Answer.Explanation, StringComparison.Ordinal);
        Assert.False(trace.Answer.Failure!.IsOfResolver);
        Assert.StartsWith("Update or replace the name server 192.0.2.", trace.Answer.Failure!.Mend, StringComparison.Ordinal);
        Assert.Contains("of one.tld.", trace.Answer.Failure.Mend, StringComparison.Ordinal);
        Assert.Equal(trace.Answer.Failure.Mend, trace.End!.Mend);
    }

    [Fact, Rfc(6891, "7")]
    public async Task One_server_without_EDNS_beside_another_costs_a_question_and_no_more()
    {
        var world = TwoServers();
        world.Rewrite = (query, message) => IsBad(query) ? message.WithoutSignatures() with { Edns = null } : message;

        await AssertAlwaysSecure(world);
    }

    [Theory, Rfc(1034, "4.2.1"), Rfc(2181, "5.4.1")]
    [InlineData(".")]
    [InlineData("tld.")]
    [InlineData("one.tld.")]
    [InlineData("two.tld.")]
    [InlineData("other.one.tld.")]
    public async Task Referrals_up_aside_and_back_come_from_a_lame_server(string owner)
    {
        var world = TwoServers();
        world.Rewrite = (query, message) => IsBad(query)
            ? message with
            {
                Flags = MessageFlags.Response,
                Answers = [],
                Authorities = [new(Text.Name(owner), RecordType.NS, RecordClass.IN, 300, new NameData(Text.Name("ns.evil.")).ToOctets())],
                Additionals = [new(Text.Name("ns.evil."), RecordType.A, RecordClass.IN, 300, AddressData.ToOctets(IPAddress.Parse("192.0.2.66")))],
            }
            : message;

        await AssertAlwaysSecure(world);
        Assert.NotEmpty(world.AskedOf(Bad));
        Assert.Empty(world.AskedOf("192.0.2.66"));
    }

    [Fact, Rfc(2181, "5.4.1")]
    public async Task An_answer_without_authority_is_nobodys_word()
    {
        var world = new AuthorityWorld()
            .Zone(Signed(".", "root"), $"ns. {DescentTests.Root}")
            .Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top}")
            .Zone(new TestZone("plain.tld.", "www 300 A 192.0.2.80"), $"ns1.plain.tld. {Bad}", $"ns2.plain.tld. {DescentTests.Leaf}");
        world.Rewrite = (query, message) => IsBad(query)
            ? message with { Flags = MessageFlags.Response | MessageFlags.RecursionAvailable, Answers = [.. message.Answers.Select(record => record with { Data = new(new byte[] { 6, 6, 6, 6 }) })] }
            : message;

        for (var i = 0; i < 12; i++)
        {
            var answer = await world.LookupAsync("www.plain.tld.", RecordType.A);
            Assert.Equal((Security.Insecure, "c0000250"), (answer.Security, answer.Records!.Data.Single().ToHex()));
        }
    }

    [Fact]
    public async Task When_nobody_answers_the_reason_names_the_servers_and_what_they_did()
    {
        var world = TwoServers();
        world.Outcome = query => IsBad(query) ? ExchangeOutcome.TimedOut : null;
        world.Rewrite = (query, message) => query.Server.EndPoint.Address.ToString() == DescentTests.Leaf ? message with { ResponseCode = ResponseCode.Refused, Answers = [], Authorities = [] } : message;

        var answer = await world.LookupAsync("www.one.tld.", RecordType.A);

        Assert.Equal((Security.Indeterminate, LookupReason.ServerFailed, 22), (answer.Security, answer.Reason, (int)answer.ExtendedError!.Value.Code));
        Assert.Contains("no server of one.tld. gave an answer", answer.Explanation, StringComparison.Ordinal);
        Assert.Contains("ns1.one.tld. (192.0.2.21:53) gave no reply in time", answer.Explanation, StringComparison.Ordinal);
        Assert.Contains("ns2.one.tld. (192.0.2.20:53) answered REFUSED", answer.Explanation, StringComparison.Ordinal);
    }

    [Fact, Rfc(6840, "5.9")]
    public async Task Bogus_data_of_one_server_is_asked_for_again_at_another()
    {
        var world = TwoServers();
        world.Rewrite = (query, message) => IsBad(query) ? message with { Answers = message.Answers.Replace(RecordType.A, new(new byte[] { 6, 6, 6, 6 })).Replace(RecordType.DNSKEY, new(new byte[] { 1, 1, 3, 13, 5 })) } : message;

        await AssertAlwaysSecure(world);
        Assert.NotEmpty(world.AskedOf(Bad));
    }

    [Fact, Rfc(6840, "5.9")]
    public async Task Bogus_data_everywhere_stays_bogus_and_costs_few_queries()
    {
        var world = TwoServers();
        world.Rewrite = (query, message) => query.Question.Name == Text.Name("www.one.tld.") ? message with { Answers = message.Answers.Replace(RecordType.A, new(new byte[] { 6, 6, 6, 6 })) } : message;

        var answer = await world.LookupAsync("www.one.tld.", RecordType.A);

        Assert.Equal((Security.Bogus, LookupReason.SignatureInvalid), (answer.Security, answer.Reason));
        Assert.InRange(world.Queries.Count(query => query.Question.Name == Text.Name("www.one.tld.")), 2, 6);
    }

    [Fact, Rfc(9609, "3")]
    public async Task Of_five_roots_four_may_be_dead()
    {
        string[] roots = [.. Enumerable.Range(1, 5).Select(i => $"r{i}. 192.0.2.{100 + i}")];
        var world = new AuthorityWorld()
            .Zone(Signed(".", "root", string.Concat(Enumerable.Range(1, 5).Select(i => $"@ 300 NS r{i}.\n"))), roots)
            .Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top}")
            .Zone(Signed("one.tld.", "one"), $"ns1.one.tld. {DescentTests.Leaf}");
        world.Outcome = query => query.Server.EndPoint.Address.ToString() is "192.0.2.101" or "192.0.2.102" or "192.0.2.104" or "192.0.2.105" ? ExchangeOutcome.TimedOut : null;

        await AssertAlwaysSecure(world);
    }

    [Fact, Rfc(9609, "3.3")]
    public async Task What_the_root_says_of_its_servers_takes_the_place_of_the_hints()
    {
        var world = new AuthorityWorld()
            .Zone(Signed(".", "root", "@ 300 NS new."), $"new. {DescentTests.Root}")
            .Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top}")
            .Serve("192.0.2.99", ".");
        Assert.True(RootHints.TryCreate(
            [
                new(DomainName.Root, RecordType.NS, RecordClass.IN, 1, new NameData(Text.Name("old.")).ToOctets()),
                new(Text.Name("old."), RecordType.A, RecordClass.IN, 1, AddressData.ToOctets(IPAddress.Parse("192.0.2.99"))),
            ],
            out var hints,
            out _));

        Assert.Equal(Security.Secure, (await world.LookupAsync("www.tld.", RecordType.A, world.Options with { Iteration = new() { Hints = hints } })).Security);
        Assert.Equal([". NS"], world.AskedOf("192.0.2.99"));
        Assert.Contains("tld. A", world.AskedOf(DescentTests.Root));
    }

    [Fact, Rfc(9609, "3.1")]
    public async Task Where_priming_fails_the_hints_serve()
    {
        var world = TwoServers();
        world.Rewrite = (query, message) => query.Question.Type == RecordType.NS ? message with { ResponseCode = ResponseCode.ServerFailure, Answers = [], Authorities = [] } : message;

        Assert.Equal(Security.Secure, (await world.LookupAsync("www.one.tld.", RecordType.A)).Security);
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public async Task A_dead_address_family_is_fallen_back_from_and_then_left_alone(AddressFamily dead)
    {
        var world = new AuthorityWorld()
            .Zone(Signed(".", "root"), $"ns. {DescentTests.Root} 2001:db8::53")
            .Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top} 2001:db8::10");
        for (var i = 0; i < 12; i++) world.Zone(Signed($"z{i}.tld.", "one"), $"ns1.z{i}.tld. 192.0.2.{100 + i} 2001:db8::{100 + i}");
        world.Outcome = query => query.Server.EndPoint.AddressFamily == dead ? ExchangeOutcome.Unreachable : null;
        var resolver = world.Resolver();

        for (var i = 0; i < 12; i++) Assert.Equal(Security.Secure, (await world.LookupAsync(resolver, $"www.z{i}.tld.", RecordType.A)).Security);

        Assert.InRange(world.Queries.Count(query => query.Server.EndPoint.AddressFamily == dead), 1, 8);
    }

    [Fact]
    public async Task A_family_that_is_not_wanted_is_not_asked()
    {
        var world = new AuthorityWorld()
            .Zone(Signed(".", "root"), $"ns. {DescentTests.Root} 2001:db8::53")
            .Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top} 2001:db8::10");

        Assert.Equal(Security.Secure, (await world.LookupAsync("www.tld.", RecordType.A, world.Options with { Iteration = world.Options.Iteration! with { UseIPv4 = false } })).Security);
        Assert.All(world.Queries, query => Assert.Equal(AddressFamily.InterNetworkV6, query.Server.EndPoint.AddressFamily));
    }

    [Fact, Rfc(1034, "4.2.1"), Rfc(9471, "2")]
    public async Task A_server_that_came_without_an_address_is_looked_up_the_same_way()
    {
        var world = new AuthorityWorld()
            .Zone(Signed(".", "root"), $"ns. {DescentTests.Root}")
            .Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top}")
            .Zone(Signed("net.", "net"), $"ns.net. {DescentTests.Other}")
            .Zone(Signed("host.net.", "host"), "ns1.host.net. 192.0.2.40")
            .Zone(Signed("one.tld.", "one"), "ns5.host.net. 192.0.2.41");

        Assert.Equal(Security.Secure, (await world.LookupAsync("www.one.tld.", RecordType.A)).Security);
        Assert.Contains("ns5.host.net. A", world.AskedOf("192.0.2.40"));
        Assert.DoesNotContain("host.net. DNSKEY", world.AskedOf("192.0.2.40"));
    }

    [Fact, Rfc(9471, "2"), Rfc(5452, "6")]
    public async Task Addresses_that_are_not_the_referring_zones_to_give_are_ignored()
    {
        var world = new AuthorityWorld()
            .Zone(Signed(".", "root"), $"ns. {DescentTests.Root}")
            .Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top}")
            .Zone(Signed("net.", "net"), "ns1.net. 192.0.2.40")
            .Zone(Signed("one.tld.", "one"), "ns5.net. 192.0.2.41");
        world.Rewrite = (query, message) => query.Server.EndPoint.Address.ToString() != DescentTests.Top ? message : message with
        {
            Additionals = message.Additionals.Add(new(Text.Name("ns5.net."), RecordType.A, RecordClass.IN, 300, AddressData.ToOctets(IPAddress.Parse("192.0.2.66")))),
        };

        Assert.Equal(Security.Secure, (await world.LookupAsync("www.one.tld.", RecordType.A)).Security);
        Assert.Empty(world.AskedOf("192.0.2.66"));
        Assert.NotEmpty(world.AskedOf("192.0.2.41"));
    }

    [Fact, Rfc(1912, "2.8")]
    public async Task Zones_whose_servers_are_found_only_through_one_another_are_a_circle_and_said_to_be()
    {
        var world = new AuthorityWorld()
            .Zone(Signed(".", "root"), $"ns. {DescentTests.Root}")
            .Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top}")
            .Zone(Signed("one.tld.", "one"), "ns.two.tld. 192.0.2.40")
            .Zone(Signed("two.tld.", "two"), "ns.one.tld. 192.0.2.41")
            .WithoutGlue("ns.one.tld.", "ns.two.tld.");

        var answer = await world.LookupAsync("www.one.tld.", RecordType.A);

        Assert.Equal((Security.Indeterminate, LookupReason.ServerFailed), (answer.Security, answer.Reason));
        Assert.Contains("circle", answer.Explanation, StringComparison.Ordinal);
        Assert.InRange(world.Queries.Count, 1, 40);
    }

    [Fact, Rfc(9471, "3")]
    public async Task A_server_inside_its_own_zone_without_glue_cannot_be_found_and_that_is_said()
    {
        var world = new AuthorityWorld()
            .Zone(Signed(".", "root"), $"ns. {DescentTests.Root}")
            .Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top}")
            .Zone(Signed("one.tld.", "one"), "ns.one.tld. 192.0.2.41")
            .WithoutGlue("ns.one.tld.");

        var answer = await world.LookupAsync("www.one.tld.", RecordType.A);

        Assert.Equal((Security.Indeterminate, LookupReason.ServerFailed), (answer.Security, answer.Reason));
        Assert.Contains("RFC 9471", answer.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delegation_to_a_thousand_names_without_addresses_costs_few_queries()
    {
        // NXNSAttack: each name lies in another zone, and none exists.
        var world = new AuthorityWorld()
            .Zone(Signed(".", "root"), $"ns. {DescentTests.Root}")
            .Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top}")
            .Zone(Signed("victim.", "victim"), $"ns.victim. {DescentTests.Other}")
            .Zone(Signed("one.tld.", "one"), [.. Enumerable.Range(0, 1000).Select(i => $"n{i}.victim.")]);
        world.Rewrite = (query, message) => query.Server.EndPoint.Address.ToString() == DescentTests.Other && query.Question.Name != Text.Name("victim.")
            ? message with { ResponseCode = ResponseCode.NameError, Answers = [] }
            : message;

        var answer = await world.LookupAsync("www.one.tld.", RecordType.A);

        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached), (answer.Security, answer.Reason));
        Assert.InRange(world.AskedOf(DescentTests.Other).Count, 2, 4 * Limits.Default.AddressLookupsPerDelegation);
    }

    [Fact]
    public async Task A_hundred_delegations_one_below_the_other_end_at_a_limit()
    {
        var world = new AuthorityWorld()
            .Zone(Signed(".", "root"), $"ns. {DescentTests.Root}")
            .Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top}");
        var apex = "tld.";
        for (var i = 0; i < 100; i++)
        {
            apex = $"d.{apex}";
            world.Zone(new TestZone(apex, "www 300 A 192.0.2.80"), $"ns1.{apex} 198.51.100.{i + 1}");
        }

        var answer = await world.LookupAsync($"www.{apex}", RecordType.A);

        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached), (answer.Security, answer.Reason));
        Assert.InRange(world.Queries.Count, 10, Limits.Default.Queries);
    }

    [Fact]
    public async Task Referrals_are_followed_up_to_a_number()
    {
        var world = new AuthorityWorld()
            .Zone(Signed(".", "root"), $"ns. {DescentTests.Root}")
            .Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top}");
        var apex = "tld.";
        for (var i = 0; i < 40; i++)
        {
            apex = $"d.{apex}";
            world.Zone(new TestZone(apex, "www 300 A 192.0.2.80"), $"ns1.{apex} 198.51.100.{i + 1}");
        }

        // Nothing else comes to its end: a query for each, and few octets.
        var limits = Limits.Default with { Queries = 10_000, Referrals = 20 };
        var answer = await world.LookupAsync(world.Resolver(world.Options with { Limits = limits }), $"www.{apex}", RecordType.A);

        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached), (answer.Security, answer.Reason));
        Assert.Contains("20 referrals, the last to ", answer.Explanation, StringComparison.Ordinal);
        Assert.Equal(21, world.Queries.Select(query => query.Server.EndPoint.Address).Distinct().Count());
    }

    [Fact]
    public async Task Servers_that_each_need_another_zones_server_end_at_a_limit()
    {
        var world = new AuthorityWorld()
            .Zone(Signed(".", "root"), $"ns. {DescentTests.Root}")
            .Zone(Signed("tld.", "tld"), $"ns.tld. {DescentTests.Top}");
        for (var i = 0; i < 30; i++) world.Zone(new TestZone($"z{i}.tld.", "www 300 A 192.0.2.80"), $"ns1.z{i + 1}.tld. 198.51.100.{i + 1}").WithoutGlue($"ns1.z{i + 1}.tld.");

        var answer = await world.LookupAsync("www.z0.tld.", RecordType.A);

        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached), (answer.Security, answer.Reason));
        Assert.InRange(world.Queries.Count, 5, Limits.Default.Queries);
    }

    [Fact]
    public async Task A_slow_server_does_not_hold_up_the_next_one()
    {
        var world = TwoServers();
        world.Delay = (query, token) => IsBad(query) ? Task.Delay(Timeout.Infinite, token) : null;
        world.RunningTimer = TimeProvider.System;

        await AssertAlwaysSecure(world);
        Assert.NotEmpty(world.AskedOf(Bad));
    }

    [Fact]
    public async Task A_lookup_ends_with_its_time_when_every_server_keeps_silent()
    {
        var world = TwoServers();
        world.Delay = (_, token) => Task.Delay(Timeout.Infinite, token);

        var lookup = world.LookupAsync("www.one.tld.", RecordType.A);
        for (var i = 0; i < 9000 && !lookup.IsCompleted; i++)
        {
            world.Timer.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        var answer = await lookup;
        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached), (answer.Security, answer.Reason));
    }

    [Theory, Rfc(1034, "5.3.3")]
    [InlineData("one.tld.", "192.0.2.99")]
    [InlineData("one.tld.", DescentTests.Other)]
    [InlineData("tld.", "192.0.2.99")]
    [InlineData(".", "192.0.2.99")]
    public async Task Servers_that_somebody_else_named_for_a_zone_are_forgotten_once_they_are_of_no_use(string zone, string address)
    {
        var world = DescentTests.Standard();
        var resolver = world.Resolver();
        // A referral, or the root's own list, that leads to a server which does not serve the zone, for as long as can be.
        world.Rewrite = (_, message) => message with
        {
            Answers = [.. message.Answers.Select(Lead)],
            Authorities = [.. message.Authorities.Select(Lead)],
            Additionals = [.. message.Additionals.Where(record => !message.Answers.Concat(message.Authorities).Any(IsOfZone)), .. message.Answers.Concat(message.Authorities).Where(IsOfZone).Select(record => new ResourceRecord(Text.Name(zone == "one.tld." ? "evil.tld." : "evil."), RecordType.A, RecordClass.IN, 604800, AddressData.ToOctets(IPAddress.Parse(address))))],
        };
        var spoilt = await world.LookupAsync(resolver, "www.one.tld.", RecordType.A);
        world.Rewrite = null;

        var healed = await world.LookupAsync(resolver, "mx.one.tld.", RecordType.A);

        Assert.Equal(Security.Indeterminate, spoilt.Security);
        Assert.True(healed.Security == Security.Secure, healed.Explanation + "\n" + world.Transcript);

        bool IsOfZone(ResourceRecord record) => record.Type == RecordType.NS && record.Owner == Text.Name(zone);
        // At the root there is no zone above "evil.": its glue is within bailiwick everywhere but below.
        ResourceRecord Lead(ResourceRecord record) => IsOfZone(record) ? record with { TimeToLive = 604800, Data = new NameData(Text.Name(zone == "one.tld." ? "evil.tld." : "evil.")).ToOctets() } : record;
    }

    [Fact, Rfc(9520, "3.1")]
    public async Task A_zone_whose_servers_all_fail_is_not_asked_twice_in_one_lookup()
    {
        var world = DescentTests.Standard();
        var resolver = world.Resolver();
        await world.LookupAsync(resolver, "www.one.tld.", RecordType.A);
        world.Rewrite = (query, message) => query.Server.EndPoint.Address.ToString() == DescentTests.Leaf ? message with { ResponseCode = ResponseCode.Refused, Answers = [], Authorities = [] } : message;
        var before = world.AskedOf(DescentTests.Leaf).Count;

        var answer = await world.LookupAsync(resolver, "mx.one.tld.", RecordType.A);

        Assert.Equal(Security.Indeterminate, answer.Security);
        // As often as one zone's only server is tried, and no more though the zone above was asked for its servers anew.
        Assert.Equal(Enumerable.Repeat("mx.one.tld. A", world.Options.Iteration!.Tries), world.AskedOf(DescentTests.Leaf).Skip(before));
    }
}
