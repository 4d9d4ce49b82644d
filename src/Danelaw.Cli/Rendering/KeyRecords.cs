using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Cli.Rendering;

/// <summary>The records that belong to a key, as lines of a zone file and as <c>danelaw.zone-key/1</c>.</summary>
internal sealed record KeyRecords(DomainName Zone, uint? TimeToLive, DnskeyData Key, IReadOnlyList<DigestAlgorithm> Digests)
{
    public static IReadOnlyList<string> Kinds { get; } = ["dnskey", "ds", "cds", "cdnskey"];

    /// <summary>Whether it is known to sign everything; its flags say no more than that it may be what the parent names.</summary>
    public bool IsCombined { get; init; }

    public string Role => Key.IsRevoked ? "revoked" : Key.IsSecureEntryPoint ? IsCombined ? "csk" : "ksk" : "zsk";

    /// <summary>The kinds that are printed unasked: what is for the parent only of a key that it may name.</summary>
    public IEnumerable<string> Usual => Role == "zsk" ? Kinds.Take(1) : Kinds;

    private SecurityAlgorithm Algorithm => (SecurityAlgorithm)Key.Algorithm;

    /// <summary>The lines of one kind.</summary>
    public IEnumerable<string> Lines(string kind) => kind switch
    {
        "dnskey" => [Line(RecordType.DNSKEY, Key.ToOctets())],
        "ds" => Digests.Select(digest => Line(RecordType.DS, DelegationSigner.Create(Zone, Key.ToOctets(), digest))),
        "cds" => Digests.Select(digest => Line(RecordType.CDS, DelegationSigner.Create(Zone, Key.ToOctets(), digest))),
        _ => [Line(RecordType.CDNSKEY, Key.ToOctets())],
    };

    public byte[] ToText(IEnumerable<string> kinds)
    {
        var text = new System.Text.StringBuilder();
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"; {Zone} key {Key.KeyTag()}, algorithm {Key.Algorithm} ({SecurityAlgorithms.ToText(Algorithm)}), {(KeyBits.Of(Key) is { } bits ? $"{bits} bits, " : "")}{Role}\n");
        foreach (var line in kinds.SelectMany(Lines)) text.Append(line).Append('\n');
        return System.Text.Encoding.ASCII.GetBytes(text.ToString());
    }

    public byte[] ToJson(IEnumerable<string> files) => JsonText.Line(json =>
    {
        json.WriteString("schema", "danelaw.zone-key/1");
        json.WriteString("zone", Zone.ToString());
        json.WriteNumber("tag", Key.KeyTag());
        json.WriteNumber("algorithm", Key.Algorithm);
        json.WriteString("mnemonic", SecurityAlgorithms.ToText(Algorithm));
        json.WriteNumber("flags", Key.Flags);
        json.WriteString("role", Role);
        if (KeyBits.Of(Key) is { } bits) json.WriteNumber("bits", bits);
        else json.WriteNull("bits");
        WriteList("files", files);
        foreach (var kind in Kinds) WriteList(kind, Lines(kind));

        void WriteList(string name, IEnumerable<string> values)
        {
            json.WriteStartArray(name);
            foreach (var value in values) json.WriteStringValue(value);
            json.WriteEndArray();
        }
    });

    private string Line(RecordType type, Dns.Octets data)
    {
        var line = ZoneWriter.ToLine(new ResourceRecord(Zone, type, RecordClass.IN, TimeToLive ?? 3600, data));
        return line;
    }
}
