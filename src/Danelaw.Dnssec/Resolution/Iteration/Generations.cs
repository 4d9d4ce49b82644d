using System.Diagnostics.CodeAnalysis;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>
/// A bounded table that forgets what was not used lately: when the young half is full it becomes the old half, and what was the old half is dropped;
/// what is found in the old half becomes young again. Safe for many threads.
/// </summary>
/// <param name="capacity">How many entries each half takes.</param>
internal sealed class Generations<TKey, TValue>(int capacity)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _lock = new();
    private Dictionary<TKey, TValue> _young = [];
    private Dictionary<TKey, TValue> _old = [];

    internal bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        lock (_lock)
        {
            if (_young.TryGetValue(key, out value)) return true;
            if (!_old.Remove(key, out value)) return false;
            Put(key, value);
            return true;
        }
    }

    internal TValue GetOrAdd<TArgument>(TKey key, TArgument argument, Func<TKey, TArgument, TValue> make)
    {
        lock (_lock)
        {
            if (_young.TryGetValue(key, out var value)) return value;
            if (!_old.Remove(key, out value)) value = make(key, argument);
            Put(key, value);
            return value;
        }
    }

    internal void Set(TKey key, TValue value)
    {
        lock (_lock)
        {
            _old.Remove(key);
            Put(key, value);
        }
    }

    /// <summary>Forgets an entry, unless another value stands there by now.</summary>
    internal void Remove(TKey key, TValue value)
    {
        lock (_lock)
        {
            if (_young.TryGetValue(key, out var young) && ReferenceEquals(young, value)) _young.Remove(key);
            if (_old.TryGetValue(key, out var old) && ReferenceEquals(old, value)) _old.Remove(key);
        }
    }

    private void Put(TKey key, TValue value)
    {
        if (_young.Count >= capacity && !_young.ContainsKey(key)) (_old, _young) = (_young, []);
        _young[key] = value;
    }
}
