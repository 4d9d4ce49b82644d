using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Audit.Packages;

/// <summary>The versions of installed packages, from the package manager's own files: dpkg, apk, pacman. RPM's database is not read.</summary>
/// <param name="files">The host's files.</param>
public sealed class PackageVersions(HostFiles files)
{
    private static readonly string[] RpmFolders = ["/usr/lib/sysimage/rpm", "/var/lib/rpm"], RpmFiles = ["rpmdb.sqlite", "Packages.db", "Packages"];

    private Dictionary<string, string>? _versions;

    /// <summary>The version of a package; null where it is not installed or no database is known.</summary>
    /// <param name="package">The package, such as <c>postfix</c>.</param>
    public string? Of(string package) => (_versions ??= Read()).GetValueOrDefault(package);

    /// <summary>Whether there is RPM's database, which nothing but RPM's own library reads.</summary>
    internal bool HasRpm => RpmFolders.SelectMany(folder => RpmFiles.Select(name => $"{folder}/{name}")).Any(path => files.Look(path).State is FileState.Read or FileState.Unseen);

    /// <summary>Whether a database was found at all.</summary>
    public bool IsKnown => (_versions ??= Read()).Count > 0;

    private Dictionary<string, string> Read()
    {
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        ReadDpkg(versions);
        ReadApk(versions);
        ReadPacman(versions);
        return versions;
    }

    /// <summary>Paragraphs of fields; a package that was removed has another status.</summary>
    private void ReadDpkg(Dictionary<string, string> versions)
    {
        var file = files.Read("/var/lib/dpkg/status");
        if (!file.IsRead) return;
        string name = "", status = "", version = "";
        foreach (var line in file.Text.Split('\n').Append(""))
        {
            if (line.StartsWith("Package: ", StringComparison.Ordinal)) name = line[9..].Trim();
            else if (line.StartsWith("Status: ", StringComparison.Ordinal)) status = line[8..].Trim();
            else if (line.StartsWith("Version: ", StringComparison.Ordinal)) version = line[9..].Trim();
            else if (line.Length == 0)
            {
                if (name.Length > 0 && version.Length > 0 && status.EndsWith(" installed", StringComparison.Ordinal)) versions[name] = version;
                (name, status, version) = ("", "", "");
            }
        }
    }

    private void ReadApk(Dictionary<string, string> versions)
    {
        var file = files.Read("/lib/apk/db/installed");
        if (!file.IsRead) return;
        var name = "";
        foreach (var line in file.Text.Split('\n'))
        {
            if (line.StartsWith("P:", StringComparison.Ordinal)) name = line[2..].Trim();
            else if (line.StartsWith("V:", StringComparison.Ordinal) && name.Length > 0) versions[name] = line[2..].Trim();
        }
    }

    /// <summary>Folders named NAME-VERSION-RELEASE.</summary>
    private void ReadPacman(Dictionary<string, string> versions)
    {
        foreach (var entry in files.List("/var/lib/pacman/local", out _))
        {
            var release = entry.LastIndexOf('-');
            var version = release > 0 ? entry.LastIndexOf('-', release - 1) : -1;
            if (version > 0) versions[entry[..version]] = entry[(version + 1)..];
        }
    }
}
