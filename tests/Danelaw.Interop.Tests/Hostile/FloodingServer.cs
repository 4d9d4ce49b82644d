using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Danelaw.Interop.Tests.Hostile;

/// <summary>What a mail server does to whoever connects to it.</summary>
internal enum Flood
{
    /// <summary>A right server, whose key no record means.</summary>
    None = 0,
    Greetings,
    EndlessGreeting,
    Extensions,
    EndlessExtension,
    PlainText,
    Garbage,
    HandshakeRecords,
    EmptyRecords,
    Alerts,
    Certificates,
    RepliesWithinTls,
    Reset,
    Leave,
}

/// <summary>A mail server that sends more than anybody should read, as fast as it is read.</summary>
internal sealed class FloodingServer : IAsyncDisposable
{
    /// <summary>As much as would show in the memory of whoever keeps it.</summary>
    private const int MostOctets = 256 << 20;

    private readonly Flood _flood;
    private readonly SslStreamCertificateContext _certificate;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    internal FloodingServer(Flood flood, X509Certificate2 certificate)
    {
        _flood = flood;
        var more = flood == Flood.Certificates ? new X509Certificate2Collection(Enumerable.Repeat(certificate, 200).ToArray()) : [];
        _certificate = SslStreamCertificateContext.Create(certificate, more, offline: true);
        _listener.Start();
        _running = RunAsync();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _running;
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        var guests = new List<Task>();
        try
        {
            while (true) guests.Add(PlayAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(guests);
        }
    }

    private async Task PlayAsync(TcpClient guest)
    {
        using var client = guest;
        try
        {
            var stream = client.GetStream();
            if (_flood == Flood.Reset) client.Client.LingerState = new(true, 0);
            if (_flood is Flood.Reset or Flood.Leave) return;
            await PourAsync(stream, Flood.Greetings, "220-more of the same\r\n"u8);
            await PourAsync(stream, Flood.EndlessGreeting, "220 all of one line "u8);
            await SayAsync(stream, "220 mx ESMTP\r\n");
            await HearAsync(stream);
            await PourAsync(stream, Flood.Extensions, "250-XMORE\r\n"u8);
            await PourAsync(stream, Flood.EndlessExtension, "250-XLONG "u8);
            await SayAsync(stream, "250-mx\r\n250 STARTTLS\r\n");
            await HearAsync(stream);
            await SayAsync(stream, "220 go on\r\n");
            await PourAsync(stream, Flood.PlainText, "250 and in plain text\r\n"u8);
            await PourAsync(stream, Flood.Garbage, [0xff, 0, 0x80]);
            await PourAsync(stream, Flood.HandshakeRecords, [0x16, 3, 3, 0, 8, 2, 0, 0xff, 0xff, 3, 3, 0, 0]);
            await PourAsync(stream, Flood.EmptyRecords, [0x16, 3, 3, 0, 0]);
            await PourAsync(stream, Flood.Alerts, [0x15, 3, 3, 0, 2, 1, 90]);
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = _certificate }, _end.Token);
            await PourAsync(tls, Flood.RepliesWithinTls, "250-and more\r\n"u8);
            while (await tls.ReadAsync(new byte[512], _end.Token) > 0) await SayAsync(tls, "221 bye\r\n");
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException or InvalidOperationException)
        {
            // The client has had enough.
        }
    }

    private async Task HearAsync(NetworkStream stream)
    {
        if (await stream.ReadAsync(new byte[512], _end.Token) == 0) throw new IOException("the client has left");
    }

    private ValueTask SayAsync(Stream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text), _end.Token);

    /// <summary>The same again and again; then nothing, until the client leaves.</summary>
    private Task PourAsync(Stream stream, Flood when, ReadOnlySpan<byte> unit)
    {
        if (when != _flood) return Task.CompletedTask;
        var many = new byte[unit.Length * 4096];
        for (var at = 0; at < many.Length; at += unit.Length) unit.CopyTo(many.AsSpan(at));
        return GoOnAsync();

        async Task GoOnAsync()
        {
            for (var sent = 0L; sent < MostOctets; sent += many.Length) await stream.WriteAsync(many, _end.Token);
            await Task.Delay(Timeout.Infinite, _end.Token);
        }
    }
}
