using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Danelaw.Cli.Tests.Running;

/// <summary>DNS over TLS in front of a server that speaks TCP (RFC 7858), with the certificate that a test wants.</summary>
internal sealed class TlsFront : IAsyncDisposable
{
    public const string Name = "dns.resolver.lab";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly X509Certificate2 _certificate;
    private readonly IPEndPoint _behind;
    private readonly Task _loop;
    private int _asked;

    public TlsFront(IPEndPoint behind, X509Certificate2 certificate)
    {
        (_behind, _certificate) = (behind, certificate);
        _listener.Start();
        _loop = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections over which anything was asked.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>A certificate that vouches for itself.</summary>
    public static X509Certificate2 Certificate(string name, int fromDays, int toDays)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=resolver", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(name == Name ? IPAddress.Loopback : IPAddress.Parse("192.0.2.53"));
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(fromDays), TimeProvider.System.GetUtcNow().AddDays(toDays));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var running = new List<Task>();
        try
        {
            while (true) running.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }

        await Task.WhenAll(running);
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var closing = client;
            await using var secure = new SslStream(client.GetStream());
            await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
            var first = new byte[1];
            if (await secure.ReadAsync(first, _end.Token) == 0) return;
            Interlocked.Increment(ref _asked);
            using var behind = new TcpClient();
            await behind.ConnectAsync(_behind, _end.Token);
            var plain = behind.GetStream();
            await plain.WriteAsync(first, _end.Token);
            await Task.WhenAny(secure.CopyToAsync(plain, _end.Token), plain.CopyToAsync(secure, _end.Token));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, or refused.
        }
    }
}
