using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;

namespace Danelaw.Dnssec.Tests.Resolution;

public class FlightsTests
{
    private const int Times = 200;

    private static readonly DnsQuery Query = new(new Question(Text.Name("www.example."), RecordType.A), World.First);

    /// <summary>Whoever asks may be gone before the exchange has begun: it then begins with a token that has ended, and ends.</summary>
    [Fact]
    public async Task An_exchange_that_everybody_has_left_before_it_began_ends_by_its_token()
    {
        using var left = new CancellationTokenSource();
        await left.CancelAsync();
        var transport = new Recorder(Times);
        var flights = new Flights(transport);

        for (var i = 0; i < Times; i++)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await flights.ExchangeAsync(Query, left.Token));

        await transport.Begun.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    /// <summary>Counts the exchanges that begin; none of them ends before its token does.</summary>
    private sealed class Recorder(int awaited) : IDnsTransport
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        /// <summary>Ends when as many have begun as are awaited.</summary>
        internal Task Begun => _begun.Task;

        public async ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
        {
            if (Interlocked.Increment(ref _count) == awaited) _begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return new(query, ExchangeOutcome.TimedOut);
        }
    }
}
