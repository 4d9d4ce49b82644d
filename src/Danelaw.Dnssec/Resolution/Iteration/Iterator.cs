using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>
/// Asks the authoritative servers themselves, from the root hints down (RFC 1034 §5.3.3). What is learnt on the way for asking (delegations, addresses of servers, how fast they
/// are) is kept here, shared by all lookups, and is never taken for an answer.
/// </summary>
internal sealed class Iterator : IAuthorities
{
    /// <summary>Also without a cache the delegations that a lookup leads through are remembered.</summary>
    private const long LeastOctets = 4 << 20;

    private readonly long _started;

    /// <summary>Makes an iterator that knows nothing but the hints.</summary>
    /// <param name="transport">Carries the queries, each to one server, best with one try each.</param>
    /// <param name="options">Hints and limits.</param>
    /// <param name="policy">Which signatures are of use.</param>
    /// <param name="timer">Measures replies, and the age of what is kept.</param>
    /// <param name="random">Draws among servers.</param>
    internal Iterator(IDnsTransport transport, ResolverOptions options, ValidationPolicy policy, TimeProvider timer, Random random)
    {
        (Transport, Policy, Timer, Options) = (transport, policy, timer, options.Iteration!);
        _started = timer.GetTimestamp();
        Dice = new(random);
        Servers = new(Options);

        // Together a quarter of the octets that the cache may take, and never less than it takes to go down; each table has two halves, what is at hand has none.
        var share = Math.Max(options.CacheBytes, LeastOctets) / 64;
        Hosts = new(2 * share);
        Delegations = new(this, 5 * share);
        Referrals = new(Servers, Hosts);
        Inquiries = new(this, 2 * share);
    }

    internal IDnsTransport Transport { get; }

    internal IterationOptions Options { get; }

    internal ValidationPolicy Policy { get; }

    internal TimeProvider Timer { get; }

    internal Dice Dice { get; }

    internal ServerTable Servers { get; }

    internal HostTable Hosts { get; }

    internal DelegationTable Delegations { get; }

    internal ReferralReading Referrals { get; }

    internal Inquiries Inquiries { get; }

    /// <summary>The octets that all tables bounded in octets take, estimated: at most a quarter of what the cache may take, or a mebibyte.</summary>
    internal long Octets => Hosts.Octets + Delegations.Octets + Inquiries.Octets;

    /// <summary>Milliseconds since this was made.</summary>
    internal long Now => (long)Timer.GetElapsedTime(_started).TotalMilliseconds;

    /// <inheritdoc/>
    public IAsking Begin(CancellationToken cancellationToken) => new IterativeAsking(this, Policy.Limits, cancellationToken);
}
