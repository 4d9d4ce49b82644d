using System.Net;

namespace Danelaw.Dns.Transports;

/// <summary>One connection a server over TCP or TLS, opened when it is needed and shared by all queries to that server (RFC 7766 §6.2.2).</summary>
internal sealed class StreamPool(TlsTrust trust, DnsTransportOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Connections that closed are cleared out when so many places are taken.</summary>
    private const int SweepAt = 64;

    /// <summary>So many connections at most are kept for later: servers of strangers may leave theirs open as long as they like.</summary>
    private const int MostIdle = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<(DnsServer, IPEndPoint), Task<(StreamConnection? Connection, Attempt Fault)>> _slots = [];
    private bool _isDisposed;

    /// <summary>Asks over the connection that is there, or over a new one.</summary>
    internal async ValueTask<Attempt> AskAsync(DnsQuery query, DnsServer server, IPEndPoint address, QueryShape shape, CancellationToken limit)
    {
        var key = (server, address);
        while (true)
        {
            var (slot, isNew) = Find(key);
            StreamConnection? connection;
            try
            {
                (connection, var fault) = await slot.WaitAsync(limit).ConfigureAwait(false);
                if (connection is null)
                {
                    Drop(key, slot);
                    return fault;
                }
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                return Attempt.TimedOut("no connection in time");
            }

            var attempt = await connection.AskAsync(query, shape, limit).ConfigureAwait(false);
            // A peer that is this slow may have stopped in the middle of a reply, and one that talks nonsense may have lost its place: others need not stand in line behind it.
            if (attempt.Outcome is ExchangeOutcome.TimedOut or ExchangeOutcome.Malformed) connection.Retire();
            if (!connection.IsUsable) Drop(key, slot);
            // RFC 7766 §6.2.4: a server may close an idle connection just as it is used; that says nothing about the query.
            if (attempt.Outcome != ExchangeOutcome.Closed || isNew || limit.IsCancellationRequested) return attempt;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (var slot in _slots.Values) Close(slot);
            _slots.Clear();
        }
    }

    private (Task<(StreamConnection? Connection, Attempt Fault)> Slot, bool IsNew) Find((DnsServer Server, IPEndPoint Address) key)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_slots.TryGetValue(key, out var slot) && !IsSpent(slot)) return (slot, false);
            if (_slots.Count >= MostIdle) CloseIdle();
            if (_slots.Count >= SweepAt) Sweep();
            slot = StreamConnection.OpenAsync(key.Server, key.Address, trust, options, time);
            _slots[key] = slot;
            return (slot, true);
        }
    }

    /// <summary>A slot that serves nobody any more, one included whose opening ended in a way that nobody foresaw: the next query opens anew.</summary>
    private static bool IsSpent(Task<(StreamConnection? Connection, Attempt Fault)> slot) =>
        slot.IsCompleted && !(slot.IsCompletedSuccessfully && slot.Result.Connection is { IsUsable: true });

    private void Drop((DnsServer, IPEndPoint) key, Task<(StreamConnection? Connection, Attempt Fault)> slot)
    {
        lock (_lock)
            if (_slots.TryGetValue(key, out var present) && present == slot) _slots.Remove(key);
    }

    private void CloseIdle()
    {
        foreach (var slot in _slots.Values)
            if (slot.IsCompletedSuccessfully) slot.Result.Connection?.CloseIfIdle();
    }

    private void Sweep()
    {
        foreach (var (key, slot) in _slots)
            if (IsSpent(slot)) _slots.Remove(key);
    }

    private static void Close(Task<(StreamConnection? Connection, Attempt Fault)> slot) =>
        slot.ContinueWith(static done => done.Result.Connection?.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
