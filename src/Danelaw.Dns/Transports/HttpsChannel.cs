using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using Danelaw.Dns.Messages;

namespace Danelaw.Dns.Transports;

/// <summary>Queries over HTTPS (RFC 8484), HTTP/2 where the server has it. Connections go to the address given, never to one that somebody else looked up; no proxy, no redirection, no HTTP cookies.</summary>
internal sealed class HttpsChannel(TlsTrust trust, DnsTransportOptions options) : IDisposable
{
    private const string MediaType = "application/dns-message";
    private const int MaximumMessage = 65535;

    private readonly Lock _lock = new();
    private readonly Dictionary<(DnsServer, IPEndPoint), HttpMessageInvoker> _clients = [];

    /// <summary>Posts the query and reads the reply.</summary>
    internal async ValueTask<Attempt> AskAsync(DnsQuery query, DnsServer server, IPEndPoint address, QueryShape shape, CancellationToken limit)
    {
        // RFC 8484 §4.1: id 0, so that caches can serve everybody.
        var wire = QueryWire.Write(0, query, shape);
        try
        {
            using var content = new ByteArrayContent(wire.Octets) { Headers = { ContentType = new MediaTypeHeaderValue(MediaType) } };
            using var request = new HttpRequestMessage(HttpMethod.Post, server.ToString())
            {
                Content = content,
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            };
            request.Headers.Accept.Add(new(MediaType));
            using var response = await ClientFor(server, address).SendAsync(request, limit).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK) return Attempt.NotTrusted($"HTTP status {(int)response.StatusCode} instead of 200");
            if (response.Content.Headers.ContentType?.MediaType is var type && !MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)) return Attempt.Malformed($"HTTP content of type {type ?? "unknown"} instead of {MediaType}");
            return await ReadAsync(response.Content, wire, limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Attempt.TimedOut("no reply over HTTPS");
        }
        catch (OperationCanceledException)
        {
            return Attempt.TimedOut("no reply to the connection");
        }
        catch (HttpRequestException fault)
        {
            return Of(fault);
        }
        catch (IOException)
        {
            return Attempt.Closed("the connection was closed in the middle of a reply");
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var client in _clients.Values) client.Dispose();
            _clients.Clear();
        }
    }

    private static async ValueTask<Attempt> ReadAsync(HttpContent content, QueryWire wire, CancellationToken limit)
    {
        var stream = await content.ReadAsStreamAsync(limit).ConfigureAwait(false);
        await using var closing = stream.ConfigureAwait(false);
        var buffer = new byte[2048];
        var filled = 0;
        while (true)
        {
            // No announced length sizes the buffer: it grows as octets come in.
            if (filled == buffer.Length) Array.Resize(ref buffer, Math.Min(buffer.Length * 2, MaximumMessage + 1));
            var read = await stream.ReadAsync(buffer.AsMemory(filled), limit).ConfigureAwait(false);
            if (read == 0) break;
            filled += read;
            if (filled > MaximumMessage) return Attempt.Malformed("the reply is longer than a DNS message can be");
        }

        var octets = Octets.Copy(buffer.AsSpan(0, filled));
        if (wire.Fit(octets.Span) is not (ReplyFit.Fits or ReplyFit.NamesNoQuestion)) return Attempt.Malformed("the reply does not answer the question", octets);
        if (!DnsMessage.TryRead(octets.Memory, out var message, out var fault)) return Attempt.Malformed($"{fault}", octets);
        return message.Flags.HasFlag(MessageFlags.Truncated) ? Attempt.Malformed("the reply is truncated, although it came over HTTPS", octets) : Attempt.Replied(octets, message);
    }

    private static Attempt Of(HttpRequestException fault)
    {
        for (Exception? inner = fault; inner is not null; inner = inner.InnerException)
        {
            if (inner is AuthenticationException tls) return Attempt.NotTrusted(TlsTrust.Describe(tls));
            if (inner is SocketException socket) return Attempt.Of(socket);
        }

        return fault.HttpRequestError switch
        {
            HttpRequestError.SecureConnectionError => Attempt.NotTrusted("TLS failed"),
            HttpRequestError.ConnectionError => Attempt.Unreachable("no connection"),
            HttpRequestError.ResponseEnded => Attempt.Closed("the connection was closed without a whole reply"),
            _ => Attempt.Closed($"HTTP failed ({fault.HttpRequestError})"),
        };
    }

    private HttpMessageInvoker ClientFor(DnsServer server, IPEndPoint address)
    {
        lock (_lock)
        {
            if (_clients.TryGetValue((server, address), out var client)) return client;
            var handler = new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                UseCookies = false,
                UseProxy = false,
                MaxResponseHeadersLength = 16,
                ConnectTimeout = options.Timeout,
                PooledConnectionIdleTimeout = options.IdleTime,
                EnableMultipleHttp2Connections = false,
                ActivityHeadersPropagator = null,
                SslOptions = trust.OptionsFor(server),
                ConnectCallback = async (_, cancellationToken) =>
                {
                    var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    try
                    {
                        await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
                        return new NetworkStream(socket, ownsSocket: true);
                    }
                    catch
                    {
                        socket.Dispose();
                        throw;
                    }
                },
            };
            client = new(handler);
            _clients.Add((server, address), client);
            return client;
        }
    }
}
