namespace Danelaw.Testing.Peers;

/// <summary>Trust anchors in the syntaxes of the peers, made from zone-file lines (<c>. IN DS 12 13 2 AB…</c>, one record a line).</summary>
public static class TrustAnchorText
{
    /// <summary>BIND's <c>trust-anchors</c> statement.</summary>
    public static string ForBind(string zoneLines)
    {
        var anchors = string.Concat(Records(zoneLines).Select(record => record switch
        {
            { Type: "DS" } => $"  {record.Owner} static-ds {record.Data[0]} {record.Data[1]} {record.Data[2]} \"{string.Concat(record.Data[3..])}\";\n",
            _ => $"  {record.Owner} static-key {record.Data[0]} {record.Data[1]} {record.Data[2]} \"{string.Concat(record.Data[3..])}\";\n",
        }));
        return $"trust-anchors {{\n{anchors}}};\n";
    }

    private static IEnumerable<(string Owner, string Type, string[] Data)> Records(string zoneLines)
    {
        foreach (var line in zoneLines.Split('\n'))
        {
            var fields = line.Split(';')[0].Replace("(", " ").Replace(")", " ").Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            var type = Array.FindIndex(fields, field => field is "DS" or "DNSKEY");
            if (type > 0) yield return (fields[0], fields[type], fields[(type + 1)..]);
        }
    }
}
