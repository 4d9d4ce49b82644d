using System.Collections.Concurrent;
using System.Net;

namespace Danelaw.Dns.Transports;

/// <summary>
/// Servers that know no EDNS (RFC 6891 §7), so that they need not be asked twice for everything. Whoever is asked without EDNS is asked without DO, and no signature comes back:
/// in a signed zone that is an answer which does not validate, never an insecure one. So that one forged FORMERR cannot do as much as that for a while, it takes two queries to be believed, and a reply with
/// EDNS in between undoes it. Bounded; safe for many threads.
/// </summary>
internal sealed class EdnsMemory(TimeProvider time)
{
    /// <summary>After so many queries that were only answered without EDNS a server is asked without at once.</summary>
    internal const int Threshold = 2;

    private const int Capacity = 1024;

    /// <summary>How long that is believed; then the server is asked with EDNS again.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<IPEndPoint, (int Times, long Since)> _seen = new();

    /// <summary>Whether a server is to be asked without EDNS.</summary>
    internal bool KnowsNone(IPEndPoint server)
    {
        if (_seen.IsEmpty || !_seen.TryGetValue(server, out var seen)) return false;
        if (time.GetElapsedTime(seen.Since) < Life) return seen.Times >= Threshold;
        _seen.TryRemove(server, out _);
        return false;
    }

    /// <summary>A query with EDNS was refused for it, and the same one without was answered.</summary>
    internal void Note(IPEndPoint server)
    {
        if (_seen.Count >= Capacity && !_seen.ContainsKey(server)) _seen.Clear();

        // The life begins with the last query that had EDNS: none is sent once the server is believed to know none.
        var now = time.GetTimestamp();
        _seen.AddOrUpdate(server, static (_, since) => (1, since), static (_, seen, since) => (Math.Min(seen.Times + 1, Threshold), since), now);
    }

    /// <summary>It replied with EDNS, or is at a loss without: it is asked with EDNS from now on.</summary>
    internal void Forget(IPEndPoint server)
    {
        if (!_seen.IsEmpty) _seen.TryRemove(server, out _);
    }
}
