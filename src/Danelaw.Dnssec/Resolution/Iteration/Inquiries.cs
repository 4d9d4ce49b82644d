using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>
/// The questions to zones that are being asked: who has the same question to the same zone meanwhile waits for the same reply. Nobody ever waits, by whatever detour,
/// for himself: the servers of two zones that can only be found through one another are noticed here.
/// </summary>
/// <param name="iterator">Whose they are.</param>
/// <param name="octets">How many octets the replies at hand may take.</param>
internal sealed class Inquiries(Iterator iterator, long octets)
{
    /// <summary>Milliseconds for which a reply is at hand for lookups that are on their way to ask for it: keys, which each lookup judges for itself, for longer.</summary>
    private const long AtHand = 1_000;
    private const long KeysAtHand = 5_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(DomainName Zone, Question Question), Inquiry> _open = [];
    private readonly RepliesAtHand _atHand = new(iterator, octets);

    /// <summary>The octets that replies at hand take, estimated.</summary>
    internal long Octets => _atHand.Octets;

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
            if (!errand.Budget.MayTakeReply()) return ZoneInquiry.Abandoned(delegation.Zone, question, errand.Budget);
            Inquiry? inquiry;
            ZoneReply? known = null;
            Task<ZoneReply>? others = null;
            lock (_lock)
            {
                if (_open.TryGetValue(key, out inquiry))
                {
                    if (errand.For is { } waiting && inquiry.Reaches(waiting)) return Circle(delegation, question);
                    others = inquiry.Shared;
                }
                else if (!_atHand.TryGet(delegation.Zone, question, out known))
                {
                    inquiry = new() { IsPart = isPart, Asker = errand };
                    _open.Add(key, inquiry);
                }

                if (inquiry is not null) errand.For?.WaitsFor.Add(inquiry);
            }

            if (inquiry is null) return errand.Budget.Took(known!.Read());
            try
            {
                if (others is null) return errand.Budget.Took(await RunAsync(inquiry, key, new ZoneInquiry(iterator, inquiry, delegation, question, isPart, errand)).ConfigureAwait(false));
                var reply = await others.WaitAsync(errand.Budget.End).ConfigureAwait(false);

                // Another's limits are not ours; and what was given up by somebody who passed by has not been asked of everybody.
                if (reply.IsAbandoned ? inquiry.HasLimitsOf(errand) : isPart || !inquiry.IsPart || reply.Failure is null) return errand.Budget.Took(reply);
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
            Keep(key.Zone, key.Question, reply);
            lock (_lock) _open.Remove(key);
            inquiry.Complete(reply);
        }
    }

    /// <summary>Keeps a reply at hand for a while, if it is of use and one that several lookups ask for.</summary>
    internal void Keep(DomainName zone, Question question, ZoneReply reply)
    {
        if (reply.Kind != ReplyKind.Useless && TimeAtHand(question.Type) is > 0 and var time) _atHand.Set(zone, question, reply, time);
    }

    /// <summary>Forgets a reply that turned out to be of no use.</summary>
    internal void Forget(DomainName zone, Question question) => _atHand.Forget(zone, question);

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

/// <summary>One question to one zone in the asking.</summary>
internal sealed class Inquiry
{
    private TaskCompletionSource<ZoneReply>? _source;

    /// <summary>Whether the question only feels the way for whoever asks.</summary>
    internal bool IsPart { get; init; }

    /// <summary>For whom it asks; null when nobody can wait along.</summary>
    internal Errand? Asker { private get; init; }

    /// <summary>Whether somebody who waits along belongs to the same lookup, and may do no more than whoever asks.</summary>
    internal bool HasLimitsOf(Errand waiting) => Asker is not null && ReferenceEquals(Asker.Budget, waiting.Budget) && waiting.Depth >= Asker.Depth;

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
