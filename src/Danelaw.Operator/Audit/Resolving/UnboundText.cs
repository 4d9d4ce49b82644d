using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Audit.Resolving;

/// <summary>What unbound's configuration says of validation and of where it listens (unbound.conf(5)).</summary>
/// <param name="File">unbound.conf.</param>
public sealed record UnboundText(string File)
{
    private static readonly string[] Anchors = ["auto-trust-anchor-file", "trust-anchor-file", "trust-anchor", "trusted-keys-file"];

    /// <summary>Whether it has a trust anchor.</summary>
    public bool HasAnchor { get; private init; }

    /// <summary>Whether the validator is among its modules.</summary>
    public bool HasValidator { get; private init; } = true;

    /// <summary>Whether it lets through what does not verify.</summary>
    public bool IsPermissive { get; private init; }

    /// <summary>Whether it listens at 127.0.0.1, port 53.</summary>
    public bool IsOnLoopback { get; private init; } = true;

    /// <summary>The folder whose files are read as well, such as <c>/etc/unbound/unbound.conf.d</c>; null for none.</summary>
    public string? DropIns { get; private init; }

    /// <summary>Where it writes its process number; empty where it does not.</summary>
    public string PidFile { get; private init; } = "/run/unbound.pid";

    /// <summary>Whether it is set up to validate what programs of this host ask.</summary>
    public bool IsSound => HasAnchor && HasValidator && !IsPermissive && IsOnLoopback;

    /// <summary>Reads the configuration with what it includes; what cannot be read is passed over.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="path">unbound.conf.</param>
    public static UnboundText Read(HostFiles files, string path)
    {
        ArgumentNullException.ThrowIfNull(files);
        var settings = new List<(string Name, string Value)>();
        string? dropIns = null;
        ReadFile(path, new());
        var port = settings.LastOrDefault(setting => setting.Name == "port").Value ?? "53";
        var interfaces = settings.Where(setting => setting.Name is "interface" or "ip-address").Select(setting => setting.Value).ToArray();
        return new(path)
        {
            HasAnchor = settings.Any(setting => Anchors.Contains(setting.Name)),
            HasValidator = (settings.LastOrDefault(setting => setting.Name == "module-config").Value ?? "validator").Split([' ', '\t']).Contains("validator"),
            IsPermissive = settings.LastOrDefault(setting => setting.Name == "val-permissive-mode").Value == "yes",
            IsOnLoopback = interfaces.Length == 0 ? port == "53" : interfaces.Any(text => IsLoopback(text, port)),
            DropIns = dropIns,
            PidFile = settings.LastOrDefault(setting => setting.Name == "pidfile").Value ?? "/run/unbound.pid",
        };

        void ReadFile(string file, Inclusions inclusions)
        {
            var content = files.Read(file);
            if (!content.IsRead || !inclusions.TryEnter(content, out _)) return;
            foreach (var raw in content.Text.Split('\n'))
            {
                var line = WithoutComment(raw);
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon <= 0) continue;
                var (name, value) = (line[..colon].Trim(), line[(colon + 1)..].Trim().Trim('"', '\''));
                if (name is "include" or "include-toplevel")
                {
                    if (value is ['/', ..] && value.EndsWith("/*.conf", StringComparison.Ordinal)) dropIns = value[..^"/*.conf".Length];
                    foreach (var included in value is ['/', ..] ? Globs.Expand(files, value, out _) : []) ReadFile(included, inclusions);
                }
                else if (value.Length > 0)
                {
                    settings.Add((name, value));
                }
            }

            inclusions.Leave();
        }
    }

    private static string WithoutComment(string line) => line.IndexOf('#', StringComparison.Ordinal) is var at and >= 0 ? line[..at].Trim() : line.Trim();

    private static bool IsLoopback(string text, string port)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if ((at < 0 ? port : text[(at + 1)..]) != 53.ToString(CultureInfo.InvariantCulture)) return false;
        return text.AsSpan(0, at < 0 ? text.Length : at) is "0.0.0.0" or "127.0.0.1" or "lo" || (IPAddress.TryParse(at < 0 ? text : text[..at], out var address) && IPAddress.Loopback.Equals(address));
    }
}
