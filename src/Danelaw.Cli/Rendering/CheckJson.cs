using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Danelaw.Checks;
using Danelaw.Cli.Rendering.Servers;
using Danelaw.Probes;

namespace Danelaw.Cli.Rendering;

/// <summary><c>danelaw.check/1</c>.</summary>
internal static class CheckJson
{
    public static byte[] Document(CheckReport report) => JsonText.Line(json =>
    {
        json.WriteString("schema", "danelaw.check/1");
        json.WriteString("target", report.Target);
        json.WriteString("verdict", Kebab.Of(report.Verdict));
        json.WriteString("reason", Kebab.Of(report.Reason));
        json.WriteString("explanation", report.Explanation);
        if (!report.Services.IsEmpty)
        {
            json.WriteStartArray("services");
            foreach (var service in report.Services) Write(json, service);
            json.WriteEndArray();
        }

        json.WriteStartArray("hosts");
        foreach (var host in report.Hosts) Write(json, host);
        json.WriteEndArray();
        json.WriteStartArray("zones");
        foreach (var zone in report.Zones) ServersJson.WriteShort(json, zone);
        json.WriteEndArray();
        json.WriteStartArray("findings");
        foreach (var finding in report.Findings) Write(json, finding);
        json.WriteEndArray();
        json.WriteStartArray("lookups");
        foreach (var lookup in report.Lookups)
        {
            json.WriteStartObject();
            AnswerJson.Write(json, lookup, lookup.Question.Name.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, ServiceReport service)
    {
        json.WriteStartObject();
        json.WriteString("service", ServiceProtocols.NameOf(service.Service));
        json.WriteBoolean("offered", service.IsOffered);
        if (service.Srv is { } srv)
        {
            json.WriteStartObject("srv");
            json.WriteString("owner", srv.SrvAnswer.Question.Name.ToString());
            json.WriteString("status", Kebab.Of(srv.SrvAnswer.Security));
            json.WriteString("result", Kebab.Of(srv.Kind));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, HostReport host)
    {
        json.WriteStartObject();
        json.WriteString("name", host.Name.ToString());
        json.WriteString("service", ServiceProtocols.NameOf(host.Service));
        json.WriteNumber("port", host.Port);
        if (host.Priority is { } priority) json.WriteNumber("priority", priority);
        if (host.Weight is { } weight) json.WriteNumber("weight", weight);
        if (host.Preference is { } preference) json.WriteNumber("preference", preference);
        else json.WriteNull("preference");
        json.WriteString("verdict", Kebab.Of(host.Verdict));
        json.WriteString("reason", Kebab.Of(host.Reason));
        json.WriteString("sender", Kebab.Of(host.Sender.Action));
        json.WriteString("rule", host.Sender.Rule);
        json.WriteStartArray("addresses");
        foreach (var address in host.Addresses) json.WriteStringValue(address.ToString());
        json.WriteEndArray();
        json.WriteStartObject("tlsa");
        json.WriteString("base", host.TlsaBase.ToString());
        if (host.TlsaAnswer is { } answer) json.WriteString("status", Kebab.Of(answer.Security));
        else json.WriteNull("status");
        json.WriteStartArray("records");
        foreach (var record in host.Records) Write(json, record);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("endpoints");
        foreach (var endpoint in host.Endpoints) Write(json, endpoint);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RecordReport report)
    {
        json.WriteStartObject();
        json.WriteNumber("usage", (byte)report.Record.Usage);
        json.WriteNumber("selector", (byte)report.Record.Selector);
        json.WriteNumber("matching", (byte)report.Record.Matching);
        json.WriteString("data", report.Record.Data.ToHex());
        json.WriteString("state", Kebab.Of(report.State));
        if (report.Usability == Tlsa.Usability.Usable) json.WriteNull("unusable");
        else json.WriteString("unusable", Kebab.Of(report.Usability));
        json.WriteStartArray("matches");
        foreach (var match in report.Matches)
        {
            json.WriteStartObject();
            json.WriteString("address", match.Address.Address.ToString());
            json.WriteNumber("port", match.Address.Port);
            json.WriteString("algorithm", Kebab.Of(match.Algorithm));
            json.WriteString("certificateType", CertificateType(match.IsRawPublicKey));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, EndpointReport endpoint)
    {
        var seen = endpoint.Observation;
        json.WriteStartObject();
        json.WriteString("address", seen.Target.Address.Address.ToString());
        json.WriteNumber("port", seen.Target.Address.Port);
        json.WriteString("algorithm", Kebab.Of(endpoint.Algorithm));
        json.WriteString("certificateType", CertificateType(seen.Target.RawPublicKey));
        WriteOrNull(json, "tls", seen.TlsVersion);
        WriteOrNull(json, "cipher", seen.CipherSuite);
        json.WriteString("result", EndpointResults.Of(endpoint));
        if (endpoint.Verdict is { } verdict) json.WriteString("reason", Kebab.Of(verdict.Reason));
        else json.WriteNull("reason");
        if (endpoint.Verdict?.Depth is { } depth) json.WriteNumber("depth", depth);
        else json.WriteNull("depth");
        json.WriteStartArray("chain");
        foreach (var der in seen.Chain) Write(json, CertificateText.Read(der));
        json.WriteEndArray();
        WriteOrNull(json, "rawPublicKeySha256", KeyDigest(seen));
        WriteOrNull(json, "detail", seen.Detail);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CertificateText certificate)
    {
        json.WriteStartObject();
        json.WriteString("subject", certificate.Subject);
        json.WriteString("issuer", certificate.Issuer);
        WriteOrNull(json, "notBefore", Time(certificate.NotBefore));
        WriteOrNull(json, "notAfter", Time(certificate.NotAfter));
        json.WriteString("key", certificate.Key);
        json.WriteStartArray("names");
        foreach (var name in certificate.Names) json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteString("certificateSha256", certificate.CertificateSha256);
        WriteOrNull(json, "publicKeySha256", certificate.PublicKeySha256);
        json.WriteEndObject();
    }

    /// <summary>A finding, as it stands in <c>danelaw.check/1</c> and <c>danelaw.lookup/1</c>.</summary>
    internal static void Write(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("code", finding.Code);
        json.WriteString("severity", Kebab.Of(finding.Severity));
        json.WriteString("subject", finding.Subject);
        json.WriteString("text", finding.Text);
        json.WriteString("mend", finding.Mend);
        json.WriteString("explain", MoreAbout.Of(finding.Code));
        json.WriteEndObject();
    }

    internal static string KeyDigest(Observation seen) => seen.RawPublicKey.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(seen.RawPublicKey.Span));

    private static string CertificateType(bool isRawPublicKey) => isRawPublicKey ? "raw-public-key" : "x509";

    private static string Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    private static void WriteOrNull(Utf8JsonWriter json, string name, string text)
    {
        if (text.Length > 0) json.WriteString(name, text);
        else json.WriteNull(name);
    }
}
