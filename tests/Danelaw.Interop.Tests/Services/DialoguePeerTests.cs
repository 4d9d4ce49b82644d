using System.Net;
using System.Security.Cryptography.X509Certificates;
using Danelaw.Dns.Names;
using Danelaw.Interop.Tests.Mail;
using Danelaw.Probes;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Services;

/// <summary>Each dialogue with a server that others wrote. The oracle is openssl s_client, which has dialogues of its own and looks for the same certificate.</summary>
public sealed class DialoguePeerTests : IDisposable
{
    private const string Host = "peer.example";
    private const string Domain = "chat.example";

    private static readonly TlsProber Prober = new(new TlsProberOptions { HelloName = "probe.example" }, TimeProvider.System);

    private readonly TestFolder _folder = new("dialogues");
    private readonly ServerCertificate _certificate = ServerCertificate.SelfSigned(Host);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact, Peer("dovecot"), Peer("openssl"), Rfc(2033, "4.1"), Rfc(5804, "2.2")]
    public async Task Dovecot_starts_TLS_in_LMTP_and_ManageSieve()
    {
        const string address = "127.25.4.1";
        await Loopback.AddAsync([address], Token);
        await using var dovecot = await Dovecot.StartAsync(_folder, [new(address, ChainFile)], delivers: true, cancellationToken: Token);

        await ShowsAsync(address, 24, ServiceProtocol.Lmtp, "lmtp");
        await ShowsAsync(address, 4190, ServiceProtocol.Sieve, "sieve");
    }

    [Fact, Peer("vsftpd"), Peer("openssl"), Rfc(4217, "4")]
    public async Task Vsftpd_starts_TLS_by_AUTH_or_at_once()
    {
        const string address = "127.25.4.2";
        await Loopback.AddAsync([address], Token);
        await using var ftp = await Vsftpd.StartAsync(_folder, address, 21, ChainFile, cancellationToken: Token);
        await using var ftps = await Vsftpd.StartAsync(_folder, address, 990, ChainFile, cancellationToken: Token);

        await ShowsAsync(address, 21, ServiceProtocol.Ftp, "ftp");
        await ShowsAsync(address, 990, ServiceProtocol.FtpTls, null);
    }

    [Fact, Peer("vsftpd"), Rfc(2389, "3")]
    public async Task Vsftpd_without_TLS_lists_no_AUTH()
    {
        const string address = "127.25.4.3";
        await Loopback.AddAsync([address], Token);
        await using var ftp = await Vsftpd.StartAsync(_folder, address, 21, null, cancellationToken: Token);

        Assert.Equal(ProbeOutcome.StartTlsNotOffered, (await ProbeAsync(address, 21, ServiceProtocol.Ftp)).Outcome);
    }

    [Fact, Peer("inn"), Peer("openssl"), Rfc(4642, "2.2.1")]
    public async Task INN_starts_TLS_by_STARTTLS_or_at_once()
    {
        const string address = "127.25.4.4";
        await Loopback.AddAsync([address], Token);
        await using var nntp = await Nnrpd.StartAsync(_folder, address, 119, _certificate.ChainPem(), Token);
        await using var nntps = await Nnrpd.StartAsync(_folder, address, 563, _certificate.ChainPem(), Token);

        await ShowsAsync(address, 119, ServiceProtocol.Nntp, "nntp");
        await ShowsAsync(address, 563, ServiceProtocol.NntpTls, null);
    }

    [Fact, Peer("inspircd"), Peer("openssl"), Rfc(2812, "2.3")]
    public async Task InspIRCd_starts_TLS_by_STARTTLS_or_at_once()
    {
        const string address = "127.25.4.5";
        await Loopback.AddAsync([address], Token);
        await using var irc = await InspIrcd.StartAsync(_folder, new(address, ChainFile), cancellationToken: Token);

        await ShowsAsync(address, 6667, ServiceProtocol.Irc, "irc");
        await ShowsAsync(address, 6697, ServiceProtocol.IrcTls, null);
    }

    [Fact, Peer("inspircd")]
    public async Task InspIRCd_without_its_module_lists_no_tls()
    {
        const string address = "127.25.4.6";
        await Loopback.AddAsync([address], Token);
        await using var irc = await InspIrcd.StartAsync(_folder, new(address, ChainFile), startsTls: false, Token);

        Assert.Equal(ProbeOutcome.StartTlsNotOffered, (await ProbeAsync(address, 6667, ServiceProtocol.Irc)).Outcome);
    }

    [Fact, Peer("prosody"), Peer("openssl"), Rfc(6120, "5")]
    public async Task Prosody_starts_TLS_for_clients_and_servers_by_STARTTLS_or_at_once()
    {
        const string address = "127.25.4.7";
        await Loopback.AddAsync([address], Token);
        await using var prosody = await Prosody.StartAsync(_folder, new(address, ChainFile), [Host, Domain, "b\u00fccher.example"], cancellationToken: Token);

        await ShowsAsync(address, 5222, ServiceProtocol.XmppClient, "xmpp", Domain);
        await ShowsAsync(address, 5269, ServiceProtocol.XmppServer, "xmpp-server", Domain);
        await ShowsAsync(address, 5223, ServiceProtocol.XmppClientTls, null);
        await ShowsAsync(address, 5270, ServiceProtocol.XmppServerTls, null);

        // RFC 7622 §3.2.1: Prosody knows the domain in its own letters alone.
        Assert.Equal(ProbeOutcome.Completed, (await ProbeAsync(address, 5222, ServiceProtocol.XmppClient, "xn--bcher-kva.example")).Outcome);
        var unknown = await ProbeAsync(address, 5222, ServiceProtocol.XmppClient, "unknown.example");
        Assert.Equal((ProbeOutcome.GreetingRefused, "stream error: host-unknown: This server does not serve unknown.example"), (unknown.Outcome, unknown.Detail));
        Assert.DoesNotContain("invalid XML", prosody.Log, StringComparison.OrdinalIgnoreCase);
    }

    [Fact, Peer("prosody"), Rfc(6120, "5")]
    public async Task Prosody_without_its_module_lists_no_starttls()
    {
        const string address = "127.25.4.8";
        await Loopback.AddAsync([address], Token);
        await using var prosody = await Prosody.StartAsync(_folder, new(address, ChainFile), [Domain], startsTls: false, Token);

        var seen = await ProbeAsync(address, 5222, ServiceProtocol.XmppClient, Domain);

        Assert.Equal((ProbeOutcome.StartTlsNotOffered, "the stream's features do not list starttls"), (seen.Outcome, seen.Detail));
    }

    private string ChainFile => _folder.Write("chain.pem", _certificate.ChainPem());

    private async Task ShowsAsync(string address, int port, ServiceProtocol protocol, string? startTls, string? domain = null)
    {
        var seen = await ProbeAsync(address, port, protocol, domain);

        Assert.True(seen.Outcome == ProbeOutcome.Completed, $"{seen.Outcome}: {seen.Detail}\n{string.Join('\n', seen.Transcript)}");
        using var leaf = X509CertificateLoader.LoadCertificate(seen.Chain[0].Span);
        Assert.Equal(_certificate.Pem, leaf.ExportCertificatePem() + "\n");

        var oracle = await SClient.CheckAsync(address, port, startTls, Host, [_certificate.Tlsa(3, 1, 1)], domain: domain, cancellationToken: Token);
        Assert.True(oracle.Says == DaneSays.Verified, oracle.Text);
    }

    private static ValueTask<Observation> ProbeAsync(string address, int port, ServiceProtocol protocol, string? domain = null)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(address), port);
        return Prober.ProbeAsync(new(endPoint, endPoint, protocol, DomainName.Parse(Host)) { ServiceName = domain is null ? null : DomainName.Parse(domain) }, Token);
    }
}
