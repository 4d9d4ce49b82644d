using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;

namespace Danelaw.Dns.Tests.Transports;

public sealed class HttpsTests : TransportTest
{
    [Fact, Rfc(8484, "4.1"), Rfc(8484, "4.2"), Rfc(8467, "4.1")]
    public async Task A_query_is_posted_with_id_0_and_padded_and_its_reply_read()
    {
        await using var server = new HttpServer(query => Response(query.Reply(7)));
        Assert.Equal(7, Last(await ExchangeAsync(server.Query(), server.Options)));
        var (head, query) = Assert.Single(server.Requests);
        Assert.StartsWith("POST /dns-query HTTP/1.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: application/dns-message\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nAccept: application/dns-message\r\n", head, StringComparison.Ordinal);
        Assert.Contains($"\r\nHost: resolver.example:{server.EndPoint.Port}\r\n", head, StringComparison.Ordinal);
        Assert.Equal((0, 0), (query.Id, query.Octets.Length % 128));
    }

    [Theory]
    [InlineData("404", ExchangeOutcome.NotTrusted, "HTTP status 404 instead of 200")]
    [InlineData("redirect", ExchangeOutcome.NotTrusted, "HTTP status 302 instead of 200")]
    [InlineData("html", ExchangeOutcome.Malformed, "HTTP content of type text/html instead of application/dns-message")]
    [InlineData("no type", ExchangeOutcome.Malformed, "HTTP content of type unknown instead of application/dns-message")]
    [InlineData("another question", ExchangeOutcome.Malformed, "the reply does not answer the question")]
    [InlineData("empty", ExchangeOutcome.Malformed, "the reply does not answer the question")]
    [InlineData("too long", ExchangeOutcome.Malformed, "the reply is longer than a DNS message can be")]
    [InlineData("truncated", ExchangeOutcome.Malformed, "the reply is truncated, although it came over HTTPS")]
    [InlineData("cut", ExchangeOutcome.Closed, "")]
    [InlineData("noise", ExchangeOutcome.Closed, "")]
    public async Task What_is_no_reply_is_a_failure(string what, ExchangeOutcome expected, string detail)
    {
        await using var server = new HttpServer(query => what switch
        {
            "404" => Response(query.Reply(7), status: "404 Not Found"),
            "redirect" => Response(query.Reply(7), status: "302 Found\r\nLocation: https://other.example/dns-query"),
            "html" => Response("<html>"u8.ToArray(), type: "text/html"),
            "no type" => Response(query.Reply(7), type: null),
            "another question" => Response(With(query.Reply(7), 13, (byte)'x')),
            "empty" => Response([]),
            "too long" => Response(new byte[70_000]),
            "truncated" => Response(query.Reply(isTruncated: true)),
            "cut" => Response(query.Reply(7))[..^5],
            _ => "hello\r\n\r\n"u8.ToArray(),
        });
        var exchange = await ExchangeAsync(server.Query(), server.Options);
        Assert.Equal(expected, exchange.Outcome);
        if (detail.Length > 0) Assert.Equal(detail, exchange.Detail);
        Assert.NotEmpty(exchange.Detail);
    }

    [Theory]
    [InlineData("other.example")]
    [InlineData("127.0.0.1")]
    public async Task A_certificate_for_another_name_is_refused(string host)
    {
        await using var server = new HttpServer(query => Response(query.Reply(7)));
        var exchange = await ExchangeAsync(server.Query(host), server.Options);
        Assert.Equal(ExchangeOutcome.NotTrusted, exchange.Outcome);
        Assert.Equal("TLS failed: its certificate is for another name", exchange.Detail);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_server_that_is_down_is_unreachable()
    {
        var server = new HttpServer(query => Response(query.Reply(7)));
        var options = server.Options;
        await server.DisposeAsync();
        Assert.Equal(ExchangeOutcome.Unreachable, (await ExchangeAsync(server.Query(), options)).Outcome);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_a_time_out()
    {
        await using var server = new HttpServer(_ => []);
        Assert.Equal(ExchangeOutcome.TimedOut, (await ExchangeAsync(server.Query(), server.Options with { Timeout = TimeSpan.FromMilliseconds(300) })).Outcome);
    }

    [Fact]
    public async Task The_address_of_a_server_that_is_given_by_name_is_looked_up_once()
    {
        await using var server = new HttpServer(query => Response(query.Reply(7)));
        var asked = new List<string>();
        await using var transport = new DnsTransport(server.Options with
        {
            LookupHost = (host, _) =>
            {
                asked.Add(host);
                return ValueTask.FromResult(ImmutableArray.Create(IPAddress.Loopback));
            },
        }, TimeProvider.System);
        Assert.True(DnsServer.TryParse($"https://resolver.example:{server.EndPoint.Port}/dns-query", out var named, out _));
        for (var i = 0; i < 2; i++) Assert.Equal(7, Last(await transport.ExchangeAsync(server.Query() with { Server = named }, Token)));
        Assert.Equal(["resolver.example"], asked);
    }

    [Fact]
    public async Task A_server_whose_address_nobody_knows_is_unreachable()
    {
        Assert.True(DnsServer.TryParse("tls://resolver.example", out var named, out _));
        await using var server = new HttpServer(_ => []);
        var exchange = await ExchangeAsync(server.Query() with { Server = named }, Quick);
        Assert.Equal((ExchangeOutcome.Unreachable, "no address of resolver.example is known"), (exchange.Outcome, exchange.Detail));
    }

    private static byte[] Response(byte[] content, string status = "200 OK", string? type = "application/dns-message") =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {content.Length}\r\n{(type is null ? "" : $"Content-Type: {type}\r\n")}\r\n"), .. content];

    /// <summary>An HTTP/1.1 server over TLS that answers each request with the octets given, and closes.</summary>
    private sealed class HttpServer : IAsyncDisposable
    {
        private readonly X509Certificate2 _certificate = TestCertificate.For("resolver.example");
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly CancellationTokenSource _end = new();
        private readonly Func<Asked, byte[]> _answer;
        private readonly Task _serving;

        public HttpServer(Func<Asked, byte[]> answer)
        {
            _answer = answer;
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _socket.Listen(8);
            EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
            _serving = ServeAsync();
        }

        public IPEndPoint EndPoint { get; }

        public ConcurrentQueue<(string Head, Asked Query)> Requests { get; } = new();

        public DnsTransportOptions Options => Patient with { Authorities = [_certificate.Der()] };

        public DnsQuery Query(string host = "resolver.example") =>
            new(new(DomainName.Parse("mail.example."), RecordType.A), new(TransportKind.Https, EndPoint, host, "/dns-query"));

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            _socket.Dispose();
            await _serving;
            _certificate.Dispose();
            _end.Dispose();
        }

        private async Task ServeAsync()
        {
            while (!_end.IsCancellationRequested)
            {
                try
                {
                    using var client = await _socket.AcceptAsync(_end.Token);
                    await using var stream = new SslStream(new NetworkStream(client));
                    await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
                    var received = new List<byte>();
                    var head = "";
                    while (!(head = Encoding.Latin1.GetString([.. received])).Contains("\r\n\r\n", StringComparison.Ordinal)) received.Add(await NextAsync(stream));
                    var length = int.Parse(head.Split("Content-Length: ")[1].Split('\r')[0]);
                    var query = new byte[length];
                    await stream.ReadExactlyAsync(query, _end.Token);
                    var asked = new Asked(query, EndPoint, true, _ => Task.CompletedTask, () => { }, _end.Token);
                    Requests.Enqueue((head, asked));
                    var answer = _answer(asked);
                    await stream.WriteAsync(answer, _end.Token);
                    if (answer.Length == 0) await NextAsync(stream);
                }
                catch (Exception fault) when (fault is OperationCanceledException or IOException or SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException) { /* the client or the test is done */ }
            }
        }

        private async Task<byte> NextAsync(SslStream stream)
        {
            var octet = new byte[1];
            await stream.ReadExactlyAsync(octet, _end.Token);
            return octet[0];
        }
    }
}
