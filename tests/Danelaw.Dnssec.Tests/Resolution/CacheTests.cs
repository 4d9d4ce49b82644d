using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>What is kept, for how long, and that keeping changes no answer.</summary>
public class CacheTests
{
    private readonly World _world = StandardWorld.Create();
    private readonly FakeTimeProvider _clock = new(TestZone.Now);

    [Theory, Rule("R53"), Rfc(6698, "8.2")]
    [InlineData("www.sec.nsec.", RecordType.A)]
    [InlineData("missing.sec.nsec.", RecordType.A)]
    [InlineData("www.uns.nsec.", RecordType.A)]
    public async Task An_answer_is_kept_for_its_TTL_and_no_longer(string name, RecordType type)
    {
        var resolver = new Resolver(_world, _world.Options, _clock);
        var first = await Ask(resolver, name, type);
        _world.Queries.Clear();

        _clock.Advance(TimeSpan.FromSeconds(299));
        var second = await Ask(resolver, name, type);
        Assert.Empty(_world.Queries);
        Assert.Equal(Text(first), Text(second with { TimeToLive = 300, Chain = [.. second.Chain.Select(link => link with { Records = link.Records with { TimeToLive = 300 } })] }));
        Assert.Equal(1u, second.TimeToLive);
        Assert.All(second.Chain, link => Assert.Equal(1u, link.Records.TimeToLive));

        _clock.Advance(TimeSpan.FromSeconds(1));
        await Ask(resolver, name, type);
        Assert.Contains(_world.Queries, query => query.Question == new Question(Worlds.Text.Name(name), type));
    }

    [Fact, Rfc(4035, "5.3.3")]
    public async Task Nothing_is_kept_beyond_the_end_of_a_signature()
    {
        _clock.Advance(TestZone.Validity.Expiration - TestZone.Now - TimeSpan.FromSeconds(10));
        var resolver = new Resolver(_world, _world.Options, _clock);
        await Ask(resolver, "www.sec.nsec.", RecordType.A);

        _clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(LookupReason.SignatureExpired, (await Ask(resolver, "www.sec.nsec.", RecordType.A)).Reason);
        Assert.Equal(LookupReason.SignatureExpired, (await Ask(resolver, "mx.sec.nsec.", RecordType.A)).Reason);
    }

    [Fact]
    public async Task Keys_of_a_zone_are_asked_for_once()
    {
        var resolver = new Resolver(_world, _world.Options, _clock);
        await Ask(resolver, "www.sec.nsec.", RecordType.A);
        _world.Queries.Clear();

        await Ask(resolver, "mx.sec.nsec.", RecordType.A);

        Assert.DoesNotContain(_world.Queries, query => query.Question.Type == RecordType.DNSKEY);
        Assert.Equal(2, _world.Queries.Count);
    }

    [Fact]
    public async Task An_answer_from_the_cache_is_spelt_as_it_was_asked_this_time()
    {
        var resolver = new Resolver(_world, _world.Options, _clock);
        await Ask(resolver, "www.sec.nsec.", RecordType.A);

        var answer = await Ask(resolver, "WWW.sec.NSEC.", RecordType.A);

        Assert.Equal("WWW.sec.NSEC.", answer.Question.Name.ToString());
        Assert.Equal("WWW.sec.NSEC.", answer.FinalName.ToString());
        Assert.False(answer.IsAlias);
    }

    [Fact, Rfc(9520, "3.2")]
    public async Task A_failure_is_remembered_for_a_second_and_no_longer()
    {
        var resolver = new Resolver(_world, _world.Options, _clock, _clock);
        _world.Outcome = _ => ExchangeOutcome.TimedOut;
        var first = await Ask(resolver, "www.sec.nsec.", RecordType.A);
        Assert.Equal(LookupReason.TimedOut, first.Reason);
        _world.Outcome = null;
        _world.Queries.Clear();

        Assert.Equal(Text(first), Text(await Ask(resolver, "www.sec.nsec.", RecordType.A)));
        Assert.Empty(_world.Queries);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Security.Secure, (await Ask(resolver, "www.sec.nsec.", RecordType.A)).Security);
    }

    [Fact, Rfc(9520, "3.2")]
    public async Task Failing_again_is_remembered_for_twice_as_long_up_to_five_minutes()
    {
        var resolver = new Resolver(_world, _world.Options, _clock, _clock);
        _world.Outcome = _ => ExchangeOutcome.TimedOut;
        var waits = new List<int>();
        for (var failures = 0; failures < 12; failures++)
        {
            await Ask(resolver, "www.sec.nsec.", RecordType.A);
            _world.Queries.Clear();
            var wait = 0;
            while (_world.Queries.Count == 0)
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                wait++;
                await Ask(resolver, "www.sec.nsec.", RecordType.A);
            }

            waits.Add(wait);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300], waits);
    }

    [Fact, Rfc(9520, "2.6"), Rfc(4035, "4.7")]
    public async Task A_bogus_answer_is_remembered_for_a_second_and_is_never_data()
    {
        var resolver = new Resolver(_world, _world.Options, _clock, _clock);
        _world.Rewrite = (_, message) => message.WithoutSignatures();
        var first = await Ask(resolver, "www.sec.nsec.", RecordType.A);
        Assert.Equal(Security.Bogus, first.Security);
        _world.Rewrite = null;
        _world.Queries.Clear();
        Assert.Equal(Text(first), Text(await Ask(resolver, "www.sec.nsec.", RecordType.A)));
        Assert.Empty(_world.Queries);
        Assert.Equal(Security.Secure, (await Ask(resolver, "mx.sec.nsec.", RecordType.A)).Security);

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(Security.Secure, (await Ask(resolver, "www.sec.nsec.", RecordType.A)).Security);
    }

    [Fact]
    public async Task Keys_that_changed_since_they_were_kept_are_asked_for_again()
    {
        var resolver = new Resolver(_world, _world.Options, _clock);
        await Ask(resolver, "www.sec.nsec.", RecordType.A);
        _world["sec.nsec."].Keys.Add(TestKeys.Get("new-zsk", flags: Danelaw.Dnssec.Signing.DnskeyFlags.Zone));
        _world["sec.nsec."].Sign();

        Assert.Equal(Security.Secure, (await Ask(resolver, "mx.sec.nsec.", RecordType.A)).Security);
    }

    [Fact, Rfc(2308, "5")]
    public void Denials_are_kept_for_three_hours_at_most()
    {
        var cache = new ResolverCache(20_000, TimeProvider.System);
        var question = new Question(Worlds.Text.Name("missing.lab."), RecordType.TXT);
        cache.Add(new Answer { Question = question, Security = Security.Insecure, ResponseCode = ResponseCode.NameError, TimeToLive = 86400 }, TestZone.Now);

        Assert.True(cache.TryGetAnswer(question, TestZone.Now.AddSeconds(10799), out var kept));
        Assert.Equal(86400u - 10799, kept.TimeToLive);
        Assert.False(cache.TryGetAnswer(question, TestZone.Now.AddSeconds(10800), out _));
    }

    [Fact]
    public void A_cache_holds_no_more_octets_than_it_may()
    {
        var cache = new ResolverCache(20_000, TimeProvider.System);
        for (var i = 0; i < 1000; i++)
        {
            var name = Worlds.Text.Name($"n{i}.lab.");
            cache.Add(new Answer { Question = new(name, RecordType.TXT), Security = Security.Insecure, TimeToLive = 300, Chain = [new(new(name, RecordType.TXT, RecordClass.IN, 300, [new Octets(new byte[200])]), Security.Insecure)] }, TestZone.Now);
        }

        Assert.InRange(cache.Octets, 1, 20_000);
        Assert.True(cache.TryGetAnswer(new(Worlds.Text.Name("n999.lab."), RecordType.TXT), TestZone.Now, out _));
        Assert.False(cache.TryGetAnswer(new(Worlds.Text.Name("n0.lab."), RecordType.TXT), TestZone.Now, out _));
    }

    [Fact]
    public void What_was_used_last_stays_longest()
    {
        var cache = new ResolverCache(3_000, TimeProvider.System);
        for (var i = 0; i < 100; i++)
        {
            cache.TryGetAnswer(new(Worlds.Text.Name("n0.lab."), RecordType.TXT), TestZone.Now, out _);
            cache.Add(new Answer { Question = new(Worlds.Text.Name($"n{i}.lab."), RecordType.TXT), Security = Security.Insecure, TimeToLive = 300 }, TestZone.Now);
        }

        Assert.True(cache.TryGetAnswer(new(Worlds.Text.Name("n0.lab."), RecordType.TXT), TestZone.Now, out _));
    }

    [Fact]
    public async Task Without_a_cache_every_lookup_asks()
    {
        var resolver = new Resolver(_world, _world.Options with { CacheBytes = 0 }, _clock);
        await Ask(resolver, "www.sec.nsec.", RecordType.A);
        var queries = _world.Queries.Count;

        await Ask(resolver, "www.sec.nsec.", RecordType.A);

        Assert.Equal(2 * queries, _world.Queries.Count);
    }

    [Fact]
    public async Task The_order_of_lookups_changes_no_answer()
    {
        (string Name, RecordType Type)[] questions =
        [
            ("www.sec.nsec.", RecordType.A), ("_25._tcp.mx.sec.nsec.", RecordType.TLSA), ("missing.sec.opt.", RecordType.A), ("www.uns.opt.", RecordType.A),
            ("across.sec.nsec.", RecordType.A), ("a.wild.sec.hash.", RecordType.A), ("www.island.nsec.", RecordType.A), ("x.moved.sec.nsec.", RecordType.A),
            ("www.child.sec.nsec.", RecordType.A), ("toinsecure.sec.nsec.", RecordType.A), ("loop.sec.nsec.", RecordType.A), ("sec.nsec.", RecordType.DS),
        ];
        var expected = new Dictionary<(string, RecordType), string>();
        foreach (var (name, type) in questions) expected.Add((name, type), Text(await _world.LookupAsync(name, type)));

        var random = new Random(7);
        for (var round = 0; round < 10; round++)
        {
            random.Shuffle(questions);
            var resolver = new Resolver(_world, _world.Options, _clock);
            var answers = await Task.WhenAll(questions.Select(question => Ask(resolver, question.Name, question.Type)));
            foreach (var (question, answer) in questions.Zip(answers)) Assert.Equal(expected[question], Text(answer));
        }
    }

    private static async Task<Answer> Ask(Resolver resolver, string name, RecordType type) => await resolver.LookupAsync(Worlds.Text.Name(name), type, TestContext.Current.CancellationToken);

    /// <summary>All of an answer that anybody can see.</summary>
    private static string Text(Answer answer) => string.Join('\n', [
        $"{answer.Question} {answer.Security} {answer.ResponseCode} {answer.Reason} {answer.ExtendedError} {answer.TimeToLive} {answer.FinalName} {answer.Explanation}",
        .. answer.Chain.Select(link => $"{link.Records.Owner} {link.Records.Type} {link.Records.TimeToLive} {string.Join(' ', link.Records.Data)} {link.Security}"),
        .. answer.Notes.Select(note => note.ToString()),
        .. answer.Trust.Select(link => $"{link.Zone} {link.IsAnchor} {link.KeySignature} {link.DelegationSignature}")]);
}
