using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Setup;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>A mail host's folder with what a setup needs around it.</summary>
internal sealed class SetupHost : IDisposable
{
    internal static readonly DomainName Mx = DomainName.Parse("mx.example.org.");

    internal HostFolder Host { get; } = new();

    internal SetupOptions Options { get; init; } = new();

    /// <summary>What the DNS has at _25._tcp.mx.example.org; null where it is not asked.</summary>
    internal ImmutableArray<TlsaRecord>? Published { get; set; }

    public void Dispose() => Host.Dispose();

    /// <summary>What the how-to of today makes people write.</summary>
    internal SetupHost HowTo()
    {
        Host.Write("/etc/postfix/main.cf", """
            # the mail host of example.org
            myhostname = mx.example.org
            mydestination = $myhostname, example.org
            smtpd_use_tls = yes
            # the certificate
            smtpd_tls_cert_file = /etc/letsencrypt/live/mx/fullchain.pem
            smtpd_tls_key_file = /etc/letsencrypt/live/mx/privkey.pem
            ignore_mx_lookup_error = yes
            smtp_tls_security_level = may

            """);
        Host.Write("/etc/postfix/master.cf", """
            smtp inet n - y - - smtpd
              -o smtpd_enforce_tls=yes
            smtp unix - - y - - smtp
            relay unix - - y - - smtp
            dane unix - - n - - smtp
              -o smtp_dns_support_level=dnssec
              -o smtp_tls_security_level=dane

            """);
        Host.Write("/etc/resolv.conf", "# by hand\nsearch example.org\nnameserver 192.0.2.53\n");
        Host.Write("/var/spool/postfix/etc/resolv.conf", "nameserver 192.0.2.53\n");
        Host.Write("/etc/unbound/unbound.conf", "include-toplevel: \"/etc/unbound/unbound.conf.d/*.conf\"\n");
        Host.Write("/etc/unbound/unbound.conf.d/root-auto-trust-anchor-file.conf", "server:\n    auto-trust-anchor-file: \"/var/lib/unbound/root.key\"\n");
        WriteLineage("mx", Host.Leaf);
        return this;
    }

    /// <summary>A certificate that certbot keeps.</summary>
    internal void WriteLineage(string name, Lab.Authority.LabCertificate leaf)
    {
        Host.WriteKey($"/etc/letsencrypt/archive/{name}/privkey1.pem", leaf.PrivateKeyToPem());
        Host.Write($"/etc/letsencrypt/archive/{name}/fullchain1.pem", leaf.ToPem() + Host.Root.ToPem());
        Host.Link($"/etc/letsencrypt/live/{name}/privkey.pem", $"../../archive/{name}/privkey1.pem").Link($"/etc/letsencrypt/live/{name}/fullchain.pem", $"../../archive/{name}/fullchain1.pem");
        Host.Write($"/etc/letsencrypt/renewal/{name}.conf", $"archive_dir = /etc/letsencrypt/archive/{name}\nfullchain = /etc/letsencrypt/live/{name}/fullchain.pem\nprivkey = /etc/letsencrypt/live/{name}/privkey.pem\n[renewalparams]\n");
    }

    /// <summary>Another certificate for the key of today, as PEM.</summary>
    internal string Reissue(string name, int daysLeft, bool hasAlternative = true)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(Host.Leaf.PrivateKeyToPem());
        using var issuerKey = ECDsa.Create();
        issuerKey.ImportFromPem(Host.Root.PrivateKeyToPem());
        using var issuer = X509CertificateLoader.LoadCertificate(Host.Root.Der.Span);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        if (hasAlternative) request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(issuerKey), HostFolder.Now.AddDays(-60), HostFolder.Now.AddDays(daysLeft), [1, 2, 3]);
        return certificate.ExportCertificatePem() + "\n";
    }

    internal async Task<SetupPlan> PlanAsync(Func<SetupFacts, SetupFacts>? alter = null)
    {
        var facts = new SetupReader(Host.Files, Options).Read(await Host.ReadAsync(), NetworkFacts.None, await Host.ExamineAsync());
        if (Published is { } records) facts = facts with { Asked = [Address(), Answer(records)] };
        return SetupPlanner.Plan(alter is null ? facts : alter(facts), Options, HostFolder.Now);
    }

    internal static Answer Address(Security security = Security.Secure) =>
        new() { Question = new(Mx, RecordType.A, RecordClass.IN), Security = security, Chain = [new(new(Mx, RecordType.A, RecordClass.IN, 300, [new(new byte[] { 192, 0, 2, 25 })]), security)] };

    internal static Answer Answer(ImmutableArray<TlsaRecord> records) => Answer("_25._tcp.mx.example.org.", records);

    internal static Answer Answer(string name, ImmutableArray<TlsaRecord> records)
    {
        var owner = DomainName.Parse(name);
        return new()
        {
            Question = new(owner, RecordType.TLSA, RecordClass.IN),
            Security = Security.Secure,
            Chain = records.IsEmpty ? [] : [new(new(owner, RecordType.TLSA, RecordClass.IN, 600, [.. records.Select(record => record.ToRecordData())]), Security.Secure) { OriginalTimeToLive = 600 }],
        };
    }

    internal static TlsaRecord Record(Lab.Authority.LabCertificate certificate, TlsaMatching matching = TlsaMatching.Sha256, TlsaUsage usage = TlsaUsage.DaneEe)
    {
        Assert.True(TlsaRecord.TryCreate(certificate.Der, usage, TlsaSelector.PublicKey, matching, out var record, out _));
        return record;
    }

    /// <summary>Every file below /etc and /var/lib/danelaw/chains with its mode and content, links as links.</summary>
    internal string Picture()
    {
        var lines = new List<string>();
        foreach (var top in new[] { "/etc", "/var/spool", "/var/lib/danelaw/chains" }.Select(Host.Here).Where(Directory.Exists))
        {
            foreach (var path in Directory.EnumerateFileSystemEntries(top, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                var link = new FileInfo(path).LinkTarget;
                lines.Add($"{path[Host.Path.Length..]} {(link is not null ? "-> " + link : Directory.Exists(path) ? "folder" : $"{File.GetUnixFileMode(path)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}")}");
            }
        }

        return string.Join('\n', lines);
    }
}

/// <summary>Programs that say what the test has them say, and remember that they were asked.</summary>
internal sealed class ScriptedPrograms : IHostPrograms
{
    internal List<string> Calls { get; } = [];

    /// <summary>Commands that fail, with what they say.</summary>
    internal Dictionary<string, string> Failing { get; } = [];

    public ValueTask<ProgramResult?> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken = default)
    {
        var call = $"{program} {string.Join(' ', arguments)}".Trim();
        Calls.Add(call);
        return ValueTask.FromResult<ProgramResult?>(Failing.TryGetValue(call, out var error) ? new(1, "", error) : new(0, "", ""));
    }
}

/// <summary>A witness that sees what the test has it see.</summary>
internal sealed class ScriptedWitness : ISetupWitness
{
    internal string? Resolver { get; set; }

    internal string? Servers { get; set; }

    internal ImmutableArray<string> Errors { get; set; } = [];

    /// <summary>What looking at the servers at the end throws; null for nothing.</summary>
    internal Exception? Failure { get; set; }

    internal RecordsSeen Records { get; set; } = new(RecordsState.Verified, "");

    public ValueTask NoteAsync(ImmutableArray<ExpectedService> expected, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public ValueTask<string?> ResolverAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(Resolver);

    /// <summary>The names that 127.0.0.1 is asked for in place of the servers of today.</summary>
    internal List<DomainName> Asked { get; } = [];

    internal string? Lost { get; set; }

    public ValueTask<string?> LostAsync(ImmutableArray<DomainName> names, CancellationToken cancellationToken = default)
    {
        Asked.AddRange(names);
        return ValueTask.FromResult(Lost);
    }

    public ValueTask<string?> ServersAsync(ImmutableArray<ExpectedService> expected, CancellationToken cancellationToken = default) => ValueTask.FromResult(Servers);

    public ImmutableArray<string> Unseen(ImmutableArray<ExpectedService> expected) => [];

    public ValueTask<ImmutableArray<string>> ErrorsAsync(CancellationToken cancellationToken = default) => Failure is { } failure ? throw failure : ValueTask.FromResult(Errors);

    /// <summary>What stands at every owner, unless the records are absent.</summary>
    internal TlsaSet Published { get; set; } = TlsaSet.Of(new TlsaRecord(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, new(new byte[32])));

    /// <summary>Where that is seen; empty for the resolver's cache.</summary>
    internal string Where { get; set; } = " at ns1";

    /// <summary>The owners that were asked for last; null where none was.</summary>
    internal ImmutableArray<DomainName>? Watched { get; private set; }

    public ValueTask<ImmutableArray<SeenSet>> PublishedAsync(ImmutableArray<DomainName> owners, CancellationToken cancellationToken = default)
    {
        Watched = owners;
        return ValueTask.FromResult(owners.Select(owner => new SeenSet(owner, Where, Beside.GetValueOrDefault(owner.ToString(), Records.State == RecordsState.Absent ? TlsaSet.Empty : Published), TimeToLive, "")).ToImmutableArray());
    }

    /// <summary>With which TTL.</summary>
    internal TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(600);

    /// <summary>What stands at owners that no setup has asked for; null for what cannot be seen.</summary>
    internal Dictionary<string, TlsaSet?> Beside { get; } = [];

    public ValueTask<ImmutableArray<SeenSet>> HeldAsync(ImmutableArray<DomainName> owners, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(owners.Select(owner => new SeenSet(owner, "", Beside.GetValueOrDefault(owner.ToString(), TlsaSet.Empty), TimeSpan.FromSeconds(600), "it timed out")).ToImmutableArray());

    /// <summary>The owners that no sender asks for.</summary>
    internal HashSet<string> Unasked { get; } = [];

    public ValueTask<ImmutableArray<DomainName>> UnaskedAsync(ImmutableArray<DomainName> owners, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(owners.Where(owner => Unasked.Contains(owner.ToString())).ToImmutableArray());

    public ValueTask<RecordsSeen> RecordsAsync(ImmutableArray<SetupRecord> records, CancellationToken cancellationToken = default) => ValueTask.FromResult(Records);
}

/// <summary>A rollover that is taken up as the test has it.</summary>
internal sealed class TakenUp : ISetupRenewal
{
    internal RenewalSeen Seen { get; init; } = new(true, false, "");

    internal Action OnTakeUp { get; init; } = static () => { };

    public ImmutableArray<string> StateFiles => ["/var/lib/danelaw/rollover.db", "/var/lib/danelaw/rollover.db.lock"];

    public ValueTask<RenewalSeen> TakeUpAsync(CancellationToken cancellationToken = default)
    {
        OnTakeUp();
        return ValueTask.FromResult(Seen);
    }
}

/// <summary>Ways to take a setup back.</summary>
internal static class Undo
{
    internal static UndoOptions Plain { get; } = new();

    internal static UndoOptions Forced { get; } = new() { IsForced = true };

    internal static UndoOptions NeverPublished { get; } = new() { WereNeverPublished = true };

    /// <summary>Takes a setup back whose records are out of the DNS, and of every cache.</summary>
    internal static async Task<SetupOutcome> AfterTheWaitAsync(SetupRun run, ScriptedWitness witness, SetClock clock, UndoOptions undo)
    {
        await PassTheWaitAsync(run, witness, clock, undo);
        return await run.UndoAsync(undo, TestContext.Current.CancellationToken);
    }

    internal static async Task PassTheWaitAsync(SetupRun run, ScriptedWitness witness, SetClock clock, UndoOptions undo)
    {
        witness.Records = new(RecordsState.Absent, "");
        Assert.Equal(SetupResult.Waiting, (await run.UndoAsync(undo, TestContext.Current.CancellationToken)).Result);
        clock.Pass(TimeSpan.FromHours(2));
    }
}

/// <summary>A clock that stands where the test sets it.</summary>
internal sealed class SetClock : TimeProvider
{
    private long _stamp;

    private TimeSpan _sinceBoot = TimeSpan.FromMinutes(1);

    private int _boots;

    /// <summary>What the clock on the wall says, which may be set.</summary>
    internal DateTimeOffset Now { get; set; } = HostFolder.Now;

    internal Uptime Uptime => new($"boot {_boots}", _sinceBoot);

    /// <summary>Lets time pass.</summary>
    internal void Pass(TimeSpan time)
    {
        Now += time;
        _sinceBoot += time;
    }

    /// <summary>Starts the machine anew.</summary>
    internal void Boot()
    {
        _boots++;
        _sinceBoot = TimeSpan.FromMinutes(1);
    }

    /// <summary>A setup of a host by this clock.</summary>
    internal SetupRun Run(SetupHost host, ScriptedPrograms programs, ScriptedWitness witness, Action<string>? mark = null, ISetupRenewal? renewal = null) =>
        new(host.Host.Files, programs, witness, host.Options, this) { ReadUptime = () => Uptime, Renewal = renewal, Mark = mark ?? (static _ => { }) };

    /// <summary>Whether each look at how much time has passed sees a second more.</summary>
    internal bool Advances { get; init; }

    /// <summary>What happens when it is looked at.</summary>
    internal Action OnLook { get; set; } = static () => { };

    public override DateTimeOffset GetUtcNow()
    {
        OnLook();
        return Now;
    }

    public override long TimestampFrequency => 1;

    public override long GetTimestamp() => Advances ? _stamp++ : 0;
}
