using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>
/// Replies that came a moment ago, for lookups that are on their way to ask the same. Each is kept as the octets that it came in, for one that is read may take thirty times as
/// many; together they are bounded in octets, what ends soonest goes first, and each goes when its time is over, whether anybody asks or not. Safe for many threads.
/// </summary>
internal sealed class RepliesAtHand
{
    /// <summary>About what one takes on a 64-bit machine beside the octets of reply and names: objects, and its places in table and queue.</summary>
    private const int Itself = 600;

    /// <summary>Milliseconds: what has ended is let go within that; it is not given to anybody meanwhile.</summary>
    private const long Leisure = 100;

    private readonly Iterator _iterator;
    private readonly long _capacity;
    private readonly Lock _lock = new();
    private readonly Dictionary<(DomainName Zone, Question Question), Kept> _kept = [];
    private readonly PriorityQueue<Kept, long> _ends = new();
    private readonly ITimer _alarm;
    private bool _isArmed;
    private long _octets;

    /// <param name="iterator">Whose it is.</param>
    /// <param name="octets">How many octets may be taken.</param>
    internal RepliesAtHand(Iterator iterator, long octets)
    {
        (_iterator, _capacity) = (iterator, octets);
        _alarm = iterator.Timer.CreateTimer(static state => ((RepliesAtHand)state!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The octets taken, estimated.</summary>
    internal long Octets
    {
        get
        {
            lock (_lock) return _octets;
        }
    }

    /// <summary>The reply that a zone gave to a question a moment ago, not read yet.</summary>
    internal bool TryGet(DomainName zone, Question question, [NotNullWhen(true)] out ZoneReply? reply)
    {
        lock (_lock)
        {
            DropEnded();
            reply = _kept.TryGetValue((zone, question), out var kept) ? kept.Reply : null;
            return reply is not null;
        }
    }

    /// <summary>Keeps a reply.</summary>
    /// <param name="zone">The zone that was asked.</param>
    /// <param name="question">What it was asked.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="milliseconds">For how long.</param>
    internal void Set(DomainName zone, Question question, ZoneReply reply, long milliseconds)
    {
        var owned = question with { Name = question.Name.ToOwned() };
        var unread = reply.Unread();
        var octets = Itself + zone.Length + (2L * owned.Name.Length) + (unread.Exchange?.Reply.Length ?? 0) + (unread.Delegation?.Octets ?? 0);
        var kept = new Kept(zone, owned, unread, _iterator.Now + milliseconds, octets);
        lock (_lock)
        {
            DropEnded();
            Forget(zone, question);
            if (octets > _capacity) return;
            while (_octets + octets > _capacity) DropFirst();
            _kept.Add((zone, owned), kept);
            _ends.Enqueue(kept, kept.Until);
            _octets += octets;
            if (!_isArmed) Arm();
        }
    }

    /// <summary>Forgets a reply that turned out to be of no use.</summary>
    internal void Forget(DomainName zone, Question question)
    {
        lock (_lock)
        {
            if (!_kept.Remove((zone, question), out var kept)) return;
            _ends.Remove(kept, out _, out _);
            _octets -= kept.Octets;
        }
    }

    private void Ring()
    {
        lock (_lock)
        {
            _isArmed = false;
            DropEnded();
            if (_ends.Count > 0) Arm();
        }
    }

    private void Arm()
    {
        _isArmed = true;
        _alarm.Change(TimeSpan.FromMilliseconds(Math.Max(Leisure, _ends.Peek().Until - _iterator.Now)), Timeout.InfiniteTimeSpan);
    }

    private void DropEnded()
    {
        var now = _iterator.Now;
        while (_ends.Count > 0 && _ends.Peek().Until <= now) DropFirst();
    }

    private void DropFirst()
    {
        var kept = _ends.Dequeue();
        _kept.Remove((kept.Zone, kept.Question));
        _octets -= kept.Octets;
    }

    private sealed record Kept(DomainName Zone, Question Question, ZoneReply Reply, long Until, long Octets);
}
