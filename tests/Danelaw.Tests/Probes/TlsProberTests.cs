using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Danelaw.Dns;
using Danelaw.Probes;
using Danelaw.Tests.Certificates;
using Org.BouncyCastle.Tls;
using X509 = System.Security.Cryptography.X509Certificates;

namespace Danelaw.Tests.Probes;

public sealed class TlsProberTests
{
    private static readonly TlsProber Prober = new(new TlsProberOptions { HelloName = "probe.example" }, TimeProvider.System);

    [Theory]
    [InlineData(SslProtocols.Tls12, "TLSv1.2")]
    [InlineData(SslProtocols.Tls13, "TLSv1.3")]
    public async Task A_handshake_tells_chain_version_and_cipher_suite(SslProtocols protocols, string version)
    {
        await using var server = LoopbackServer.Tls(LoopbackServer.EcCertificate, protocols);

        var seen = await ProbeAsync(server.Target(ServiceProtocol.Tls));

        Assert.Equal(ProbeOutcome.Completed, seen.Outcome);
        Assert.Equal([new Octets(LoopbackServer.EcCertificate.RawData)], seen.Chain);
        Assert.Equal(version, seen.TlsVersion);
        Assert.StartsWith("TLS_", seen.CipherSuite, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets, "this machine gives this process no more file descriptors (ulimit -n)", true)]
    [InlineData(SocketError.NetworkUnreachable, "no route to this network from here", true)]
    [InlineData(SocketError.ConnectionRefused, "connection refused", false)]
    public void What_this_machine_lacks_is_not_the_servers_fault(SocketError fault, string detail, bool isLocal)
    {
        var seen = TlsProber.Refused(new() { Target = new(new(IPAddress.Loopback, 25), new(IPAddress.Loopback, 25), default, default) }, new((int)fault));

        Assert.Equal((ProbeOutcome.Refused, detail, isLocal), (seen.Outcome, seen.Detail, LocalCauses.IsLocal(seen)));
    }

    [Fact, Rule("R39")]
    public void The_certificate_whose_key_was_proven_stands_first_whatever_order_the_platform_gives()
    {
        using var foreign = X509CertificateLoader.LoadCertificate(Forge.Root("A root").Make().ToArray());
        using var built = new X509Chain();
        built.ChainPolicy.ExtraStore.Add(foreign);
        var (leaf, other) = (new Octets(LoopbackServer.EcCertificate.RawData), new Octets(foreign.RawData));

        Assert.Equal([leaf, other], TlsHandshake.AsSent(LoopbackServer.EcCertificate, built));
        built.ChainPolicy.ExtraStore.Add(LoopbackServer.EcCertificate);
        Assert.Equal([leaf, other], TlsHandshake.AsSent(LoopbackServer.EcCertificate, built));
        Assert.Empty(TlsHandshake.AsSent(null, built));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_chain_is_as_sent_leaf_first_in_order_with_doubles_and_foreign_certificates(bool isTls13)
    {
        byte[][] rest =
        [
            Forge.Root("A root").Make().ToArray(),
            Forge.Intermediate("Foreign", "Nobody").Make().ToArray(),
            Forge.Root("A root").Make().ToArray(),
            LoopbackServer.EcCertificate.RawData,
            Forge.Intermediate("Odd version", "Nobody").Make().ToArray(),
        ];
        await using var server = OddTlsServer.Start(() => new() { Ecdsa = LoopbackServer.EcCertificate, Rest = rest, Versions = [isTls13 ? ProtocolVersion.TLSv13 : ProtocolVersion.TLSv12] });

        var seen = await ProbeAsync(server.Target(ServiceProtocol.Tls));

        Assert.Equal((ProbeOutcome.Completed, isTls13 ? "TLSv1.3" : "TLSv1.2"), (seen.Outcome, seen.TlsVersion));
        Assert.Equal(rest.Prepend(LoopbackServer.EcCertificate.RawData).Select(der => new Octets(der)), seen.Chain);
    }

    [Theory]
    [InlineData("2.5.29.32")]
    [InlineData("2.5.29.36")]
    [InlineData("1.3.6.1.4.1.311.21.10")]
    public async Task A_certificate_with_a_malformed_extension_which_NET_does_not_read_is_seen_by_the_second_prober(string extension)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new X509.CertificateRequest("CN=odd.example", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509.X509Extension(extension, [0x30, 0x05, 0xFF, 0x02, 0x01], critical: false));
        using var leaf = request.CreateSelfSigned(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2036, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var server = OddTlsServer.Start(() => new() { Ecdsa = leaf });

        var seen = await ProbeAsync(server.Target(ServiceProtocol.Tls));

        Assert.Equal((ProbeOutcome.Completed, ProberKind.BouncyCastle), (seen.Outcome, seen.Prober));
        Assert.Equal([new Octets(leaf.RawData)], seen.Chain);
        Assert.True(HandshakeFaults.TookASecondConnection(seen));
    }

    [Theory]
    [InlineData(KeyAlgorithm.Any, "CN=ec.example")]
    [InlineData(KeyAlgorithm.Rsa, "CN=rsa.example")]
    [InlineData(KeyAlgorithm.Ecdsa, "CN=ec.example")]
    public async Task A_dual_server_shows_the_key_that_it_is_asked_for(KeyAlgorithm algorithm, string subject)
    {
        await using var server = OddTlsServer.Start(() => new() { Ecdsa = LoopbackServer.EcCertificate, Rsa = LoopbackServer.RsaCertificate });

        var seen = await ProbeAsync(server.Target(ServiceProtocol.Tls, algorithm));

        Assert.Equal(ProbeOutcome.Completed, seen.Outcome);
        Assert.Equal(subject, System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(seen.Chain[0].Span).Subject);
    }

    [Fact]
    public async Task A_key_that_the_server_has_not_is_not_offered()
    {
        await using var rsa = LoopbackServer.Tls(LoopbackServer.RsaCertificate);
        await using var ec = LoopbackServer.Tls(LoopbackServer.EcCertificate);

        Assert.Equal(ProbeOutcome.AlgorithmNotOffered, (await ProbeAsync(rsa.Target(ServiceProtocol.Tls, KeyAlgorithm.Ecdsa))).Outcome);
        Assert.Equal(ProbeOutcome.AlgorithmNotOffered, (await ProbeAsync(ec.Target(ServiceProtocol.Tls, KeyAlgorithm.Rsa))).Outcome);
        Assert.Equal(ProbeOutcome.Completed, (await ProbeAsync(rsa.Target(ServiceProtocol.Tls, KeyAlgorithm.Rsa))).Outcome);
    }

    [Theory, Rule("R64"), Rfc(7672, "8.1"), Rfc(8446, "4.2.3")]
    [InlineData(KeyAlgorithm.Rsa, "CN=rsa.example")]
    [InlineData(KeyAlgorithm.Ecdsa, "CN=ec.example")]
    public async Task A_dual_server_of_TLS_1_3_alone_shows_the_key_that_it_is_asked_for(KeyAlgorithm algorithm, string subject)
    {
        await using var server = OddTlsServer.Start(() => new() { Ecdsa = LoopbackServer.EcCertificate, Rsa = LoopbackServer.RsaCertificate, Versions = [ProtocolVersion.TLSv13] });

        var seen = await ProbeAsync(server.Target(ServiceProtocol.Tls, algorithm));

        Assert.Equal((ProbeOutcome.Completed, "TLSv1.3", ProberKind.BouncyCastle), (seen.Outcome, seen.TlsVersion, seen.Prober));
        Assert.Equal(subject, X509CertificateLoader.LoadCertificate(seen.Chain[0].Span).Subject);
    }

    [Theory, Rfc(8446, "4.4.2.2")]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_server_without_EdDSA_is_not_said_to_fail(SslProtocols protocols)
    {
        await using var server = LoopbackServer.Tls(LoopbackServer.EcCertificate, protocols);

        Assert.Equal(ProbeOutcome.AlgorithmNotOffered, (await ProbeAsync(server.Target(ServiceProtocol.Tls, KeyAlgorithm.Eddsa))).Outcome);
    }

    /// <summary>rustls says access_denied, Go's crypto/tls internal_error or unrecognized_name, where software chooses the certificate by what the client takes and finds none.</summary>
    [Theory, Rfc(8446, "6.2")]
    [InlineData(KeyAlgorithm.Rsa, AlertDescription.internal_error, "asked for an RSA key alone, the server ended the handshake with the alert internal_error")]
    [InlineData(KeyAlgorithm.Rsa, AlertDescription.access_denied, "asked for an RSA key alone, the server ended the handshake with the alert access_denied")]
    [InlineData(KeyAlgorithm.Ecdsa, AlertDescription.unrecognized_name, "asked for an ECDSA key alone, the server ended the handshake with the alert unrecognized_name")]
    [InlineData(KeyAlgorithm.Rsa, AlertDescription.protocol_version, "asked for an RSA key alone, the server ended the handshake with the alert protocol_version")]
    [InlineData(KeyAlgorithm.Eddsa, AlertDescription.protocol_version, "asked for an EdDSA key alone, the server ended the handshake with the alert protocol_version")]
    public async Task A_server_that_has_another_word_for_having_no_such_key_is_not_said_to_fail(KeyAlgorithm asked, short alert, string detail)
    {
        await using var server = LoopbackServer.Raw([21, 3, 3, 0, 2, 2, (byte)alert]);

        var seen = await ProbeAsync(server.Target(ServiceProtocol.Tls, asked));
        var unasked = await ProbeAsync(server.Target(ServiceProtocol.Tls));

        Assert.Equal((ProbeOutcome.AlgorithmNotAsked, detail), (seen.Outcome, seen.Detail));
        Assert.Equal(ProbeOutcome.HandshakeFailed, unasked.Outcome);
    }

    [Fact, Rfc(8446, "6.2")]
    public async Task Nor_is_one_that_says_it_within_the_encryption_of_TLS_1_3()
    {
        await using var server = OddTlsServer.Start(() => new() { Ecdsa = LoopbackServer.EcCertificate, Versions = [ProtocolVersion.TLSv13], WithoutKey = AlertDescription.internal_error });

        Assert.Equal(ProbeOutcome.Completed, (await ProbeAsync(server.Target(ServiceProtocol.Tls))).Outcome);
        Assert.Equal(ProbeOutcome.AlgorithmNotAsked, (await ProbeAsync(server.Target(ServiceProtocol.Tls, KeyAlgorithm.Rsa))).Outcome);
    }

    [Fact, Rfc(8446, "4.4.2.2")]
    public async Task A_server_that_shows_what_it_was_not_asked_for_does_not_offer_the_key()
    {
        await using var server = OddTlsServer.Start(() => new() { Ecdsa = LoopbackServer.EcCertificate, IsHeedless = true, Versions = [ProtocolVersion.TLSv13] });

        var seen = await ProbeAsync(server.Target(ServiceProtocol.Tls, KeyAlgorithm.Eddsa));

        Assert.Equal((ProbeOutcome.AlgorithmNotOffered, "asked for an EdDSA key alone, the server showed another kind of key (an ECDSA key)"), (seen.Outcome, seen.Detail));
        Assert.Empty(seen.Chain);
    }

    [Theory, Rule("R34"), Rfc(8996, "2")]
    [InlineData("TLSv1.0")]
    [InlineData("TLSv1.1")]
    public async Task A_server_that_can_do_no_better_than_a_retired_version_fails_by_its_name(string version)
    {
        var only = version == "TLSv1.0" ? ProtocolVersion.TLSv10 : ProtocolVersion.TLSv11;
        await using var server = OddTlsServer.Start(() => new() { Rsa = LoopbackServer.RsaCertificate, Versions = [only] });

        var seen = await ProbeAsync(server.Target(ServiceProtocol.Tls));

        Assert.Equal(ProbeOutcome.HandshakeFailed, seen.Outcome);
        Assert.Contains("RFC 8996", seen.Detail, StringComparison.Ordinal);
        Assert.Contains(version, seen.Detail, StringComparison.Ordinal);

        // What it shows is seen; the version is not gone on with, so nothing of it is proven.
        Assert.Equal(LoopbackServer.RsaCertificate.RawData, Assert.Single(seen.Chain).Span.ToArray());
        Assert.Equal(("", ""), (seen.TlsVersion, seen.CipherSuite));
        Assert.True(HandshakeFaults.TookASecondConnection(seen));
    }

    [Theory, Rule("R51"), Rule("R34"), Rfc(7672, "8.1")]
    [InlineData("mx.example.org", "mx.example.org")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("my_mx.example.org", "my_mx.example.org")]
    [InlineData(@"a\032b.example.org", "")]
    [InlineData(".", "")]
    [InlineData("mx.example.org", "mx.example.org", KeyAlgorithm.Rsa)]
    [InlineData(".", "", KeyAlgorithm.Rsa)]
    public async Task SNI_is_the_name_given_in_A_labels_without_closing_dot(string name, string expected, KeyAlgorithm algorithm = KeyAlgorithm.Any)
    {
        var hello = new byte[4096];
        var length = 0;
        await using (var server = new LoopbackServer(async (stream, _) => length = await stream.ReadAtLeastAsync(hello, 100)))
            await ProbeAsync(server.Target(ServiceProtocol.Tls, algorithm, name));

        // RFC 6066 §3: the extension (type 0) of one name (list of it, type 0, its length), then the next extension's number.
        byte[] extension = [0, 0, 0, (byte)(expected.Length + 5), 0, (byte)(expected.Length + 3), 0, 0, (byte)expected.Length, .. Encoding.ASCII.GetBytes(expected)];
        Assert.Equal(expected.Length > 0, hello.AsSpan(0, length).IndexOf(extension) > 0);
        Assert.Equal(-1, hello.AsSpan(0, length).IndexOf("b.example"u8));
    }

    [Fact, Rule("R52"), Rfc(7672, "8.2")]
    public void No_anonymous_cipher_suite_is_offered()
    {
        foreach (var algorithm in Enum.GetValues<KeyAlgorithm>())
            Assert.DoesNotContain(CipherOffers.For(algorithm), suite => suite.ToString().Contains("anon", StringComparison.OrdinalIgnoreCase) || suite.ToString().Contains("NULL", StringComparison.Ordinal) || suite.ToString().Contains("PSK", StringComparison.Ordinal));
    }

    public static TheoryData<ServiceProtocol> SilentServices => [.. ServiceTable.All.Where(service => service.Before is null && service.Within is null).Select(service => service.Protocol)];

    [Theory, MemberData(nameof(SilentServices))]
    public async Task Where_TLS_comes_at_once_and_nothing_is_known_to_say_the_probe_leaves_by_close_notify(ServiceProtocol protocol)
    {
        var server = LoopbackServer.Tls(LoopbackServer.EcCertificate);
        await using (server)
        {
            Assert.Equal(ProbeOutcome.Completed, (await ProbeAsync(server.Target(protocol))).Outcome);
        }

        // A reader that ends without an error has seen close_notify (RFC 8446 §6.1).
        Assert.Equal("(end)", Assert.Single(server.Said));
    }

    [Theory]
    [InlineData(ServiceProtocol.SubmissionTls, "QUIT")]
    [InlineData(ServiceProtocol.ImapTls, "a9 LOGOUT")]
    [InlineData(ServiceProtocol.Pop3Tls, "QUIT")]
    [InlineData(ServiceProtocol.FtpTls, "QUIT")]
    [InlineData(ServiceProtocol.NntpTls, "QUIT")]
    [InlineData(ServiceProtocol.IrcTls, "QUIT")]
    public async Task A_probe_takes_leave_within_TLS_before_any_login(ServiceProtocol protocol, string leave)
    {
        var said = new List<string>();
        await using (var server = new LoopbackServer(async (stream, _) =>
        {
            await using var tls = new System.Net.Security.SslStream(stream);
            await tls.AuthenticateAsServerAsync(LoopbackServer.EcCertificate);
            await tls.WriteAsync(Encoding.ASCII.GetBytes(protocol switch { ServiceProtocol.ImapTls => "* OK ready\r\n", ServiceProtocol.Pop3Tls => "+OK ready\r\n", _ => "220 ready\r\n" }));
            using var reader = new StreamReader(tls, Encoding.ASCII);
            said.Add(await reader.ReadLineAsync() ?? "(end)");
            await tls.WriteAsync("* BYE\r\n"u8.ToArray());
            said.Add(await reader.ReadLineAsync() ?? "(end)");
        }))
        {
            Assert.Equal(ProbeOutcome.Completed, (await ProbeAsync(server.Target(protocol))).Outcome);
        }

        // A reader that ends without an error has seen close_notify (RFC 8446 §6.1).
        Assert.Equal([leave, "(end)"], said);
    }

    [Fact]
    public async Task After_STARTTLS_the_probe_says_QUIT_within_TLS()
    {
        var said = new List<string>();
        await using (var server = new LoopbackServer(async (stream, _) =>
        {
            await stream.WriteAsync("220 mx\r\n"u8.ToArray());
            var reader = new StreamReader(stream, Encoding.ASCII);
            said.Add((await reader.ReadLineAsync())!);
            await stream.WriteAsync("250-mx\r\n250 STARTTLS\r\n"u8.ToArray());
            said.Add((await reader.ReadLineAsync())!);
            await stream.WriteAsync("220 go\r\n"u8.ToArray());
            await using var tls = new System.Net.Security.SslStream(stream);
            await tls.AuthenticateAsServerAsync(LoopbackServer.RsaCertificate);
            using var inner = new StreamReader(tls, Encoding.ASCII);
            said.Add((await inner.ReadLineAsync())!);
            await tls.WriteAsync("221 bye\r\n"u8.ToArray());
            said.Add(await inner.ReadLineAsync() ?? "(end)");
        }))
        {
            var seen = await ProbeAsync(server.Target(ServiceProtocol.Smtp));
            Assert.Equal((ProbeOutcome.Completed, KeyAlgorithm.Rsa), (seen.Outcome, LeafKey.AlgorithmOf(seen.Chain)));
        }

        Assert.Equal(["EHLO probe.example", "STARTTLS", "QUIT", "(end)"], said);
    }

    [Fact]
    public async Task A_second_probe_of_a_server_sees_its_chain_again_because_no_session_is_resumed()
    {
        await using var server = LoopbackServer.Tls(LoopbackServer.EcCertificate, SslProtocols.Tls12);

        for (var i = 0; i < 3; i++) Assert.Single((await ProbeAsync(server.Target(ServiceProtocol.Tls))).Chain);
    }

    [Fact]
    public async Task A_server_with_old_cipher_suites_alone_is_still_talked_to()
    {
        await using var server = OddTlsServer.Start(() => new() { Rsa = LoopbackServer.RsaCertificate, Suites = [CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA] });

        var seen = await ProbeAsync(server.Target(ServiceProtocol.Tls));

        Assert.Equal((ProbeOutcome.Completed, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"), (seen.Outcome, seen.CipherSuite));
    }

    [Fact]
    public async Task A_refused_connection_is_an_outcome()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        var seen = await ProbeAsync(new(new(IPAddress.Loopback, 25), (IPEndPoint)taken.LocalEndPoint!, ServiceProtocol.Smtp, Danelaw.Dns.Names.DomainName.Parse("mx.example")));

        Assert.Equal(ProbeOutcome.Refused, seen.Outcome);
    }

    [Fact]
    public async Task A_certificate_that_is_noise_is_a_handshake_that_failed()
    {
        byte[] noise = [0x30, 0x03, 0xDE, 0xAD, 0xBE];
        await using var server = LoopbackServer.Raw(ServerHelloAndCertificate(noise));

        var seen = await ProbeAsync(server.Target(ServiceProtocol.Tls));

        // The octets are evidence, whatever they are.
        Assert.Equal((ProbeOutcome.HandshakeFailed, ProberKind.SslStream), (seen.Outcome, seen.Prober));
        Assert.Equal([new Octets(noise)], seen.Chain);
    }

    [Theory]
    [InlineData("ffffffffff", ProbeOutcome.HandshakeFailed)]
    [InlineData("15030300020228", ProbeOutcome.HandshakeFailed)]
    [InlineData("150303000201701503030002022f", ProbeOutcome.HandshakeFailed)]
    [InlineData("16030300", ProbeOutcome.HandshakeInterrupted)]
    [InlineData("", ProbeOutcome.HandshakeInterrupted)]
    public async Task Octets_that_are_no_handshake_are_told_apart(string hex, ProbeOutcome expected)
    {
        await using var server = new LoopbackServer(async (stream, socket) =>
        {
            var hello = new byte[4096];
            await stream.ReadAtLeastAsync(hello, 5);
            await stream.WriteAsync(Convert.FromHexString(hex));
            socket.Shutdown(SocketShutdown.Send);
            while (await stream.ReadAsync(hello) > 0)
            {
            }
        });

        Assert.Equal(expected, (await ProbeAsync(server.Target(ServiceProtocol.Tls))).Outcome);
    }

    /// <summary>OpenSMTPD with OpenSSL 3, for one, shows its certificate and cannot sign.</summary>
    [Fact, Rfc(8446, "6.2")]
    public async Task An_alert_that_comes_encrypted_is_told_by_its_name_too()
    {
        await using var server = OddTlsServer.Start(() => new() { Versions = [ProtocolVersion.TLSv13] });

        var seen = await ProbeAsync(server.Target(ServiceProtocol.Tls));

        Assert.Equal((ProbeOutcome.HandshakeFailed, "the server ended the handshake with the alert handshake_failure"), (seen.Outcome, seen.Detail));
    }

    [Fact]
    public async Task An_alert_is_told_by_its_name_and_a_warning_before_it_is_not()
    {
        await using var server = LoopbackServer.Raw(Convert.FromHexString("150301000201701503010002022f"));

        Assert.Contains("illegal_parameter", (await ProbeAsync(server.Target(ServiceProtocol.Tls))).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_speaks_plain_text_where_TLS_belongs_is_quoted()
    {
        await using var server = LoopbackServer.Raw("* OK IMAP4rev1 ready\r\n"u8.ToArray());

        var seen = await ProbeAsync(server.Target(ServiceProtocol.ImapTls));

        Assert.Equal(ProbeOutcome.HandshakeFailed, seen.Outcome);
        Assert.Contains("no TLS", seen.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reset_is_an_outcome()
    {
        await using var server = LoopbackServer.Raw("220 mx\r\n"u8.ToArray(), isReset: true);

        Assert.Equal(ProbeOutcome.Closed, (await ProbeAsync(server.Target(ServiceProtocol.Smtp))).Outcome);
    }

    [Fact]
    public async Task A_cancelled_caller_gets_its_own_token_back()
    {
        using var caller = new CancellationTokenSource();
        await using var server = new LoopbackServer(async (stream, _) =>
        {
            await caller.CancelAsync();
            await stream.ReadExactlyAsync(new byte[1]);
        });

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Prober.ProbeAsync(server.Target(ServiceProtocol.Smtp), caller.Token));

        Assert.Equal(caller.Token, exception.CancellationToken);
    }

    private static ValueTask<Observation> ProbeAsync(ProbeTarget target) => Prober.ProbeAsync(target, TestContext.Current.CancellationToken);

    /// <summary>ServerHello for ECDHE-RSA with the renegotiation extension, and a Certificate message with one certificate (RFC 5246 §7.4).</summary>
    private static byte[] ServerHelloAndCertificate(byte[] der)
    {
        byte[] hello = [3, 3, .. new byte[32], 0, 0xC0, 0x2F, 0, 0, 5, 0xFF, 1, 0, 1, 0];
        byte[] list = [0, 0, (byte)der.Length, .. der];
        byte[] certificate = [0, 0, (byte)list.Length, .. list];
        byte[] messages = [2, 0, 0, (byte)hello.Length, .. hello, 11, 0, 0, (byte)certificate.Length, .. certificate];
        return [22, 3, 3, 0, (byte)messages.Length, .. messages];
    }
}
