using Danelaw.Operator.Processes;

namespace Danelaw.Operator.Publishing;

/// <summary>A zone file that is edited while nothing tells its server: servers read such a file when they are told to.</summary>
public static class UntoldServer
{
    private static readonly (string Server, string Program, string Command)[] Servers =
    [
        ("BIND", "rndc", "rndc reload"),
        ("Knot", "knotc", "knotc zone-reload"),
        ("NSD", "nsd-control", "nsd-control reload"),
        ("PowerDNS", "pdns_control", "pdns_control bind-reload-now"),
    ];

    /// <summary>How the server is told.</summary>
    /// <param name="settings">The place.</param>
    /// <returns>A phrase; null where nobody has to be told.</returns>
    public static string? Advise(PublisherSettings settings) => Advise(settings, program => ProgramSearch.Find(program) is not null);

    /// <summary>The same, of the servers whose control program is here; of all where none is.</summary>
    internal static string? Advise(PublisherSettings settings, Func<string, bool> isHere)
    {
        if (settings is not PublisherSettings.ZoneFile { Reload.IsDefaultOrEmpty: true } file) return null;
        var zone = file.Zone.ToString() is { Length: > 1 } name ? name.TrimEnd('.') : ".";
        var here = Servers.Where(server => isHere(server.Program)).ToArray();
        return $"no reload command is set, and the server reads {file.File} when it is told to: {string.Join(", ", (here.Length > 0 ? here : Servers).Select(server => $"{server.Command} {zone} ({server.Server})"))}";
    }
}
