using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>What one lookup may still do. What has been refused once stays refused.</summary>
internal sealed class Budget(Limits limits, CancellationToken end)
{
    private int _queries;
    private int _addressLookups;
    private long _octets;

    internal Limits Limits { get; } = limits;

    /// <summary>Cancelled when the lookup's time is over, or nobody wants its result.</summary>
    internal CancellationToken End { get; } = end;

    /// <summary>Why nothing more is done; null as long as something may be.</summary>
    internal string? Spent { get; private set; }

    /// <summary>Whether one more query may be sent.</summary>
    internal bool TryTakeQuery()
    {
        if (End.IsCancellationRequested) Spent ??= "the time allowed was spent";
        else if (Interlocked.Increment(ref _queries) > Limits.Queries) Spent ??= $"the {Limits.Queries} queries allowed were spent";
        else if (Volatile.Read(ref _octets) > Limits.Bytes) Spent ??= $"the {Limits.Bytes} octets allowed were spent";
        else return true;
        return false;
    }

    /// <summary>Whether the addresses of one more name server may be looked up: a referral to many names must not multiply queries (NXNSAttack).</summary>
    internal bool TryTakeAddressLookup()
    {
        if (Interlocked.Increment(ref _addressLookups) <= Limits.AddressLookups) return true;
        Spent ??= $"the addresses of {Limits.AddressLookups} name servers, which is what is allowed, were looked up";
        return false;
    }

    internal void Took(int octets) => Interlocked.Add(ref _octets, octets);
}
