using System.Security.Cryptography;
using Danelaw.Interop.Tests.Services;

namespace Danelaw.Interop.Tests.Mail;

/// <summary>The mail domains and services of the signed world: who serves which certificate, and what the DNS says of it.</summary>
internal sealed class MailPlan
{
    public const string Zone = "post.nsec.";
    public const string Nsec3Zone = "post.nsec3.";
    public const string PlainZone = "post.optout.";
    public const string PkixAddress = "127.25.2.3";
    public const string RawKeyAddress = "127.25.2.6";
    public const string WrongRawKeyAddress = "127.25.2.7";

    /// <summary>TLS 1.3 and TLS 1.2 with a raw public key alone, and TLS 1.3 with a certificate of the same key besides.</summary>
    public static readonly int[] RawKeyPorts = [4434, 4435, 4436];

    private readonly List<MailHost> _hosts = [];

    public MailPlan()
    {
        Root = ServerCertificate.Root("Danelaw Test Root");
        Authority = Root.IssueAuthority("Danelaw Test Authority");
        Services = new(Authority);
        Pkix = Authority.IssueServer(["pkix.post.nsec"]);
        Srv = new(Authority);
        var stranger = ServerCertificate.SelfSigned("stranger.example");

        Add("right", leaf => [leaf.Tlsa(3, 1, 1)]);
        Add("right", leaf => [leaf.Tlsa(3, 1, 1)], Nsec3Zone);
        Add("right", leaf => [leaf.Tlsa(3, 1, 1)], PlainZone);
        Add("wrong", _ => [stranger.Tlsa(3, 1, 1)]);
        Add("sha512", leaf => [leaf.Tlsa(3, 1, 2)]);
        Add("whole-certificate", leaf => [leaf.Tlsa(3, 0, 1)]);
        Add("full-key", leaf => [leaf.Tlsa(3, 1, 0)]);
        Add("rolling", leaf => [stranger.Tlsa(3, 1, 1), leaf.Tlsa(3, 1, 1)]);
        Add("agility", leaf => [leaf.Tlsa(3, 1, 1), stranger.Tlsa(3, 1, 2)]);
        Add("expired-ee", leaf => [leaf.Tlsa(3, 1, 1)], from: -90, to: -1);
        Add("expired-ta", _ => [Authority.Tlsa(2, 1, 1)], from: -90, to: -1);
        Add("wrong-name-ee", leaf => [leaf.Tlsa(3, 1, 1)], name: "elsewhere.example");
        Add("wrong-name-ta", _ => [Authority.Tlsa(2, 0, 1)], name: "elsewhere.example");
        Add("domain-name-ta", _ => [Authority.Tlsa(2, 0, 1)], name: "domain-name-ta.post.nsec");
        Add("anchored", _ => [Authority.Tlsa(2, 0, 1)]);
        Add("anchored-root", _ => [Root.Tlsa(2, 1, 1)]);
        Add("anchor-absent", _ => [Root.Tlsa(2, 0, 1)], withIssuers: false);
        Add("anchor-in-dns", _ => [Authority.Tlsa(2, 0, 0)], withIssuers: false);
        Add("anchor-key-in-dns", _ => [Authority.Tlsa(2, 1, 0)], withIssuers: false);
        Add("pkix-only", leaf => [leaf.Tlsa(1, 1, 1)]);
        Add("short-digest", leaf => [leaf.Tlsa(3, 1, 1)[..^2]]);
        Add("no-tlsa", _ => []);
        Add("alias", leaf => [leaf.Tlsa(3, 1, 1)], change: host => host with { Lines = $"{host.Domain}. MX 10 alias.{host.Host}.\nalias.{host.Host}. CNAME {host.Host}." });
        Add("no-starttls", leaf => [leaf.Tlsa(3, 1, 1)], change: host => host with { Chains = [] });
        Add("no-starttls-no-tlsa", _ => [], change: host => host with { Chains = [] });
        Add("nobody", leaf => [leaf.Tlsa(3, 1, 1)], change: host => host with { Listens = false });
        Add("two-mx", leaf => [leaf.Tlsa(3, 1, 1)], change: host => host with { Lines = $"{host.Domain}. MX 10 {host.Host}.\n{host.Domain}. MX 20 mx.no-tlsa.post.nsec." });
        Add("implicit-mx", leaf => [leaf.Tlsa(3, 1, 1)], change: host => host with { Host = host.Domain, Lines = "" });
        Add("null-mx", _ => [], change: host => host with { Lines = $"{host.Domain}. MX 0 ." });
        Add("tls13", leaf => [leaf.Tlsa(3, 1, 1)], change: host => host with { Settings = ["smtpd_tls_protocols = >=TLSv1.3"] });
        Add("tls10", leaf => [leaf.Tlsa(3, 1, 1)], change: host => host with { Settings = ["smtpd_tls_protocols = >=TLSv1, <=TLSv1", "tls_medium_cipherlist = ALL:@SECLEVEL=0"] });
        // Everybody but those who ask for the host by its name is shown a stranger's certificate.
        Add("sni", leaf => [leaf.Tlsa(3, 1, 1)], change: host => host with { NamedChain = host.Chains[0], Chains = [stranger.ChainPem()] });
        AddDual("dual-both", (rsa, ecdsa) => [rsa.Tlsa(3, 1, 1), ecdsa.Tlsa(3, 1, 1)]);
        AddDual("dual-ecdsa", (_, ecdsa) => [ecdsa.Tlsa(3, 1, 1)]);
        AddDual("dual-rsa", (rsa, _) => [rsa.Tlsa(3, 1, 1)]);
        // The same where the cipher suites say nothing of the key, and with a third one.
        AddDual("dual13-both", (rsa, ecdsa) => [rsa.Tlsa(3, 1, 1), ecdsa.Tlsa(3, 1, 1)], ["smtpd_tls_protocols = >=TLSv1.3"]);
        AddDual("dual13-ecdsa", (_, ecdsa) => [ecdsa.Tlsa(3, 1, 1)], ["smtpd_tls_protocols = >=TLSv1.3"]);
        AddDual("dual13-rsa", (rsa, _) => [rsa.Tlsa(3, 1, 1)], ["smtpd_tls_protocols = >=TLSv1.3"]);
        Add("second-wrong", leaf => [leaf.Tlsa(3, 1, 1)], change: host => host with { OtherChains = [stranger.ChainPem()] });
        Add("six", leaf => [leaf.Tlsa(3, 1, 1)], change: host => host with { OtherChains = host.Chains, OtherIsIPv6 = true });
        Add("six-wrong", leaf => [leaf.Tlsa(3, 1, 1)], change: host => host with { OtherChains = [stranger.ChainPem()], OtherIsIPv6 = true });
        // The record itself is right; its signature is broken in the zone file.
        Add("post", leaf => [leaf.Tlsa(3, 1, 1)], "spoilt.nsec.");
    }

    public ServerCertificate Root { get; }

    public ServerCertificate Authority { get; }

    /// <summary>The domains whose services SRV records lead to, or convention.</summary>
    public SrvPlan Srv { get; }

    public IReadOnlyList<MailHost> Hosts => _hosts;

    /// <summary>The services of the matrix.</summary>
    public ServicePlan Services { get; }

    /// <summary>What Dovecot and nginx serve under the name whose records have PKIX usages.</summary>
    public ServerCertificate Pkix { get; }

    /// <summary>The key of the hosts <c>raw</c> and <c>raw-wrong</c>, at <see cref="RawKeyPorts"/>; only the former's records are of it.</summary>
    public ECDsa RawKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The zone-file lines of the domains in one zone.</summary>
    public string ZoneLines(string zone) => string.Concat(_hosts.Where(host => host.Zone == zone).Select(host => host.ZoneLines())) + (zone == Zone ? OtherLines() + Services.ZoneLines() : "") + Srv.ZoneLines(zone);

    /// <summary>What a sender asks about each of them.</summary>
    public IEnumerable<(string Name, string Type)> Questions(string zone) => _hosts.Where(host => host.Zone == zone).SelectMany<MailHost, (string, string)>(host =>
        [(host.Domain + ".", "MX"), (host.Host + ".", "A"), (host.Host + ".", "AAAA"), ($"_25._tcp.{host.Host}.", "TLSA")]);

    public MailHost this[string domain] => _hosts.Single(host => host.Domain == domain);

    private string OtherLines()
    {
        var lines = "";
        foreach (var port in RawKeyPorts)
            lines += $"_{port}._tcp.raw.{Zone} TLSA 3 1 1 {Convert.ToHexString(SHA256.HashData(RawKey.ExportSubjectPublicKeyInfo()))}\n_{port}._tcp.raw-wrong.{Zone} TLSA {Authority.Tlsa(3, 1, 1)}\n";
        lines += $"raw.{Zone} A {RawKeyAddress}\nraw-wrong.{Zone} A {WrongRawKeyAddress}\n";

        // Usages that need a trust store besides.
        return lines + $"pkix.{Zone} A {PkixAddress}\n_443._tcp.pkix.{Zone} TLSA {Pkix.Tlsa(1, 1, 1)}\n_993._tcp.pkix.{Zone} TLSA {Root.Tlsa(0, 0, 1)}\n";
    }

    private void Add(string label, Func<ServerCertificate, IReadOnlyList<string>> tlsa, string zone = Zone, string? name = null, int from = -30, int to = 300, bool withIssuers = true, Func<MailHost, MailHost>? change = null)
    {
        var host = New(label, zone);
        var leaf = Authority.IssueServer([name ?? host.Host], from: from, to: to);
        host = host with { Chains = [leaf.ChainPem(withIssuers)], Tlsa = tlsa(leaf) };
        _hosts.Add(change is null ? host : change(host));
    }

    private void AddDual(string label, Func<ServerCertificate, ServerCertificate, IReadOnlyList<string>> tlsa, IReadOnlyList<string>? settings = null)
    {
        var host = New(label, Zone);
        var (rsa, ecdsa) = (Authority.IssueServer([host.Host], rsa: true), Authority.IssueServer([host.Host]));
        _hosts.Add(host with { Chains = [rsa.ChainPem(), ecdsa.ChainPem()], Tlsa = tlsa(rsa, ecdsa), Settings = settings ?? [] });
    }

    private MailHost New(string label, string zone) => new(label, zone) { Number = _hosts.Count + 1 };
}
