using System.Net;

namespace Danelaw.Checks;

/// <summary>One visitor at a time to an address, across all the checks of a run: servers limit who connects too often. First come, first served. Thread-safe.</summary>
internal sealed class RunGates
{
    private readonly Dictionary<IPEndPoint, Gate> _gates = [];

    /// <summary>Waits until nobody else is there.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Lets the next one in when it is disposed.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal async ValueTask<IDisposable> EnterAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        Gate gate;
        lock (_gates)
        {
            if (!_gates.TryGetValue(address, out gate!)) _gates.Add(address, gate = new(this, address));
            gate.Visitors++;
        }

        try
        {
            await gate.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Forget(gate);
            throw;
        }

        return gate;
    }

    /// <summary>How many addresses somebody is at or waits for.</summary>
    internal int Count
    {
        get
        {
            lock (_gates) return _gates.Count;
        }
    }

    /// <summary>A gate that nobody waits at goes: a run may last for ever.</summary>
    private void Forget(Gate gate)
    {
        lock (_gates)
            if (--gate.Visitors == 0) _gates.Remove(gate.Address);
    }

    private sealed class Gate(RunGates owner, IPEndPoint address) : IDisposable
    {
        internal IPEndPoint Address => address;

        internal SemaphoreSlim Turn { get; } = new(1);

        internal int Visitors { get; set; }

        public void Dispose()
        {
            Turn.Release();
            owner.Forget(this);
        }
    }
}
