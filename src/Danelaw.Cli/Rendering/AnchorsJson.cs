using System.Globalization;
using System.Text.Json;
using Danelaw.Cli.Commands;
using Danelaw.Dnssec.Anchors;

namespace Danelaw.Cli.Rendering;

/// <summary><c>danelaw.anchors/1</c>.</summary>
internal static class AnchorsJson
{
    public static byte[] Document(IReadOnlyList<AnchoredZone> zones, string? file) => JsonText.Line(json =>
    {
        json.WriteString("schema", "danelaw.anchors/1");
        json.WriteString("file", file);
        json.WriteStartArray("zones");
        foreach (var zone in zones) Write(json, zone);
        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, AnchoredZone zone)
    {
        json.WriteStartObject();
        json.WriteString("zone", zone.Zone.ToString());
        json.WriteStartArray("anchors");
        foreach (var anchor in AnchorRows.OfAnchors(zone))
        {
            json.WriteStartObject();
            json.WriteString("type", anchor.IsDigest ? "DS" : "DNSKEY");
            json.WriteNumber("tag", anchor.KeyTag);
            json.WriteNumber("algorithm", (int)anchor.Algorithm);
            json.WriteNumber("digestType", (int)anchor.DigestType);
            json.WriteString("digest", anchor.Digest.ToHex());
            json.WriteString("from", anchor.From);
            json.WriteString("validFrom", anchor.ValidFrom?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteServed(json, zone);
        if (zone.Followed is { } point) WriteState(json, point);
        else json.WriteNull("state");
        json.WriteEndObject();
    }

    private static void WriteServed(Utf8JsonWriter json, AnchoredZone zone)
    {
        var served = zone.Served;
        json.WriteStartObject("served");
        json.WriteString("status", Kebab.Of(served.Security));
        json.WriteString("reason", Kebab.Of(served.Reason));
        json.WriteString("text", served.Explanation);
        json.WriteString("mend", served.Mend);
        if (served.ExtendedError is { } error)
        {
            json.WriteStartObject("ede");
            json.WriteNumber("code", error.Code);
            json.WriteString("text", error.Text);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("ede");
        }

        json.WriteString("server", served.Server?.ToString());
        if (served.Keys is { } keys) json.WriteNumber("ttl", keys.TimeToLive);
        else json.WriteNull("ttl");
        if (served.Signature is { } use)
        {
            json.WriteStartObject("signature");
            json.WriteNumber("tag", use.KeyTag);
            json.WriteNumber("algorithm", (int)use.Algorithm);
            json.WriteString("inception", Text(use.Inception));
            json.WriteString("expiration", Text(use.Expiration));
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("signature");
        }

        json.WriteStartArray("keys");
        foreach (var key in AnchorRows.OfServed(zone))
        {
            json.WriteStartObject();
            json.WriteNumber("tag", key.Data.KeyTag());
            json.WriteNumber("algorithm", key.Data.Algorithm);
            json.WriteNumber("flags", key.Data.Flags);
            if (KeyBits.Of(key.Data) is { } bits) json.WriteNumber("bits", bits);
            else json.WriteNull("bits");
            json.WriteBoolean("revoked", key.Data.IsRevoked);
            json.WriteString("state", key.State is { } state ? Kebab.Of(state) : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteState(Utf8JsonWriter json, TrustPoint point)
    {
        json.WriteStartObject("state");
        json.WriteString("lastQuery", Text(point.LastQueried));
        json.WriteString("lastValidated", Text(point.LastValidated));
        json.WriteString("nextQuery", point.IsDeleted ? null : Text(point.NextQuery));
        json.WriteNumber("failures", point.Failures);
        json.WriteBoolean("deleted", point.IsDeleted);
        json.WriteStartArray("keys");
        foreach (var key in point.Keys)
        {
            json.WriteStartObject();
            json.WriteNumber("tag", key.KeyTag);
            if (key.RevokedKeyTag is { } tag) json.WriteNumber("revokedTag", tag);
            else json.WriteNull("revokedTag");
            json.WriteNumber("algorithm", (int)key.Algorithm);
            json.WriteString("state", Kebab.Of(key.State));
            json.WriteBoolean("trusted", key.IsTrusted);
            json.WriteBoolean("configured", point.IsConfigured(key));
            json.WriteString("since", Text(key.Since));
            json.WriteString("lastSeen", Text(key.LastSeen));
            json.WriteString("validFrom", Text(key.ValidFrom));
            json.WriteString("removedFrom", Text(key.RemovedFrom));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
