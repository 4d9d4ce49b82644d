using System.Collections.Concurrent;
using System.Net;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>How the resolvers in front are asked, and what becomes of those that fail, lie or keep silent.</summary>
public class UpstreamTests
{
    private readonly World _world = StandardWorld.Create();

    private ResolverOptions Two => _world.Options with { Upstreams = [World.First, World.Second] };

    [Fact]
    public async Task A_machine_without_descriptors_blames_no_resolver()
    {
        var world = StandardWorld.Create();
        world.Outcome = _ => Dns.Transports.ExchangeOutcome.NoDescriptors;

        var trace = await world.Resolver().TraceAsync(Text.Name("www.sec.nsec."), RecordType.A, TestContext.Current.CancellationToken);

        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached), (trace.Answer.Security, trace.Answer.Reason));
        Assert.Equal("www.sec.nsec. A: 192.0.2.1:53 was not asked: this machine gives this process no more file descriptors", trace.Answer.Explanation);
        Assert.Contains("ulimit -n", trace.Answer.Failure!.Mend, StringComparison.Ordinal);
        Assert.Equal(trace.Answer.Failure.Mend, trace.End!.Mend);
    }

    [Theory, Rfc(6891, "7"), Rfc(3225, "3")]
    [InlineData("www.sec.nsec.", RecordType.A)]
    [InlineData("nothing.sec.nsec.", RecordType.TLSA)]
    public async Task A_resolver_without_EDNS_is_named_and_another_way_is_shown(string name, RecordType type)
    {
        var world = StandardWorld.Create();
        world.Rewrite = (_, message) => message.WithoutSignatures() with { Edns = null };

        var answer = await world.LookupAsync(name, type);

        Assert.Equal(Security.Bogus, answer.Security);
        Assert.Contains("the reply is from 192.0.2.1:53, which answers without EDNS", answer.Explanation, StringComparison.Ordinal);
        Assert.True(answer.Failure!.IsOfResolver);
        Assert.StartsWith("Ask another resolver than 192.0.2.1:53, or from the root (--iterate)", answer.Failure!.Mend, StringComparison.Ordinal);
    }

    [Fact, Rfc(4035, "3.2.1"), Rfc(6840, "5.9")]
    public async Task Every_query_asks_for_recursion_and_signatures_and_no_checking()
    {
        await _world.LookupAsync("www.sec.nsec.", RecordType.A);

        Assert.All(_world.Queries, query => Assert.Equal((true, true, true), (query.RecursionDesired, query.DnssecOk, query.CheckingDisabled)));
        Assert.Equal(_world.Queries.Count, _world.Queries.Distinct().Count());
    }

    [Theory, Rfc(7672, "2.1.1"), Rule("R05")]
    [InlineData(ResponseCode.ServerFailure, "SERVFAIL")]
    [InlineData(ResponseCode.Refused, "REFUSED")]
    [InlineData(ResponseCode.FormatError, "FORMERR")]
    [InlineData(ResponseCode.NotImplemented, "NOTIMP")]
    public async Task An_error_code_is_a_failed_lookup_with_that_code(ResponseCode code, string text)
    {
        _world.Rewrite = (query, message) => query.Question.Type == RecordType.A ? message with { ResponseCode = code, Answers = [], Authorities = [] } : message;

        var answer = await _world.LookupAsync("www.sec.nsec.", RecordType.A);

        Assert.Equal((Security.Indeterminate, LookupReason.ServerFailed, code, 22), (answer.Security, answer.Reason, answer.ResponseCode!.Value, (int)answer.ExtendedError!.Value.Code));
        Assert.Contains(text, answer.Explanation, StringComparison.Ordinal);
        Assert.Contains("192.0.2.1:53", answer.Explanation, StringComparison.Ordinal);
    }

    [Theory, Rule("R05")]
    [InlineData(ExchangeOutcome.TimedOut, LookupReason.TimedOut, 23)]
    [InlineData(ExchangeOutcome.Unreachable, LookupReason.Unreachable, 23)]
    [InlineData(ExchangeOutcome.Closed, LookupReason.Unreachable, 23)]
    [InlineData(ExchangeOutcome.NotTrusted, LookupReason.Unreachable, 23)]
    [InlineData(ExchangeOutcome.Malformed, LookupReason.MalformedReply, 24)]
    public async Task No_reply_is_a_failed_lookup_without_a_code(ExchangeOutcome outcome, LookupReason reason, int extendedError)
    {
        _world.Outcome = query => query.Question.Type == RecordType.A ? outcome : null;

        var answer = await _world.LookupAsync("www.sec.nsec.", RecordType.A);

        Assert.Equal((Security.Indeterminate, reason, null, extendedError), (answer.Security, answer.Reason, answer.ResponseCode, (int)answer.ExtendedError!.Value.Code));
    }

    [Theory, Rfc(1035, "3.4.1"), Rfc(3596, "2.2")]
    [InlineData("www.uns.nsec.", RecordType.A, 0)]
    [InlineData("www.uns.nsec.", RecordType.A, 16)]
    [InlineData("www.sec.nsec.", RecordType.A, 5)]
    public async Task An_address_of_another_length_is_a_malformed_reply(string name, RecordType type, int length)
    {
        _world.Rewrite = (query, message) => query.Question.Type == type ? message with { Answers = [.. message.Answers.Select(record => record.Type == type ? record with { Data = new(new byte[length]) } : record)] } : message;

        var answer = await _world.LookupAsync(name, type);

        Assert.Equal((Security.Indeterminate, LookupReason.MalformedReply), (answer.Security, answer.Reason));
        Assert.Contains($"A with {length} octets", answer.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_to_another_question_is_none()
    {
        _world.Rewrite = (query, message) => query.Question.Type == RecordType.A ? _world.Reply(new(Text.Name("mx.sec.nsec."), RecordType.A)) : message;

        Assert.Equal(LookupReason.MalformedReply, (await _world.LookupAsync("www.sec.nsec.", RecordType.A)).Reason);
    }

    [Fact]
    public async Task A_referral_from_a_server_that_does_not_recurse_is_a_failure()
    {
        _world.Rewrite = (query, message) => query.Question.Type != RecordType.A ? message : message with
        {
            Flags = MessageFlags.Response,
            Answers = [],
            Authorities = [new(Text.Name("uns.nsec."), RecordType.NS, RecordClass.IN, 300, new NameData(Text.Name("ns.uns.nsec.")).ToOctets())],
        };

        var answer = await _world.LookupAsync("www.uns.nsec.", RecordType.A);
        Assert.Equal((Security.Indeterminate, LookupReason.ServerFailed), Verdict(answer));
        Assert.Contains("--iterate", answer.Failure!.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TransportKind.Datagram, 53, "UDP and TCP on port 53")]
    [InlineData(TransportKind.Tls, 853, "TCP port 853")]
    [InlineData(TransportKind.Https, 4443, "TCP port 4443")]
    public async Task The_mend_of_a_silent_resolver_names_its_port(TransportKind kind, int port, string text)
    {
        _world.Outcome = query => query.Question.Type == RecordType.A ? ExchangeOutcome.TimedOut : null;

        var answer = await _world.LookupAsync("www.sec.nsec.", RecordType.A, _world.Options with { Upstreams = [new(kind, new(IPAddress.Parse("192.0.2.7"), port), kind == TransportKind.Datagram ? null : "dns.example.")] });

        Assert.Contains(text, answer.Failure!.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExchangeOutcome.TimedOut)]
    [InlineData(ExchangeOutcome.Unreachable)]
    [InlineData(ExchangeOutcome.Malformed)]
    public async Task The_next_upstream_is_asked_when_one_fails(ExchangeOutcome outcome)
    {
        _world.Outcome = query => query.Server == World.First ? outcome : null;

        Assert.Equal(Security.Secure, (await _world.LookupAsync("www.sec.nsec.", RecordType.A, Two)).Security);
    }

    [Fact]
    public async Task The_next_upstream_is_asked_when_one_refuses()
    {
        _world.Rewrite = (query, message) => query.Server == World.First ? message with { ResponseCode = ResponseCode.Refused, Answers = [] } : message;

        Assert.Equal(Security.Secure, (await _world.LookupAsync("www.sec.nsec.", RecordType.A, Two)).Security);
    }

    [Fact]
    public async Task An_upstream_that_was_silent_is_asked_last_for_a_while()
    {
        _world.Outcome = query => query.Server == World.First ? ExchangeOutcome.TimedOut : null;
        var resolver = _world.Resolver(Two);
        await resolver.LookupAsync(Text.Name("www.sec.nsec."), RecordType.A, TestContext.Current.CancellationToken);
        _world.Queries.Clear();

        await resolver.LookupAsync(Text.Name("www.sec.opt."), RecordType.A, TestContext.Current.CancellationToken);

        Assert.All(_world.Queries, query => Assert.Equal(World.Second, query.Server));
    }

    [Fact]
    public async Task The_next_upstream_is_asked_as_well_when_one_keeps_silent_and_first_from_then_on()
    {
        var timer = new FakeTimeProvider();
        var transport = new HalfSilentTransport(_world);
        var resolver = new Resolver(transport, Two, new FakeTimeProvider(TestZone.Now), timer);

        var lookup = resolver.LookupAsync(Text.Name("www.sec.nsec."), RecordType.A, TestContext.Current.CancellationToken).AsTask();
        await transport.Asked;
        timer.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Security.Secure, (await lookup).Security);

        // One exchange was waited for; the others went to the second at once.
        Assert.Equal(1, transport.SilentQueries);
        await transport.Abandoned;
    }

    [Fact, Rfc(6840, "5.9")]
    public async Task What_is_bogus_is_asked_for_once_more_with_CD_clear()
    {
        // The upstream has bad data in its cache, and fetches better when it may check.
        _world.Rewrite = (query, message) => query is { CheckingDisabled: true, Question.Type: RecordType.A } ? Forge(message) : message;

        var answer = await _world.LookupAsync("www.sec.nsec.", RecordType.A);

        Assert.Equal(Security.Secure, answer.Security);
        Assert.Equal(1, _world.Queries.Count(query => !query.CheckingDisabled));
    }

    [Fact, Rfc(6840, "5.9")]
    public async Task What_is_bogus_is_asked_for_elsewhere()
    {
        _world.Rewrite = (query, message) => query.Server == World.First && query.Question.Type == RecordType.A ? Forge(message) : message;

        Assert.Equal(Security.Secure, (await _world.LookupAsync("www.sec.nsec.", RecordType.A, Two)).Security);
    }

    [Fact, Rfc(6840, "5.9")]
    public async Task Bogus_keys_are_asked_for_again_as_well()
    {
        _world.Rewrite = (query, message) => query is { CheckingDisabled: true, Question.Type: RecordType.DNSKEY } && query.Question.Name == Text.Name("sec.nsec.") ? message.WithoutSignatures() : message;

        Assert.Equal(Security.Secure, (await _world.LookupAsync("www.sec.nsec.", RecordType.A)).Security);
    }

    [Fact, Rfc(6840, "5.9")]
    public async Task What_stays_bogus_stays_bogus_whatever_the_second_asking_brings()
    {
        _world.Rewrite = (query, message) => query.Question.Type != RecordType.A ? message : query.CheckingDisabled ? Forge(message) : message with { ResponseCode = ResponseCode.ServerFailure, Answers = [] };

        var answer = await _world.LookupAsync("www.sec.nsec.", RecordType.A);

        Assert.Equal((Security.Bogus, ResponseCode.NoError), (answer.Security, answer.ResponseCode!.Value));
    }

    [Fact, Rfc(6840, "5.9")]
    public async Task Each_doubtful_reply_is_asked_for_again_once_a_server_and_way()
    {
        _world.Rewrite = (query, message) => query.Question.Type == RecordType.A ? Forge(message) : message;

        await _world.LookupAsync("www.sec.nsec.", RecordType.A, Two);

        Assert.Equal(3, _world.Queries.Count(query => query.Question.Type == RecordType.A));
        Assert.Equal(3, _world.Queries.Where(query => query.Question.Type == RecordType.A).Distinct().Count());
    }

    [Fact]
    public async Task A_lookup_ends_when_its_time_is_over()
    {
        var timer = new FakeTimeProvider();
        var transport = new SilentTransport();
        var resolver = new Resolver(transport, _world.Options, new FakeTimeProvider(TestZone.Now), timer);

        var lookup = resolver.LookupAsync(Text.Name("www.sec.nsec."), RecordType.A, TestContext.Current.CancellationToken).AsTask();
        await transport.Asked;
        timer.Advance(Limits.Default.Time);
        var answer = await lookup;

        Assert.Equal((Security.Indeterminate, LookupReason.LimitReached, null), (answer.Security, answer.Reason, answer.ResponseCode));
        await transport.Abandoned;
    }

    [Fact]
    public async Task Cancelling_a_lookup_throws_with_the_callers_token()
    {
        var transport = new SilentTransport();
        var resolver = new Resolver(transport, _world.Options, TimeProvider.System);
        using var cancellation = new CancellationTokenSource();

        var lookup = resolver.LookupAsync(Text.Name("www.sec.nsec."), RecordType.A, cancellation.Token).AsTask();
        await transport.Asked;
        await cancellation.CancelAsync();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lookup);
        Assert.Equal(cancellation.Token, thrown.CancellationToken);
        await transport.Abandoned;
    }

    [Fact]
    public async Task Lookups_at_the_same_time_share_their_exchanges_and_one_that_is_cancelled_harms_no_other()
    {
        var gate = new TaskCompletionSource();
        var transport = new GatedTransport(_world, gate.Task);
        var resolver = new Resolver(transport, _world.Options, new FakeTimeProvider(TestZone.Now));
        using var cancellation = new CancellationTokenSource();

        var lookups = Enumerable.Range(0, 20).Select(_ => resolver.LookupAsync(Text.Name("www.sec.nsec."), RecordType.A, TestContext.Current.CancellationToken).AsTask()).ToList();
        var cancelled = resolver.LookupAsync(Text.Name("www.sec.nsec."), RecordType.A, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        gate.SetResult();
        var answers = await Task.WhenAll(lookups);

        Assert.All(answers, answer => Assert.Equal(Security.Secure, answer.Security));
        // All had asked their first question before a reply was let in; those that ask later share what is still in flight.
        Assert.Single(transport.Queries, query => query.Question == new Question(Text.Name("www.sec.nsec."), RecordType.A));
        Assert.Equal(1, transport.MostAtOnce);
    }

    private static DnsMessage Forge(DnsMessage message) => message with { Answers = message.Answers.Replace(RecordType.A, new(new byte[] { 203, 0, 113, 1 })) };

    private static (Security Security, LookupReason Reason) Verdict(Answer answer) => (answer.Security, answer.Reason);

    /// <summary>Never answers.</summary>
    private sealed class SilentTransport : IDnsTransport
    {
        private readonly TaskCompletionSource _asked = new();
        private readonly TaskCompletionSource _abandoned = new();

        internal Task Asked => _asked.Task;

        internal Task Abandoned => _abandoned.Task;

        public async ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
        {
            var never = new TaskCompletionSource();
            await using var registration = cancellationToken.Register(() =>
            {
                never.TrySetCanceled(cancellationToken);
                _abandoned.TrySetResult();
            });
            _asked.TrySetResult();
            await never.Task;
            throw new InvalidOperationException();
        }
    }

    /// <summary>The first server never answers, the second does.</summary>
    private sealed class HalfSilentTransport(World world) : IDnsTransport
    {
        private readonly SilentTransport _silent = new();
        private int _silentQueries;

        internal Task Asked => _silent.Asked;

        internal Task Abandoned => _silent.Abandoned;

        internal int SilentQueries => _silentQueries;

        public ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
        {
            if (query.Server != World.First) return world.ExchangeAsync(query, cancellationToken);
            Interlocked.Increment(ref _silentQueries);
            return _silent.ExchangeAsync(query, cancellationToken);
        }
    }

    /// <summary>Answers when the gate opens.</summary>
    private sealed class GatedTransport(IDnsTransport inner, Task gate) : IDnsTransport
    {
        private readonly ConcurrentDictionary<DnsQuery, int> _inFlight = [];

        /// <summary>How often one query was in flight at the same time, at most.</summary>
        internal int MostAtOnce { get; private set; }

        internal ConcurrentQueue<DnsQuery> Queries { get; } = [];

        public async ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
        {
            Queries.Enqueue(query);
            var now = _inFlight.AddOrUpdate(query, 1, (_, others) => others + 1);
            lock (_inFlight) MostAtOnce = Math.Max(MostAtOnce, now);
            try
            {
                await gate.WaitAsync(cancellationToken);
                return await inner.ExchangeAsync(query, cancellationToken);
            }
            finally
            {
                _inFlight.AddOrUpdate(query, 0, (_, others) => others - 1);
            }
        }
    }
}
