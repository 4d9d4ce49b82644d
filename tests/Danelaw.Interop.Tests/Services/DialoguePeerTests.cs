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
        await using var dovecot = await Dovecot.StartAsync(_folder, [new(address, ChainFile)], delivers: true, Token);

        await ShowsAsync(address, 24, ServiceProtocol.Lmtp, "lmtp");
        await ShowsAsync(address, 4190, ServiceProtocol.Sieve, "sieve");
    }

    [Fact, Peer("vsftpd"), Peer("openssl"), Rfc(4217, "4")]
    public async Task Vsftpd_starts_TLS_by_AUTH_or_at_once()
    {
        const string address = "127.25.4.2";
        await Loopback.AddAsync([address], Token);
        await using var ftp = await Vsftpd.StartAsync(_folder, address, 21, ChainFile, Token);
        await using var ftps = await Vsftpd.StartAsync(_folder, address, 990, ChainFile, Token);

        await ShowsAsync(address, 21, ServiceProtocol.Ftp, "ftp");
        await ShowsAsync(address, 990, ServiceProtocol.FtpTls, null);
    }

    [Fact, Peer("vsftpd"), Rfc(2389, "3")]
    public async Task Vsftpd_without_TLS_lists_no_AUTH()
    {
        const string address = "127.25.4.3";
        await Loopback.AddAsync([address], Token);
        await using var ftp = await Vsftpd.StartAsync(_folder, address, 21, null, Token);

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

    private string ChainFile => _folder.Write("chain.pem", _certificate.ChainPem());

    private async Task ShowsAsync(string address, int port, ServiceProtocol protocol, string? startTls)
    {
        var seen = await ProbeAsync(address, port, protocol);

        Assert.True(seen.Outcome == ProbeOutcome.Completed, $"{seen.Outcome}: {seen.Detail}\n{string.Join('\n', seen.Transcript)}");
        using var leaf = X509CertificateLoader.LoadCertificate(seen.Chain[0].Span);
        Assert.Equal(_certificate.Pem, leaf.ExportCertificatePem() + "\n");

        var oracle = await SClient.CheckAsync(address, port, startTls, Host, [_certificate.Tlsa(3, 1, 1)], cancellationToken: Token);
        Assert.True(oracle.Says == DaneSays.Verified, oracle.Text);
    }

    private static ValueTask<Observation> ProbeAsync(string address, int port, ServiceProtocol protocol)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(address), port);
        return Prober.ProbeAsync(new(endPoint, endPoint, protocol, DomainName.Parse(Host)), Token);
    }
}
