using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Operator.Audit.Certificates;

namespace Danelaw.Operator.Audit.Dovecot;

/// <summary>What Dovecot's settings say of TLS.</summary>
public static class DovecotConfiguration
{
    /// <summary>Certificate and key: of 2.3 with <c>&lt;</c> before the path, of 2.4 as a path.</summary>
    private static readonly (string Certificate, string Key)[] Pairs =
        [("ssl_cert", "ssl_key"), ("ssl_alt_cert", "ssl_alt_key"), ("ssl_server_cert_file", "ssl_server_key_file"), ("ssl_server_alt_cert_file", "ssl_server_alt_key_file")];

    /// <summary>The value of a setting outside of all blocks; null where it is not set.</summary>
    /// <param name="text">The configuration.</param>
    /// <param name="name">The setting.</param>
    public static DovecotSetting? Get(DovecotText text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Settings.LastOrDefault(setting => setting.Name == name && setting.Blocks.IsEmpty);
    }

    /// <summary>The chains that Dovecot shows: its default, and those of <c>local_name</c>, <c>local</c> and <c>protocol</c> blocks.</summary>
    /// <param name="text">The configuration.</param>
    public static ImmutableArray<TlsUse> Uses(DovecotText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ports = Ports(text);
        var uses = ImmutableArray.CreateBuilder<TlsUse>();
        foreach (var (certificateName, keyName) in Pairs)
        {
            foreach (var group in text.Settings.Where(setting => setting.Name == certificateName).GroupBy(setting => Scope(setting.Blocks)))
            {
                var certificate = group.Last();
                if (PathOf(certificate.Value) is not { } path) continue;

                // What a block does not say it takes from around it.
                var key = text.Settings.LastOrDefault(setting => setting.Name == keyName && Scope(setting.Blocks) == group.Key) ?? text.Settings.LastOrDefault(setting => setting.Name == keyName && setting.Blocks.IsEmpty);
                var keyPath = key is null ? null : PathOf(key.Value);
                var name = certificate.Blocks.FirstOrDefault(block => block.Name == "local_name").Argument ?? "";
                uses.Add(new(ServerProgram.Dovecot, group.Key.Length == 0 ? "dovecot" : $"dovecot, {group.Key}", name, keyPath is null || keyPath == path ? [path] : [keyPath, path], false, certificate.Place) { Ports = ports, KeyPlace = key?.Place });
            }
        }

        return uses.ToImmutable();
    }

    /// <summary>The ports on which mail programs are served, from <c>protocols</c> and the <c>inet_listener</c> blocks.</summary>
    /// <param name="text">The configuration.</param>
    public static ImmutableArray<int> Ports(DovecotText text) => Ports(text, isOpen: false);

    /// <summary>Of those ports the ones that others than programs of this host can reach.</summary>
    /// <param name="text">The configuration.</param>
    internal static ImmutableArray<int> OpenPorts(DovecotText text) => Ports(text, isOpen: true);

    private static ImmutableArray<int> Ports(DovecotText text, bool isOpen)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ports = new SortedSet<int>();
        var protocols = Protocols(text);

        // 2.4 writes protocols { imap = yes }, each switched on or off.
        var chosen = text.Settings.Where(setting => setting.Name.StartsWith("protocols_", StringComparison.Ordinal)).ToArray();
        if (chosen.Length > 0) protocols = [.. chosen.Where(setting => setting.Value == "yes").Select(setting => setting.Name["protocols_".Length..])];
        Add("imap", "imap", 143);
        Add("imap", "imaps", 993);
        Add("pop3", "pop3", 110);
        Add("pop3", "pop3s", 995);
        Add("sieve", "sieve", 4190);
        return [.. ports];

        void Add(string protocol, string listener, int usual)
        {
            if (!protocols.Contains(protocol) || (isOpen && IsLocal(listener))) return;
            var port = Of(listener, "port");
            if (port is null) ports.Add(usual);
            else if (int.TryParse(port.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65536) ports.Add(number);
        }

        // 2.3 calls a listener's own addresses address, 2.4 listen, as those of all listeners.
        bool IsLocal(string listener) =>
            (Of(listener, "address") ?? Of(listener, "listen") ?? Get(text, "listen"))?.Value.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } addresses
            && addresses.All(address => address == "localhost" || (System.Net.IPAddress.TryParse(address.Trim('[', ']'), out var parsed) && System.Net.IPAddress.IsLoopback(parsed)));

        DovecotSetting? Of(string listener, string name) => text.Settings.LastOrDefault(setting => setting.Name == name && setting.Blocks.Any(block => block is { Name: "inet_listener" } && block.Argument == listener));
    }

    /// <summary>The words of <c>protocols</c>: Debian's packages bring a file each, <c>protocols = $protocols imap</c>, which adds to what stands before it.</summary>
    private static HashSet<string> Protocols(DovecotText text)
    {
        HashSet<string>? protocols = null;
        foreach (var setting in text.Settings.Where(setting => setting.Name == "protocols" && setting.Blocks.IsEmpty))
        {
            var before = protocols ?? [];
            protocols = [.. setting.Value.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries).SelectMany(word => word == "$protocols" ? before : Enumerable.Repeat(word, 1))];
        }

        return protocols ?? ["imap", "pop3", "lmtp"];
    }

    private static string Scope(ImmutableArray<(string Name, string Argument)> blocks) => string.Join(" ", blocks.Select(block => $"{block.Name} {block.Argument}".TrimEnd()));

    /// <summary>The path of <c>&lt;/path</c> or <c>/path</c>; null for an inline value or none.</summary>
    private static string? PathOf(string value)
    {
        var path = value.TrimStart('<').Trim();
        return path is ['/', ..] && !path.Contains('\n', StringComparison.Ordinal) ? path : null;
    }
}
