using System.Net;
using System.Net.Sockets;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;
using Danelaw.Testing.Peers;

namespace Danelaw.Operator.Tests.Publishing;

/// <summary>What no PowerDNS says: a server of the test's own whose JSON is of every form. Each is an outcome, never an exception.</summary>
public sealed class PowerDnsReplyTests : IDisposable
{
    private const string Zones = """[{"name":"example.org.","id":"example.org."}]""";

    private static readonly DomainName Owner = DomainName.Parse("_25._tcp.mx.example.org.");

    private readonly TestFolder _folder = new("pdns-replies");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("3")]
    [InlineData("\"text\"")]
    public async Task A_zone_that_is_no_object_is_told(string zone)
    {
        var set = await ReadAsync(Zones, () => zone);

        Assert.Equal(PublishOutcome.Refused, set.Outcome);
        Assert.Contains("does not speak the API of PowerDNS", set.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_no_text() => Assert.Equal(PublishOutcome.Refused, (await ReadAsync("""[{"name":"\ud800","id":"\udc00"}]""", () => "{}")).Outcome);

    [Fact]
    public async Task Whatever_JSON_comes_is_an_outcome()
    {
        var random = new Random(1);
        for (var i = 0; i < 150; i++)
        {
            var set = await ReadAsync(random.Next(3) == 0 ? Value(random, 0) : Zones, () => random.Next(3) == 0 ? Value(random, 0) : $$"""{"kind":{{Value(random, 3)}},"rrsets":[{"name":"_25._tcp.mx.example.org.","type":"TLSA","ttl":{{Value(random, 3)}},"records":{{Value(random, 1)}}},{{Value(random, 1)}}]}""");
            Assert.NotEqual(PublishOutcome.Unknown, set.Outcome);
        }
    }

    /// <summary>A value, of the members that are read and others.</summary>
    private static string Value(Random random, int depth) => random.Next(depth > 3 ? 7 : 10) switch
    {
        0 => "null",
        1 => "true",
        2 => random.Next(2) == 0 ? "-1e400" : "4294967296",
        3 => "\"TLSA\"",
        4 => "\"\\ud800\"",
        5 => "\"_25._tcp.mx.example.org.\"",
        6 => "\"3 1 1 00\"",
        7 => $"[{string.Join(',', Enumerable.Range(0, random.Next(3)).Select(_ => Value(random, depth + 1)))}]",
        _ => $"{{{string.Join(',', Enumerable.Range(0, random.Next(6)).Select(_ => $"\"{new[] { "name", "id", "type", "ttl", "records", "content", "disabled", "rrsets", "kind", "\\ud800" }[random.Next(10)]}\":{Value(random, depth + 1)}"))}}}",
    };

    private async Task<MasteredSet> ReadAsync(string zones, Func<string> zone)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = ServeAsync(listener, path => path.Contains("zones?zone=", StringComparison.Ordinal) ? path.Contains("zone=example.org.", StringComparison.Ordinal) ? zones : "[]" : zone());
        var key = _folder.Write("key", "secret");
        TestFolder.SetMode(key, 0b110_000_000);
        var settings = new PublisherSettings.PowerDns(new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"), "localhost", null, key);
        return await ZonePublisher.Create(settings, new() { Time = TimeProvider.System, ExchangeLimit = TimeSpan.FromSeconds(20) }).ReadAsync(Owner, TestContext.Current.CancellationToken);
    }

    private static async Task ServeAsync(TcpListener listener, Func<string, string> answer)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                var request = new StringBuilder();
                var buffer = new byte[4096];
                while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer) is > 0 and var read) request.Append(Encoding.Latin1.GetString(buffer, 0, read));
                var body = Encoding.UTF8.GetBytes(answer(request.ToString().Split(' ')[1]));
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"));
                await stream.WriteAsync(body);
            }
        }
        catch (Exception failure) when (failure is ObjectDisposedException or SocketException or IOException)
        {
            // The test is over.
        }
    }
}
