using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>
/// The questions to zones that are being asked: who has the same question to the same zone meanwhile waits for the same reply. Nobody ever waits, by whatever detour,
/// for himself: the servers of two zones that can only be found through one another are noticed here.
/// </summary>
internal sealed class Inquiries(Iterator iterator)
{
    /// <summary>Milliseconds for which a reply is at hand for lookups that are on their way to ask for it: keys, which each lookup judges for itself, for longer.</summary>
    private const long AtHand = 1_000;
    private const long KeysAtHand = 5_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(DomainName Zone, Question Question), Inquiry> _open = [];
    private readonly Generations<(DomainName Zone, Question Question), RecentReply> _recent = new(64, static (_, _) => 1);

    /// <summary>Asks a zone's servers, or waits for whoever is asking them.</summary>
    /// <param name="delegation">The zone.</param>
    /// <param name="question">The question.</param>
    /// <param name="isPart">Whether the question only feels the way, so that errors soon lead to another one.</param>
    /// <param name="errand">For whom.</param>
    internal async ValueTask<ZoneReply> AskAsync(Delegation delegation, Question question, bool isPart, Errand errand)
    {
        var key = (delegation.Zone, question);
        while (true)
        {
            Inquiry? inquiry;
            Task<ZoneReply>? others = null;
            lock (_lock)
            {
                if (_open.TryGetValue(key, out inquiry))
                {
                    if (errand.For is { } waiting && inquiry.Reaches(waiting)) return Circle(delegation, question);
                    others = inquiry.Shared;
                }
                else if (_recent.TryGet(key, out var recent) && recent.Until > iterator.Now)
                {
                    return recent.Reply;
                }
                else
                {
                    inquiry = new();
                    _open.Add(key, inquiry);
                }

                errand.For?.WaitsFor.Add(inquiry);
            }

            try
            {
                if (others is null) return await RunAsync(inquiry, key, new ZoneInquiry(iterator, inquiry, delegation, question, isPart, errand)).ConfigureAwait(false);
                var reply = await others.WaitAsync(errand.Budget.End).ConfigureAwait(false);
                if (!reply.IsAbandoned) return reply;
            }
            catch (OperationCanceledException) when (errand.Budget.End.IsCancellationRequested)
            {
                return ZoneInquiry.Abandoned(delegation.Zone, question, errand.Budget);
            }
            finally
            {
                if (errand.For is { } waiting)
                    lock (_lock) waiting.WaitsFor.Remove(inquiry);
            }
        }
    }

    private async ValueTask<ZoneReply> RunAsync(Inquiry inquiry, (DomainName Zone, Question Question) key, ZoneInquiry asking)
    {
        var reply = new ZoneReply { IsAbandoned = true };
        try
        {
            return reply = await asking.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            if (reply.Kind != ReplyKind.Useless && TimeAtHand(key.Question.Type) is > 0 and var time) _recent.Set(key, new(reply, iterator.Now + time));
            lock (_lock) _open.Remove(key);
            inquiry.Complete(reply);
        }
    }

    /// <summary>Forgets a reply that turned out to be of no use.</summary>
    internal void Forget(DomainName zone, Question question)
    {
        if (_recent.TryGet((zone, question), out var recent)) _recent.Remove((zone, question), recent);
    }

    private static long TimeAtHand(RecordType type) => type switch
    {
        RecordType.DNSKEY => KeysAtHand,
        RecordType.NS or RecordType.DS or RecordType.A => AtHand,
        _ => 0,
    };

    private static ZoneReply Circle(Delegation delegation, Question question) => new()
    {
        Zone = delegation.Zone,
        IsCircle = true,
        Failure = new(LookupReason.ServerFailed, $"{question.Name} is needed to find the servers of {delegation.Zone}, which it has to be asked of: the delegations lead in a circle (RFC 1912 §2.8)") { Blamed = question },
    };
}

/// <summary>A reply that came a moment ago.</summary>
internal sealed record RecentReply(ZoneReply Reply, long Until);

/// <summary>One question to one zone in the asking.</summary>
internal sealed class Inquiry
{
    private TaskCompletionSource<ZoneReply>? _source;

    /// <summary>The inquiries whose replies are waited for to be able to ask; under the lock of <see cref="Inquiries"/>.</summary>
    internal List<Inquiry> WaitsFor { get; } = [];

    /// <summary>The reply, for those who wait along; under the same lock.</summary>
    internal Task<ZoneReply> Shared => (_source ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Gives the reply to those who wait; nobody joins any more.</summary>
    internal void Complete(ZoneReply reply) => _source?.TrySetResult(reply);

    /// <summary>Whether this waits for another, directly or not; under the same lock.</summary>
    internal bool Reaches(Inquiry other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (WaitsFor.Count == 0) return false;
        var seen = new HashSet<Inquiry>();
        var open = new Stack<Inquiry>([this]);
        while (open.TryPop(out var next))
        {
            if (ReferenceEquals(next, other)) return true;
            if (!seen.Add(next)) continue;
            foreach (var inquiry in next.WaitsFor) open.Push(inquiry);
        }

        return false;
    }
}
