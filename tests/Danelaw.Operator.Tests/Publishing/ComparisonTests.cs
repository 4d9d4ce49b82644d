using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Operator.Tests.Publishing;

/// <summary>What a master that said "done" is found to have: at once, a moment later, with a TTL of its own, or never.</summary>
public sealed class ComparisonTests
{
    private static readonly DomainName Owner = DomainName.Parse("_25._tcp.mx.example.org.");

    private static TlsaSet Set(char letter) => TlsaSet.Of(TlsaRecord.TryParse($"3 1 1 {new string(letter, 64)}", out var record, out _) ? record : default);

    private static MasteredSet Has(char letter, uint timeToLive) => new(PublishOutcome.Done, Set(letter), timeToLive, "");

    /// <summary>Confirms that a is b now; the master has these, one a look, and then the last for ever.</summary>
    private static async Task<(PublishResult Result, int Looks)> ConfirmAsync(char before, char after, params MasteredSet[] seen)
    {
        var clock = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
        var looks = 0;
        var confirming = Comparison.ConfirmAsync(
            new(Owner, Set(before), Set(after), 3600),
            () => ValueTask.FromResult(seen[Math.Min(looks++, seen.Length - 1)]),
            "the host",
            new() { Time = clock, ExchangeLimit = TimeSpan.FromSeconds(10) },
            TestContext.Current.CancellationToken).AsTask();
        while (!confirming.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return (await confirming, looks);
    }

    [Fact]
    public async Task What_is_there_at_once_is_done_without_another_look() => Assert.Equal((new(PublishOutcome.Done, ""), 1), await ConfirmAsync('a', 'b', Has('b', 3600)));

    [Fact]
    public async Task What_comes_a_moment_later_is_waited_for() => Assert.Equal((new(PublishOutcome.Done, ""), 3), await ConfirmAsync('a', 'b', Has('a', 3600), new(PublishOutcome.Unreachable, TlsaSet.Empty, null, "busy"), Has('b', 3600)));

    [Fact]
    public async Task A_host_that_keeps_a_TTL_of_its_own_has_done_it_and_that_is_said() => Assert.Equal((new(PublishOutcome.Done, "the host keeps TTL 300, not 3600"), 1), await ConfirmAsync('a', 'b', Has('b', 300)));

    [Fact]
    public async Task A_TTL_alone_may_come_a_moment_later_too() => Assert.Equal((new(PublishOutcome.Done, ""), 3), await ConfirmAsync('a', 'a', Has('a', 300), Has('a', 300), Has('a', 3600)));

    [Fact]
    public async Task A_TTL_that_never_comes_is_said_and_no_failure() => Assert.Equal(new(PublishOutcome.Done, "the host keeps TTL 300, not 3600"), (await ConfirmAsync('a', 'a', Has('a', 300))).Result);

    [Fact]
    public async Task What_never_comes_is_unknown_with_what_is_there_instead()
    {
        var (result, looks) = await ConfirmAsync('a', 'b', Has('a', 3600));

        Assert.Equal((PublishOutcome.Unknown, $"the host took the change, and then had something else for {Owner}: {Set('a')}"), (result.Outcome, result.Detail));
        Assert.InRange(looks, 10, 20);
    }
}
