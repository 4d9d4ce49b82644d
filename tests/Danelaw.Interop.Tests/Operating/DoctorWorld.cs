using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Interop.Tests.Survival;
using Danelaw.Lab.Authority;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Operating;

/// <summary>
/// A sound mail host of a provider, with virtual domains that share a few MX names: each domain a signed zone of its own in NSD, a validating unbound on
/// loopback, Postfix at every MX address, and nginx with the MTA-STS policies of some. The command sees the host's files in the machine's own places.
/// </summary>
internal sealed class DoctorWorld : IAsyncDisposable
{
    private const string Authoritative = "127.86.0.1", PolicyAddress = "127.86.2.1", Resolver = "127.0.0.1";

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly List<IAsyncDisposable> _servers = [];
    private readonly List<(string Name, string Text)> _zones = [];

    internal TestFolder Folder { get; } = new("doctor");

    internal static string Host => "mx1.host.lab";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Raises it.</summary>
    /// <param name="domains">How many virtual domains.</param>
    /// <param name="hosts">How many MX names they share.</param>
    /// <param name="policies">How many of the domains have MTA-STS.</param>
    /// <param name="list">What main.cf says of the domains; <c>DOMAINS</c> in it stands for the file of their names.</param>
    internal static async Task<DoctorWorld> RiseAsync(int domains, int hosts, int policies, string list)
    {
        Peer.RequireOwnNetwork();
        var world = new DoctorWorld();
        try
        {
            await world.RiseAsync([.. Enumerable.Range(1, domains).Select(i => string.Create(CultureInfo.InvariantCulture, $"d{i}.lab"))], hosts, policies, list);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = _servers.Count - 1; i >= 0; i--) await _servers[i].DisposeAsync();
        Folder.Dispose();
    }

    /// <summary>Runs <c>danelaw doctor</c> where the machine's files are those of the host.</summary>
    internal async Task<MeasuredRun> RunAsync(params string[] options)
    {
        const string Places = """
            mount --make-rprivate / && home=$1 && shift || exit 99
            for folder in dovecot nginx apache2 letsencrypt exim4; do [ ! -d /etc/$folder ] || mount -t tmpfs none /etc/$folder || exit 99; done
            mount --bind "$home/etc/postfix" /etc/postfix && mount --bind "$home/etc/hostname" /etc/hostname && mount --bind "$home/etc/resolv.conf" "$(readlink -f /etc/resolv.conf)" || exit 99
            exec "$@"
            """;
        var command = Environment.GetEnvironmentVariable("DANELAW_COMMAND") ?? Path.Combine(Repository.Root, "danelaw");
        return await MeasuredRun.RunAsync(Peer.Require("unshare"), ["--mount", "/bin/bash", "-c", Places, "places", Folder.Root, command, "doctor", "--trust-anchor", Folder["anchors"], "--ca-file", Folder["root.pem"], "--bogus-name", "www.bogus.lab", .. options], Cancelled);
    }

    /// <summary>How many questions the resolver was asked so far.</summary>
    internal Task<long> QueriesAsync() => Unbound.QueriesAsync(Folder["unbound.control"], Cancelled);

    private async Task RiseAsync(ImmutableArray<string> domains, int hosts, int policies, string list)
    {
        ImmutableArray<string> addresses = [.. Enumerable.Range(1, hosts).Select(i => string.Create(CultureInfo.InvariantCulture, $"127.86.1.{i}"))];
        await Loopback.AddAsync([Authoritative, PolicyAddress, .. addresses], Cancelled);
        var authority = new CertificateAuthority(Now);
        var root = authority.Issue(new() { Name = "Root", IsAuthority = true });
        var mail = authority.Issue(new() { Name = Host, DnsNames = [.. Enumerable.Range(1, hosts).Select(HostName)], Issuer = root });
        var web = authority.Issue(new() { Name = "policies", DnsNames = [.. domains.Take(Math.Max(1, policies)).Select(domain => "mta-sts." + domain)], Issuer = root });
        Folder.Write("root.pem", root.ToPem());
        Folder.Write("stranger.pem", authority.Issue(new() { Name = "Stranger", IsAuthority = true }).ToPem());
        WriteFiles(mail, root, domains, list);

        var delegations = new StringBuilder();
        for (var i = 0; i < domains.Length; i++)
        {
            var text = $"@ MX 10 {HostName(1 + (i % hosts))}.\n_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tlsrpt@host.lab\"\n" + (i < policies ? $"_mta-sts TXT \"v=STSv1; id=1\"\nmta-sts A {PolicyAddress}\n" : "");
            delegations.Append(Sign(domains[i] + ".", text, out _));
        }

        var records = string.Concat(Enumerable.Range(1, hosts).Select(i => $"{HostName(i)}. A {addresses[i - 1]}\n_25._tcp.{HostName(i)}. TLSA {Tlsa(mail)}\n"));
        delegations.Append(Sign("host.lab.", records, out _));
        _ = Sign("bogus.lab.", "www A 127.0.0.99\n", out _);
        delegations.Append(DelegationTo("bogus.lab.", SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256, DnskeyFlags.Zone | DnskeyFlags.SecureEntryPoint)));
        var top = Sign("lab.", delegations.ToString(), out _);
        _ = Sign(".", $"a.root-ns. A {Authoritative}\n" + top, out var anchor);
        Folder.Write("anchors", anchor);

        var served = Nsd.StartAsync(Folder, Authoritative, 53, _zones, Cancelled);
        var postfix = Postfix.StartAsync(Folder, [.. addresses.Select(address => new PostfixListener(address, [Folder["mx.pem"]]))], Cancelled);
        _servers.Add(await served);
        _servers.Add(await postfix);
        if (policies > 0) _servers.Add(await StartPoliciesAsync(web, root));
        var hints = $". 3600 IN NS a.root-ns.\na.root-ns. 3600 IN A {Authoritative}\n";
        _servers.Add(await Unbound.StartAsync(Folder, Resolver, 53, new UnboundOptions
        {
            RootHints = hints,
            Anchors = anchor,
            ControlSocket = Folder["unbound.control"],
            Extra = "outgoing-range: 2048\n  num-queries-per-thread: 1024\n  so-rcvbuf: 4m\n",
        }, Cancelled));
    }

    private void WriteFiles(LabCertificate mail, LabCertificate root, ImmutableArray<string> domains, string list)
    {
        Folder.Write("mx.pem", mail.PrivateKeyToPem() + mail.ToPem() + root.ToPem());
        TestFolder.SetMode(Folder["mx.pem"], 0b110_000_000);
        Folder.Write("etc/hostname", Host + "\n");
        Folder.Write("etc/resolv.conf", $"nameserver {Resolver}\noptions edns0 trust-ad\n");
        Folder.Write("etc/postfix/domains", string.Concat(domains.Select(domain => domain + " virtual\n")));
        Folder.Write("etc/postfix/main.cf", $"""
            compatibility_level = 3.6
            myhostname = {Host}
            mydestination = localhost
            smtpd_tls_security_level = may
            smtpd_tls_chain_files = {Folder["mx.pem"]}
            smtp_dns_support_level = dnssec
            smtp_tls_security_level = dane
            {list.Replace("DOMAINS", "/etc/postfix/domains", StringComparison.Ordinal)}

            """);
        Folder.Write("etc/postfix/master.cf", "smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\nrelay unix - - n - - smtp\n");
    }

    /// <summary>Signs a zone and puts it among those that are served; gives what its parent says of it.</summary>
    private string Sign(string zone, string text, out string anchor)
    {
        var key = SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256, DnskeyFlags.Zone | DnskeyFlags.SecureEntryPoint);
        using var reader = new ZoneReader(new StringReader($"$TTL 300\n{(zone == "." ? "." : "@")} SOA a.root-ns. hostmaster.lab. 1 3600 600 86400 300\n@ NS a.root-ns.\n{text}"), new() { Origin = DomainName.Parse(zone) });
        var records = new List<ResourceRecord>();
        while (reader.TryRead(out var record, out var fault)) records.Add(fault is null ? record : throw new InvalidOperationException($"{zone}: {fault}"));
        var signed = ZoneSigner.Sign(records, [key], new() { Apex = DomainName.Parse(zone), Validity = new(Now.AddHours(-1), Now.AddDays(14)) });
        _zones.Add((zone, string.Concat(signed.Select(record => ZoneWriter.ToLine(record) + "\n"))));
        anchor = ZoneWriter.ToLine(new(DomainName.Parse(zone), RecordType.DNSKEY, RecordClass.IN, 300, key.ToDnskey())) + "\n";
        return DelegationTo(zone, key);
    }

    private static string DelegationTo(string zone, SigningKey key) => $"{zone} NS a.root-ns.\n{ZoneWriter.ToLine(new(DomainName.Parse(zone), RecordType.DS, RecordClass.IN, 300, key.ToDs(DomainName.Parse(zone))))}\n";

    private static string HostName(int number) => string.Create(CultureInfo.InvariantCulture, $"mx{number}.host.lab");

    private static string Tlsa(LabCertificate certificate) => $"3 1 1 {certificate.ToTlsa(TlsaUsage.DaneEe).Slice(3).ToHex()}";

    private async Task<PeerProcess> StartPoliciesAsync(LabCertificate web, LabCertificate root)
    {
        var chain = Folder.Write("policies/web.pem", web.PrivateKeyToPem() + web.ToPem() + root.ToPem());
        var home = Folder["policies/.here"][..^6];
        var configuration = Folder.Write("policies/nginx.conf", $$"""
            daemon off;
            user root;
            pid {{home}}/nginx.pid;
            worker_processes 1;
            error_log stderr;
            events { worker_connections 256; }
            http {
              access_log off;
              client_body_temp_path {{home}}/t1; proxy_temp_path {{home}}/t2; fastcgi_temp_path {{home}}/t3; uwsgi_temp_path {{home}}/t4; scgi_temp_path {{home}}/t5;
              default_type text/plain;
              server {
                listen {{PolicyAddress}}:443 ssl;
                ssl_certificate {{chain}};
                ssl_certificate_key {{chain}};
                location = /.well-known/mta-sts.txt { return 200 "version: STSv1\nmode: enforce\nmx: *.host.lab\nmax_age: 1209600\n"; }
              }
            }

            """);
        var process = PeerProcess.Start(Peer.Require("nginx"), "-p", home, "-e", "stderr", "-c", configuration);
        await process.WaitForPortAsync(IPAddress.Parse(PolicyAddress), 443, Cancelled);
        return process;
    }
}
