using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Danelaw.Lab.Authority;

namespace Danelaw.Operator.Tests.Audit.Beside;

/// <summary>A server of HTTPS on loopback that says to everybody what it was told to, octet for octet.</summary>
internal sealed class PolicyServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate;
    private readonly Task _serving;
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal PolicyServer(LabCertificate certificate, string reply)
    {
        // A key that was read from PEM goes through PKCS #12 for servers.
        using var read = X509Certificate2.CreateFromPem(certificate.ToPem(), certificate.PrivateKeyToPem());
        _certificate = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
        _listener.Start();
        _serving = ServeAsync(reply);
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    internal List<string> Requests { get; } = [];

    /// <summary>Ends when the first request is there.</summary>
    internal Task Asked => _asked.Task;

    internal static string Reply(string body, string head = "200 OK", string type = "text/plain; charset=utf-8") => $"HTTP/1.1 {head}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(string reply)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await using var stream = new SslStream(client.GetStream());
                await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                Requests.Add(await reader.ReadLineAsync(_stop.Token) ?? "");
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
                {
                }

                _asked.TrySetResult();
                if (reply.Length == 0) await Task.Delay(Timeout.Infinite, _stop.Token);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(reply), _stop.Token);
                await stream.ShutdownAsync();
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException or IOException or AuthenticationException)
            {
                // The client went its way, or the test is over.
            }
        }
    }
}
