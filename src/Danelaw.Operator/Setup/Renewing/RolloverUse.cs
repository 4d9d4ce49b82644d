using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Rollover.Settings;

namespace Danelaw.Operator.Setup.Renewing;

/// <summary>Settings of a rollover that look after chain files, wherever they stand.</summary>
/// <param name="Settings">The settings' file.</param>
/// <param name="Roll">The roll.</param>
/// <param name="Chain">A chain file that it looks after.</param>
/// <param name="NamedIn">What runs it by that file, such as <c>/etc/cron.d/mail</c>; empty where that is not known.</param>
internal sealed record RolledChain(string Settings, string Roll, string Chain, string NamedIn);

/// <summary>A <c>danelaw rollover</c> that runs on this host.</summary>
/// <param name="Id">The process.</param>
/// <param name="IsWatch">Whether it goes on until it is ended (<c>rollover watch</c>).</param>
/// <param name="Settings">Its settings' file.</param>
internal sealed record RolloverProcess(int Id, bool IsWatch, string Settings)
{
    /// <summary>What it is, for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"danelaw rollover {(IsWatch ? "watch" : "run")} (process {Id})");
}

/// <summary>Who rolls the keys of this host besides the timer that a setup installs: settings elsewhere, and processes. What they do, they do behind the back of a setup.</summary>
internal static partial class RolloverUse
{
    private const string OwnFolder = "/etc/danelaw";

    /// <summary>The settings that look after chain files: those in the usual place, beside it, and where a cron table, a unit or a process names them.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="isMeant">Says which chain files are meant.</param>
    internal static ImmutableArray<RolledChain> Of(HostFiles files, Func<string, bool> isMeant)
    {
        var places = new Dictionary<string, string>(StringComparer.Ordinal) { [RolloverSettings.DefaultFile] = "" };
        foreach (var name in files.List(OwnFolder, out _).Where(name => name.EndsWith(".toml", StringComparison.Ordinal))) places.TryAdd($"{OwnFolder}/{name}", "");
        foreach (var table in Schedules.Of(files))
        {
            foreach (var line in files.Read(table).Text.Split('\n').Where(line => line.Contains("danelaw", StringComparison.OrdinalIgnoreCase) && line.Contains("rollover", StringComparison.Ordinal)))
            {
                if (line.TrimStart() is ['#', ..]) continue;
                var named = ConfigOption().Match(line) is { Success: true } match ? match.Groups["file"].Value : RolloverSettings.DefaultFile;
                if (places.GetValueOrDefault(named, "").Length == 0) places[named] = table;
            }
        }

        foreach (var process in Processes(files)) places.TryAdd(process.Settings, process.ToString());
        return
        [
            .. from place in places.OrderBy(place => place.Key, StringComparer.Ordinal)
            let file = files.Read(place.Key)
            where file.IsRead
            from roll in Rolls(file)
            from chain in roll.Chains.Select(chain => chain.File).Where(isMeant).Take(1)
            select new RolledChain(place.Key, roll.Name, chain, place.Value),
        ];
    }

    /// <summary>The processes that roll keys on this host. Those of containers, which have files of their own, are none of it.</summary>
    /// <param name="files">The host's files.</param>
    internal static ImmutableArray<RolloverProcess> Processes(HostFiles files)
    {
        var own = FileStatus.IdentityOf(files.Here(SetupOptions.DefaultState));
        var found = ImmutableArray.CreateBuilder<RolloverProcess>();
        if (own is null) return [];
        foreach (var name in files.List("/proc", out _))
        {
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) continue;
            var words = files.Read($"/proc/{name}/cmdline").Text.Split('\0', StringSplitOptions.RemoveEmptyEntries);
            var first = words is [var program, var library, ..] && Path.GetFileName(program) == "dotnet" && Path.GetFileName(library) == "Danelaw.Cli.dll" ? 2 : words is [var command, ..] && Path.GetFileName(command) == "danelaw" ? 1 : -1;
            if (first < 0 || words.Length < first + 2 || words[first] != "rollover" || words[first + 1] is not ("watch" or "run")) continue;
            if (FileStatus.IdentityOf($"{files.Here("/proc")}/{name}/root{SetupOptions.DefaultState}") != own) continue;
            found.Add(new(id, words[first + 1] == "watch", ConfigOf(words, new FileInfo($"{files.Here("/proc")}/{name}/cwd").LinkTarget)));
        }

        return found.ToImmutable();
    }

    private static string ConfigOf(string[] words, string? folder)
    {
        var at = Array.IndexOf(words, "--config");
        var named = at >= 0 && at + 1 < words.Length ? words[at + 1] : words.FirstOrDefault(word => word.StartsWith("--config=", StringComparison.Ordinal))?["--config=".Length..];
        return named is null ? RolloverSettings.DefaultFile : Path.GetFullPath(named, folder ?? "/");
    }

    private static ImmutableArray<RollSettings> Rolls(HostFile file) => RolloverSettingsText.TryRead(file.Text, file.Path, out var settings, out _) ? settings.Rolls : [];

    [GeneratedRegex("""--config[= ]+["']?(?<file>/[^\s"']{1,4095})""", RegexOptions.CultureInvariant)]
    private static partial Regex ConfigOption();
}
