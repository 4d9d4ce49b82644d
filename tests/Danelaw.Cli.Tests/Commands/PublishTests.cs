using System.Text.Json;
using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;
using Danelaw.Testing.Peers;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>What <c>publish</c> and <c>dnssec</c> do where no name server answers: the file is edited all the same, and what cannot be seen is said.</summary>
public sealed class PublishTests : IDisposable
{
    private const string Record = "3 1 1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Zone = "$TTL 3600\n@ SOA ns1 hostmaster 7 7200 900 1209600 300\n@ NS ns1\nns1 A 192.0.2.1\nmx A 192.0.2.25\n";

    private readonly TestFolder _folder = new("publish");

    public void Dispose() => _folder.Dispose();

    private Task<CommandRun> RunAsync(params string[] more) =>
        CommandRun.OfAsync(["publish", "mx.example.org", "--to", "zone-file", "--file", _folder.Root + "/zone", "--zone", "example.org", "--resolver", "127.0.0.1:9", "--timeout", "100ms", "--tries", "1", .. more]);

    [Fact]
    public async Task A_dry_run_shows_what_would_be_and_changes_nothing()
    {
        _folder.Write("zone", Zone);
        var run = await RunAsync("--tlsa", Record, "--dry-run");

        Assert.Equal((0, $"_25._tcp.mx.example.org\n  + {Record}\n    TTL 3600\nThis is what would be published; nothing was changed.\n", ""), (run.Code, run.Output, run.Error));
        Assert.Equal(Zone, await File.ReadAllTextAsync(_folder.Root + "/zone", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task It_is_done_once_and_found_done_the_second_time()
    {
        _folder.Write("zone", Zone);
        var done = await RunAsync("--tlsa", Record, "--no-wait");
        Assert.Equal((0, $"_25._tcp.mx.example.org\n  + {Record}\n    TTL 3600\nPublished; the authoritative servers were not waited for.\n"), (done.Code, done.Output));
        Assert.Contains("danelaw: hint: no reload command is set, and the server reads ", done.Error, StringComparison.Ordinal);
        Assert.Contains("--reload COMMAND has it done here\n", done.Error, StringComparison.Ordinal);
        Assert.Equal(Zone.Replace(" 7 ", " 8 ", StringComparison.Ordinal) + $"_25._tcp.mx 3600 IN TLSA {Record}\n", await File.ReadAllTextAsync(_folder.Root + "/zone", TestContext.Current.CancellationToken));

        var again = await RunAsync("--tlsa", Record, "--no-wait", "--json");
        Assert.Equal(0, again.Code);
        await SchemaTests.AssertValidAsync("publish", again.Output);
        using var document = JsonDocument.Parse(again.Output);
        Assert.Equal("unchanged", document.RootElement.GetProperty("result").GetString());
    }

    [Fact]
    public async Task Why_senders_would_miss_a_key_is_told_with_which_and_what_to_do()
    {
        _folder.Write("zone", $"{Zone}_25._tcp.mx TLSA {Record}\n");
        var run = await RunAsync("--tlsa", "3 1 2 " + new string('b', 128), "--no-wait");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("senders that prefer SHA-512 would find nothing that means the key of the record 3 1 1 aaaaaaaaaaaaaaaa…", run.Error, StringComparison.Ordinal);
        Assert.Contains("hint: publish records with the same digests for every key: the new one with matching type 1;", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("--tlsa", "3 1 2 " + new string('b', 128), "--no-wait", "--force")).Code);
    }

    [Fact]
    public async Task A_wait_for_servers_that_cannot_be_seen_is_3_and_fits_the_schema()
    {
        _folder.Write("zone", Zone);
        var run = await RunAsync("--tlsa", Record, "--wait", "0", "--json");

        Assert.Equal(3, run.Code);
        await SchemaTests.AssertValidAsync("publish", run.Output);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal("waiting", document.RootElement.GetProperty("result").GetString());
        Assert.Equal("unseen", document.RootElement.GetProperty("propagation").GetProperty("servers")[0].GetProperty("standing").GetString());
        Assert.Contains("no name servers could be found, because no lookup gives a valid answer: ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_as_a_zone_is_1_with_its_place()
    {
        _folder.Write("zone", Zone + "broken A 1.2.3\n");
        var run = await RunAsync("--tlsa", Record, "--no-wait");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("/zone:6:10: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_misuse()
    {
        var run = await RunAsync("--tlsa", Record, "--no-wait");

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("/zone", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_zone_that_nobody_answers_for_dnssec_says_so()
    {
        var run = await CommandRun.OfAsync("dnssec", "example.org", "--resolver", "127.0.0.1:9", "--timeout", "100ms", "--tries", "1", "--json", "--no-wait");

        Assert.Equal((3, ""), (run.Code, run.Error));
        await SchemaTests.AssertValidAsync("dnssec", run.Output);
    }
}
