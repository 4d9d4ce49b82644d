using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Discovery;
using Danelaw.Dns;

namespace Danelaw.Operator.Audit.Beside;

/// <summary>How policies are fetched. Immutable.</summary>
public sealed record PolicyFetcherOptions
{
    /// <summary>The certificates that may vouch for the servers, DER; empty, the default, for the machine's store.</summary>
    public ImmutableArray<Octets> Authorities { get; init; } = [];

    /// <summary>Where to connect instead; the first rule that fits counts. Default none.</summary>
    public ImmutableArray<ConnectToRule> ConnectTo { get; init; } = [];

    /// <summary>Which address families are used. Default both.</summary>
    public AddressFamilies Families { get; init; }

    /// <summary>The time for one policy. Default 10 s; senders may give it a minute (RFC 8461 §3.3).</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(10);
}
