using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Danelaw.Lab.Authority;
using Danelaw.Lab.Servers;

namespace Danelaw.Lab.Tests.Servers;

/// <summary>What a client sends in place of a handshake or a command ends its own connection and nothing else.</summary>
public class HostileClientTests
{
    private static readonly LabCertificate Certificate = new CertificateAuthority(DateTimeOffset.UnixEpoch.AddYears(56)).Issue(new CertificateOrder { Name = "mx.test.lab" });

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cut_or_altered_ClientHello_leaves_the_server_as_it_was()
    {
        var hello = await ClientHelloAsync();
        var random = new Random(20);
        await using var server = new Server(new MailHost("mx.test.lab", [IPAddress.Loopback], new TlsPersonality { Identities = [TlsIdentity.Of(Certificate)] }));

        for (var i = 0; i < 200; i++)
        {
            var altered = hello[..(i % 2 == 0 ? random.Next(hello.Length) : hello.Length)];
            for (var flips = i % 2 * (1 + random.Next(4)); flips > 0; flips--) altered[random.Next(altered.Length)] ^= (byte)(1 << random.Next(8));
            await SendAsync(server.EndPoint, [.. "STARTTLS\r\n"u8, .. altered]);
        }

        await using var client = await Client.ConnectAsync(server.EndPoint);
        await client.ReadAsync();
        await client.AskAsync("STARTTLS");
        Assert.Equal([Certificate.Der], await client.EncryptAsync("mx.test.lab"));
    }

    [Fact]
    public async Task Lines_without_an_end_and_octets_of_any_kind_end_the_connection()
    {
        var random = new Random(21);
        await using var server = new Server(new MailHost("mx.test.lab", [IPAddress.Loopback], new TlsPersonality { Identities = [TlsIdentity.Of(Certificate)] }));

        await SendAsync(server.EndPoint, Encoding.ASCII.GetBytes(new string('A', 100_000)));
        for (var i = 0; i < 50; i++)
        {
            var noise = new byte[random.Next(2000)];
            random.NextBytes(noise);
            await SendAsync(server.EndPoint, noise);
        }

        await using var client = await Client.ConnectAsync(server.EndPoint);
        Assert.StartsWith("220 ", await client.ReadAsync(), StringComparison.Ordinal);
    }

    private static async Task SendAsync(IPEndPoint endPoint, byte[] octets)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(endPoint, Cancelled);
        var stream = connection.GetStream();
        try
        {
            await stream.WriteAsync(octets, Cancelled);
            connection.Client.Shutdown(SocketShutdown.Send);
            while (await stream.ReadAsync(new byte[4096], Cancelled) > 0) { /* until the server has closed */ }
        }
        catch (Exception end) when (end is IOException or SocketException)
        {
            // The server may close before it has read everything.
        }
    }

    private static async Task<byte[]> ClientHelloAsync()
    {
        var recorded = new FirstWrite();
        await using var tls = new SslStream(recorded);
        await Assert.ThrowsAnyAsync<Exception>(() => tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "mx.test.lab" }, Cancelled));
        return recorded.Octets;
    }

    /// <summary>Keeps what is written first and then ends.</summary>
    private sealed class FirstWrite : MemoryStream
    {
        internal byte[] Octets { get; private set; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Octets.Length == 0) Octets = buffer.ToArray();
            return ValueTask.CompletedTask;
        }
    }
}
