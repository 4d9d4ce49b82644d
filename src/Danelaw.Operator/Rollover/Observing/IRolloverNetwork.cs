using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Operator.Rollover.Settings;

namespace Danelaw.Operator.Rollover.Observing;

/// <summary>What a roll asks of the network. What goes wrong there is in what was seen, never an exception.</summary>
public interface IRolloverNetwork
{
    /// <summary>Asks every authoritative server for every owner.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<ServerSight> AskServersAsync(RollSettings roll, CancellationToken cancellationToken = default);

    /// <summary>Looks at every endpoint, for every algorithm of the roll.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<EndpointSight> AskEndpointsAsync(RollSettings roll, CancellationToken cancellationToken = default);
}

/// <summary>What the authoritative servers say.</summary>
/// <param name="Views">Every owner at every server.</param>
/// <param name="Places">Where each owner's records stand: the owner itself, or what an alias leads to.</param>
/// <param name="Problems">A sentence for each server that gave no valid answer.</param>
public sealed record ServerSight(ImmutableArray<ServerView> Views, ImmutableDictionary<DomainName, DomainName> Places, ImmutableArray<string> Problems)
{
    /// <summary>What stands where the settings name no owner, and a key of the roll may be pinned all the same.</summary>
    public ImmutableArray<ServerView> Beside { get; init; } = [];
}

/// <summary>What the endpoints show.</summary>
/// <param name="Views">Every endpoint for every algorithm.</param>
/// <param name="Problems">A sentence for each that completed no handshake.</param>
/// <param name="Refusal">Why this roll cannot be done from this machine, as a sentence; null when it can.</param>
public sealed record EndpointSight(ImmutableArray<EndpointView> Views, ImmutableArray<string> Problems, string? Refusal);
