using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Danelaw.Operator.Tests.Publishing;

/// <summary>What a client asks.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path with its query, as it was sent.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Body">The body; empty where there is none.</param>
internal sealed record HttpAsked(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>An HTTP server on loopback that answers as a test says, one request a connection; it can do what no library for servers does, and close without an answer.</summary>
internal sealed class ScriptedHttp : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<HttpAsked, (string Status, string Content)?> _answer;

    /// <summary>Begins to serve.</summary>
    /// <param name="answer">The status and the content of an answer; null to close the connection without one.</param>
    public ScriptedHttp(Func<HttpAsked, (string Status, string Content)?> answer)
    {
        _answer = answer;
        _listener.Start();
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _ = ServeAsync();
    }

    public string Url { get; }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                var text = new StringBuilder();
                var buffer = new byte[4096];
                HttpAsked? asked;
                while ((asked = Read(text.ToString())) is null && await stream.ReadAsync(buffer) is > 0 and var read) text.Append(Encoding.Latin1.GetString(buffer, 0, read));
                if (asked is null || _answer(asked) is not var (status, content)) continue;
                var body = Encoding.UTF8.GetBytes(content);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Scripted\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n")));
                await stream.WriteAsync(body);
            }
        }
        catch (Exception failure) when (failure is ObjectDisposedException or SocketException or IOException)
        {
            // The test is over.
        }
    }

    /// <summary>A request; null while some of it is still to come.</summary>
    private static HttpAsked? Read(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) return null;
        var lines = text[..end].Split("\r\n");
        var headers = lines.Skip(1).ToDictionary(line => line.Split(": ")[0], line => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..], StringComparer.OrdinalIgnoreCase);
        var body = text[(end + 4)..];
        var words = lines[0].Split(' ');
        return body.Length < int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture) ? null : new(words[0], words[1], headers, body);
    }
}
