using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns.Transports;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Rollover.Acting;

namespace Danelaw.Operator.Publishing;

/// <summary>What publishers work with.</summary>
public sealed record PublisherServices
{
    /// <summary>The clock that TSIG and time limits go by: the machine's own.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Asks authoritative servers directly; <see cref="PublisherSettings.Manual"/> reads by it. Null where that is not needed.</summary>
    public AuthoritativeServers? Servers { get; init; }

    /// <summary>Finds the addresses of a server that is given by name. Default: <c>/etc/hosts</c>, then nobody.</summary>
    public Func<string, CancellationToken, ValueTask<ImmutableArray<IPAddress>>> LookupHost { get; init; } = static (host, _) =>
        ValueTask.FromResult(Dns.Names.DomainName.TryParse(host, out var name) ? HostsFile.ReadSystem().Find(name) : []);

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The time for one exchange with a server. Default 10 s.</summary>
    public TimeSpan ExchangeLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time for a program: a hook, or the command that makes a server read a zone again. Default 2 minutes.</summary>
    public TimeSpan ProgramLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Where a test kills. Default: nowhere.</summary>
    public FaultPoints Faults { get; init; } = FaultPoints.None;

    /// <summary>The addresses of a server: those that it is written as, or that its name has.</summary>
    internal async ValueTask<ImmutableArray<IPAddress>> FindAsync(string host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host, out var literal) ? [literal] : await LookupHost(host.TrimEnd('.'), cancellationToken).ConfigureAwait(false);
}
