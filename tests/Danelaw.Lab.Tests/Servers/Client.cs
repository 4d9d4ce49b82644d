using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Danelaw.Dns;
using Danelaw.Lab.Servers;

namespace Danelaw.Lab.Tests.Servers;

/// <summary>A mail server of the lab on a port of its own.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly TcpAcceptor _acceptor;

    internal Server(MailHost host)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        socket.Dispose();
        _acceptor = TcpAcceptor.Start(EndPoint, (connection, stop) => SmtpSession.ServeAsync(host, connection, TimeProvider.System, stop));
    }

    internal IPEndPoint EndPoint { get; }

    public ValueTask DisposeAsync() => _acceptor.DisposeAsync();
}

/// <summary>A mail client that only reads, writes and looks at certificates; TLS by .NET.</summary>
internal sealed class Client : IAsyncDisposable
{
    private readonly TcpClient _connection;
    private Stream _stream;

    private Client(TcpClient connection)
    {
        _connection = connection;
        _stream = connection.GetStream();
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    internal static async Task<Client> ConnectAsync(IPEndPoint endPoint)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(endPoint, Cancelled);
        return new Client(connection);
    }

    internal async Task<string> AskAsync(string command)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), Cancelled);
        return await ReadAsync();
    }

    /// <summary>What the server sends in one go, without the last end of line; empty when it has closed.</summary>
    internal async Task<string> ReadAsync()
    {
        var buffer = new byte[4096];
        return Encoding.ASCII.GetString(buffer, 0, await _stream.ReadAsync(buffer, Cancelled)).TrimEnd('\r', '\n');
    }

    /// <summary>Carries out the handshake and gives the certificates as they were sent.</summary>
    internal async Task<List<Octets>> EncryptAsync(string serverName, SslProtocols protocol = SslProtocols.None, TlsCipherSuite? suite = null)
    {
        var chain = new List<Octets>();
        var tls = new SslStream(_stream);
        _stream = tls;
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = serverName,
                EnabledSslProtocols = protocol,
                CipherSuitesPolicy = suite is { } only && OperatingSystem.IsLinux() ? new CipherSuitesPolicy([only]) : null,
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
                RemoteCertificateValidationCallback = (_, _, sent, _) =>
                {
                    chain.AddRange(sent!.ChainPolicy.ExtraStore.Select(certificate => new Octets(certificate.RawData)));
                    return true;
                },
            },
            Cancelled);
        return chain;
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _connection.Dispose();
    }
}
