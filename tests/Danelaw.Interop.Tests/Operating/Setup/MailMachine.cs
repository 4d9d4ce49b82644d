using System.Security.Cryptography;
using System.Text;
using Danelaw.Interop.Tests.Mail;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Operating.Setup;

/// <summary>A mail host as <c>apt-get install postfix dovecot-imapd unbound</c> leaves it, with a certificate that certbot keeps. The programs are this machine's, the files its own.</summary>
internal sealed class MailMachine : IAsyncDisposable
{
    private string[] _danelaw = [Path.Combine(Testing.Repository.Root, "danelaw")];

    internal const string Live = "/etc/letsencrypt/live/mx", Log = "/var/log/mail.log";

    private readonly MailWorld _world;
    private readonly string _name;

    private MailMachine(MailWorld world, PrivateHost host, string name) => (_world, Host, _name) = (world, host, name);

    internal PrivateHost Host { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Raises it; no server runs yet.</summary>
    internal static async Task<MailMachine> RiseAsync(MailWorld world, string domain, string address, ServerCertificate certificate)
    {
        var name = "mx." + domain;
        var machine = new MailMachine(world, await PrivateHost.StartAsync(world.Folder, name, address, Cancelled), name);
        try
        {
            await machine.InstallAsync(domain);
            machine.WriteLineage(certificate);
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>A certificate as certbot lays it out.</summary>
    internal void WriteLineage(ServerCertificate certificate, int number = 1)
    {
        var whole = certificate.ChainPem();
        var end = whole.IndexOf("-----BEGIN CERTIFICATE", StringComparison.Ordinal);
        Host.Write($"/etc/letsencrypt/archive/mx/privkey{number}.pem", whole[..end], 0b110_000_000);
        Host.Write($"/etc/letsencrypt/archive/mx/fullchain{number}.pem", whole[end..]);
        Directory.CreateDirectory(Host[Live]);
        foreach (var file in (string[])["privkey", "fullchain"])
        {
            File.Delete(Host[$"{Live}/{file}.pem"]);
            File.CreateSymbolicLink(Host[$"{Live}/{file}.pem"], $"../../archive/mx/{file}{number}.pem");
        }

        Host.Write("/etc/letsencrypt/renewal/mx.conf", $"version = 2.1.0\narchive_dir = /etc/letsencrypt/archive/mx\ncert = {Live}/cert.pem\nprivkey = {Live}/privkey.pem\nchain = {Live}/chain.pem\nfullchain = {Live}/fullchain.pem\n\n[renewalparams]\nauthenticator = standalone\nserver = https://acme-v02.api.letsencrypt.org/directory\nkey_type = ecdsa\n");
    }

    /// <summary>Adds lines to a file.</summary>
    internal void Append(string path, string lines) => File.AppendAllText(Host[path], lines);

    /// <summary>Replaces text of a file that has to be there.</summary>
    internal void Replace(string path, string before, string after)
    {
        var text = Host.Read(path);
        Assert.Contains(before, text, StringComparison.Ordinal);
        File.WriteAllText(Host[path], text.Replace(before, after, StringComparison.Ordinal));
    }

    /// <summary>Starts Postfix as Debian's script does, and the others.</summary>
    internal async Task StartAsync(bool withUnbound = true, bool withDovecot = true)
    {
        if (withUnbound) await Host.LaunchAsync(["unbound"], Cancelled);
        await Host.MustRunAsync(["/usr/lib/postfix/configure-instance.sh", "-"], Cancelled);
        await Host.MustRunAsync(["postfix", "start"], Cancelled);
        if (withDovecot) await Host.LaunchAsync(["dovecot"], Cancelled);
    }

    /// <summary>Runs danelaw here, by what this world's DNS takes for its root.</summary>
    internal Task<ProgramResult> DanelawAsync(params string[] arguments) => DanelawAsync(null, arguments);

    /// <summary>Runs danelaw here, which dies at a point.</summary>
    internal async Task<ProgramResult> DanelawAsync(string? fault, string[] arguments)
    {
        await DanelawCommand.RunAsync(["--version"], cancellationToken: Cancelled);
        string[] asking = arguments[0] switch
        {
            "doctor" or "setup" => ["--trust-anchor", "/etc/lab/anchor", "--bogus-name", MailWorld.BogusName, "--timeout", "1s"],
            "rollover" when arguments[1] == "status" => [],
            _ => ["--trust-anchor", "/etc/lab/anchor", "--timeout", "1s"],
        };
        string[] environment = fault is null ? [] : ["DANELAW_FAULT=" + fault];
        return await Host.RunAsync(["env", .. environment, .. _danelaw, .. arguments, .. asking], Cancelled);
    }

    /// <summary>Puts danelaw where only root may write, wherever this checkout is: what others could alter is made no timer of.</summary>
    internal async Task InstallDanelawAsync()
    {
        var artifacts = Path.Combine(Testing.Repository.Root, "artifacts");
        await Host.MustRunAsync(["mount", "-t", "tmpfs", "-o", "mode=755", "danelaw", "/mnt"], Cancelled);
        // As ./danelaw chooses: the native build while it is of these sources.
        if (File.Exists(Path.Combine(artifacts, "aot", "stamp")))
        {
            await Host.MustRunAsync(["cp", "-r", Path.Combine(artifacts, "aot") + "/.", "/mnt"], Cancelled);
            _danelaw = ["/mnt/danelaw"];
            return;
        }
        var build = (await File.ReadAllTextAsync(Path.Combine(artifacts, "danelaw", "current"), Cancelled)).Trim();
        await Host.MustRunAsync(["cp", "-r", Path.Combine(artifacts, "danelaw", build) + "/.", "/mnt"], Cancelled);
        _danelaw = ["dotnet", "/mnt/Danelaw.Cli.dll"];
    }

    /// <summary>Lets this host's resolver forget what it knows: what was denied before a record was published it may deny for minutes.</summary>
    internal Task ForgetAsync() => Host.MustRunAsync(["bash", "-c", "kill -HUP $(cat /run/unbound.pid)"], Cancelled);

    /// <summary>Takes setup back, whose records have a TTL of seconds: once to take them out, and again until no cache can hold them.</summary>
    internal async Task<(ProgramResult Waiting, ProgramResult Undone)> UndoAsync(params string[] options)
    {
        var waiting = await DanelawAsync(["setup", "--undo", .. options]);
        for (var round = 0; ; round++)
        {
            await Task.Delay(TimeSpan.FromSeconds(3), Cancelled);
            var undone = await DanelawAsync(["setup", "--undo", .. options]);
            if (undone.ExitCode != 3 || round == 20) return (waiting, undone);
        }
    }

    /// <summary>Says where the zone is changed; gives the options that name it.</summary>
    internal string[] WritePublisher(string? keyFile = null, string zone = "")
    {
        Host.Write("/etc/danelaw/publisher.toml", $"kind = \"update\"\nserver = \"{MailWorld.ZoneAddress}\"\nkey-file = \"/etc/danelaw/tsig.key\"\n{zone}");
        Host.Write("/etc/danelaw/tsig.key", keyFile ?? MailWorld.KeyFile(), 0b110_000_000);
        return ["--publisher", "/etc/danelaw/publisher.toml"];
    }

    /// <summary>Sends a message to an address, and gives what the log says of it once it says something.</summary>
    internal async Task<string> SendAsync(string recipient)
    {
        var before = File.Exists(Host[Log]) ? Host.Read(Log).Length : 0;
        await Host.MustRunAsync(["bash", "-c", $"printf 'Subject: test\\n\\ntest\\n' | sendmail -f root@{_name} {recipient}"], Cancelled);
        for (var round = 0; ; round++)
        {
            var said = File.Exists(Host[Log]) ? Host.Read(Log)[before..] : "";
            if (said.Contains($"to=<{recipient}>", StringComparison.Ordinal)) return said;
            if (round > 600) throw new InvalidOperationException($"nothing became of the message:\n{said}");
            await Task.Delay(50, Cancelled);
        }
    }

    /// <summary>Every file below /etc, and of /var what setup may alter, with owner, mode and content; links as links.</summary>
    internal string Picture()
    {
        var lines = new StringBuilder();
        foreach (var top in (string[])["/etc", "/var/spool/postfix/etc", "/var/lib/danelaw/chains", "/var/lib/danelaw/rollover.db"])
        {
            var root = Host[top];
            foreach (var path in File.Exists(root) ? [root] : Directory.Exists(root) ? Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
            {
                // What other tests raise on this machine meanwhile is none of this host's.
                if (path.StartsWith(Host["/etc/netns"], StringComparison.Ordinal)) continue;
                var link = new FileInfo(path).LinkTarget;
                if (link is null && !File.Exists(path) && !Directory.Exists(path)) continue;
                lines.Append(top).Append(path[root.Length..]).Append(' ').Append(link is not null ? "-> " + link : Directory.Exists(path) ? "folder" : $"{(OperatingSystem.IsWindows() ? 0 : File.GetUnixFileMode(path))} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}").Append('\n');
            }
        }

        return lines.ToString();
    }

    private async Task InstallAsync(string domain)
    {
        // The packages' own files, in place of whatever this machine's Postfix and Dovecot were told.
        foreach (var file in (string[])["/etc/postfix/main.cf", "/etc/postfix/master.cf"]) File.Delete(Host[file]);
        Host.Write("/etc/postfix/main.cf", File.ReadAllText("/usr/share/postfix/main.cf.debian") + File.ReadAllText("/usr/share/postfix/main.cf.tls") + $"""
            smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination
            myhostname = {_name}
            alias_maps = hash:/etc/aliases
            alias_database = hash:/etc/aliases
            mydestination = $myhostname, {domain}, localhost
            relayhost =
            mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128
            mailbox_size_limit = 0
            recipient_delimiter = +
            inet_interfaces = all
            inet_protocols = ipv4
            maillog_file = {Log}
            smtp_tls_loglevel = 1

            """);
        Host.Write("/etc/postfix/master.cf", File.ReadAllText("/usr/share/postfix/master.cf.dist"));
        Host.Write("/etc/aliases", "postmaster: root\nroot: nobody\n");
        await Host.MustRunAsync(["newaliases"], Cancelled);
        var own = ServerCertificate.SelfSigned(_name).ChainPem();
        var end = own.IndexOf("-----BEGIN CERTIFICATE", StringComparison.Ordinal);
        Host.Write("/etc/ssl/private/ssl-cert-snakeoil.key", own[..end], 0b110_100_000);
        Host.Write("/etc/ssl/certs/ssl-cert-snakeoil.pem", own[end..]);
        foreach (var (link, target) in new[] { ("key", "private/ssl-cert-snakeoil.key"), ("pem", "certs/ssl-cert-snakeoil.pem") })
        {
            Directory.CreateDirectory(Host["/etc/dovecot/private"]);
            File.Delete(Host["/etc/dovecot/private/dovecot." + link]);
            File.CreateSymbolicLink(Host["/etc/dovecot/private/dovecot." + link], "/etc/ssl/" + target);
        }

        // What unbound takes for the root, here and in the real world, comes with its package.
        Host.Write("/etc/lab/anchor", _world.Anchor);
        Host.Write("/etc/unbound/root.hints", MailWorld.RootHints);
        Host.Write("/etc/unbound/unbound.conf.d/root-auto-trust-anchor-file.conf", "server:\n    auto-trust-anchor-file: \"/var/lib/unbound/root.key\"\n");
        Host.Write("/etc/unbound/unbound.conf.d/lab.conf", "server:\n    root-hints: \"/etc/unbound/root.hints\"\n");
        Host.Write("/etc/unbound/unbound.conf.d/remote-control.conf", "remote-control:\n    control-enable: no\n");
        Host.Write("/var/lib/unbound/root.key", _world.Anchor);
        await Host.MustRunAsync(["chown", "-R", "unbound:unbound", "/var/lib/unbound"], Cancelled);
        Host.Write("/etc/resolv.conf", "nameserver 127.0.0.1\n");
        await Host.MustRunAsync(["postfix", "check"], Cancelled);
    }
}
