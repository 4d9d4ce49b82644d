using Danelaw.Dns.Records;
using Danelaw.Operator.Publishing.Signing;

namespace Danelaw.Cli.Rendering.Operating;

/// <summary><c>danelaw.dnssec/1</c>.</summary>
internal static class DnssecJson
{
    public static byte[] Document(ZoneSigningEvidence evidence, ZoneSigningReport report) => JsonText.Line(json =>
    {
        json.WriteString("schema", "danelaw.dnssec/1");
        json.WriteString("zone", evidence.Zone.ToString());
        json.WriteString("state", Kebab.Of(report.State));
        json.WriteString("reason", report.Reason);
        json.WriteString("software", report.Software.ToString().ToLowerInvariant());
        json.WriteStartArray("ds");
        foreach (var key in report.Keys)
        {
            json.WriteStartObject();
            json.WriteNumber("keyTag", key.Signer.KeyTag);
            json.WriteNumber("algorithm", key.Signer.Algorithm);
            json.WriteNumber("digestType", key.Signer.DigestType);
            json.WriteString("digest", key.Signer.Digest.ToHex());
            json.WriteNumber("flags", key.Dnskey.Flags);
            json.WriteNumber("protocol", key.Dnskey.Protocol);
            json.WriteString("publicKey", key.Dnskey.PublicKey.ToBase64());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("childSigners", evidence.Servers.Any(server => server.HasChildSigners));
        json.WriteStartArray("servers");
        foreach (var server in evidence.Servers)
        {
            json.WriteStartObject();
            json.WriteString("server", $"{server.Host} {server.Address}");
            json.WriteNumber("keys", server.Keys.Length);
            json.WriteString("byItself", Kebab.Of(server.ByItself));
            json.WriteString("fromAbove", Kebab.Of(server.FromAbove));
            json.WriteString("detail", server.Fault.Length > 0 ? server.Fault : server.Explanation);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("parents");
        foreach (var parent in evidence.Parents)
        {
            json.WriteStartObject();
            json.WriteString("server", parent.Server);
            json.WriteString("status", Kebab.Of(parent.Security));
            if (parent.Signers is { } signers)
            {
                json.WriteStartArray("ds");
                foreach (var signer in signers) json.WriteStringValue(Dns.Zones.RecordText.Format(RecordType.DS, signer));
                json.WriteEndArray();
            }
            else
            {
                json.WriteNull("ds");
            }

            json.WriteString("detail", parent.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("toSign");
        foreach (var line in report.State == ZoneSigningState.Unsigned ? SigningAdvice.ToSign(report.Software, evidence.Zone) : []) json.WriteStringValue(line);
        json.WriteEndArray();
    });
}
