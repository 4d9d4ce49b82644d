using System.Collections.Immutable;
using Danelaw.Cli.Options;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Tests.Running;

/// <summary>Several owners are published all together or not at all, also when somebody ends the run between two, and when an answer is lost.</summary>
public sealed class PublishRunTests
{
    private static readonly ImmutableArray<DomainName> Owners = [Name(1), Name(2), Name(3)];

    private static DomainName Name(int number) => DomainName.Parse($"_25._tcp.mx{number}.example.org.");

    private static TlsaRecord Record(string text) => TlsaRecord.TryParse(text, out var record, out var fault) ? record : throw new InvalidOperationException(fault);

    private static TlsaSet Set(char letter) => TlsaSet.Of(Record($"3 1 1 {new string(letter, 64)}"));

    private static async Task<ImmutableArray<PublishedOwner>> RunAsync(Master master, CancellationToken cancellationToken)
    {
        var plans = await PublishRun.PlanAsync(master, Owners, Set('b'), RecordChange.Add, null, CancellationToken.None);
        return await PublishRun.PublishAsync(master, plans, cancellationToken);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public async Task Whoever_is_ended_puts_back_what_was_done(int at, bool isDone)
    {
        using var stop = new CancellationTokenSource();
        var master = new Master((number, publish) =>
        {
            if (number != at) return publish();
            if (isDone) publish();
            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        });
        var results = await RunAsync(master, stop.Token);

        Assert.All(Owners, owner => Assert.Equal(Set('a'), master.Sets[owner]));
        Assert.Equal(PublishOutcome.Unknown, results[at - 1].Outcome);
        Assert.EndsWith(isDone ? "; it was put back" : "; what is there now is what was there before, and the change may still come: look again in some minutes", results[at - 1].Detail, StringComparison.Ordinal);
        Assert.All(results.Take(at - 1), result => Assert.Null(result.Outcome));
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_read_from_the_master()
    {
        var master = new Master((number, publish) => publish() is var result && number == 2 ? new(PublishOutcome.Unknown, "no answer") : result);
        var results = await RunAsync(master, CancellationToken.None);

        Assert.All(results, result => Assert.Equal(PublishOutcome.Done, result.Outcome));
        Assert.All(Owners, owner => Assert.Equal(Set('a').Union(Set('b')), master.Sets[owner]));
    }

    [Fact]
    public async Task What_may_have_been_done_is_put_back_too()
    {
        var isSilent = true;
        var master = new Master((number, publish) =>
        {
            var result = publish();
            return number == 2 && isSilent ? new(PublishOutcome.Unknown, "no answer") : result;
        }) { IsReadable = number => !(number == 2 && isSilent && (isSilent = false) is false) };
        var results = await RunAsync(master, CancellationToken.None);

        Assert.All(Owners, owner => Assert.Equal(Set('a'), master.Sets[owner]));
        Assert.Equal((null, PublishOutcome.Unknown), (results[0].Outcome, results[1].Outcome!.Value));
        Assert.EndsWith("; it was put back", results[1].Detail, StringComparison.Ordinal);
    }

    [Fact, Rfc(4592, "2.2.1")]
    public async Task What_a_wildcard_gave_is_not_put_back_as_the_owners_own()
    {
        var master = new WildcardMaster(Set('a')) { Refuses = Name(2) };
        var plans = await PublishRun.PlanAsync(master, Owners, Set('b'), RecordChange.Add, null, CancellationToken.None);
        var results = await PublishRun.PublishAsync(master, plans, CancellationToken.None);

        // Whoever changes the wildcard later changes them all.
        Assert.Empty(master.Own);
        Assert.Equal((null, PublishOutcome.Refused, null), (results[0].Outcome, results[1].Outcome, results[2].Outcome));
        Assert.StartsWith("put back", results[0].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3 1 1 A", "3 1 2 B", true)]
    [InlineData("3 1 2 A", "3 1 1 B", true)]
    [InlineData("3 1 1 A", "3 1 1 B", false)]
    [InlineData("3 1 1 A", "2 1 2 B", true)]
    [InlineData("3 1 1 A", "3 0 2 B", true)]
    [InlineData("3 1 1 A", "2 1 1 B", false)]
    public void A_digest_that_not_every_sender_goes_by_makes_some_miss_a_key(string before, string given, bool isHarm)
    {
        var plan = Plan(Of(before), Of(before).Union(Of(given)));

        Assert.Equal(isHarm, PublishRun.FindPassedOver([plan], Of(given), ImmutableDictionary<TlsaRecord, TlsaRecord>.Empty) is not null);
    }

    [Fact, Rule("R59")]
    public void A_new_key_with_SHA_512_alone_is_missed_beside_a_whole_key_too()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var whole = TlsaSet.Of(Record($"3 1 0 {Convert.ToHexStringLower(key.ExportSubjectPublicKeyInfo())}"));

        Assert.Equal(DigestPreferences.Sha256Alone, PublishRun.FindPassedOver([Plan(whole, whole.Union(Of("3 1 2 B")))], Of("3 1 2 B"), Pairs(""))?.Senders);
        Assert.Null(PublishRun.FindPassedOver([Plan(whole, whole.Union(Of("3 1 1 B")))], Of("3 1 1 B"), Pairs("")));
    }

    private static TlsaSet Of(params string[] texts) => TlsaSet.Of(texts.Select(text => Record(text[..6] + new string(text[6], text[4] == '2' ? 128 : 64))));

    private static PublishedOwner Plan(TlsaSet before, TlsaSet after) => new(Owners[0], new(PublishOutcome.Done, before, 300, ""), after, 300, null, "");

    private static Dictionary<TlsaRecord, TlsaRecord> Pairs(string keys) => keys.ToDictionary(key => Of($"3 1 1 {key}").Records[0], key => Of($"3 1 2 {key}").Records[0]);

    [Fact, Rfc(6698, "6"), Rule("R59")]
    public void A_new_key_with_SHA_512_alone_is_missed_by_senders_that_know_the_old_ones_SHA_256_alone()
    {
        var found = PublishRun.FindPassedOver([Plan(Of("3 1 1 A"), Of("3 1 1 A", "3 1 2 A", "3 1 2 B"))], Of("3 1 2 A", "3 1 2 B"), Pairs("AB"));

        Assert.Equal((Of("3 1 2 B").Records[0], DigestPreferences.Sha256First | DigestPreferences.Sha256Alone), (found?.Record, found?.Senders));
    }

    [Fact]
    public void A_digest_of_the_wrong_length_hides_nothing()
    {
        var broken = TlsaSet.Of(Record($"3 1 2 {new string('a', 64)}"));

        Assert.Null(PublishRun.FindPassedOver([Plan(broken, broken.Union(Of("3 1 1 B")))], Of("3 1 1 B"), Pairs("B")));
    }

    [Theory, Rfc(7671, "9")]
    [InlineData("3 1 2 A", "3 1 1 A")]
    [InlineData("3 1 1 A", "3 1 2 A")]
    public void Taking_away_one_of_two_digests_makes_senders_that_go_by_it_miss_the_key(string removed, string left)
    {
        var before = Of("3 1 1 A", "3 1 2 A", "3 1 1 B", "3 1 2 B");
        var found = PublishRun.FindPassedOver([Plan(before, before.Except(Of(removed)))], Of(removed), Pairs("A"));

        Assert.Equal(Of(left).Records[0], found?.Record);
        Assert.Null(PublishRun.FindPassedOver([Plan(before, before.Except(Of("3 1 1 A", "3 1 2 A")))], Of(removed), Pairs("A")));
    }

    [Fact]
    public async Task Another_TTL_than_was_asked_for_is_no_failure()
    {
        var master = new Master((_, publish) => publish() is { Outcome: PublishOutcome.Done } ? new(PublishOutcome.Unknown, "no answer") : new(PublishOutcome.Changed, ""));
        var plans = await PublishRun.PlanAsync(master, Owners, Set('b'), RecordChange.Add, 3600, CancellationToken.None);
        var results = await PublishRun.PublishAsync(master, plans, CancellationToken.None);

        Assert.All(results, result => Assert.Equal(PublishOutcome.Done, result.Outcome));
    }

    [Fact, Rfc(7671, "8.3")]
    public void A_stronger_digest_of_the_same_key_harms_nobody()
    {
        var (weak, strong) = (Record($"3 1 1 {new string('a', 64)}"), Record($"3 1 2 {new string('a', 128)}"));
        PublishedOwner plan = new(Owners[0], new(PublishOutcome.Done, TlsaSet.Of(weak), 300, ""), TlsaSet.Of(weak, strong), 300, null, "");

        Assert.Null(PublishRun.FindPassedOver([plan], TlsaSet.Of(strong), new Dictionary<TlsaRecord, TlsaRecord> { [weak] = strong }));
        Assert.NotNull(PublishRun.FindPassedOver([plan], TlsaSet.Of(strong), ImmutableDictionary<TlsaRecord, TlsaRecord>.Empty));

        // What was so before is no news.
        Assert.Null(PublishRun.FindPassedOver([plan with { Before = plan.Before with { Records = TlsaSet.Of(weak, strong) }, TimeToLive = 60 }], TlsaSet.Empty, ImmutableDictionary<TlsaRecord, TlsaRecord>.Empty));
    }

    /// <summary>A master in memory, whose answers a test turns.</summary>
    /// <param name="answer">Given the number of the owner and what would do it.</param>
    private sealed class Master(Func<int, Func<PublishResult>, PublishResult> answer) : IZonePublisher
    {
        public Dictionary<DomainName, TlsaSet> Sets { get; } = Owners.ToDictionary(owner => owner, _ => Set('a'));

        public Func<int, bool> IsReadable { get; init; } = _ => true;

        private int _asked;

        public ValueTask<MasteredSet> ReadAsync(DomainName owner, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(++_asked <= Owners.Length || IsReadable(Owners.IndexOf(owner) + 1) ? new MasteredSet(PublishOutcome.Done, Sets[owner], 300, "") : new(PublishOutcome.Unreachable, TlsaSet.Empty, null, "no answer"));

        public ValueTask<PublishResult> RehearseAsync(DomainName owner, CancellationToken cancellationToken = default) => ValueTask.FromResult(new PublishResult(PublishOutcome.Done, ""));

        public ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            PublishResult Do()
            {
                if (Sets[request.Owner].Equals(request.After)) return new(PublishOutcome.Unchanged, "");
                if (!Sets[request.Owner].Equals(request.Before)) return new(PublishOutcome.Changed, "changed");
                Sets[request.Owner] = request.After;
                return new(PublishOutcome.Done, "");
            }

            // Putting back is answered as it should be.
            return ValueTask.FromResult(request.After.Equals(Set('a')) ? Do() : answer(Owners.IndexOf(request.Owner) + 1, Do));
        }
    }

    /// <summary>A master in memory with a wildcard: what an owner has not of his own, that gives him.</summary>
    /// <param name="given">What the wildcard gives.</param>
    private sealed class WildcardMaster(TlsaSet given) : IZonePublisher
    {
        public Dictionary<DomainName, TlsaSet> Own { get; } = [];

        public DomainName Refuses { get; init; }

        public ValueTask<MasteredSet> ReadAsync(DomainName owner, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new MasteredSet(PublishOutcome.Done, Own.GetValueOrDefault(owner, given), 300, "") { IsFromWildcard = !Own.ContainsKey(owner) });

        public ValueTask<PublishResult> RehearseAsync(DomainName owner, CancellationToken cancellationToken = default) => ValueTask.FromResult(new PublishResult(PublishOutcome.Done, ""));

        public ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken = default)
        {
            if (request.Owner == Refuses) return ValueTask.FromResult(new PublishResult(PublishOutcome.Refused, "refused"));
            if (!Own.GetValueOrDefault(request.Owner, given).Equals(request.Before)) return ValueTask.FromResult(new PublishResult(PublishOutcome.Changed, "changed"));
            if (request.After.IsEmpty) Own.Remove(request.Owner);
            else Own[request.Owner] = request.After;
            return ValueTask.FromResult(new PublishResult(PublishOutcome.Done, ""));
        }
    }
}
