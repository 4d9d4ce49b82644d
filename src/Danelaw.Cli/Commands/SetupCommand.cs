using System.Collections.Immutable;
using System.CommandLine;
using System.Runtime.Versioning;
using System.Text;
using Danelaw.Cli.Options;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Operator.Setup;

namespace Danelaw.Cli.Commands;

/// <summary><c>setup</c>: from a mail server as it is to DANE in both directions, and back.</summary>
internal sealed class SetupCommand : Verb
{
    private readonly Option<bool> _dryRun = Flag.Of("--dry-run", "show every change, why it is made and how it is taken back, or with --undo what would be put back; alter nothing");
    private readonly Option<bool> _undo = Flag.Of("--undo", "put everything back that setup has altered");
    private readonly Option<bool> _force = Flag.Of("--force", "with --undo: also what somebody else has changed since (the changed files are kept), where a server refuses its files of before, and past names whose DNS does not answer");
    private readonly Option<bool> _neverPublished = Flag.Of("--never-published", "with --undo: the records that setup has shown were never put into the zone, so that no cache has to be waited for");
    private readonly Option<string> _certificate = Flag.Value("--certificate", "FILE", "the certificate with its issuers that the servers are to show; default the one that they show now, or an ACME client's for their name");
    private readonly Option<string> _key = Flag.Value("--key", "FILE", "its private key; default that in the file of --certificate");
    private readonly Option<string[]> _names = Flag.Values("--name", "HOST", "the name in your MX record; default those MX names whose addresses are this host's");
    private readonly Option<string> _ports = Flag.Value("--ports", "N,...", "the ports to make TLSA records for; default 25, where senders look; 465, 587 and 993 are for mail programs");
    private readonly Option<string> _ttl = Flag.Value("--ttl", "SECONDS", "the TTL of new records; default 3600");
    private readonly Option<string> _publisher = Flag.Value("--publisher", "FILE", "where the zone is changed, as the publisher of the rollover's settings (docs/rollover.md); default: you publish the records yourself");
    private readonly Option<bool> _rollover = Flag.Of("--rollover", "also see to it that renewed certificates come to the servers without a gap: the settings of danelaw rollover, its timer, and the ACME client's hook");
    private readonly Option<string> _domains = Flag.Value("--domains", "FILE", "the mail domains, one a line, where Postfix's tables cannot be listed");
    private readonly Option<string> _root = Flag.Value("--root", "DIR", "with --dry-run: plan for the files of a host below DIR");
    private readonly Option<string> _bogusName = Flag.Value("--bogus-name", "NAME", $"a name whose signatures are wrong, to try the resolver with; default {DoctorCommand.PublicBogusName}");
    private readonly DnsOptions _dns = new();

    public override string Name => "setup";

    public override VerbGroup Group => VerbGroup.Host;

    public override string Summary => "DANE on this mail host, for mail in both directions";

    public override IReadOnlyList<string> Usage => ["--dry-run [OPTION ...]", "[OPTION ...]", "--undo [--dry-run] [--force] [--publisher FILE]"];

    public override IReadOnlyList<string> Description =>
    [
        "Does what doctor advises: a resolver on this host that checks signatures; Postfix and Dovecot (and nginx, where it shares their key) moved to chain files in /var/lib/danelaw/chains; what hides STARTTLS mended; the TLSA records to publish; and Postfix sending with DANE once the resolver was seen to validate. With --rollover a timer then carries the keys over every renewal. Each step is tested before a server is told, and seen to work before the next one; whatever fails is put back at once, where no sender would miss a key by that.",
        "Begin with --dry-run: it shows every change and alters nothing. What was done is kept with all files as they were in /var/lib/danelaw/setup; --undo puts them back. A second run finds nothing to do.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes =>
    [
        (0, "done, or nothing to do"),
        (1, "it failed, and what was done is put back where no sender misses a key by that; or something stands in the way"),
        (3, "waiting, for the records or for something that is left out; a dry run, where something is left out; nothing is broken"),
    ];

    public override IReadOnlyList<string> Examples =>
    [
        "danelaw setup --dry-run",
        "danelaw setup",
        "danelaw setup --certificate chain.pem --key key.pem --ports 25,587,993",
        "danelaw setup --publisher /etc/danelaw/publisher.toml --rollover",
        "danelaw setup --undo --dry-run",
        "danelaw setup --undo",
    ];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups =>
        [("what is done", [_dryRun, _undo, _force, _neverPublished, _certificate, _key, _names, _ports, _ttl, _publisher, _rollover, _domains, _root, _bogusName]), ("asking", _dns.All)];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows()) throw new MisuseException("setup is for mail servers on Linux");
        var parsed = call.Parsed;
        var isDry = parsed.GetValue(_dryRun);
        var root = parsed.GetValue(_root);
        if (root is not null && !isDry) throw new MisuseException("--root is for looking: the files of another host are not altered from here", "give --dry-run with it, or run setup on that host");
        if (parsed.GetValue(_force) && !parsed.GetValue(_undo)) throw new MisuseException("--force belongs to --undo", "danelaw setup --undo --force");
        if (parsed.GetValue(_neverPublished) && !parsed.GetValue(_undo)) throw new MisuseException("--never-published belongs to --undo", "danelaw setup --undo --never-published");
        if (parsed.GetValue(_undo) && root is not null) throw new MisuseException("--root and --undo cannot be given together", "run setup --undo on that host");
        var folder = root is null ? "/" : Path.GetFullPath(root, call.Surroundings.Folder);
        if (!Directory.Exists(folder)) throw new MisuseException($"--root {root}: there is no such folder", "give the folder below which the host's /etc is");
        if (!isDry && !Environment.IsPrivilegedProcess) throw new MisuseException("setup alters files of the system, and this user may not", $"sudo danelaw {string.Join(' ', parsed.Tokens.Select(token => ShellWord.Quote(token.Value)))}{(parsed.GetValue(_undo) ? "" : "; with --dry-run it only looks")}");
        if (parsed.GetValue(_rollover) && !parsed.GetValue(_undo) && RolloverStore.FindFault() is { } lacking) throw new MisuseException(lacking, "docs/guide/install.md says what belongs together; nothing was altered");
        if (parsed.GetValue(_rollover) && !parsed.GetValue(_undo) && _dns.Typed(parsed) is { IsEmpty: false } asked)
            call.Voice.Hint($"the timer and the hook run danelaw rollover without {string.Join(' ', asked.Select(ShellWord.Quote))}, which is not kept: where it is needed, systemctl edit danelaw-rollover gives the unit an ExecStart with it");
        var files = new HostFiles(folder);
        var options = ReadOptions(call) with { Publisher = ReadPublisher(call), WantsRollover = parsed.GetValue(_rollover), Command = OwnCommand() };
        var settings = await _dns.ReadAsync(call, cancellationToken).ConfigureAwait(false);
        var bogusName = DnsOptions.ReadName("--bogus-name", parsed.GetValue(_bogusName) ?? DoctorCommand.PublicBogusName);
        var transport = settings.OpenTransport(call.Surroundings.Clock);
        await using (transport.ConfigureAwait(false))
        {
            var work = new SetupWork(call, files, options, settings, transport, bogusName, parsed.GetValue(_domains), isElsewhere: root is not null && !files.IsLive, mayAsk: root is null || files.IsLive || _dns.Given(parsed).Any(name => name is "--resolver" or "--iterate" or "--root-hints"));
            try
            {
                var undo = new UndoOptions { IsForced = parsed.GetValue(_force), WereNeverPublished = parsed.GetValue(_neverPublished) };
                if (parsed.GetValue(_undo)) return await (isDry ? work.ShowUndoAsync(undo, cancellationToken) : work.UndoAsync(undo, cancellationToken)).ConfigureAwait(false);
                return isDry ? await work.ShowAsync(cancellationToken).ConfigureAwait(false) : await work.ApplyAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (SetupException failure)
            {
                call.Voice.Error(failure.Message);
                return ExitCode.Bad;
            }
        }
    }

    /// <summary>What runs this command: a timer and a hook have to name it.</summary>
    private static ImmutableArray<string> OwnCommand()
    {
        var packaged = new SetupOptions().Command;
        var library = Path.Combine(AppContext.BaseDirectory, "Danelaw.Cli.dll");
        if (Environment.ProcessPath is not { } program) return packaged;

        // The Debian package's /usr/bin/danelaw is a link to the program with its libraries beside it.
        if (File.Exists(packaged[0]) && File.ResolveLinkTarget(packaged[0], returnFinalTarget: true)?.FullName == program) return packaged;
        return Path.GetFileName(program) == "dotnet" && File.Exists(library) ? [program, library] : [program];
    }

    [UnsupportedOSPlatform("windows")]
    private PublisherSettings? ReadPublisher(Call call)
    {
        if (call.Parsed.GetValue(_publisher) is not { } file) return null;
        var path = file == "-" ? file : Path.GetFullPath(file, call.Surroundings.Folder);
        if (File.Exists(path) && SettingsFile.FindFault(path, File.GetUnixFileMode(path), out var mend) is { } open) throw new MisuseException(open, mend);
        if (PublisherFile.TryRead(Encoding.UTF8.GetString(FileText.ReadAll(call.Surroundings, file, 1 << 20)), path, out var settings, out var faults)) return settings;
        throw new MisuseException(faults.IsEmpty ? $"{path} says nothing of where the zone is changed" : $"{faults[0].Place}: {faults[0].Text}", "as in kind = \"update\", server = \"127.0.0.1\", key-file = \"/etc/danelaw/tsig.key\", each on a line");
    }

    private SetupOptions ReadOptions(Call call)
    {
        var parsed = call.Parsed;
        var certificate = parsed.GetValue(_certificate);
        var key = parsed.GetValue(_key);
        if (key is not null && certificate is null) throw new MisuseException("--key needs the certificate that was made with it", "--certificate FILE --key FILE");
        foreach (var (option, path) in new[] { ("--certificate", certificate), ("--key", key) })
        {
            if (path is null) continue;
            FileText.RequirePlace(call.Surroundings, path);
            if (path == "-") throw new MisuseException($"{option} takes a file of this host, not standard input", "setup reads it again when it makes the chain file");
            if (parsed.GetValue(_root) is null) FileText.Open(call.Surroundings, path).Dispose();
        }

        return new()
        {
            CertificateFile = certificate is null ? null : Path.GetFullPath(certificate, call.Surroundings.Folder),
            KeyFile = key is null ? null : Path.GetFullPath(key, call.Surroundings.Folder),
            Names = [.. (parsed.GetValue(_names) ?? []).Select(text => HostInput.Read("--name", text)).Distinct()],
            Ports = parsed.GetValue(_ports) is { } ports ? [.. ports.Split(',', StringSplitOptions.TrimEntries).Select(text => Quantity.Number("--ports", text, 1, 65535)).Distinct().Order()] : [25],
            TimeToLive = parsed.GetValue(_ttl) is { } ttl ? (uint)Quantity.Number("--ttl", ttl, 0, int.MaxValue) : 3600,
        };
    }
}
