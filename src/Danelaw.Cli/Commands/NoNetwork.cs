using Danelaw.Operator.Rollover.Observing;
using Danelaw.Operator.Rollover.Settings;

namespace Danelaw.Cli.Commands;

/// <summary>For what asks nobody.</summary>
internal sealed class NoNetwork : IRolloverNetwork
{
    internal static NoNetwork Instance { get; } = new();

    public Task<ServerSight> AskServersAsync(RollSettings roll, CancellationToken cancellationToken = default) => throw new InvalidOperationException("nobody is asked here");

    public Task<EndpointSight> AskEndpointsAsync(RollSettings roll, CancellationToken cancellationToken = default) => throw new InvalidOperationException("nobody is asked here");
}
