using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Danelaw.Lab.Authority;
using Danelaw.Lab.Servers;

namespace Danelaw.Lab.Tests.Servers;

public class SmtpSessionTests
{
    private static readonly CertificateAuthority Authority = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private static readonly LabCertificate Root = Authority.Issue(new CertificateOrder { Name = "Root", IsAuthority = true });
    private static readonly LabCertificate Ecdsa = Authority.Issue(new CertificateOrder { Name = "mx.test.lab", DnsNames = ["mx.test.lab"], Issuer = Root });
    private static readonly LabCertificate Rsa = Authority.Issue(new CertificateOrder { Name = "mx.test.lab", Issuer = Root, KeyKind = LabKeyKind.Rsa2048 });
    private static readonly LabCertificate Ed25519 = Authority.Issue(new CertificateOrder { Name = "mx.test.lab", Issuer = Root, KeyKind = LabKeyKind.Ed25519 });

    [Fact, Rfc(3207, "4")]
    public async Task Mail_is_taken_over_TLS_and_the_chain_comes_as_it_was_given()
    {
        await using var server = Server(MailManner.Ordinary, TlsIdentity.Of(Ecdsa, Root, Root));
        await using var client = await Client.ConnectAsync(server.EndPoint);

        Assert.Equal("220 mx.test.lab ESMTP Danelaw lab", await client.ReadAsync());
        Assert.Contains("250-STARTTLS", await client.AskAsync("EHLO client.lab"), StringComparison.Ordinal);
        Assert.StartsWith("220", await client.AskAsync("STARTTLS"), StringComparison.Ordinal);
        var chain = await client.EncryptAsync("mx.test.lab");
        Assert.Equal([Ecdsa.Der, Root.Der, Root.Der], chain);
        Assert.DoesNotContain("STARTTLS", await client.AskAsync("EHLO client.lab"), StringComparison.Ordinal);
        Assert.Equal("250 2.1.0 ok", await client.AskAsync("MAIL FROM:<a@b.lab>"));
        Assert.Equal("250 2.1.0 ok", await client.AskAsync("RCPT TO:<c@d.lab>"));
        Assert.StartsWith("354", await client.AskAsync("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.AskAsync("Subject: a test\r\n\r\n..\r\n."), StringComparison.Ordinal);
        Assert.StartsWith("221", await client.AskAsync("QUIT"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Each_kind_of_key_completes_a_handshake(SslProtocols protocol)
    {
        foreach (var certificate in new[] { Ecdsa, Rsa, Ed25519 })
        {
            await using var server = Server(MailManner.Ordinary, TlsIdentity.Of(certificate));
            await using var client = await Client.ConnectAsync(server.EndPoint);
            await client.ReadAsync();
            await client.AskAsync("STARTTLS");

            Assert.Equal([certificate.Der], await client.EncryptAsync("mx.test.lab", protocol));
        }
    }

    [Fact]
    public async Task The_clients_cipher_suites_choose_between_two_certificates()
    {
        await using var server = Server(MailManner.Ordinary, TlsIdentity.Of(Ecdsa), TlsIdentity.Of(Rsa));
        foreach (var (suite, expected) in new[] { (TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, Rsa), (TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, Ecdsa) })
        {
            await using var client = await Client.ConnectAsync(server.EndPoint);
            await client.ReadAsync();
            await client.AskAsync("STARTTLS");

            Assert.Equal([expected.Der], await client.EncryptAsync("mx.test.lab", SslProtocols.Tls12, suite));
        }
    }

    [Fact, Rfc(6066, "3")]
    public async Task The_server_name_chooses_and_an_unknown_one_gets_the_default()
    {
        var tls = new TlsPersonality { Identities = [TlsIdentity.Of(Ecdsa)], ByServerName = ImmutableDictionary<string, ImmutableArray<TlsIdentity>>.Empty.Add("other.lab", [TlsIdentity.Of(Rsa)]) };
        await using var server = new Server(new MailHost("mx.test.lab", [IPAddress.Loopback], tls));
        foreach (var (name, expected) in new[] { ("other.lab", Rsa), ("unknown.lab", Ecdsa), ("", Ecdsa) })
        {
            await using var client = await Client.ConnectAsync(server.EndPoint);
            await client.ReadAsync();
            await client.AskAsync("STARTTLS");

            Assert.Equal([expected.Der], await client.EncryptAsync(name));
        }
    }

    [Fact]
    public async Task A_server_without_the_key_that_is_asked_for_ends_the_handshake_with_an_alert()
    {
        await using var server = Server(MailManner.Ordinary, TlsIdentity.Of(Ecdsa));
        await using var client = await Client.ConnectAsync(server.EndPoint);
        await client.ReadAsync();
        await client.AskAsync("STARTTLS");

        await Assert.ThrowsAsync<AuthenticationException>(() => client.EncryptAsync("mx.test.lab", SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256));
    }

    [Fact]
    public async Task A_server_that_refuses_handshakes_sends_an_alert()
    {
        var tls = new TlsPersonality { Identities = [TlsIdentity.Of(Ecdsa)], RefusesHandshakes = true };
        await using var server = new Server(new MailHost("mx.test.lab", [IPAddress.Loopback], tls));
        await using var client = await Client.ConnectAsync(server.EndPoint);
        await client.ReadAsync();
        await client.AskAsync("STARTTLS");

        await Assert.ThrowsAsync<AuthenticationException>(() => client.EncryptAsync("mx.test.lab"));
    }

    [Theory]
    [InlineData(MailManner.WithoutStartTls, "503")]
    [InlineData(MailManner.RefusesStartTls, "454")]
    public async Task STARTTLS_is_answered_as_the_manner_wants_it(MailManner manner, string reply)
    {
        await using var server = Server(manner, TlsIdentity.Of(Ecdsa));
        await using var client = await Client.ConnectAsync(server.EndPoint);
        await client.ReadAsync();

        Assert.Equal(manner == MailManner.RefusesStartTls, (await client.AskAsync("EHLO client.lab")).Contains("STARTTLS", StringComparison.Ordinal));
        Assert.StartsWith(reply, await client.AskAsync("STARTTLS"), StringComparison.Ordinal);
        Assert.Equal("250 2.0.0 ok", await client.AskAsync("NOOP"));
    }

    [Fact]
    public async Task Plain_text_comes_with_the_reply_to_STARTTLS_when_the_server_is_to_inject_it()
    {
        await using var server = Server(MailManner.TalksAfterStartTls, TlsIdentity.Of(Ecdsa));
        await using var client = await Client.ConnectAsync(server.EndPoint);
        await client.ReadAsync();

        Assert.Equal("220 2.0.0 ready to start TLS\r\n250 2.0.0 and something that nobody asked for", await client.AskAsync("STARTTLS"));
    }

    [Theory]
    [InlineData(MailManner.RefusesGreeting, "421 4.3.2 service not available, try again later")]
    [InlineData(MailManner.HangsUp, "")]
    public async Task A_server_that_does_not_want_to_says_so_and_closes(MailManner manner, string greeting)
    {
        await using var server = Server(manner, TlsIdentity.Of(Ecdsa));
        await using var client = await Client.ConnectAsync(server.EndPoint);

        Assert.Equal(greeting, await client.ReadAsync());
        Assert.Equal("", await client.ReadAsync());
    }

    private static Server Server(MailManner manner, params TlsIdentity[] identities) =>
        new(new MailHost("mx.test.lab", [IPAddress.Loopback], new TlsPersonality { Identities = [.. identities] }, manner));
}
