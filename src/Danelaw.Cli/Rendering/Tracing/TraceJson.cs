using System.Text.Json;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Tracing;
using static Danelaw.Cli.Rendering.NullableJson;

namespace Danelaw.Cli.Rendering.Tracing;

/// <summary>The <c>trace</c> object of <c>danelaw.lookup/1</c>.</summary>
internal static class TraceJson
{
    public static void Write(Utf8JsonWriter json, ChainTrace trace)
    {
        json.WriteStartObject("trace");
        json.WriteString("now", TraceWords.Time(trace.Now));
        json.WriteStartArray("zones");
        foreach (var zone in trace.Zones) Write(json, zone, trace.Now);
        json.WriteEndArray();
        json.WriteStartArray("steps");
        foreach (var step in trace.Steps) Write(json, step, trace.Now);
        json.WriteEndArray();
        json.WriteStartArray("replies");
        foreach (var reply in trace.Replies) Write(json, reply);
        json.WriteEndArray();
        Write(json, trace.End);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TracedZone zone, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("zone", zone.Zone.ToString());
        Name(json, "parent", zone.Parent);
        json.WriteString("status", Kebab.Of(zone.Security));
        json.WriteBoolean("anchor", zone.IsAnchor);
        json.WriteStartArray("ds");
        foreach (var signer in zone.DelegationSigners)
        {
            json.WriteStartObject();
            json.WriteNumber("keyTag", signer.KeyTag);
            json.WriteNumber("algorithm", (byte)signer.Algorithm);
            json.WriteNumber("digestType", (byte)signer.DigestType);
            json.WriteString("digest", signer.Digest.ToHex());
            json.WriteString("state", Kebab.Of(signer.State));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("dsLeftOut", zone.DelegationSignersLeftOut);
        json.WriteStartArray("anchorKeys");
        foreach (var tag in zone.AnchorKeys) json.WriteNumberValue(tag);
        json.WriteEndArray();
        Signatures(json, "dsSignatures", zone.DelegationSet, now);
        Write(json, "dsDenial", zone.Denial, now);
        json.WriteStartArray("keys");
        foreach (var key in zone.Keys)
        {
            json.WriteStartObject();
            json.WriteNumber("keyTag", key.Tag);
            json.WriteNumber("flags", key.Flags);
            json.WriteNumber("algorithm", (byte)key.Algorithm);
            json.WriteString("algorithmName", SecurityAlgorithms.ToText(key.Algorithm));
            json.WriteNumber("bits", key.Bits);
            json.WriteString("role", TraceWords.Of(key.Role));
            json.WriteBoolean("trusted", key.IsTrusted);
            json.WriteBoolean("signsKeys", key.SignsKeys);
            json.WriteBoolean("revoked", key.IsRevoked);
            json.WriteBoolean("usable", key.IsUsable);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("keysLeftOut", zone.KeysLeftOut);
        Signatures(json, "keySignatures", zone.KeySet, now);
        Text(json, "why", zone.Why);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TracedStep step, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("name", step.Question.Name.ToString());
        json.WriteString("type", RecordTypes.ToText(step.Question.Type));
        Name(json, "zone", step.Zone);
        json.WriteString("status", Kebab.Of(step.Security));
        json.WriteStartArray("records");
        if (step.Set is { } set)
            foreach (var record in set.Records.Records) json.WriteStringValue(ZoneWriter.ToLine(record));
        json.WriteEndArray();
        Signatures(json, "signatures", step.Set, now);
        Name(json, "target", step.Target);
        Write(json, "denial", step.Denial, now);
        Text(json, "failure", step.Failure);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TracedReply reply)
    {
        json.WriteStartObject();
        json.WriteString("name", reply.Question.Name.ToString());
        json.WriteString("type", RecordTypes.ToText(reply.Question.Type));
        Text(json, "server", reply.Server);
        Name(json, "serverZone", reply.Zone);
        Text(json, "rcode", reply.Code is { } code ? ResponseCodes.ToText(code) : null);
        json.WriteBoolean("signatures", reply.HasSignatures);
        Text(json, "failure", reply.Failure);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TracedEnd? end)
    {
        if (end is null)
        {
            json.WriteNull("end");
            return;
        }

        json.WriteStartObject("end");
        json.WriteBoolean("broken", end.IsBreak);
        json.WriteString("reason", Kebab.Of(end.Reason));
        json.WriteString("zone", end.Zone.ToString());
        json.WriteString("name", end.Name.ToString());
        json.WriteString("type", RecordTypes.ToText(end.Type));
        json.WriteString("text", end.Text);
        json.WriteString("rule", end.Rule);
        if (end.Code is { } code)
        {
            json.WriteStartObject("ede");
            json.WriteNumber("code", code);
            json.WriteString("name", ExtendedErrors.ToText(code));
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("ede");
        }

        Number(json, "keyTag", end.KeyTag);
        Number(json, "algorithm", (byte?)end.Algorithm);
        Text(json, "server", end.Server);
        json.WriteString("mend", end.Mend);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string member, TracedDenial? denial, DateTimeOffset now)
    {
        if (denial is null)
        {
            json.WriteNull(member);
            return;
        }

        json.WriteStartObject(member);
        json.WriteString("name", denial.Name.ToString());
        Text(json, "type", denial.Type == RecordType.None ? null : RecordTypes.ToText(denial.Type));
        json.WriteString("zone", denial.Zone.ToString());
        json.WriteBoolean("proven", denial.IsProven);
        json.WriteBoolean("noSuchName", denial.IsNameError);
        json.WriteBoolean("optOut", denial.IsOptOut);
        Name(json, "closestEncloser", denial.ClosestEncloser);
        Text(json, "why", denial.Why);
        json.WriteStartArray("records");
        foreach (var record in denial.Records)
        {
            json.WriteStartObject();
            json.WriteString("type", TraceWords.Kind(record));
            json.WriteString("from", record.Owner);
            json.WriteString("to", record.Next);
            json.WriteString("types", record.Types);
            json.WriteBoolean("optOut", record.IsOptOut);
            json.WriteNumber("iterations", record.Iterations);
            Name(json, "matches", record.Matches);
            Name(json, "covers", record.Covers);
            Signatures(json, "signatures", record.Set, now);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Signatures(Utf8JsonWriter json, string member, TracedSet? set, DateTimeOffset now)
    {
        json.WriteStartArray(member);
        if (set is not null)
        {
            foreach (var signature in set.Signatures)
            {
                json.WriteStartObject();
                json.WriteString("signer", signature.Signer.ToString());
                json.WriteNumber("keyTag", signature.KeyTag);
                json.WriteNumber("algorithm", (byte)signature.Algorithm);
                json.WriteString("inception", TraceWords.Time(signature.Inception));
                json.WriteString("expiration", TraceWords.Time(signature.Expiration));
                json.WriteNumber("daysLeft", Math.Round((signature.Expiration - now).TotalDays, 1));
                json.WriteNumber("daysTotal", Math.Round((signature.Expiration - signature.Inception).TotalDays, 1));
                json.WriteString("state", signature.State == Dnssec.Resolution.LookupReason.None ? "not-checked" : Kebab.Of(signature.State));
                json.WriteBoolean("wildcard", signature.IsExpanded);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    private static void Name(Utf8JsonWriter json, string member, DomainName? name) => Text(json, member, name?.ToString());
}
