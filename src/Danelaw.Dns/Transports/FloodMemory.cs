using System.Collections.Concurrent;
using System.Net;

namespace Danelaw.Dns.Transports;

/// <summary>
/// Servers in whose name datagrams that fit no query came in numbers: somebody guesses (RFC 5452 §9.2), or drowns the true reply. The wait goes on, but for a while
/// they are asked over TCP first, where neither can be done from aside. Bounded; safe for many threads.
/// </summary>
internal sealed class FloodMemory(TimeProvider time)
{
    /// <summary>So many strays to one query are no accident.</summary>
    internal const int Threshold = 256;

    private const int Capacity = 1024;
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<IPEndPoint, long> _seen = new();

    internal void Note(IPEndPoint server)
    {
        if (_seen.Count < Capacity || _seen.ContainsKey(server)) _seen[server] = time.GetTimestamp();
        else _seen.Clear();
    }

    internal bool Has(IPEndPoint server)
    {
        if (_seen.IsEmpty || !_seen.TryGetValue(server, out var since)) return false;
        if (time.GetElapsedTime(since) < Life) return true;
        _seen.TryRemove(server, out _);
        return false;
    }
}
