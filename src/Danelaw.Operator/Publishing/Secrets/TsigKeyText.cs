using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;

namespace Danelaw.Operator.Publishing.Secrets;

/// <summary>
/// Reads a TSIG key as programs write it: <c>key "name" { algorithm …; secret "…"; };</c> (BIND's tsig-keygen), keymgr's YAML (Knot), <c>name algorithm secret</c>
/// (pdnsutil list-tsig-keys) and <c>algorithm:name:secret</c> (dig, knsupdate). Faults never show any of the text.
/// </summary>
internal static partial class TsigKeyText
{
    /// <summary>Reads it.</summary>
    /// <param name="text">The text, with one key in it.</param>
    /// <param name="key">The key; null on failure.</param>
    /// <param name="fault">What is wrong, as a phrase; empty on success.</param>
    internal static bool TryRead(string text, [NotNullWhen(true)] out TsigKey? key, out string fault)
    {
        key = null;
        var found = Statements(text).Concat(Yaml(text)).ToList();
        if (found.Count == 0) found.AddRange(Lines(text));
        if (found.Count != 1)
        {
            fault = found.Count == 0 ? "no TSIG key in a form that is known: key \"name\" { algorithm hmac-sha256; secret \"…\"; };, or algorithm:name:secret" : "more than one TSIG key: give a file with the one that is meant";
            return false;
        }

        var (name, algorithm, secret) = found[0];
        if (!DomainName.TryParse(name, out var named)) fault = "the key's name is no domain name";
        else if (!TsigAlgorithms.TryParse(algorithm, out var known)) fault = algorithm.Contains("md5", StringComparison.OrdinalIgnoreCase) ? "hmac-md5 must not be used (RFC 8945 §6): make a key with hmac-sha256" : "the key's algorithm is not known: hmac-sha256, hmac-sha384 and hmac-sha512 are";
        else if (!TryDecode(secret, out var octets)) fault = "the key's secret is not in base 64";
        else
        {
            key = new(named, known, octets);
            fault = "";
            return true;
        }

        return false;
    }

    private static bool TryDecode(string secret, out ReadOnlySpan<byte> octets)
    {
        var room = new byte[secret.Length];
        var isRead = Convert.TryFromBase64String(secret, room, out var length) && length > 0;
        octets = room.AsSpan(0, isRead ? length : 0);
        return isRead;
    }

    private static IEnumerable<(string Name, string Algorithm, string Secret)> Statements(string text)
    {
        foreach (Match match in Statement().Matches(Comment().Replace(text, found => found.Groups["kept"].Success ? found.Value : " ")))
        {
            var body = match.Groups["body"].Value;
            yield return (match.Groups["name"].Value, Algorithm().Match(body).Groups[1].Value, Secret().Match(body).Groups[1].Value);
        }
    }

    private static IEnumerable<(string Name, string Algorithm, string Secret)> Yaml(string text)
    {
        foreach (Match match in YamlKey().Matches(text))
        {
            var body = match.Groups["body"].Value;
            yield return (match.Groups["name"].Value, YamlAlgorithm().Match(body).Groups[1].Value, YamlSecret().Match(body).Groups[1].Value);
        }
    }

    private static IEnumerable<(string Name, string Algorithm, string Secret)> Lines(string text)
    {
        foreach (var line in text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] is not ('#' or ';')))
        {
            var parts = line.Split(':');
            if (parts.Length == 3) yield return (parts[1], parts[0], parts[2]);
            else if (parts.Length == 2) yield return (parts[0], "hmac-sha256", parts[1]);
            else if (line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is [var name, var algorithm, var secret]) yield return (name, algorithm, secret);
        }
    }

    /// <summary>What comes first counts: strokes and asterisks in a string, or in a secret without quotes, begin no comment.</summary>
    [GeneratedRegex("""(?<kept>"[^"\n]*"|\bsecret\s+[A-Za-z0-9+/]+=*\s*;)|//[^\n]*|#[^\n]*|/\*.*?\*/""", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Comment();

    [GeneratedRegex("""\bkey\s+"?(?<name>[^\s"{;]+)"?\s*\{(?<body>[^}]*)\}""", RegexOptions.CultureInvariant)]
    private static partial Regex Statement();

    [GeneratedRegex("""\balgorithm\s+"?([^\s";]+)"?\s*;""", RegexOptions.CultureInvariant)]
    private static partial Regex Algorithm();

    [GeneratedRegex("""\bsecret\s+"?([^\s";]+)"?\s*;""", RegexOptions.CultureInvariant)]
    private static partial Regex Secret();

    [GeneratedRegex("""^\s*-\s*id:\s*["']?(?<name>[^\s"'#]+)["']?(?<body>(?:(?!^\s*-\s*id:).)*)""", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex YamlKey();

    [GeneratedRegex("""^\s*algorithm:\s*["']?([^\s"'#]+)""", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex YamlAlgorithm();

    [GeneratedRegex("""^\s*secret:\s*["']?([^\s"'#]+)""", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex YamlSecret();
}
