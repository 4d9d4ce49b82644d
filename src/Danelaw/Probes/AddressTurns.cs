using System.Net;

namespace Danelaw.Probes;

/// <summary>One visitor at a time to an address, first come, first served, and only so many connections within a minute. Thread-safe.</summary>
/// <param name="time">Measures minutes.</param>
/// <param name="perMinute">How many connections; 0 for any number.</param>
internal sealed class AddressTurns(TimeProvider time, int perMinute)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Dictionary<IPEndPoint, Place> _places = [];
    private readonly Queue<(Place Place, long At)> _left = [];

    /// <summary>How many addresses somebody is at, waits for, or has connected to within a minute.</summary>
    internal int Count
    {
        get
        {
            lock (_places)
            {
                ForgetOld();
                return _places.Count;
            }
        }
    }

    /// <summary>Waits until nobody else is there.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal async ValueTask<Visit> EnterAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var key = KeyOf(endPoint);
        Place place;
        lock (_places)
        {
            ForgetOld();
            if (!_places.TryGetValue(key, out place!)) _places.Add(key, place = new(key));
            place.Visitors++;
        }

        try
        {
            await place.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Leave(place);
            throw;
        }

        return new(this, place);
    }

    /// <summary>A machine has one address and many ports. On loopback, where anybody may put many machines, a port is one.</summary>
    private static IPEndPoint KeyOf(IPEndPoint endPoint)
    {
        var address = endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address;
        return new(address, IPAddress.IsLoopback(address) ? endPoint.Port : 0);
    }

    private void Leave(Place place)
    {
        lock (_places)
        {
            place.Visitors--;
            if (place.Visitors == 0 && place.Begun.Count == 0) _places.Remove(place.Key);
            else _left.Enqueue((place, time.GetTimestamp()));
        }
    }

    /// <summary>An address that nobody waits for, and that nobody has connected to for a minute, goes: a run may last for ever.</summary>
    private void ForgetOld()
    {
        while (_left.TryPeek(out var left) && time.GetElapsedTime(left.At) >= Minute)
        {
            _left.Dequeue();
            if (left.Place.Visitors == 0 && TimeToRoom(left.Place, most: 1) == TimeSpan.Zero) Forget(left.Place);
        }
    }

    /// <summary>A place was left many times, and goes at the first of them that lets it: by the others there may be a new one at its address, with somebody in it.</summary>
    private void Forget(Place place)
    {
        if (_places.TryGetValue(place.Key, out var there) && ReferenceEquals(there, place)) _places.Remove(place.Key);
    }

    private async ValueTask WaitForRoomAsync(Place place, CancellationToken cancellationToken)
    {
        // A timer counts whole milliseconds, and must not end before the minute does.
        while (perMinute > 0 && TimeToRoom(place, perMinute) is { Ticks: > 0 } wait)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), time, cancellationToken).ConfigureAwait(false);
    }

    private void CountConnection(Place place)
    {
        if (perMinute > 0) place.Begun.Enqueue(time.GetTimestamp());
    }

    /// <summary>How long until fewer than so many connections lie within a minute.</summary>
    private TimeSpan TimeToRoom(Place place, int most)
    {
        while (place.Begun.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= Minute) place.Begun.Dequeue();
        return place.Begun.Count < most ? TimeSpan.Zero : Minute - time.GetElapsedTime(place.Begun.Peek());
    }

    /// <summary>An address that is visited.</summary>
    internal sealed class Place(IPEndPoint key)
    {
        internal IPEndPoint Key => key;

        internal SemaphoreSlim Turn { get; } = new(1);

        internal int Visitors { get; set; }

        /// <summary>When the connections of the last minute were begun; touched by whoever has the turn, and by nobody else while somebody waits for it.</summary>
        internal Queue<long> Begun { get; } = [];
    }

    /// <summary>A turn at an address; disposing it lets the next one in.</summary>
    internal sealed class Visit(AddressTurns owner, Place place) : IDisposable
    {
        /// <summary>Waits until one connection more is no more than the address gets in a minute.</summary>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        internal ValueTask WaitForRoomAsync(CancellationToken cancellationToken) => owner.WaitForRoomAsync(place, cancellationToken);

        /// <summary>Counts a connection that begins now.</summary>
        internal void CountConnection() => owner.CountConnection(place);

        public void Dispose()
        {
            place.Turn.Release();
            owner.Leave(place);
        }
    }
}
