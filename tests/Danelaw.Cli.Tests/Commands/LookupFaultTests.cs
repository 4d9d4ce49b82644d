using System.Text.Json.Nodes;
using Danelaw.Cli.Tests.Running;
using Danelaw.Dns.Transports;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>A fault of Danelaw itself while one of several names is looked up.</summary>
public sealed class LookupFaultTests(LabWorld world) : IClassFixture<LabWorld>
{
    private Task<CommandRun> RunAsync(string input, params string[] args) =>
        CommandRun.OfAsync(["lookup", .. args, .. world.Options], input, beforeTransport: transport => new Faulty(transport));

    [Fact]
    public async Task It_stops_that_name_alone_and_is_told_in_exact_words()
    {
        var run = await RunAsync("mx.good.lab A\nmx.mismatch.lab A\nno-tlsa.lab MX\n", "@-", "--json", "--concurrency", "1");

        Assert.Equal(70, run.Code);
        var told = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToDictionary(line => (string)line["name"]!, line => (string)line["status"]!);
        Assert.Equal(new Dictionary<string, string> { ["mx.good.lab"] = "secure", ["mx.mismatch.lab"] = "indeterminate", ["no-tlsa.lab"] = "secure" }, told);
        Assert.StartsWith($"danelaw: error: mx.mismatch.lab A: this is a fault of danelaw {Danelaw.Cli.Running.ProductVersion.Text} itself: NotImplementedException: nobody thought of this\ndanelaw: hint: please report it", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_name_is_told_in_the_same_way()
    {
        var run = await RunAsync("", "mx.mismatch.lab");

        Assert.Equal(70, run.Code);
        Assert.Contains("a fault of danelaw itself stopped this lookup", run.Output, StringComparison.Ordinal);
    }

    private sealed class Faulty(IDnsTransport inner) : IDnsTransport
    {
        public ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default) =>
            query.Question.Name.ToString() == "mx.mismatch.lab." ? throw new NotImplementedException("nobody thought of this") : inner.ExchangeAsync(query, cancellationToken);
    }
}
