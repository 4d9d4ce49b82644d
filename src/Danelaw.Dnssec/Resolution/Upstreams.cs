using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution;

/// <summary>
/// Asks the configured resolvers with RD, DO and CD, the preferred one first. One that fails to answer is passed over: at once when it says so, after a
/// while also when it is silent; for some time afterwards it is asked last.
/// </summary>
internal sealed class Upstreams : IAuthorities
{
    /// <summary>How long a silent server is waited for before the next is asked as well.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>How long a server that gave no reply is asked last.</summary>
    private static readonly TimeSpan Demotion = TimeSpan.FromSeconds(30);

    private readonly ResolverOptions _options;
    private readonly TimeProvider _timer;
    private readonly Flights _flights;
    private readonly long[] _silentUntil;

    internal Upstreams(IDnsTransport transport, ResolverOptions options, TimeProvider timer)
    {
        _options = options;
        _timer = timer;
        _flights = new(transport);
        _silentUntil = new long[options.Upstreams.Length];
    }

    /// <inheritdoc/>
    public IAsking Begin(CancellationToken cancellationToken) => new Asking(this, cancellationToken);

    /// <summary>The servers in the order of asking.</summary>
    private int[] Order()
    {
        var order = Enumerable.Range(0, _silentUntil.Length).ToArray();
        if (order.Length < 2) return order;
        var now = _timer.GetTimestamp();
        return [.. order.OrderBy(index => Volatile.Read(ref _silentUntil[index]) > now)];
    }

    private void Note(int index, ExchangeOutcome outcome)
    {
        var isSilent = outcome is ExchangeOutcome.TimedOut or ExchangeOutcome.Unreachable or ExchangeOutcome.Closed;
        Volatile.Write(ref _silentUntil[index], isSilent ? _timer.GetTimestamp() + (long)(Demotion.TotalSeconds * _timer.TimestampFrequency) : 0);
    }

    /// <inheritdoc/>
    private sealed class Asking : IAsking
    {
        private readonly Upstreams _upstreams;
        private readonly CancellationToken _cancellationToken;
        private readonly CancellationTokenSource _deadline;
        private readonly CancellationTokenSource _end;
        private int _queries;
        private long _octets;
        private long _held;

        internal Asking(Upstreams upstreams, CancellationToken cancellationToken)
        {
            _upstreams = upstreams;
            _cancellationToken = cancellationToken;
            _deadline = new(upstreams._options.Limits.Time, upstreams._timer);
            _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _deadline.Token);
        }

        /// <inheritdoc/>
        public async ValueTask<ImmutableArray<Reply>> AskAsync(ImmutableArray<Question> questions)
        {
            if (questions is [var only]) return [await AskAsync(only).ConfigureAwait(false)];
            return [.. await Task.WhenAll(questions.Select(question => AskAsync(question).AsTask())).ConfigureAwait(false)];
        }

        /// <summary>
        /// Asks again for what turned out to be bogus (RFC 6840 §5.9): first the same server with CD clear, so that it looks for better data itself, then each other server.
        /// </summary>
        public async ValueTask<Reply?> AskAgainAsync(Question question, DnsServer? server, int attempt)
        {
            var servers = _upstreams._options.Upstreams;
            if (attempt == 0) return await ExchangeAsync(question, server is null ? 0 : Math.Max(0, servers.IndexOf(server)), checkingDisabled: false).ConfigureAwait(false);
            var others = Enumerable.Range(0, servers.Length).Where(index => servers[index] != server).ToArray();
            return attempt > others.Length ? null : await ExchangeAsync(question, others[attempt - 1], checkingDisabled: true).ConfigureAwait(false);
        }

        /// <summary>Ends what nobody waits for any more.</summary>
        public void Dispose()
        {
            _end.Cancel();
            _end.Dispose();
            _deadline.Dispose();
        }

        private async ValueTask<Reply> AskAsync(Question question)
        {
            var order = _upstreams.Order();
            if (order.Length == 1) return await ExchangeAsync(question, order[0], checkingDisabled: true).ConfigureAwait(false);

            Reply? worst = null;
            var running = new List<(int Index, Task<Reply> Task)>();
            var next = 0;
            while (next < order.Length || running.Count > 0)
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
                var patience = next + 1 < order.Length ? Task.Delay(Patience, _upstreams._timer, stop.Token) : null;
                if (next < order.Length)
                {
                    var index = order[next++];
                    running.Add((index, ExchangeAsync(question, index, checkingDisabled: true).AsTask()));
                }

                var tasks = running.Select(each => (Task)each.Task);
                var first = await Task.WhenAny(patience is null ? tasks : tasks.Append(patience)).ConfigureAwait(false) as Task<Reply>;
                await stop.CancelAsync().ConfigureAwait(false);
                if (first is null) continue;
                running.RemoveAll(each => each.Task == first);
                var reply = await first.ConfigureAwait(false);
                if (reply.Failure is null)
                {
                    // Who was asked before and still keeps silent comes last the next time.
                    foreach (var (silent, _) in running) _upstreams.Note(silent, ExchangeOutcome.TimedOut);
                    return reply;
                }

                if (worst is null || Tells(reply) > Tells(worst)) worst = reply;
            }

            return worst!;
        }

        /// <summary>Which failure says most about what is wrong.</summary>
        private static int Tells(Reply reply) => reply.Failure!.Reason switch
        {
            LookupReason.ServerFailed => 4,
            LookupReason.MalformedReply => 3,
            LookupReason.TimedOut => 2,
            LookupReason.Unreachable => 1,
            _ => 0,
        };

        private async ValueTask<Reply> ExchangeAsync(Question question, int index, bool checkingDisabled)
        {
            var query = new DnsQuery(question, _upstreams._options.Upstreams[index], CheckingDisabled: checkingDisabled);
            var limits = _upstreams._options.Limits;
            if (_deadline.IsCancellationRequested || Interlocked.Increment(ref _queries) > limits.Queries || Volatile.Read(ref _octets) > limits.Bytes || Volatile.Read(ref _held) > ReplyCost.Limit(limits))
                return Reply.Read(new(query, ExchangeOutcome.NotAsked));

            try
            {
                var exchange = await _upstreams._flights.ExchangeAsync(query, _end.Token).ConfigureAwait(false);
                Interlocked.Add(ref _octets, exchange.Reply.Length);
                if (exchange is { Outcome: ExchangeOutcome.Replied, Message: null } && DnsMessage.TryRead(exchange.Reply.Memory, out var read, out _)) exchange = exchange with { Message = read };
                if (exchange.Message is { } message) Interlocked.Add(ref _held, ReplyCost.Of(message, exchange.Reply.Length));
                _upstreams.Note(index, exchange.Outcome);
                return Reply.Read(exchange);
            }
            catch (OperationCanceledException) when (!_cancellationToken.IsCancellationRequested)
            {
                return Reply.Read(new(query, ExchangeOutcome.NotAsked));
            }
            catch (OperationCanceledException)
            {
                throw new OperationCanceledException(_cancellationToken);
            }
        }
    }
}
