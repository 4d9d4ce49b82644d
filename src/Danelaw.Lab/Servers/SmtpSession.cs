using System.Buffers;
using System.Net.Sockets;
using System.Text;

namespace Danelaw.Lab.Servers;

/// <summary>One SMTP connection (RFC 5321) with STARTTLS (RFC 3207); mail that is taken is thrown away.</summary>
internal sealed class SmtpSession
{
    private const int MaximumLine = 4096;

    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(1);

    private readonly MailHost _host;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _cancellationToken;
    private readonly ArrayBufferWriter<byte> _unread = new();
    private Stream _stream;
    private bool _isEncrypted;

    private SmtpSession(MailHost host, Stream stream, TimeProvider clock, CancellationToken cancellationToken)
    {
        _host = host;
        _stream = stream;
        _clock = clock;
        _cancellationToken = cancellationToken;
    }

    internal static async Task ServeAsync(MailHost host, Socket socket, TimeProvider clock, CancellationToken cancellationToken)
    {
        var stream = new NetworkStream(socket);
        await using (stream.ConfigureAwait(false))
        {
            var session = new SmtpSession(host, stream, clock, cancellationToken);
            await session.RunAsync().ConfigureAwait(false);
            if (session._stream is TlsChannel channel) await channel.CloseAsync(cancellationToken).ConfigureAwait(false);
            // What is still unread would make the kernel reset the connection, and the last reply might be lost.
            socket.Shutdown(SocketShutdown.Send);
        }
    }

    private async Task RunAsync()
    {
        if (_host.Manner == MailManner.HangsUp) return;
        if (_host.Manner == MailManner.RefusesGreeting)
        {
            await SendAsync("421 4.3.2 service not available, try again later").ConfigureAwait(false);
            return;
        }

        await SendAsync($"220 {_host.Name} ESMTP Danelaw lab").ConfigureAwait(false);
        while (await ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            var verb = line.Split(' ', 2)[0].ToUpperInvariant();
            if (verb == "STARTTLS")
            {
                if (!await StartTlsAsync().ConfigureAwait(false)) return;
                continue;
            }

            await SendAsync(Reply(verb)).ConfigureAwait(false);
            if (verb == "QUIT") return;
            if (verb == "DATA" && !await TakeMessageAsync().ConfigureAwait(false)) return;
        }
    }

    private string Reply(string verb) => verb switch
    {
        "EHLO" => string.Join("\r\n", Capabilities()),
        "HELO" => $"250 {_host.Name}",
        "MAIL" or "RCPT" => "250 2.1.0 ok",
        "DATA" => "354 end with a line that has a dot alone",
        "NOOP" or "RSET" => "250 2.0.0 ok",
        "QUIT" => "221 2.0.0 bye",
        _ => "500 5.5.1 command not known",
    };

    private IEnumerable<string> Capabilities()
    {
        yield return $"250-{_host.Name}";
        yield return "250-PIPELINING";
        yield return "250-SIZE 10485760";
        // RFC 3207 §4.2: not once more inside TLS.
        if (!_isEncrypted && _host.Manner != MailManner.WithoutStartTls) yield return "250-STARTTLS";
        yield return "250-ENHANCEDSTATUSCODES";
        yield return "250 8BITMIME";
    }

    /// <returns>False when the connection is over.</returns>
    private async Task<bool> StartTlsAsync()
    {
        if (_isEncrypted || _host.Manner == MailManner.WithoutStartTls)
        {
            await SendAsync("503 5.5.1 TLS is not to be had now").ConfigureAwait(false);
            return true;
        }

        if (_host.Manner == MailManner.RefusesStartTls)
        {
            await SendAsync("454 4.7.0 TLS not available due to a temporary reason").ConfigureAwait(false);
            return true;
        }

        var ready = "220 2.0.0 ready to start TLS";
        await SendAsync(_host.Manner == MailManner.TalksAfterStartTls ? ready + "\r\n250 2.0.0 and something that nobody asked for" : ready).ConfigureAwait(false);

        using var idle = new CancellationTokenSource(IdleLimit, _clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken, idle.Token);
        // RFC 3207 §4.2: nothing that the client sent ahead is taken for a command; as its handshake, plain text fails.
        var early = _unread.WrittenMemory.ToArray();
        _unread.ResetWrittenCount();
        if (await TlsChannel.AcceptAsync(_stream, _host.Tls, early, limit.Token).ConfigureAwait(false) is not { } channel) return false;
        _stream = channel;
        _isEncrypted = true;
        return true;
    }

    private async Task<bool> TakeMessageAsync()
    {
        while (await ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line != ".") continue;
            await SendAsync("250 2.0.0 taken and thrown away").ConfigureAwait(false);
            return true;
        }

        return false;
    }

    private async Task SendAsync(string text)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), _cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A line without its end; null when the connection has ended or the line is too long.</summary>
    private async Task<string?> ReadLineAsync()
    {
        using var idle = new CancellationTokenSource(IdleLimit, _clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken, idle.Token);
        while (true)
        {
            var end = _unread.WrittenSpan.IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = Encoding.Latin1.GetString(_unread.WrittenSpan[..end]).TrimEnd('\r');
                var rest = _unread.WrittenSpan[(end + 1)..].ToArray();
                _unread.ResetWrittenCount();
                _unread.Write(rest);
                return line;
            }

            if (_unread.WrittenCount > MaximumLine) return null;
            var count = await _stream.ReadAsync(_unread.GetMemory(MaximumLine), limit.Token).ConfigureAwait(false);
            if (count == 0) return null;
            _unread.Advance(count);
        }
    }
}
