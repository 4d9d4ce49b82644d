using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dns.Zones;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Transports;

/// <summary>One exchange in every way with servers that others wrote: unbound over UDP, TCP, TLS and HTTPS, BIND with cookies.</summary>
public sealed class RealServerTests : IDisposable
{
    private const string Name = "dns.resolver.lab";
    private const int Port = 5300;
    private const int TlsPort = 8530;
    private const int HttpsPort = 4430;

    private readonly TestFolder _folder = new("real-servers");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, Peer("unbound"), Rfc(7766, "5"), Rfc(7858, "3.3"), Rfc(8484, "4.1")]
    [InlineData(TransportKind.Datagram, Port)]
    [InlineData(TransportKind.Tcp, Port)]
    [InlineData(TransportKind.Tls, TlsPort)]
    [InlineData(TransportKind.Https, HttpsPort)]
    public async Task Unbound_answers_short_and_long_over_every_transport(TransportKind kind, int port)
    {
        Peer.RequireOwnNetwork();
        using var certificate = Certificate();
        await using var unbound = await UnboundAsync(certificate);
        await using var transport = new DnsTransport(new() { Authorities = [new Octets(certificate.RawData)] }, TimeProvider.System);
        var server = new DnsServer(kind, new(IPAddress.Loopback, port), kind is TransportKind.Tls or TransportKind.Https ? Name : null, kind == TransportKind.Https ? "/dns-query" : null);

        var exchanges = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => AskAsync(transport, server, $"host{i}.lab.", RecordType.A)));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"192.0.2.{i}"), exchanges.Select(Data));

        // 20 strings of 200 octets: no datagram of 1232 octets holds them.
        var large = await AskAsync(transport, server, "large.lab.", RecordType.TXT);
        Assert.Equal(20, large.Message!.Answers.Length);

        var missing = await AskAsync(transport, server, "nothing.lab.", RecordType.A);
        Assert.Equal(ResponseCode.NameError, missing.Message!.ResponseCode);
    }

    [Theory, Peer("unbound"), Rfc(8310, "8.1")]
    [InlineData(TransportKind.Tls, TlsPort, "other.lab")]
    [InlineData(TransportKind.Https, HttpsPort, "other.lab")]
    [InlineData(TransportKind.Tls, TlsPort, "127.0.0.1")]
    public async Task Unbound_under_another_name_is_not_trusted(TransportKind kind, int port, string host)
    {
        Peer.RequireOwnNetwork();
        using var certificate = Certificate();
        await using var unbound = await UnboundAsync(certificate);
        await using var transport = new DnsTransport(new() { Authorities = [new Octets(certificate.RawData)] }, TimeProvider.System);
        var exchange = await AskAsync(transport, new(kind, new(IPAddress.Loopback, port), host, "/dns-query"), "host1.lab.", RecordType.A);
        Assert.Equal(ExchangeOutcome.NotTrusted, exchange.Outcome);
    }

    [Fact, Peer("unbound")]
    public async Task A_server_that_is_given_by_name_is_found_by_a_plain_query()
    {
        Peer.RequireOwnNetwork();
        using var certificate = Certificate();
        await using var unbound = await UnboundAsync(certificate);
        await using var plain = new DnsTransport(new(), TimeProvider.System);
        var lookup = new HostLookup(plain, [new(TransportKind.Datagram, new(IPAddress.Loopback, Port))], HostsFile.Read(TextReader.Null));
        Assert.Equal([IPAddress.Loopback, IPAddress.IPv6Loopback], await lookup.LookupAsync("alias.lab", Token));

        await using var transport = new DnsTransport(new() { Authorities = [new Octets(certificate.RawData)], LookupHost = lookup.LookupAsync }, TimeProvider.System);
        Assert.True(DnsServer.TryParse($"https://{Name}:{HttpsPort}/dns-query", out var server, out _));
        Assert.Equal("192.0.2.7", Data(await AskAsync(transport, server, "host7.lab.", RecordType.A)));
    }

    [Fact, Peer("bind"), Rfc(7873, "5.2.4")]
    public async Task BIND_that_demands_cookies_is_satisfied_with_the_second_query()
    {
        Peer.RequireOwnNetwork();
        var zone = _folder.Write("lab.zone", "$TTL 60\n@ SOA ns host 1 2 3 4 5\n@ NS ns\nns A 127.0.0.1\nhost1 A 192.0.2.1\n");
        var configuration = _folder.Write("named.conf", $$"""
            options {
              directory "{{_folder.Root}}"; managed-keys-directory "{{_folder.Root}}"; pid-file none; session-keyfile "{{_folder.Root}}/session.key"; lock-file none;
              listen-on port {{Port}} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; dnssec-validation no; notify no;
              require-server-cookie yes; answer-cookie yes;
            };
            controls { };
            zone "lab." { type primary; file "{{zone}}"; };
            """);
        await using var named = PeerProcess.Start(Peer.Require("named"), "-f", "-g", "-n", "1", "-c", configuration);
        await named.WaitForPortAsync(IPAddress.Loopback, Port, Token);
        var server = new DnsServer(TransportKind.Datagram, new(IPAddress.Loopback, Port));

        await using var transport = new DnsTransport(new() { Tries = 1 }, TimeProvider.System);
        for (var i = 0; i < 3; i++) Assert.Equal("192.0.2.1", Data(await AskAsync(transport, server, "host1.lab.", RecordType.A)));
    }

    private static Task<Exchange> AskAsync(DnsTransport transport, DnsServer server, string name, RecordType type) =>
        transport.ExchangeAsync(new(new(DomainName.Parse(name), type), server), Token).AsTask();

    private static string Data(Exchange exchange)
    {
        Assert.True(exchange.Outcome == ExchangeOutcome.Replied, $"{exchange.Outcome}: {exchange.Detail}");
        var record = Assert.Single(exchange.Message!.Answers);
        return RecordText.Format(record.Type, record.Data);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=resolver", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(30), DateTimeOffset.UnixEpoch.AddYears(120));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private async Task<PeerProcess> UnboundAsync(X509Certificate2 certificate)
    {
        var program = Peer.Require("unbound");
        using var key = certificate.GetECDsaPrivateKey();
        var keyFile = _folder.Write("key.pem", key!.ExportPkcs8PrivateKeyPem());
        var certificateFile = _folder.Write("certificate.pem", certificate.ExportCertificatePem());
        var hosts = string.Concat(Enumerable.Range(0, 40).Select(i => $"  local-data: \"host{i}.lab. 60 IN A 192.0.2.{i}\"\n"));
        var large = string.Concat(Enumerable.Range(0, 20).Select(i => $"  local-data: 'large.lab. 60 IN TXT \"{i:000}{new string('x', 197)}\"'\n"));
        var configuration = _folder.Write("unbound.conf", $"""
            server:
              interface: 127.0.0.1@{Port}
              interface: 127.0.0.1@{TlsPort}
              interface: 127.0.0.1@{HttpsPort}
              tls-port: {TlsPort}
              https-port: {HttpsPort}
              http-endpoint: "/dns-query"
              tls-service-key: "{keyFile}"
              tls-service-pem: "{certificateFile}"
              do-daemonize: no
              use-syslog: no
              username: ""
              chroot: ""
              directory: "{_folder.Root}"
              pidfile: ""
              module-config: "iterator"
              local-zone: "lab." static
              local-data: "alias.lab. 60 IN A 127.0.0.1"
              local-data: "alias.lab. 60 IN AAAA ::1"
              local-data: "{Name}. 60 IN A 127.0.0.1"
            {hosts}{large}
            remote-control:
              control-enable: no
            """);
        var process = PeerProcess.Start(program, "-d", "-p", "-c", configuration);
        foreach (var port in new[] { Port, TlsPort, HttpsPort }) await process.WaitForPortAsync(IPAddress.Loopback, port, Token);
        return process;
    }
}
