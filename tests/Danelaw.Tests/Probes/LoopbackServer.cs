using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Probes;

namespace Danelaw.Tests.Probes;

/// <summary>A server on loopback at a port of its own, which treats each connection as the test says.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;

    public LoopbackServer(Func<NetworkStream, Socket, Task> serve)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync(serve);
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>What clients said within TLS, or in plain, as the helpers below saw it.</summary>
    public ConcurrentQueue<string> Said { get; } = [];

    public ProbeTarget Target(ServiceProtocol protocol, KeyAlgorithm algorithm = KeyAlgorithm.Any, string name = "mx.example.org") =>
        new(new(IPAddress.Parse("192.0.2.1"), 25), EndPoint, protocol, DomainName.Parse(name), algorithm);

    /// <summary>TLS at once, with one certificate.</summary>
    public static LoopbackServer Tls(X509Certificate2 certificate, SslProtocols protocols = SslProtocols.Tls12 | SslProtocols.Tls13, Action<string?>? onServerName = null)
    {
        LoopbackServer? server = null;
        server = new LoopbackServer(async (stream, _) =>
        {
            await using var tls = new SslStream(stream);
            var options = new SslServerAuthenticationOptions
            {
                EnabledSslProtocols = protocols,
                ServerCertificateSelectionCallback = (_, name) =>
                {
                    onServerName?.Invoke(name);
                    return certificate;
                },
            };
            await tls.AuthenticateAsServerAsync(options);
            using var reader = new StreamReader(tls, Encoding.Latin1);
            while (await reader.ReadLineAsync() is { } line) server!.Said.Enqueue(line);
            server!.Said.Enqueue("(end)");
        });
        return server;
    }

    /// <summary>Octets at once, then as the test says.</summary>
    public static LoopbackServer Raw(byte[] octets, bool isReset = false) => new(async (stream, socket) =>
    {
        if (isReset) socket.LingerState = new LingerOption(true, 0);
        await stream.WriteAsync(octets);
        if (isReset) return;
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer) > 0)
        {
        }
    });

    public static X509Certificate2 EcCertificate { get; } = MakeEc();

    public static X509Certificate2 RsaCertificate { get; } = MakeRsa();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _end.Dispose();
    }

    private async Task AcceptAsync(Func<NetworkStream, Socket, Task> serve)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_end.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            _connections.Add(ServeAsync(socket, serve));
        }
    }

    private static async Task ServeAsync(Socket socket, Func<NetworkStream, Socket, Task> serve)
    {
        await Task.Yield();
        using (socket)
        {
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            try
            {
                await serve(stream, socket);
            }
            catch (Exception exception) when (exception is IOException or AuthenticationException or SocketException or ObjectDisposedException)
            {
                // The client has gone, as clients do.
            }
        }
    }

    private static X509Certificate2 MakeEc()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=ec.example", key, HashAlgorithmName.SHA256).CreateSelfSigned(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2036, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    private static X509Certificate2 MakeRsa()
    {
        var key = RSA.Create(2048);
        return new CertificateRequest("CN=rsa.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2036, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
