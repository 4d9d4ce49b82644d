namespace Danelaw.Operator.Audit.Files;

/// <summary>The files in which commands stand that run by themselves: the tables and folders of cron, and units of systemd.</summary>
internal static class Schedules
{
    /// <summary>Where an administrator's units are; those of packages are elsewhere, and nobody edits them.</summary>
    internal const string UnitFolder = "/etc/systemd/system";

    private const string Table = "/etc/crontab";

    private static readonly string[] Spools = ["/var/spool/cron/crontabs", "/var/spool/cron"];
    private static readonly string[] Scripts = ["/etc/cron.hourly", "/etc/cron.daily", "/etc/cron.weekly", "/etc/cron.monthly"];

    /// <summary>Every one of them by its path.</summary>
    /// <param name="files">The host's files.</param>
    internal static IEnumerable<string> Of(HostFiles files)
    {
        var units = files.List(UnitFolder, out _);
        return
        [
            Table,
            .. Scripts.Prepend("/etc/cron.d").Concat(Spools).SelectMany(folder => files.List(folder, out _).Select(name => $"{folder}/{name}")),
            .. units.Where(name => name.EndsWith(".service", StringComparison.Ordinal)).Select(name => $"{UnitFolder}/{name}"),
            .. units.Where(name => name.EndsWith(".service.d", StringComparison.Ordinal)).SelectMany(name => files.List($"{UnitFolder}/{name}", out _).Select(part => $"{UnitFolder}/{name}/{part}")),
        ];
    }

    /// <summary>The user whom a line of such a file is run as, where the file itself says so; root where it says nothing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its text.</param>
    /// <param name="line">The line.</param>
    internal static string UserOf(string path, string text, string line)
    {
        if (Spools.FirstOrDefault(folder => path.StartsWith(folder + "/", StringComparison.Ordinal)) is { } spool) return path[(spool.Length + 1)..];
        if (path.StartsWith(UnitFolder + "/", StringComparison.Ordinal)) return text.Split('\n').Select(one => one.Trim()).LastOrDefault(one => one.StartsWith("User=", StringComparison.Ordinal))?["User=".Length..].Trim() is { Length: > 0 } user ? user : "root";
        if (path != Table && !path.StartsWith("/etc/cron.d/", StringComparison.Ordinal)) return "root";

        // Five fields of time, or one such as @daily; then the user.
        var fields = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return fields.ElementAtOrDefault(fields is [['@', ..], ..] ? 1 : 5) ?? "";
    }
}
