using System.Diagnostics.CodeAnalysis;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>
/// A bounded table that forgets what was not used lately: when the young half is full it becomes the old half, and what was the old half is dropped;
/// what is found in the old half becomes young again. Safe for many threads.
/// </summary>
/// <param name="capacity">What each half takes: octets, or entries where each costs one.</param>
/// <param name="cost">What an entry takes of that, at least 1; it must not change. An entry that costs more than a whole half is not kept.</param>
internal sealed class Generations<TKey, TValue>(long capacity, Func<TKey, TValue, int> cost)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _lock = new();
    private Dictionary<TKey, TValue> _young = [];
    private Dictionary<TKey, TValue> _old = [];
    private long _youngCost;
    private long _oldCost;

    /// <summary>What all entries cost together.</summary>
    internal long Cost
    {
        get
        {
            lock (_lock) return _youngCost + _oldCost;
        }
    }

    internal bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        lock (_lock)
        {
            if (_young.TryGetValue(key, out value)) return true;
            if (!TakeOld(key, out value)) return false;
            Put(key, value);
            return true;
        }
    }

    internal TValue GetOrAdd<TArgument>(TKey key, TArgument argument, Func<TKey, TArgument, TValue> make)
    {
        lock (_lock)
        {
            if (_young.TryGetValue(key, out var value)) return value;
            if (!TakeOld(key, out value)) value = make(key, argument);
            Put(key, value);
            return value;
        }
    }

    internal void Set(TKey key, TValue value)
    {
        lock (_lock)
        {
            TakeOld(key, out _);
            TakeYoung(key);
            Put(key, value);
        }
    }

    /// <summary>Forgets an entry, unless another value stands there by now.</summary>
    internal void Remove(TKey key, TValue value)
    {
        lock (_lock)
        {
            if (_young.TryGetValue(key, out var young) && ReferenceEquals(young, value)) TakeYoung(key);
            if (_old.TryGetValue(key, out var old) && ReferenceEquals(old, value)) TakeOld(key, out _);
        }
    }

    private void TakeYoung(TKey key)
    {
        if (_young.Remove(key, out var value)) _youngCost -= cost(key, value);
    }

    private bool TakeOld(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        if (!_old.Remove(key, out value)) return false;
        _oldCost -= cost(key, value);
        return true;
    }

    /// <summary>Adds what is in neither half.</summary>
    private void Put(TKey key, TValue value)
    {
        var its = cost(key, value);
        if (its > capacity) return;
        if (_youngCost + its > capacity) (_old, _oldCost, _young, _youngCost) = (_young, _youngCost, [], 0);
        _young[key] = value;
        _youngCost += its;
    }
}
