using Danelaw.Dns.Names;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>What one lookup may still do. What has been refused once stays refused.</summary>
internal sealed class Budget(Limits limits, CancellationToken end)
{
    private int _queries;
    private int _addressLookups;
    private long _octets;
    private long _held;
    private readonly Lock _lock = new();
    private Dictionary<DomainName, (int Depth, string Fault)>? _givenUp;

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
        else return MayTakeReply();
        return false;
    }

    /// <summary>Whether one more reply may be held, be it a new one or one that came a moment ago.</summary>
    internal bool MayTakeReply()
    {
        if (Volatile.Read(ref _held) <= ReplyCost.Limit(Limits)) return true;
        Spent ??= $"the replies take more than the {ReplyCost.Limit(Limits)} octets allowed once they are read";
        return false;
    }

    /// <summary>Whether the addresses of one more name server may be looked up: a referral to many names must not multiply queries (NXNSAttack).</summary>
    internal bool TryTakeAddressLookup() => Interlocked.Increment(ref _addressLookups) <= Limits.AddressLookups;

    /// <summary>Notes that limits kept this lookup from finding a host: it is not looked for again, unless from less deep.</summary>
    internal void GiveUp(DomainName host, int depth, string fault)
    {
        lock (_lock) (_givenUp ??= [])[host.ToOwned()] = (depth, fault);
    }

    /// <summary>Whether limits kept this lookup from finding a host.</summary>
    internal bool HasGivenUp(DomainName host, int depth, out string fault)
    {
        lock (_lock)
        {
            var isKnown = _givenUp is not null && _givenUp.TryGetValue(host, out var known) && depth >= known.Depth;
            fault = isKnown ? _givenUp![host].Fault : "";
            return isKnown;
        }
    }

    /// <summary>Octets came in.</summary>
    internal void Took(int octets) => Interlocked.Add(ref _octets, octets);

    /// <summary>A reply is held by the lookup from now on.</summary>
    internal ZoneReply Took(ZoneReply reply)
    {
        if (reply.Exchange is { Message: { } message } exchange) Interlocked.Add(ref _held, ReplyCost.Of(message, exchange.Reply.Length));
        return reply;
    }
}
