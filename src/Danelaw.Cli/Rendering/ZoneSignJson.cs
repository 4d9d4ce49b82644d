using System.Globalization;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Cli.Rendering;

/// <summary><c>danelaw.zone-sign/1</c>.</summary>
internal static class ZoneSignJson
{
    public static byte[] Write(ZoneSigningOutcome outcome, ZoneSigningOptions options, string file) => JsonText.Line(json =>
    {
        json.WriteString("schema", "danelaw.zone-sign/1");
        json.WriteString("zone", outcome.Apex.ToString());
        json.WriteBoolean("signed", outcome.IsSigned);
        json.WriteString("reason", outcome.Fault);
        if (outcome.IsSigned) json.WriteString("file", file);
        else json.WriteNull("file");
        json.WriteNumber("serial", outcome.Serial);
        json.WriteNumber("oldSerial", outcome.OldSerial);
        json.WriteString("denial", (outcome.Nsec3 ?? options.Nsec3) is null ? "NSEC" : "NSEC3");
        json.WriteNumber("names", outcome.Names);
        json.WriteNumber("records", outcome.Records);
        json.WriteNumber("signaturesMade", outcome.SignaturesMade);
        json.WriteNumber("signaturesKept", outcome.SignaturesKept);
        json.WriteString("inception", Moment(options.Validity.Inception));
        json.WriteString("expiration", Moment(options.Validity.Expiration));
        if (outcome.FirstExpiration is { } first) json.WriteString("firstExpiration", Moment(first));
        else json.WriteNull("firstExpiration");
        json.WriteStartArray("notes");
        foreach (var note in outcome.Notes) json.WriteStringValue(note);
        json.WriteEndArray();
    });

    internal static string Moment(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
