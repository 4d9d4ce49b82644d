using System.Text.RegularExpressions;
using Danelaw.Checks;
using Danelaw.Lab.Authority;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Files;
using Danelaw.Testing.Peers;

namespace Danelaw.Operator.Tests;

/// <summary>The files of a mail host in a folder of this machine: sound as they come, so that each test breaks one thing.</summary>
internal sealed partial class HostFolder : IDisposable
{
    internal const string ChainFile = "/etc/postfix/tls/mx.pem";

    internal const string MainCf = $"""
        compatibility_level = 3.6
        myhostname = mx.example.org
        mydestination = $myhostname, example.org, localhost
        smtpd_tls_security_level = may
        smtpd_tls_chain_files = {ChainFile}
        smtp_dns_support_level = dnssec
        smtp_tls_security_level = dane

        """;

    internal const string MasterCf = """
        smtp      inet  n       -       n       -       -       smtpd
        smtp      unix  -       -       n       -       -       smtp
        relay     unix  -       -       n       -       -       smtp

        """;

    internal static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TestFolder _folder = new("host", isInMemory: true);

    internal HostFolder()
    {
        Authority = new(Now);
        Root = Authority.Issue(new() { Name = "Root", IsAuthority = true });
        Leaf = Authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org"], Issuer = Root });
        Write("/etc/hostname", "mx.example.org\n");
        Write("/etc/resolv.conf", "nameserver 127.0.0.1\noptions edns0 trust-ad\n");
        Write("/var/lib/dpkg/status", "Package: postfix\nStatus: install ok installed\nVersion: 3.7.11-0+deb12u1\n\n");
        Write("/etc/postfix/main.cf", MainCf);
        Write("/etc/postfix/master.cf", MasterCf);
        WriteKey(ChainFile, Leaf.PrivateKeyToPem() + Leaf.ToPem() + Root.ToPem());
    }

    internal CertificateAuthority Authority { get; }

    internal LabCertificate Root { get; }

    internal LabCertificate Leaf { get; }

    internal string Path => _folder.Root;

    internal HostFiles Files => new(_folder.Root);

    public void Dispose() => _folder.Dispose();

    internal string Here(string path) => _folder.Root + path;

    internal HostFolder Write(string path, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Here(path))!);
        File.WriteAllText(Here(path), text);
        return this;
    }

    internal HostFolder WriteKey(string path, string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        Write(path, text);
        File.SetUnixFileMode(Here(path), mode);
        return this;
    }

    internal HostFolder Main(string added) => Write("/etc/postfix/main.cf", MainCf + added);

    internal HostFolder Link(string path, string target)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Here(path))!);
        File.CreateSymbolicLink(Here(path), target);
        return this;
    }

    /// <summary>Whether tables stand there as texts alone, without what postmap(1) makes of them. Default false.</summary>
    internal bool HasBareTables { get; init; }

    internal ValueTask<HostFacts> ReadAsync()
    {
        if (!HasBareTables) MakeTables();
        return new HostReader(Files, null).ReadAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Does for each text what postmap(1) does.</summary>
    private void MakeTables()
    {
        foreach (Match table in new[] { "/etc/postfix/main.cf", "/etc/postfix/master.cf" }.Select(Here).Where(File.Exists).SelectMany(path => TableName().Matches(File.ReadAllText(path))))
        {
            var text = Here(table.Groups["path"].Value);
            if (File.Exists(text)) File.WriteAllText(text + (table.Groups["type"].Value is "hash" or "btree" ? ".db" : "." + table.Groups["type"].Value), "");
        }
    }

    [GeneratedRegex("(?<type>hash|btree|lmdb|cdb):(?<path>/[^\\s,]+)", RegexOptions.CultureInvariant)]
    private static partial Regex TableName();

    internal async Task<DoctorReport> ExamineAsync(NetworkFacts? network = null) =>
        Doctor.Judge(await ReadAsync(), Files, network ?? NetworkFacts.None, new CheckOptions(), Now);

    /// <summary>What is found, as <c>severity CODE file:line</c>, notes left out.</summary>
    internal async Task<string[]> FindAsync(NetworkFacts? network = null) =>
        [.. (await ExamineAsync(network)).Findings.Where(finding => finding.Severity != Severity.Note).Select(Say)];

    internal static string Say(AuditFinding finding) => $"{finding.Severity.ToString().ToLowerInvariant()} {finding.Code} {finding.Place}".TrimEnd();
}
