using System.Collections.Immutable;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Postfix.Syntax;
using Danelaw.Operator.Audit.Postfix.Tables;
using Danelaw.Operator.Audit.Resolving;

namespace Danelaw.Operator.Audit.Postfix;

/// <summary>Reads what there is of Postfix on a host: every instance, its domains and chains.</summary>
/// <param name="files">The host's files.</param>
/// <param name="programs">Its programs; null where none may be run.</param>
/// <param name="version">The version of its package; null where that is not known.</param>
/// <param name="hasRpm">Whether its packages are RPM's.</param>
/// <param name="hostName">The host's own name; empty where it is not known.</param>
internal sealed class PostfixReader(HostFiles files, IHostPrograms? programs, string? version, bool hasRpm, string hostName)
{
    private static readonly string[] Folders = ["/etc/postfix", "/usr/local/etc/postfix", "/usr/pkg/etc/postfix", "/opt/local/etc/postfix"];

    internal List<Unseen> Unseen { get; } = [];

    internal async ValueTask<ImmutableArray<PostfixFacts>> ReadAsync(CancellationToken cancellationToken)
    {
        var (defaults, told) = await AskAsync(cancellationToken).ConfigureAwait(false);
        var release = PostfixVersion.TryParse(told ?? version, out var known) ? known : (PostfixVersion?)null;
        var folders = new Queue<string>(Folders);
        if (defaults.TryGetValue("config_directory", out var own) && !Folders.Contains(own)) folders.Enqueue(own);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var secondary = new HashSet<string>(StringComparer.Ordinal);
        var instances = ImmutableArray.CreateBuilder<PostfixFacts>();
        while (folders.TryDequeue(out var folder))
        {
            var main = files.Read(folder + "/main.cf");
            if (main.State is FileState.Missing or FileState.Special || !seen.Add(main.RealPath)) continue;
            if (!main.IsRead)
            {
                Unseen.Add(new($"Postfix's configuration in {folder}", $"{main.Path} cannot be read by this user; run as root") { MayNameChains = true });
                continue;
            }

            var facts = Read(folder, main, defaults, release);

            // postmulti(1) starts no other instance than those whose own main.cf says so.
            if (secondary.Contains(folder) && !facts.Instance.Get("multi_instance_enable").IsYes) continue;
            instances.Add(facts);
            foreach (var other in Words.OfList(facts.Instance.Get("multi_instance_directories").Value).Where(path => path is ['/', ..]))
            {
                secondary.Add(other);
                folders.Enqueue(other);
            }
        }

        if (instances.Count > 0 && release is null) Unseen.Add(new("the release of Postfix", $"{(hasRpm ? "RPM's database is read by RPM's own library alone" : "no package database that is known names it")}; what depends on the release is left out"));
        return instances.ToImmutable();
    }

    /// <summary>A running system's own name goes before what a file says: without a domain postconf -d puts one behind it that main.cf may know better.</summary>
    private string NameOf(ImmutableDictionary<string, string> defaults)
    {
        const string Unknown = ".localdomain";
        var told = defaults.GetValueOrDefault("myhostname", "");
        return told.Length == 0 ? hostName : told.EndsWith(Unknown, StringComparison.Ordinal) ? told[..^Unknown.Length] : told;
    }

    private PostfixFacts Read(string folder, HostFile main, ImmutableDictionary<string, string> defaults, PostfixVersion? release)
    {
        var master = files.Read(folder + "/master.cf");
        if (!master.IsRead) Unseen.Add(new("Postfix's services", $"{master.Path} {(master.State == FileState.Missing ? "does not exist" : "cannot be read by this user; run as root")}") { MayNameChains = true });
        var instance = new PostfixInstance(folder, MainText.Read(main.Text, main.Path), MasterText.Read(master.Text, master.Path)) { Version = release, Defaults = defaults, HostName = NameOf(defaults) };
        var client = instance.Services.FirstOrDefault(service => service is { Name: "smtp", Type: "unix", Command: "smtp" });
        var isChrooted = client is not null && (client.Chroot == "y" || (client.Chroot == "-" && release is { } known && !known.IsAtLeast(3, 0)));
        var copy = isChrooted ? files.Read(instance.Get("queue_directory").Value is ['/', ..] queue ? queue + "/etc/resolv.conf" : "/var/spool/postfix/etc/resolv.conf") : null;
        return new(instance, DomainList.Of(instance, files), Uses(instance), copy is { IsRead: true } ? ResolverFile.Read(copy.Text, copy.Path) : null) { IsChrooted = isChrooted, Client = client?.Place };
    }

    /// <summary>Every chain that a port shows, each once, with all the ports that show it.</summary>
    private ImmutableArray<TlsUse> Uses(PostfixInstance instance)
    {
        var uses = new Dictionary<string, TlsUse>(StringComparer.Ordinal);
        foreach (var listener in Listener.Of(instance))
        {
            if (listener.IsLoopback) continue;
            foreach (var chain in ConfiguredChain.Of(instance, listener.Smtpd)) Add(chain.Files, "", chain.KeyParameter is null && chain.Certificate.Name == "smtpd_tls_chain_files", chain.Certificate.Place, listener.Port);
            if (listener.Proxy(instance) is { } proxy)
            {
                foreach (var chain in ConfiguredChain.Of(instance, proxy, "tlsproxy")) Add(chain.Files, "", chain.KeyParameter is null && chain.Certificate.Name.EndsWith("_chain_files", StringComparison.Ordinal), chain.Certificate.Place, listener.Port);
            }

            var sni = instance.Get("tls_server_sni_maps", listener.Smtpd);
            foreach (var word in Words.OfList(sni.Value))
            {
                if (!TableName.TryParse(word, out var table)) continue;
                var listing = new TableReader(files).List(table, sni.Place ?? new(instance.Directory + "/main.cf", 0));
                if (listing.Unlisted.Length > 0) Unseen.Add(new($"the certificates of {table}", listing.Unlisted) { MayNameChains = true });
                foreach (var entry in listing.Entries) Add([.. Words.OfList(entry.Value).Where(path => path is ['/', ..])], entry.Key, true, entry.Place, listener.Port);
            }
        }

        return [.. uses.Values.OrderBy(use => use.Name.Length > 0)];

        void Add(ImmutableArray<string> paths, string name, bool isKeyFirst, Place? place, int port)
        {
            var key = name + "\n" + string.Join('\n', paths);
            var use = uses.GetValueOrDefault(key) ?? new(ServerProgram.Postfix, name.Length > 0 ? $"postfix, {name}" : "postfix", name, paths, isKeyFirst, place ?? new(instance.Directory + "/main.cf", 0));
            uses[key] = use with { Ports = [.. use.Ports.Append(port).Distinct().Order()] };
        }
    }

    private async ValueTask<(ImmutableDictionary<string, string> Defaults, string? Version)> AskAsync(CancellationToken cancellationToken)
    {
        var none = ImmutableDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);
        if (programs is null || await programs.RunAsync("postconf", ["-d"], cancellationToken).ConfigureAwait(false) is not { ExitCode: 0 } result) return (none, null);
        var defaults = none.ToBuilder();
        foreach (var line in result.Output.Split('\n'))
        {
            if (Assignment.TryRead(line, out var name, out var value, out _)) defaults[name] = value;
        }

        return (defaults.ToImmutable(), defaults.GetValueOrDefault("mail_version"));
    }
}
