using System.Text.Json;
using Danelaw.Dns.Names;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

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
    public async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (path, has) = await FindAsync(request.Owner, cancellationToken).ConfigureAwait(false);
        if (Comparison.Settle(request, has) is { } settled) return settled;
        var reply = await _api.PatchAsync(path, Change(request), cancellationToken).ConfigureAwait(false);
        if (reply.Outcome != PublishOutcome.Done) return new(reply.Outcome, reply.Detail);
        return Comparison.Confirm(request, await ReadAsync(request.Owner, cancellationToken).ConfigureAwait(false), _api.Name);
    }

    /// <summary>The path of the zone that holds an owner, and the RRset there.</summary>
    private async ValueTask<(string Path, MasteredSet Set)> FindAsync(DomainName owner, CancellationToken cancellationToken)
    {
        if (settings.Zone is { } given && !owner.IsAtOrBelow(given)) return Failed(PublishOutcome.Refused, $"{owner} is not in {given}: give the zone that holds it");
        for (var name = settings.Zone ?? owner; ; name = name.Parent)
        {
            var reply = await _api.GetAsync($"zones?zone={Uri.EscapeDataString(name.ToString())}", cancellationToken).ConfigureAwait(false);
            if (reply.Document is not { } list) return Failed(reply.Outcome, reply.Detail);
            using (list)
            {
                foreach (var zone in Elements(list.RootElement))
                    if (Text(zone, "name") is { } found && DomainName.TryParse(found, out var apex) && apex == name && Text(zone, "id") is { } id) return await ReadZoneAsync(apex, id, owner, cancellationToken).ConfigureAwait(false);
            }

            if (name.IsRoot || settings.Zone is not null) return Failed(PublishOutcome.Refused, $"{_api.Name} has no zone {(settings.Zone is { } meant ? meant : $"that holds {owner}")}");
        }
    }

    private async ValueTask<(string Path, MasteredSet Set)> ReadZoneAsync(DomainName apex, string id, DomainName owner, CancellationToken cancellationToken)
    {
        var path = $"zones/{Uri.EscapeDataString(id)}";
        var set = new MasteredSet(PublishOutcome.Done, TlsaSet.Empty, null, "");
        var isFiltered = true;

        // Older servers pass over the filter and send the whole zone: then one request tells all.
        for (var asked = owner; isFiltered && asked != apex; asked = asked.Parent)
        {
            var reply = await _api.GetAsync($"{path}?rrset_name={Uri.EscapeDataString(asked.ToString())}", cancellationToken).ConfigureAwait(false);
            if (reply.Document is not { } document) return Failed(reply.Outcome, reply.Detail);
            using (document)
            {
                var zone = document.RootElement;
                if (zone.ValueKind != JsonValueKind.Object) return Failed(PublishOutcome.Refused, $"{_api.Name} does not speak the API of PowerDNS: what it sends for {apex} is no zone");
                if (Text(zone, "kind") is { } kind && kind.ToUpperInvariant() is "SLAVE" or "SECONDARY" or "CONSUMER") return Failed(PublishOutcome.Refused, $"{apex} is a secondary zone at {_api.Name}: give the server where it is changed");
                foreach (var entry in PowerDnsApi.Member(zone, "rrsets") is { } sets ? Elements(sets) : [])
                {
                    if (Text(entry, "name") is not { } text || !DomainName.TryParse(text, out var name)) continue;
                    isFiltered &= name == asked;
                    if (!owner.IsAtOrBelow(name)) continue;
                    if (RefusalOf(entry, name, owner, apex) is { } refusal) return Failed(PublishOutcome.Refused, refusal);
                    if (name == owner && Text(entry, "type") == "TLSA") set = ReadSet(entry, owner);
                }
            }
        }

        return (path, set);
    }

    /// <summary>Why records of the owner cannot stand in this zone; null when an RRset is no reason.</summary>
    private static string? RefusalOf(JsonElement entry, DomainName name, DomainName owner, DomainName apex) => Text(entry, "type") switch
    {
        "CNAME" when name == owner => $"{owner} is an alias of {Contents(entry).FirstOrDefault().Content}: the records stand there, so publish them at that name",
        "NS" when name != apex => $"{name} is delegated to other servers, and {owner} is below it: give the server where {name} is changed",
        "DNAME" when name != owner => $"{name} is an alias (DNAME), and {owner} is below it: the records stand where it leads to, so publish them there",
        _ => null,
    };

    private static MasteredSet ReadSet(JsonElement entry, DomainName owner)
    {
        var records = new List<TlsaRecord>();
        foreach (var (content, isDisabled) in Contents(entry))
        {
            if (isDisabled) return new(PublishOutcome.Refused, TlsaSet.Empty, null, $"some TLSA records of {owner} are disabled, and replacing the others would delete these: delete or enable them first");
            if (!TlsaRecord.TryParse(content, out var record, out _)) return new(PublishOutcome.Refused, TlsaSet.Empty, null, $"a TLSA record of {owner} cannot be read: mend or delete it first");
            records.Add(record);
        }

        uint? timeToLive = PowerDnsApi.Member(entry, "ttl") is { ValueKind: JsonValueKind.Number } ttl && ttl.TryGetUInt32(out var seconds) ? seconds : null;
        return new(PublishOutcome.Done, TlsaSet.Of(records), records.Count == 0 ? null : timeToLive, "");
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

    private static IEnumerable<(string Content, bool IsDisabled)> Contents(JsonElement entry) =>
        (PowerDnsApi.Member(entry, "records") is { } records ? Elements(records) : []).Select(record => (Text(record, "content") ?? "", PowerDnsApi.Member(record, "disabled") is { ValueKind: JsonValueKind.True }));

    private static IEnumerable<JsonElement> Elements(JsonElement array) => array.ValueKind == JsonValueKind.Array ? array.EnumerateArray().Where(element => element.ValueKind == JsonValueKind.Object) : [];

    private static string? Text(JsonElement element, string member) => PowerDnsApi.Text(element, member);

    private static (string Path, MasteredSet Set) Failed(PublishOutcome outcome, string detail) => ("", new(outcome, TlsaSet.Empty, null, detail));
}
