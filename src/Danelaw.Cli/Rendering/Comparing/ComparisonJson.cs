using System.Security.Cryptography;
using System.Text.Json;
using Danelaw.Comparing;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Rendering.Comparing;

/// <summary><c>danelaw.tlsa-compare/1</c>.</summary>
internal static class ComparisonJson
{
    public static byte[] Document(ToldComparison told) => JsonText.Line(json => Write(json, told));

    private static void Write(Utf8JsonWriter json, ToldComparison told)
    {
        var comparison = told.Comparison;
        json.WriteString("schema", "danelaw.tlsa-compare/1");
        json.WriteString("target", told.Target.Text);
        json.WriteString("verdict", Kebab.Of(comparison.Verdict));
        json.WriteString("explanation", told.Explanation);
        json.WriteString("owner", told.Owner.ToString());
        json.WriteString("security", Kebab.Of(comparison.Security));
        if (comparison.TimeToLive is { } seconds) json.WriteNumber("ttl", seconds);
        else json.WriteNull("ttl");
        if (comparison.EarliestUse is { } time) json.WriteString("earliestUse", time.UtcDateTime);
        else json.WriteNull("earliestUse");
        json.WriteStartArray("keys");
        foreach (var key in comparison.Keys) Write(json, key, comparison.HasFiles);
        json.WriteEndArray();
        WriteRecords(json, "unmet", comparison.Unmet);
        json.WriteStartArray("unseen");
        foreach (var endpoint in comparison.Unseen)
        {
            json.WriteStartObject();
            json.WriteString("address", endpoint.Observation.Target.Address.ToString());
            json.WriteString("algorithm", Kebab.Of(endpoint.Algorithm));
            json.WriteString("result", EndpointResults.Of(endpoint));
            json.WriteString("detail", endpoint.Observation.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("servers");
        foreach (var server in comparison.Servers)
        {
            json.WriteStartObject();
            json.WriteString("server", server.Server);
            if (server.Records is { } its) WriteRecords(json, "records", its);
            else json.WriteNull("records");
            json.WriteString("detail", server.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("advice");
        foreach (var advice in told.Advice) json.WriteStringValue(advice);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ComparedKey key, bool hasFiles)
    {
        json.WriteStartObject();
        if (key.Certificate.IsEmpty) json.WriteNull("subject");
        else json.WriteString("subject", CertificateText.Read(key.Certificate).Subject);
        if (key.Certificate.IsEmpty) json.WriteNull("certificateSha256");
        else json.WriteString("certificateSha256", Convert.ToHexStringLower(SHA256.HashData(key.Certificate.Span)));
        json.WriteString("publicKeySha256", Convert.ToHexStringLower(SHA256.HashData(key.PublicKey.Span)));
        json.WriteBoolean("published", key.IsPublished);
        json.WriteBoolean("served", key.IsServed);
        if (hasFiles) json.WriteBoolean("onDisk", key.IsOnDisk);
        else json.WriteNull("onDisk");
        WriteRecords(json, "records", key.Records);
        json.WriteString("refusal", key.Refusal);
        json.WriteStartArray("endpoints");
        foreach (var endpoint in key.Endpoints)
        {
            json.WriteStartObject();
            json.WriteString("address", endpoint.Observation.Target.Address.ToString());
            json.WriteString("algorithm", Kebab.Of(endpoint.Algorithm));
            json.WriteString("result", EndpointResults.Of(endpoint));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("files");
        foreach (var file in key.Files) json.WriteStringValue(file);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRecords(Utf8JsonWriter json, string name, IEnumerable<TlsaRecord> records)
    {
        json.WriteStartArray(name);
        foreach (var record in records) json.WriteStringValue(record.ToString());
        json.WriteEndArray();
    }
}
