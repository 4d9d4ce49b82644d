using System.Net;
using System.Security.Cryptography;

namespace Danelaw.Dns.Transports;

/// <summary>Cookies of each server (RFC 7873). Bounded: the server that was met first is forgotten first.</summary>
internal sealed class CookieJar(TimeProvider time)
{
    internal const int ClientLength = 8;
    internal const int MinimumServerLength = 8;
    internal const int MaximumServerLength = 32;
    private const int Capacity = 4096;
    private static readonly TimeSpan RestTime = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPEndPoint, Entry> _entries = [];
    private readonly Queue<IPEndPoint> _order = [];

    /// <summary>The option's value for a query: the client cookie, and the server's last one behind it.</summary>
    /// <param name="server">Whom we ask.</param>
    /// <param name="local">From where: an address of ours that changes gets another cookie (RFC 9018 §3).</param>
    /// <returns>Empty while the server is asked without.</returns>
    internal byte[] Take(IPEndPoint server, IPAddress local)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(server, out var entry))
            {
                if (entry.IsDoubted) return [];
                if (entry.RestsSince is { } since && time.GetElapsedTime(since) < RestTime) return [];
                if (entry.Local.Equals(local) && entry.RestsSince is null) return entry.Cookie;
            }

            // RFC 7873 §5.1: nobody but the server can know or foresee it.
            var client = RandomNumberGenerator.GetBytes(ClientLength);
            Put(server, new(local, client) { HasSent = entry.HasSent });
            return client;
        }
    }

    /// <summary>Remembers the cookie that the server sent back with ours.</summary>
    internal void Keep(IPEndPoint server, ReadOnlySpan<byte> cookie)
    {
        if (cookie.Length is < ClientLength + MinimumServerLength or > ClientLength + MaximumServerLength) return;
        lock (_lock)
        {
            if (!_entries.TryGetValue(server, out var entry) || !cookie.StartsWith(entry.Cookie.AsSpan(0, ClientLength)) || cookie.SequenceEqual(entry.Cookie)) return;
            _entries[server] = entry with { Cookie = cookie.ToArray(), HasSent = true };
        }
    }

    /// <summary>Sends the server none for some minutes: it does not send them back, or sends another's.</summary>
    internal void Rest(IPEndPoint server)
    {
        lock (_lock)
            if (_entries.TryGetValue(server, out var entry)) _entries[server] = entry with { Cookie = entry.Cookie[..ClientLength], RestsSince = time.GetTimestamp() };
    }

    /// <summary>A server that has never sent a cookie back was silent on ours: it is asked once without, for there are firewalls that let no query with the option pass.</summary>
    internal void Doubt(IPEndPoint server)
    {
        lock (_lock)
            if (_entries.TryGetValue(server, out var entry) && entry is { HasSent: false, RestsSince: null }) _entries[server] = entry with { IsDoubted = true };
    }

    /// <summary>What came of asking without, if that was because of a doubt.</summary>
    internal void Settle(IPEndPoint server, bool hasAnswered)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(server, out var entry) || !entry.IsDoubted) return;
            _entries[server] = entry with { IsDoubted = false, RestsSince = hasAnswered ? time.GetTimestamp() : null };
        }
    }

    private void Put(IPEndPoint server, Entry entry)
    {
        if (!_entries.ContainsKey(server))
        {
            if (_entries.Count == Capacity) _entries.Remove(_order.Dequeue());
            _order.Enqueue(server);
        }

        _entries[server] = entry;
    }

    private readonly record struct Entry(IPAddress Local, byte[] Cookie, long? RestsSince = null, bool IsDoubted = false)
    {
        /// <summary>Whether the server has ever sent one back.</summary>
        internal bool HasSent { get; init; }
    }
}
