using System.Text;
using System.Text.Json;
using Danelaw.Dns.Names;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Publishing.Hooks;

/// <summary>What is said to a hook and by it: <c>danelaw.hook/1</c> (docs/hooks.md).</summary>
internal static class HookText
{
    /// <summary>Asks for an RRset.</summary>
    internal static string Read(DomainName owner, DomainName? zone) => Write("read", owner, zone, _ => { });

    /// <summary>Asks for an RRset to be replaced.</summary>
    internal static string Publish(PublishRequest request, TlsaSet before, DomainName? zone) => Write("publish", request.Owner, zone, json =>
    {
        Records(json, "before", before);
        Records(json, "after", request.After);
        json.WriteNumber("ttl", request.TimeToLive);
    });

    /// <summary>Reads what a hook says of an RRset.</summary>
    /// <param name="text">Its standard output.</param>
    /// <param name="set">The RRset.</param>
    /// <param name="timeToLive">Its TTL in seconds; null where the hook does not say it.</param>
    /// <param name="fault">What is wrong; empty on success.</param>
    internal static bool TryReadSet(string text, out TlsaSet set, out uint? timeToLive, out string fault)
    {
        (set, timeToLive, fault) = (TlsaSet.Empty, null, "");
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("records", out var list) || list.ValueKind != JsonValueKind.Array)
            {
                fault = "its answer has no array \"records\"";
                return false;
            }

            var records = new List<TlsaRecord>();
            foreach (var one in list.EnumerateArray())
            {
                if (one.ValueKind == JsonValueKind.String && TlsaRecord.TryParse(one.GetString(), out var record, out _)) records.Add(record);
                else fault = "a record is no string such as \"3 1 1 0123…\"";
            }

            if (document.RootElement.TryGetProperty("ttl", out var ttl) && ttl.ValueKind != JsonValueKind.Null)
            {
                if (ttl.ValueKind == JsonValueKind.Number && ttl.TryGetUInt32(out var seconds) && seconds <= int.MaxValue) timeToLive = seconds;
                else fault = "\"ttl\" is no number of seconds";
            }

            set = TlsaSet.Of(records);
            return fault.Length == 0;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // The latter for a text that is none: half of a surrogate pair.
            fault = "its answer is not one JSON object";
            return false;
        }
    }

    private static string Write(string action, DomainName owner, DomainName? zone, Action<Utf8JsonWriter> more)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("schema", "danelaw.hook/1");
            json.WriteString("action", action);
            if (zone is { } its)
            {
                json.WriteString("zone", its.ToString());
                json.WriteString("name", FormFields.Relative(owner, its));
            }
            else
            {
                json.WriteNull("zone");
                json.WriteNull("name");
            }

            json.WriteString("owner", owner.ToString());
            json.WriteString("type", "TLSA");
            more(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void Records(Utf8JsonWriter json, string member, TlsaSet set)
    {
        json.WriteStartArray(member);
        foreach (var record in set.Records) json.WriteStringValue(record.ToString());
        json.WriteEndArray();
    }
}
