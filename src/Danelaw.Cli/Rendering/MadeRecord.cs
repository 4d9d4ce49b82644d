using System.Globalization;
using System.Text.Json;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Rendering;

/// <summary>A record that was made, with the place where it belongs.</summary>
/// <param name="Owner">The owner name.</param>
/// <param name="TimeToLive">Seconds; null leaves it to the zone file.</param>
/// <param name="Record">The record.</param>
/// <param name="Subject">The subject of the certificate that it was made from; null for a bare key.</param>
internal sealed record MadeRecord(DomainName Owner, int? TimeToLive, TlsaRecord Record, string? Subject)
{
    /// <summary>The line for a zone file.</summary>
    public string Line => string.Create(CultureInfo.InvariantCulture, $"{Owner} {(TimeToLive is { } seconds ? $"{seconds} " : "")}IN TLSA {Record}");

    /// <summary>The same for servers that do not know the type (RFC 3597 §5).</summary>
    public string GenericLine
    {
        get
        {
            var data = Record.ToRecordData();
            return string.Create(CultureInfo.InvariantCulture, $"{Owner} {(TimeToLive is { } seconds ? $"{seconds} " : "")}IN TYPE{(ushort)RecordType.TLSA} \\# {data.Length} {data.ToHex()}");
        }
    }

    /// <summary><c>danelaw.tlsa/1</c>.</summary>
    public byte[] ToJson() => JsonText.Line(WriteMembers);

    private void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("schema", "danelaw.tlsa/1");
        json.WriteString("owner", Owner.ToString());
        json.WriteNumber("usage", (byte)Record.Usage);
        json.WriteNumber("selector", (byte)Record.Selector);
        json.WriteNumber("matching", (byte)Record.Matching);
        json.WriteString("data", Record.Data.ToHex());
        if (TimeToLive is { } seconds) json.WriteNumber("ttl", seconds);
        else json.WriteNull("ttl");
        json.WriteString("record", Line);
        if (Subject is null) json.WriteNull("subject");
        else json.WriteString("subject", Subject);
    }
}
