using System.Globalization;
using System.Text;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Audit.Acme;

/// <summary>Reads acme.sh's folders: one a domain, with <c>DOMAIN.conf</c> of shell assignments.</summary>
internal static class AcmeShReader
{
    private const string Begin = "__ACME_BASE64__START_", End = "__ACME_BASE64__END_";

    private static readonly string[] HookNames = ["Le_PreHook", "Le_RenewHook", "Le_ReloadCmd", "Le_PostHook"];

    internal static IEnumerable<Lineage> Read(HostFiles files, IEnumerable<string> homes, ICollection<Unseen> unseen)
    {
        foreach (var home in homes.Select(home => home + "/.acme.sh").Append("/etc/acme.sh").Append("/opt/acme.sh"))
        {
            var names = files.List(home, out var folder);
            if (folder.State == FileState.Unseen) unseen.Add(new("acme.sh's certificates", $"{folder.RealPath} cannot be read by this user; run as root"));
            foreach (var name in names)
            {
                var domain = name.EndsWith("_ecc", StringComparison.Ordinal) ? name[..^4] : name;
                var path = $"{home}/{name}/{domain}.conf";
                var file = files.Read(path);
                if (file.IsRead) yield return Of(files, home, name, domain, path, file.Text, unseen);
            }
        }
    }

    private static Lineage Of(HostFiles files, string home, string name, string domain, string path, string text, ICollection<Unseen> unseen)
    {
        var values = Values(text);
        var isNewKey = values.GetValueOrDefault("Le_ForceNewDomainKey") is "1" or "true";
        var next = long.TryParse(values.GetValueOrDefault("Le_NextRenewTime"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : (DateTimeOffset?)null;
        return new()
        {
            Client = AcmeClient.AcmeSh,
            Name = domain,
            Place = new(path, 0),
            Folders = [$"{home}/{name}"],
            KeyFile = $"{home}/{name}/{domain}.key",
            ChainFile = $"{home}/{name}/fullchain.cer",
            Chain = ChainReader.Summaries(files, $"{home}/{name}/fullchain.cer", unseen),

            // acme.sh keeps the key unless it is told to make a new one each time.
            Key = isNewKey ? KeyAtRenewal.Changed : KeyAtRenewal.Kept,
            RenewalFrom = next,
            Hooks = [.. HookNames.Select(hook => Decode(values.GetValueOrDefault(hook, ""))).Where(hook => hook.Length > 0)],
        };
    }

    internal static Dictionary<string, string> Values(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            var sign = line.IndexOf('=', StringComparison.Ordinal);
            if (sign > 0 && line[0] != '#') values[line[..sign]] = line[(sign + 1)..].Trim('\'', '"');
        }

        return values;
    }

    /// <summary>A command as acme.sh writes it.</summary>
    internal static string Code(string command) => Begin + Convert.ToBase64String(Encoding.UTF8.GetBytes(command)) + End;

    /// <summary>Commands stand between marks, in base64.</summary>
    internal static string Decode(string value)
    {
        if (value.Length < Begin.Length + End.Length || !value.StartsWith(Begin, StringComparison.Ordinal) || !value.EndsWith(End, StringComparison.Ordinal)) return value;
        var coded = value[Begin.Length..^End.Length];
        var octets = new byte[coded.Length];
        return Convert.TryFromBase64String(coded, octets, out var length) ? Encoding.UTF8.GetString(octets, 0, length) : value;
    }
}
