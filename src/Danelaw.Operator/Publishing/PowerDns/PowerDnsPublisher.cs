using System.Text.Json;
using Danelaw.Dns.Names;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Publishing.PowerDns;

/// <summary>
/// Publishes by the HTTP API of PowerDNS's authoritative server (4.2 or later). The API knows no prerequisites: what is there is read, compared and replaced in three
/// requests, and read again afterwards.
/// </summary>
/// <param name="settings">Where it is, which zone and which key.</param>
/// <param name="services">Clock, addresses and environment.</param>
internal sealed class PowerDnsPublisher(PublisherSettings.PowerDns settings, PublisherServices services) : IZonePublisher
{
    private readonly PowerDnsApi _api = new(settings, services);

    /// <inheritdoc/>
    public async ValueTask<MasteredSet> ReadAsync(DomainName owner, CancellationToken cancellationToken = default) => (await FindAsync(owner, cancellationToken).ConfigureAwait(false)).Set;

    /// <inheritdoc/>
    public async ValueTask<PublishResult> RehearseAsync(DomainName owner, CancellationToken cancellationToken = default)
    {
        // Whoever may read by the API may write by it: there is one key.
        var has = await ReadAsync(owner, cancellationToken).ConfigureAwait(false);
        return new(has.Outcome, has.Detail);
    }

    /// <inheritdoc/>
    public async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (zone, has) = await FindAsync(request.Owner, cancellationToken).ConfigureAwait(false);
        if (Comparison.Settle(request, has) is { } settled) return settled;
        var reply = await _api.PatchAsync(zone!.Path, Change(request), cancellationToken).ConfigureAwait(false);
        if (reply.Outcome != PublishOutcome.Done) return new(reply.Outcome, reply.Detail);
        PowerDnsZone? after = null;
        var result = await Comparison.ConfirmAsync(request, ReadAfterAsync, _api.Name, services, cancellationToken).ConfigureAwait(false);

        // Only the RRset that was asked for is touched here; PowerDNS raises the serial where the zone says how.
        return result.Outcome == PublishOutcome.Done && result.Detail.Length == 0 && zone.Serial is { } serial && after?.Serial == serial
            ? result with { Detail = $"PowerDNS did not raise the zone's serial, so secondary servers do not fetch the change: pdnsutil set-meta {zone.Apex} SOA-EDIT-API DEFAULT, then pdnsutil increase-serial {zone.Apex}" }
            : result;

        async ValueTask<MasteredSet> ReadAfterAsync()
        {
            (after, var set) = await FindAsync(request.Owner, cancellationToken).ConfigureAwait(false);
            return set;
        }
    }

    /// <summary>The zone that holds an owner, and the RRset there.</summary>
    private async ValueTask<(PowerDnsZone? Zone, MasteredSet Set)> FindAsync(DomainName owner, CancellationToken cancellationToken)
    {
        if (settings.Zone is { } given && !owner.IsAtOrBelow(given)) return Failed(PublishOutcome.Refused, $"{owner} is not in {given}: give the zone that holds it");
        for (var name = settings.Zone ?? owner; ; name = name.Parent)
        {
            var reply = await _api.GetAsync($"zones?zone={Uri.EscapeDataString(name.ToString())}", cancellationToken).ConfigureAwait(false);
            if (reply.Document is not { } list) return Failed(reply.Outcome, reply.Detail);
            using (list)
            {
                foreach (var zone in PowerDnsZone.Elements(list.RootElement))
                    if (PowerDnsApi.Text(zone, "name") is { } found && DomainName.TryParse(found, out var apex) && apex == name && PowerDnsApi.Text(zone, "id") is { } id) return await ReadZoneAsync(new(apex, owner, $"zones/{Uri.EscapeDataString(id)}"), owner, cancellationToken).ConfigureAwait(false);
            }

            if (name.IsRoot || settings.Zone is not null) return Failed(PublishOutcome.Refused, $"{_api.Name} has no zone {(settings.Zone is { } meant ? meant : $"that holds {owner}")}");
        }
    }

    private async ValueTask<(PowerDnsZone? Zone, MasteredSet Set)> ReadZoneAsync(PowerDnsZone zone, DomainName owner, CancellationToken cancellationToken)
    {
        for (var asked = owner; !zone.IsWhole && asked != zone.Apex; asked = asked.Parent)
            if (await TakeAsync(zone, asked, cancellationToken).ConfigureAwait(false) is { } failed) return (null, failed);

        // Names between may keep a wildcard away, and only the whole zone tells them: few zones have such a wildcard.
        for (var above = owner.Parent; !zone.IsWhole && zone.MayGive(above) && DomainName.TryParseRelative("*", above, out var wildcard, out _); above = above.Parent)
        {
            if (await TakeAsync(zone, wildcard, cancellationToken).ConfigureAwait(false) is { } failed) return (null, failed);
            if (zone.HasWildcardBelow(above) && !zone.IsWhole && await TakeAsync(zone, null, cancellationToken).ConfigureAwait(false) is { } unread) return (null, unread);
        }

        return (zone, zone.Set);
    }

    /// <summary>Asks for a name of the zone, or for all of it.</summary>
    /// <returns>What is wrong; null when there is nothing.</returns>
    private async ValueTask<MasteredSet?> TakeAsync(PowerDnsZone zone, DomainName? asked, CancellationToken cancellationToken)
    {
        var reply = await _api.GetAsync(asked is { } name ? $"{zone.Path}?rrset_name={Uri.EscapeDataString(name.ToString())}" : zone.Path, cancellationToken).ConfigureAwait(false);
        if (reply.Document is not { } document) return Failed(reply.Outcome, reply.Detail).Set;
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object) return Failed(PublishOutcome.Refused, $"{_api.Name} does not speak the API of PowerDNS: what it sends for {zone.Apex} is no zone").Set;
            zone.Take(document.RootElement, asked);
        }

        return zone.IsSecondary ? Failed(PublishOutcome.Refused, $"{zone.Apex} is a secondary zone at {_api.Name}: give the server where it is changed").Set : zone.Refusal is { } refusal ? Failed(PublishOutcome.Refused, refusal).Set : null;
    }

    private static byte[] Change(PublishRequest request)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("rrsets");
            json.WriteStartObject();
            json.WriteString("name", request.Owner.ToString());
            json.WriteString("type", "TLSA");
            if (request.After.IsEmpty)
            {
                json.WriteString("changetype", "DELETE");
            }
            else
            {
                json.WriteNumber("ttl", request.TimeToLive);
                json.WriteString("changetype", "REPLACE");
                json.WriteStartArray("records");
                foreach (var record in request.After.Records)
                {
                    json.WriteStartObject();
                    json.WriteString("content", record.ToString());
                    json.WriteBoolean("disabled", false);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static (PowerDnsZone? Zone, MasteredSet Set) Failed(PublishOutcome outcome, string detail) => (null, new(outcome, TlsaSet.Empty, null, detail));
}
