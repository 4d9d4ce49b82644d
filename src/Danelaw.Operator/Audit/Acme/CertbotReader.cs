using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Audit.Acme;

/// <summary>Reads certbot's renewal files: <c>NAME = VALUE</c> lines, then a section <c>[renewalparams]</c>.</summary>
internal static class CertbotReader
{
    internal const string Folder = "/etc/letsencrypt";

    /// <summary>certbot's default before it looked at the certificate's length (renew_before_expiry).</summary>
    private const int DefaultDays = 30;

    private static readonly string[] HookNames = ["pre_hook", "renew_hook", "deploy_hook", "post_hook"];
    private static readonly string[] HookFolders = ["deploy", "post"];

    internal static IEnumerable<Lineage> Read(HostFiles files, ICollection<Unseen> unseen)
    {
        var names = files.List(Folder + "/renewal", out var folder);
        if (folder.State == FileState.Unseen) unseen.Add(new("certbot's certificates", $"{folder.RealPath} cannot be read by this user; run as root"));
        foreach (var name in names.Where(name => name.EndsWith(".conf", StringComparison.Ordinal)))
        {
            var path = $"{Folder}/renewal/{name}";
            var file = files.Read(path);

            // A link that leads to nothing: certbot itself passes over it.
            if (file.State == FileState.Missing) continue;
            if (!file.IsRead)
            {
                unseen.Add(new($"certbot's {name[..^5]}", $"{path} cannot be read by this user; run as root"));
                continue;
            }

            yield return Of(files, name[..^".conf".Length], path, file.Text, unseen);
        }
    }

    private static Lineage Of(HostFiles files, string name, string path, string text, ICollection<Unseen> unseen)
    {
        var values = Values(text);
        var fullChain = values.GetValueOrDefault("fullchain", $"{Folder}/live/{name}/fullchain.pem");
        var chain = ChainReader.Summaries(files, fullChain, unseen);
        string[] hooks = [.. HookNames.Select(hook => values.GetValueOrDefault(hook, "")).Where(hook => hook.Length > 0 && hook != "None"), .. Scripts(files)];
        return new()
        {
            Client = AcmeClient.Certbot,
            Name = name,
            Place = new(path, 0),
            Folders = [$"{Folder}/live/{name}", $"{values.GetValueOrDefault("archive_dir", $"{Folder}/archive/{name}")}"],
            Chain = chain,
            KeyFile = values.GetValueOrDefault("privkey", $"{Folder}/live/{name}/privkey.pem"),
            ChainFile = fullChain,
            Key = CertbotRenewal.KeyOf(values),
            RenewalFrom = RenewalFrom(values.GetValueOrDefault("renew_before_expiry"), chain),
            Hooks = [.. hooks],
        };
    }

    internal static Dictionary<string, string> Values(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            var sign = line.IndexOf('=', StringComparison.Ordinal);
            if (line.Length == 0 || line[0] is '#' or '[' || sign <= 0) continue;
            values[line[..sign].Trim()] = line[(sign + 1)..].Trim();
        }

        return values;
    }

    private static IEnumerable<string> Scripts(HostFiles files) =>
        HookFolders.SelectMany(kind => files.List($"{Folder}/renewal-hooks/{kind}", out _).Select(script => $"{Folder}/renewal-hooks/{kind}/{script}"));

    private static DateTimeOffset? RenewalFrom(string? before, ImmutableArray<Danelaw.Certificates.CertificateSummary> chain)
    {
        if (chain.IsEmpty || chain[0].NotAfter is not { } end || chain[0].NotBefore is not { } begin) return null;
        if (before is not null && before.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var number, var unit] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            double? days = unit.TrimEnd('s') switch
            {
                "day" => count,
                "week" => 7.0 * count,
                "hour" => count / 24.0,
                _ => null,
            };
            return days < (end - DateTimeOffset.UnixEpoch).TotalDays ? end.AddDays(-days.Value) : null;
        }

        // Later releases renew when a third of the time is left, half of it for certificates of ten days or less.
        var whole = end - begin;
        var left = whole <= TimeSpan.FromDays(10) ? whole / 2 : TimeSpan.FromTicks(Math.Min((whole / 3).Ticks, TimeSpan.FromDays(DefaultDays).Ticks));
        return end - left;
    }
}
