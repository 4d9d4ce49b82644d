using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Danelaw.Operator.Publishing.Secrets;

namespace Danelaw.Operator.Publishing.PowerDns;

/// <summary>What the API answered.</summary>
/// <param name="Outcome">Whether it did what it was asked.</param>
/// <param name="Document">What it said; null for a failure, and where it says nothing.</param>
/// <param name="Detail">For a failure a phrase for people.</param>
internal sealed record ApiReply(PublishOutcome Outcome, JsonDocument? Document, string Detail);

/// <summary>Requests to the HTTP API of PowerDNS.</summary>
/// <param name="settings">Where it is and which key.</param>
/// <param name="services">Clock, addresses and environment.</param>
internal sealed class PowerDnsApi(PublisherSettings.PowerDns settings, PublisherServices services)
{
    /// <summary>A zone of a million records is smaller.</summary>
    private const int MaximumReply = 512 << 20;

    /// <summary>As people write it; a password that somebody put into the address is not shown.</summary>
    internal string Name => settings.Url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    /// <summary>Reads the key.</summary>
    /// <returns>The key, or a fault.</returns>
    internal static (string Key, string Fault) ReadKey(PublisherSettings.PowerDns settings, PublisherServices services)
    {
        if (!SecretText.TryRead(settings.KeyFile, services.Variable, out var text, out var fault)) return ("", fault);
        var key = text.Trim();

        // A header takes no more than this; another character would be told in the fault of whoever refuses it.
        return key.Length > 0 && key.All(character => character is > ' ' and < '\x7F') ? (key, "") : ("", $"{settings.KeyFile} does not hold an API key: one line of printable characters");
    }

    /// <summary>Reads something.</summary>
    internal ValueTask<ApiReply> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>Changes something.</summary>
    internal ValueTask<ApiReply> PatchAsync(string path, byte[] body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Patch, path, body, cancellationToken);

    private async ValueTask<ApiReply> SendAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        var (key, fault) = ReadKey(settings, services);
        if (fault.Length > 0) return new(PublishOutcome.Refused, null, fault);
        using var timer = new CancellationTokenSource(services.ExchangeLimit, services.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        using var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync, AllowAutoRedirect = false, UseProxy = false, UseCookies = false }) { MaxResponseContentBufferSize = MaximumReply, Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(method, new Uri($"{settings.Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/')}/api/v1/servers/{Uri.EscapeDataString(settings.ServerId)}/{path}"));
        request.Headers.Add("X-API-Key", key);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        try
        {
            using var response = await client.SendAsync(request, both.Token).ConfigureAwait(false);
            var content = await response.Content.ReadAsByteArrayAsync(both.Token).ConfigureAwait(false);
            return Read(response.StatusCode, content, path, body is null ? PublishOutcome.Unreachable : PublishOutcome.Unknown);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Of a change that may have arrived nobody knows whether it was made.
            return new(body is null ? PublishOutcome.Unreachable : PublishOutcome.Unknown, null, $"{Name} did not answer within {services.ExchangeLimit.TotalSeconds:0.#} s");
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (HttpRequestException failure)
        {
            var isConnected = failure.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError);
            return new(isConnected && body is not null ? PublishOutcome.Unknown : PublishOutcome.Unreachable, null, $"{Name} cannot be reached: {Why(failure)}");
        }
    }

    /// <summary>Reads an answer.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="path">What was asked for.</param>
    /// <param name="lost">What an answer comes to that says nothing of the request: a proxy may give it while the server makes the change.</param>
    private ApiReply Read(HttpStatusCode status, byte[] content, string path, PublishOutcome lost)
    {
        if ((int)status is >= 200 and < 300)
        {
            if (content.Length == 0) return new(PublishOutcome.Done, null, "");
            try
            {
                return new(PublishOutcome.Done, JsonDocument.Parse(content), "");
            }
            catch (JsonException)
            {
                return new(lost == PublishOutcome.Unknown ? lost : PublishOutcome.Refused, null, $"{Name} does not speak the API of PowerDNS: what it sends is not JSON");
            }
        }

        var said = ErrorOf(content) is { Length: > 0 } error ? $": {error}" : "";
        return (int)status switch
        {
            401 or 403 => new(PublishOutcome.Refused, null, $"{Name} refuses the API key{said}: it must be the api-key of pdns.conf, and this machine's address among webserver-allow-from"),
            404 => new(PublishOutcome.Refused, null, $"{Name} has no {path.Split('?')[0]} at server {settings.ServerId}{said}: is the API on (api=yes, webserver=yes), and is it the authoritative server's?"),
            422 => new(PublishOutcome.Refused, null, $"{Name} does not take the change{said}"),
            >= 500 => new(lost, null, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name} answers {(int)status}{said}: its log says why")),
            _ => new(PublishOutcome.Refused, null, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name} answers {(int)status}{said}")),
        };
    }

    /// <summary>A member of an object; null where there is none, and where a name or a text is half of a surrogate pair, or no UTF-8.</summary>
    internal static JsonElement? Member(JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && (value.ValueKind != JsonValueKind.String || value.GetString() is not null) ? value : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A member that is a text; null for others.</summary>
    internal static string? Text(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static string ErrorOf(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return Text(document.RootElement, "error") ?? "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var end = context.DnsEndPoint;
        SocketException? last = null;
        foreach (var address in await services.FindAsync(end.Host.Trim('[', ']'), cancellationToken).ConfigureAwait(false))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, end.Port), cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException failure)
            {
                socket.Dispose();
                last = failure;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    private static string Why(HttpRequestException failure) => failure.InnerException is SocketException socket
        ? socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "connection refused",
            SocketError.HostNotFound => "no address of it could be found",
            SocketError.NetworkUnreachable or SocketError.HostUnreachable => "no route to it",
            _ => socket.SocketErrorCode.ToString(),
        }
        : failure.HttpRequestError switch
        {
            HttpRequestError.SecureConnectionError => "its certificate is not trusted, or TLS failed otherwise",
            HttpRequestError.ResponseEnded => "it closed the connection",
            _ => "no HTTP answer came",
        };
}
