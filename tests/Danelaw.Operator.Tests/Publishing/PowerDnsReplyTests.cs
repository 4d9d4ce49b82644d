using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Testing.Peers;
using Danelaw.Tlsa;

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

    [Theory]
    [InlineData(500, "")]
    [InlineData(502, "<html>bad gateway</html>")]
    [InlineData(504, "<html>gateway time-out</html>")]
    [InlineData(200, "<html>please log in</html>")]
    public async Task Of_a_change_whose_answer_is_not_the_servers_own_nobody_knows_whether_it_was_made(int status, string said)
    {
        var result = await PublishAsync(status, said);

        Assert.Equal(PublishOutcome.Unknown, result.Outcome);
        Assert.Contains("127.0.0.1", result.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(422)]
    public async Task A_change_that_the_server_does_not_take_was_not_made(int status) => Assert.Equal(PublishOutcome.Refused, (await PublishAsync(status, "{}")).Outcome);

    [Fact]
    public async Task A_zone_that_a_server_in_trouble_does_not_give_is_out_of_reach() => Assert.Equal(PublishOutcome.Unreachable, (await ReadAsync(Zones, () => "<html>gateway time-out</html>", "504")).Outcome);

    /// <summary>What comes of a change that is answered so; the zone itself is read well.</summary>
    private async Task<PublishResult> PublishAsync(int status, string said)
    {
        using var server = new ScriptedHttp(asked => asked.Method == "PATCH" ? ($"{status}", said) : ("200", Answer(asked, Zones, () => """{"kind":"Native","serial":1,"rrsets":[]}""")));
        var record = TlsaRecord.TryParse($"3 1 1 {new string('a', 64)}", out var read, out _) ? read : default;
        return await Publisher(server).PublishAsync(new(Owner, TlsaSet.Empty, TlsaSet.Of(record), 300), TestContext.Current.CancellationToken);
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

    private async Task<MasteredSet> ReadAsync(string zones, Func<string> zone, string status = "200")
    {
        using var server = new ScriptedHttp(asked => (status, Answer(asked, zones, zone)));
        return await Publisher(server).ReadAsync(Owner, TestContext.Current.CancellationToken);
    }

    private static string Answer(HttpAsked asked, string zones, Func<string> zone) => !asked.Path.Contains("zones?zone=", StringComparison.Ordinal) ? zone() : asked.Path.Contains("zone=example.org.", StringComparison.Ordinal) ? zones : "[]";

    private IZonePublisher Publisher(ScriptedHttp server)
    {
        var key = _folder.Write("key", "secret");
        TestFolder.SetMode(key, 0b110_000_000);
        var settings = new PublisherSettings.PowerDns(new(server.Url), "localhost", null, key);
        return ZonePublisher.Create(settings, new() { Time = TimeProvider.System, ExchangeLimit = TimeSpan.FromSeconds(20) });
    }
}
