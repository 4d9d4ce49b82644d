using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Probes;
using Danelaw.Servers;

namespace Danelaw.Operator.Rollover.Observing;

/// <summary>The network as it is.</summary>
/// <param name="servers">Asks authoritative servers.</param>
/// <param name="lookup">Finds the addresses of hosts.</param>
/// <param name="prober">Looks at endpoints.</param>
/// <param name="connectTo">Where connections to endpoints are led instead.</param>
public sealed class RolloverNetwork(AuthoritativeServers servers, ILookup lookup, IProber prober, ImmutableArray<ConnectToRule> connectTo) : IRolloverNetwork
{
    private readonly EndpointSurvey _endpoints = new(lookup, prober, connectTo, EndpointSurvey.OfInterfaces);

    /// <inheritdoc/>
    public async Task<ServerSight> AskServersAsync(RollSettings roll, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(roll);
        var finding = FindAsync(roll.Beside, cancellationToken);
        var asked = await servers.AskAsync(roll.TlsaOwners.Concat(roll.Former), cancellationToken).ConfigureAwait(false);
        var beside = await servers.AskAsync(await finding.ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        var places = ImmutableDictionary.CreateBuilder<DomainName, DomainName>();
        foreach (var view in asked.Where(view => view.Name != view.Owner)) places[view.Owner] = view.Name;

        // The records of a zone that is not signed mean nothing to a sender, and roll all the same, so that its certificates do not run out.
        return new([.. asked.Select(view => view.ToServerView(takesInsecure: true))], places.ToImmutable(), [.. asked.Where(view => !view.IsSecure).Select(view => $"{view.Server}: {view.Owner}: {view.Detail}").Distinct()])
        {
            // An alias that leads to the roll's own records rolls with them, and whoever is led by it meets a host and port that nobody looks at: it is to be an owner too.
            Beside = [.. beside.Select(view => view.ToServerView())],
        };
    }

    /// <summary>Those of many names at which TLSA records stand. Hardly any has some, so that the resolver is asked first; what it cannot tell is asked again at the next look.</summary>
    private async Task<ImmutableArray<DomainName>> FindAsync(ImmutableArray<DomainName> names, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(names.Select(name => lookup.LookupAsync(name, RecordType.TLSA, cancellationToken).AsTask())).ConfigureAwait(false);
        return [.. names.Zip(answers).Where(pair => pair.Second is { IsFailure: false, Records: not null }).Select(pair => pair.First)];
    }

    /// <summary>The zone that holds a name; null when it could not be found.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<DomainName?> FindZoneAsync(DomainName name, CancellationToken cancellationToken = default) =>
        (await new ServerSearch(lookup).FindAsync(name, RecordType.TLSA, cancellationToken).ConfigureAwait(false))?.Zone;

    /// <inheritdoc/>
    public Task<EndpointSight> AskEndpointsAsync(RollSettings roll, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(roll);
        return _endpoints.LookAsync(roll, cancellationToken);
    }
}
