using System.Globalization;
using System.Text.Json;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Rendering.Records;

/// <summary>A record that was made, with the place where it belongs.</summary>
/// <param name="Owner">The owner name.</param>
/// <param name="TimeToLive">Seconds; null leaves it to the zone file.</param>
/// <param name="Type">TLSA or SMIMEA, which say the same things, or OPENPGPKEY.</param>
/// <param name="Data">The RDATA.</param>
/// <param name="Subject">The subject of the certificate, or the user of the OpenPGP key, that it was made from; null for a bare key.</param>
internal sealed record MadeRecord(DomainName Owner, int? TimeToLive, RecordType Type, Octets Data, string? Subject)
{
    /// <summary>The type's mnemonic.</summary>
    public string TypeName => RecordTypes.ToText(Type);

    /// <summary>The RDATA as a zone file has it.</summary>
    public string Text => RecordText.Format(Type, Data);

    /// <summary>What a TLSA or SMIMEA record says; of OPENPGPKEY null.</summary>
    public TlsaRecord? Association => Type != RecordType.OPENPGPKEY && TlsaRecord.TryFromRecordData(Data, out var record) ? record : null;

    /// <summary>The line for a zone file.</summary>
    public string Line => $"{Start} {TypeName} {Text}";

    /// <summary>The same for servers that do not know the type (RFC 3597 §5).</summary>
    public string GenericLine => string.Create(CultureInfo.InvariantCulture, $"{Start} TYPE{(ushort)Type} \\# {Data.Length} {Data.ToHex()}");

    private string Start => string.Create(CultureInfo.InvariantCulture, $"{Owner} {(TimeToLive is { } seconds ? $"{seconds} " : "")}IN");

    /// <summary><c>danelaw.tlsa/1</c>, <c>danelaw.smimea/1</c> or <c>danelaw.openpgpkey/1</c>.</summary>
    public byte[] ToJson() => JsonText.Line(WriteMembers);

    private void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("schema", $"danelaw.{TypeName.ToLowerInvariant()}/1");
        json.WriteString("owner", Owner.ToString());
        if (Association is { } record)
        {
            json.WriteNumber("usage", (byte)record.Usage);
            json.WriteNumber("selector", (byte)record.Selector);
            json.WriteNumber("matching", (byte)record.Matching);
            json.WriteString("data", record.Data.ToHex());
        }
        else
        {
            json.WriteBase64String("data", Data.Span);
        }

        if (TimeToLive is { } seconds) json.WriteNumber("ttl", seconds);
        else json.WriteNull("ttl");
        json.WriteString("record", Line);
        if (Subject is null) json.WriteNull("subject");
        else json.WriteString("subject", Subject);
    }
}
