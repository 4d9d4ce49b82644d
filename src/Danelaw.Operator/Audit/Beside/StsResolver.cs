using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Audit.Beside;

/// <summary>postfix-mta-sts-resolver, as its settings on this host say (mta-sts-daemon.yml(5)).</summary>
/// <param name="File">The file of its settings.</param>
/// <param name="Port">The port that it listens at; 8461 unless they say otherwise.</param>
/// <param name="Socket">The socket that it listens at; empty for none.</param>
internal sealed record StsResolver(string File, string Port, string Socket)
{
    private const string UsualFile = "/etc/mta-sts-daemon.yml", UsualPort = "8461";

    /// <summary>Reads the settings; null where there are none.</summary>
    internal static StsResolver? Read(HostFiles files)
    {
        var file = files.Read(UsualFile);
        return file.IsRead ? new(UsualFile, Value(file.Text, "port") ?? UsualPort, Value(file.Text, "path") ?? "") : null;
    }

    /// <summary>Whether a socketmap leads to it.</summary>
    /// <param name="name">What stands behind <c>socketmap:</c>, such as <c>inet:127.0.0.1:8461:postfix</c>.</param>
    internal bool Serves(string name)
    {
        if (name.StartsWith("unix:", StringComparison.Ordinal)) return Socket.Length > 0 && name["unix:".Length..].StartsWith(Socket + ":", StringComparison.Ordinal);
        return name.StartsWith("inet:", StringComparison.Ordinal) && name.Split(':') is [.., var port, _] && port == Port;
    }

    /// <summary>The value of a setting at the top of the file.</summary>
    private static string? Value(string text, string name)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(name + ":", StringComparison.Ordinal)) return line[(name.Length + 1)..].Split('#')[0].Trim().Trim('"', '\'');
        }

        return null;
    }
}
