using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Danelaw.Checks;

namespace Danelaw.Cli.Rendering.Reports;

/// <summary>
/// A document <c>danelaw.check/1</c>, read: what every report is made of that tells several targets together. So each tells what a program is told, be
/// the check one of this run or of an earlier one.
/// </summary>
internal sealed record ToldCheck(
    string Target,
    [property: JsonConverter(typeof(KebabConverter<CheckVerdict>))] CheckVerdict Verdict,
    string Reason,
    string Explanation,
    ImmutableArray<ToldHost> Hosts,
    ImmutableArray<ToldZone> Zones,
    ImmutableArray<ToldFinding> Findings,
    ImmutableArray<ToldService> Services = default)
{
    /// <summary>The reason as people say it.</summary>
    [JsonIgnore]
    public string ReasonInWords => Explanations.InWords(Reason, Explanations.Checks);

    /// <summary>The services that were looked for and are not there; empty where only one was.</summary>
    [JsonIgnore]
    public IEnumerable<string> NotOffered => Services is { IsDefault: false, Length: > 1 } ? Services.Where(service => !service.Offered).Select(service => service.Service) : [];

    /// <summary>Whether there is something that works today and will hurt, or worse.</summary>
    public bool HasWarning => Findings.Any(finding => finding.Severity != Severity.Note);

    /// <summary>The document of a report, read again.</summary>
    public static ToldCheck Of(CheckReport report) => TryRead(CheckJson.Document(report), out var told) ? told : throw new InvalidOperationException("a document that was just written cannot be read");

    /// <summary>Reads a document; false when it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> document, [NotNullWhen(true)] out ToldCheck? told)
    {
        try
        {
            told = JsonSerializer.Deserialize(document, ToldJson.Default.ToldCheck);
            return told is not null;
        }
        catch (JsonException)
        {
            told = null;
            return false;
        }
    }

    public int Count(Severity severity) => Findings.Count(finding => finding.Severity == severity);
}

/// <summary>A service that was looked for.</summary>
internal sealed record ToldService(string Service, bool Offered);

/// <summary>A host of a check.</summary>
internal sealed record ToldHost(
    string Name,
    int Port,
    int? Preference,
    [property: JsonConverter(typeof(KebabConverter<CheckVerdict>))] CheckVerdict Verdict,
    string Reason,
    string Sender,
    string Rule,
    ImmutableArray<string> Addresses,
    ToldTlsa Tlsa,
    ImmutableArray<ToldEndpoint> Endpoints)
{
    /// <summary>The reason as people say it.</summary>
    [JsonIgnore]
    public string ReasonInWords => Explanations.InWords(Reason, Explanations.Checks);

    /// <summary>What a sender does, as people say it.</summary>
    [JsonIgnore]
    public string SenderInWords => Explanations.InWords(Sender, Explanations.Senders);

    /// <summary>Whether anything that the server showed was held against its records.</summary>
    [JsonIgnore]
    private bool IsTested => Endpoints.Any(endpoint => endpoint.Reason is not null || endpoint.Result == "unauthenticated");

    /// <summary>The state of a record as people say it.</summary>
    public string StateInWords(ToldRecord record) => Words.Of(record.State, IsTested);

    /// <summary>The name as people write it.</summary>
    [JsonIgnore]
    public string ShortName => ToldName.Short(Name);

    /// <summary>The name, with the port unless it is that of mail servers among themselves.</summary>
    [JsonIgnore]
    public string Place => Port == 25 ? ShortName : string.Create(CultureInfo.InvariantCulture, $"{ShortName}:{Port}");
}

/// <summary>A zone on the way whose name servers were asked.</summary>
internal sealed record ToldZone(string Zone, ImmutableArray<ToldServer> Servers);

/// <summary>A name server at one address.</summary>
internal sealed record ToldServer(string Host, string Address, bool Asked, long? Serial, ImmutableArray<string> Faults)
{
    /// <summary>What came of asking it.</summary>
    [JsonIgnore]
    public string Result => !Faults.IsEmpty ? "faulty" : Asked ? "fine" : "not asked";
}

/// <summary>Names in documents, which are absolute.</summary>
internal static class ToldName
{
    /// <summary>As people write it.</summary>
    public static string Short(string name) => name is "." or "" ? "." : name.EndsWith('.') ? name[..^1] : name;
}

/// <summary>The TLSA records of a host.</summary>
internal sealed record ToldTlsa(string Base, string? Status, ImmutableArray<ToldRecord> Records);

/// <summary>A TLSA record.</summary>
internal sealed record ToldRecord(
    byte Usage,
    byte Selector,
    byte Matching,
    string Data,
    [property: JsonConverter(typeof(KebabConverter<RecordState>))] RecordState State,
    string? Unusable)
{
    /// <summary>Why it is unusable, as people say it; null where it is not.</summary>
    [JsonIgnore]
    public string? UnusableInWords => Unusable is { } why ? Explanations.InWords(why, Explanations.Records) : null;
}

/// <summary>An address asked for a kind of key.</summary>
internal sealed record ToldEndpoint(string Address, int Port, string CertificateType, string Algorithm, string? Tls, string Result, string? Reason, ImmutableArray<ToldCertificate> Chain, string? RawPublicKeySha256, string? Detail)
{
    /// <summary>The kind of key as people write it; empty where none was asked for and none shown.</summary>
    [JsonIgnore]
    public string KeyInWords => $"{(CertificateType == "raw-public-key" ? "raw " : "")}{Algorithm switch { "any" => "", "rsa" => "RSA", "ecdsa" => "ECDSA", "eddsa" => "EdDSA", _ => Algorithm }}".TrimEnd();

    /// <summary>What came of it, as people say it.</summary>
    [JsonIgnore]
    public string ResultInWords => EndpointResults.InWords(Result, Detail);

    /// <summary>Why, as people say it: the reason where a chain was judged, or else what happened; null where nothing is to be added.</summary>
    [JsonIgnore]
    public string? ReasonInWords => Result == "match" ? null : Reason is { } reason ? Explanations.InWords(reason, Explanations.Chains) : Detail;

    /// <summary>Whether there is something to tell: a kind of key that a server does not have is nothing to anybody.</summary>
    [JsonIgnore]
    public bool IsShown => Result is not ("algorithm-not-offered" or "algorithm-not-asked");

    /// <summary>The address with its port.</summary>
    [JsonIgnore]
    public string Place => System.Net.IPAddress.TryParse(Address, out var address) ? new System.Net.IPEndPoint(address, Math.Clamp(Port, 0, ushort.MaxValue)).ToString() : Address;
}

/// <summary>A certificate.</summary>
internal sealed record ToldCertificate(string Subject, string Issuer, DateTimeOffset? NotBefore, DateTimeOffset? NotAfter, string Key, string CertificateSha256, string? PublicKeySha256);

/// <summary>A finding.</summary>
internal sealed record ToldFinding(
    string Code,
    [property: JsonConverter(typeof(KebabConverter<Severity>))] Severity Severity,
    string Subject,
    string Text,
    string Mend);

/// <summary>A member of a closed list as JSON spells it.</summary>
internal sealed class KebabConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        foreach (var member in Enum.GetValues<T>())
            if (Kebab.Of(member) == text) return member;
        throw new JsonException("it is not on the list");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Kebab.Of(value));
}

/// <summary>Reads documents. What is missing, or null where it may not be, is a fault; what is not known is passed over.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ToldCheck))]
internal sealed partial class ToldJson : JsonSerializerContext;
