using System.Globalization;
using System.Text;
using Danelaw.Dns.Names;

namespace Danelaw.Cli.Rendering.Records;

/// <summary>tinydns-data's generic record, <c>:fqdn:n:rdata:ttl</c>; what is not plainly a letter of a host name stands as <c>\ooo</c>.</summary>
internal static class TinydnsData
{
    public static string Of(MadeRecord record)
    {
        var line = new StringBuilder(":");
        AddName(line, record.Owner);
        line.Append(CultureInfo.InvariantCulture, $":{(ushort)record.Type}:");
        foreach (var octet in record.Data.Span) AddOctal(line, octet);
        return line.Append(CultureInfo.InvariantCulture, $":{record.TimeToLive ?? RecordForms.DefaultTimeToLive}").ToString();
    }

    private static void AddName(StringBuilder line, DomainName name)
    {
        for (var label = 0; label < name.LabelCount; label++)
        {
            if (label > 0) line.Append('.');
            foreach (var octet in name.GetLabel(label))
            {
                if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'-' or (byte)'_') line.Append(char.ToLowerInvariant((char)octet));
                else AddOctal(line, octet);
            }
        }
    }

    private static void AddOctal(StringBuilder text, byte octet) => text.Append('\\').Append((char)('0' + (octet >> 6))).Append((char)('0' + ((octet >> 3) & 7))).Append((char)('0' + (octet & 7)));
}
