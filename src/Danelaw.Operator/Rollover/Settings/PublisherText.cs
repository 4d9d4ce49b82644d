using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;

namespace Danelaw.Operator.Rollover.Settings;

/// <summary>Reads where a zone is mastered. Secrets are named by their files, or by variables of the environment; a secret in the settings has no place to stand.</summary>
internal static class PublisherText
{
    internal static PublisherSettings? Read(TomlTable table)
    {
        var kind = table.Required("kind", "\"update\", \"powerdns\", \"zone-file\", \"hook\" or \"manual\"");
        PublisherSettings? settings = null;
        switch (kind)
        {
            case null: return null;
            case "update":
                settings = ReadUpdate(table);
                break;
            case "powerdns":
                settings = ReadPowerDns(table);
                break;
            case "zone-file":
                var file = table.Has("file") ? RolloverSettingsText.PathOf(table, "file") : table.Required("file", "the zone file");
                if (table.Required("zone", "the zone's name") is not null && Zone(table) is { } zone && file is not null) settings = new PublisherSettings.ZoneFile(file, zone, Command(table, "reload"));
                break;
            case "hook":
                var command = Command(table, "command");
                var hookZone = Zone(table);
                if (command.IsEmpty) table.Fault("the publisher needs command: the program and its arguments, as in command = [\"/etc/danelaw/hooks/desec\"]");
                else settings = new PublisherSettings.Hook(command, hookZone);
                break;
            case "manual":
                settings = new PublisherSettings.Manual(Zone(table));
                break;
            default:
                table.Fault("kind", $"\"{kind}\" is none of \"update\", \"powerdns\", \"zone-file\", \"hook\" and \"manual\"");
                return null;
        }

        table.RefuseOthers();
        return settings;
    }

    private static PublisherSettings.Update? ReadUpdate(TomlTable table)
    {
        var server = table.Required("server", "the primary server's name or address, as in \"127.0.0.1\"");
        var port = table.Number("port", 1, ushort.MaxValue) ?? 53;
        var zone = Zone(table);
        var key = Secret(table);
        if (!table.Has("key-file")) table.Fault("the publisher needs key-file: the TSIG key as tsig-keygen, keymgr or pdnsutil writes it, or \"env:NAME\" for a variable of the environment");
        return server is null ? null : new(server, (int)port, zone, key);
    }

    private static PublisherSettings.PowerDns? ReadPowerDns(TomlTable table)
    {
        var text = table.Required("url", "where its HTTP API is, as in \"http://127.0.0.1:8081\"");
        var server = table.Text("server-id") ?? "localhost";
        var zone = Zone(table);
        var key = table.Has("key-file") ? Secret(table) : table.Required("key-file", "the file that holds the API key, or \"env:NAME\" for a variable of the environment");
        if (text is null) return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
        {
            table.Fault("url", $"{text} is no address of an HTTP API, such as http://127.0.0.1:8081");
            return null;
        }

        return key is null ? null : new(url, server, zone, key);
    }

    /// <summary>Where a secret is: a file, or a variable of the environment.</summary>
    private static string? Secret(TomlTable table)
    {
        if (table.Text("key-file") is not ['e', 'n', 'v', ':', .. var variable] text) return RolloverSettingsText.PathOf(table, "key-file");
        if (variable.Length > 0 && variable.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')) return text;
        table.Fault("key-file", "after env: stands the name of a variable of the environment");
        return null;
    }

    private static DomainName? Zone(TomlTable table)
    {
        if (table.Text("zone") is not { } text) return null;
        if (DomainName.TryFromUserInput(text, out var zone, out _)) return zone;
        table.Fault("zone", $"{text} is no name");
        return null;
    }

    private static ImmutableArray<string> Command(TomlTable table, string key)
    {
        var commands = table.Commands(key);
        if (commands.Count > 1) table.Fault(key, "a publisher runs one command: where several things are to be done, write a script and name it here");
        return commands is [var command, ..] ? [.. command] : [];
    }
}
