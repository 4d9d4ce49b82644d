using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution;

/// <summary>
/// What lookups found out and may still be relied on: answers, the trust in zones with their imported keys, and where zone cuts are. Bounded in octets:
/// what was used least recently goes first. Nothing is kept past its TTL or the end of a signature that it rests on, and no failure is kept.
/// </summary>
internal sealed class ResolverCache(long capacity)
{
    private enum Kind
    {
        Answer,
        Zone,
        Cut,
    }

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];
    private long _octets;

    /// <summary>How many octets are taken, about.</summary>
    internal long Octets
    {
        get
        {
            lock (_lock) return _octets;
        }
    }

    internal bool TryGetAnswer(Question question, DateTimeOffset now, [NotNullWhen(true)] out Answer? answer) =>
        TryGet(new(Kind.Answer, question.Name, question.Type), now, out answer);

    internal bool TryGetZone(DomainName zone, DateTimeOffset now, [NotNullWhen(true)] out ZoneTrust? trust) =>
        TryGet(new(Kind.Zone, zone, RecordType.None), now, out trust);

    internal bool TryGetCut(DomainName name, DateTimeOffset now, [NotNullWhen(true)] out ZoneCut? cut) =>
        TryGet(new(Kind.Cut, name, RecordType.None), now, out cut);

    internal void Add(Answer answer, DateTimeOffset now)
    {
        if (answer.IsFailure || answer.TimeToLive == 0 || now > DateTimeOffset.MaxValue - TimeSpan.FromSeconds(answer.TimeToLive)) return;
        var question = answer.Question;
        Add(new(Kind.Answer, question.Name.ToOwned(), question.Type), answer, now.AddSeconds(answer.TimeToLive), Cost.Of(answer), now);
    }

    internal void Add(DomainName name, ZoneTrust trust, DateTimeOffset now)
    {
        if (trust.Standing is Standing.Secure or Standing.Insecure or Standing.NotAZone && trust.KeepUntil < DateTimeOffset.MaxValue)
            Add(new(Kind.Zone, name.ToOwned(), RecordType.None), trust, trust.KeepUntil, Cost.Of(trust), now);
    }

    internal void Add(DomainName name, ZoneCut cut, DateTimeOffset now)
    {
        if (cut.Kind is CutKind.Signed or CutKind.Unsigned or CutKind.None or CutKind.InsecureAbove && cut.KeepUntil < DateTimeOffset.MaxValue)
            Add(new(Kind.Cut, name.ToOwned(), RecordType.None), cut, cut.KeepUntil, Cost.Of(cut), now);
    }

    private bool TryGet<T>(Key key, DateTimeOffset now, [NotNullWhen(true)] out T? value)
        where T : class
    {
        lock (_lock)
        {
            value = null;
            if (!_entries.TryGetValue(key, out var node)) return false;
            if (node.Value.Until <= now)
            {
                Remove(node);
                return false;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            value = (T)node.Value.Value;
            return true;
        }
    }

    private void Add(Key key, object value, DateTimeOffset until, int cost, DateTimeOffset now)
    {
        if (until <= now || cost > capacity) return;
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var old)) Remove(old);
            var node = _byUse.AddFirst(new Entry(key, value, until, cost));
            _entries.Add(key, node);
            _octets += cost;
            while (_octets > capacity) Remove(_byUse.Last!);
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove(node.Value.Key);
        _octets -= node.Value.Cost;
    }

    private readonly record struct Key(Kind Kind, DomainName Name, RecordType Type);

    private sealed record Entry(Key Key, object Value, DateTimeOffset Until, int Cost);

    /// <summary>About how many octets an entry keeps alive: its records, or the packets that they are slices of, and the objects around them.</summary>
    private static class Cost
    {
        private const int Entry = 400;
        private const int Object = 64;
        private const int ImportedKey = 1500;

        internal static int Of(Answer answer)
        {
            var cost = Entry + (2 * answer.Explanation.Length);
            foreach (var link in answer.Chain) cost += Of(link.Records);
            return cost + (Object * answer.Trust.Length);
        }

        internal static int Of(ZoneTrust trust) =>
            Entry + (trust.Keys is { } keys ? keys.Keys.Length * ImportedKey : 0) + (trust.Links.IsEmpty ? 0 : Of(trust.Links[^1].Keys) + Of(trust.Links[^1].DelegationSigners)) + (Object * trust.Links.Length);

        internal static int Of(ZoneCut cut) => Entry + Of(cut.DelegationSigners);

        private static int Of(RecordSet? records)
        {
            if (records is null) return 0;
            var cost = Object + records.Owner.Length;
            foreach (var data in records.Data) cost += Object + data.Length;

            // Each set is a slice of the packet that it came in.
            return cost + 1024;
        }
    }
}
