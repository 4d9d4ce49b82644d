using System.Text;

namespace Danelaw.Testing.Peers;

/// <summary>
/// Record lines as different programs write them, brought to one spelling, so that two programs' answers can be compared:
/// blanks inside hexadecimal and base64 fields go, escapes become octets, and the case of names and hexadecimal is lost.
/// </summary>
public static class RecordLine
{
    // Type and the number of leading fields that stay apart; what follows is one hexadecimal or base64 field.
    private static readonly Dictionary<string, int> LongTail = new(StringComparer.Ordinal)
    {
        ["TLSA"] = 3, ["SMIMEA"] = 3, ["DS"] = 3, ["CDS"] = 3, ["DNSKEY"] = 3, ["CDNSKEY"] = 3, ["SSHFP"] = 2, ["OPENPGPKEY"] = 0, ["RRSIG"] = 8,
    };

    /// <summary>The type's mnemonic in a line <c>owner ttl IN TYPE rdata</c>.</summary>
    public static string TypeOf(string line) => Fields(line) is { Count: > 3 } fields ? fields[3] : "";

    /// <summary>One spelling of the line without its TTL.</summary>
    public static string Normalize(string line)
    {
        var fields = Fields(line);
        if (fields.Count < 4) return line;
        var type = fields[3].ToUpperInvariant();
        var data = fields[4..];
        if (LongTail.TryGetValue(type, out var apart) && data.Count > apart + 1)
            data = [.. data[..apart], string.Concat(data[apart..])];
        // RFC 3597 §5: \# LENGTH HEX
        if (data.Count > 2 && data[0] == "\\#") data = ["\\#", data[1], string.Concat(data[2..])];
        var quoted = type is "TXT" or "SPF" or "CAA" or "HINFO" or "NAPTR" or "URI";
        return $"{Unescape(fields[0]).ToLowerInvariant()} {type} {string.Join(' ', data.Select(field => Canonical(type, field, quoted)))}";
    }

    private static string Canonical(string type, string field, bool quoted)
    {
        if (quoted) return "\"" + Unescape(field.Length > 1 && field[0] == '"' ? field[1..^1] : field) + "\"";
        // Base64 has a case; names and hexadecimal have none that matters.
        return type is "DNSKEY" or "CDNSKEY" or "OPENPGPKEY" or "RRSIG" ? field : Unescape(field).ToLowerInvariant();
    }

    /// <summary>The fields of a line, split at blanks that stand neither in quotes nor behind a backslash.</summary>
    internal static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        bool quoted = false, begun = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\\' && i + 1 < line.Length) { field.Append(c).Append(line[++i]); begun = true; continue; }
            if (c == '"') { quoted = !quoted; begun = true; }
            if (!quoted && c is ' ' or '\t')
            {
                if (begun) fields.Add(field.ToString());
                field.Clear();
                begun = false;
                continue;
            }
            field.Append(c);
            begun = true;
        }
        if (begun) fields.Add(field.ToString());
        return fields;
    }

    // \DDD and \X become one character each; an escaped dot stays apart from the dot between labels.
    private static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 >= text.Length) { plain.Append(text[i]); continue; }
            char octet;
            if (i + 3 < text.Length && char.IsAsciiDigit(text[i + 1]) && char.IsAsciiDigit(text[i + 2]) && char.IsAsciiDigit(text[i + 3]))
            {
                octet = (char)(((text[i + 1] - '0') * 100) + ((text[i + 2] - '0') * 10) + (text[i + 3] - '0'));
                i += 3;
            }
            else octet = text[++i];
            plain.Append(octet == '.' ? '\uFF0E' : octet);
        }
        return plain.ToString();
    }
}
