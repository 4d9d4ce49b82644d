using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>What is said when the upstream is of no use: never a pass, one clear reason, in time.</summary>
public sealed class BadUpstreamTests(LabWorld world) : IClassFixture<LabWorld>
{
    private static readonly string[] Short = ["--timeout", "150ms", "--tries", "1"];

    [Fact]
    public async Task An_upstream_that_is_down_is_said_to_be_unreachable_and_nothing_is_concluded()
    {
        var lookup = await CommandRun.OfAsync(["lookup", "example.org", "MX", "--resolver", "127.0.0.1:1", "--json", .. Short]);
        Assert.Equal(3, lookup.Code);
        Assert.Contains("\"status\":\"indeterminate\",\"rcode\":null,\"answer\":[],\"reason\":\"unreachable\"", lookup.Output, StringComparison.Ordinal);
        var text = await CommandRun.OfAsync(["lookup", "example.org", "MX", "--resolver", "127.0.0.1:1", .. Short]);
        Assert.Contains("127.0.0.1:1", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upstream_that_refuses_is_named_with_its_code()
    {
        await using var upstream = OddUpstream.Refusing();
        var run = await CommandRun.OfAsync(["lookup", "example.org", "MX", "--resolver", upstream.Address, "--json", .. Short]);
        Assert.Equal(3, run.Code);
        Assert.Contains("\"status\":\"indeterminate\",\"rcode\":\"REFUSED\",\"answer\":[],\"reason\":\"server-failed\"", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_to_do_about_an_upstream_that_refuses_or_is_down_begins_with_the_upstream()
    {
        await using var upstream = OddUpstream.Refusing();
        var refused = await CommandRun.OfAsync(["check", "example.org", "--resolver", upstream.Address, .. Short]);
        Assert.Contains("-> Let this machine ask the resolver in use", refused.Output, StringComparison.Ordinal);
        var down = await CommandRun.OfAsync(["check", "example.org", "--resolver", "127.0.0.1:1", .. Short]);
        Assert.Contains("-> Look whether the resolver in use is up", down.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upstream_that_answers_another_question_is_not_heard()
    {
        await using var upstream = OddUpstream.Lying();
        var run = await CommandRun.OfAsync(["lookup", "example.org", "MX", "--resolver", upstream.Address, "--json", .. Short]);
        Assert.Equal(3, run.Code);
        Assert.Contains("\"status\":\"indeterminate\"", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"reason\":\"valid", run.Output, StringComparison.Ordinal);
    }

    /// <summary>RFC 8310 §5: a resolver over TLS that does not prove who it is gets no question, whatever it would answer; nobody else is asked in its place.</summary>
    [Theory, Rfc(8310, "8.1")]
    [InlineData("", 0, "")]
    [InlineData("expired", 3, "has expired or is not valid yet")]
    [InlineData("not yet valid", 3, "has expired or is not valid yet")]
    [InlineData("another name", 3, "its certificate is for another name")]
    [InlineData("another authority", 3, "no authority that is trusted here vouches for its certificate")]
    [InlineData("the machine's store", 3, "no authority that is trusted here vouches for its certificate")]
    public async Task A_resolver_over_TLS_with_a_wrong_certificate_is_asked_nothing_and_said_to_have_one(string what, int code, string said)
    {
        using var certificate = what switch
        {
            "expired" => TlsFront.Certificate(TlsFront.Name, -20, -10),
            "not yet valid" => TlsFront.Certificate(TlsFront.Name, 10, 20),
            "another name" => TlsFront.Certificate("other.example", -1, 20),
            _ => TlsFront.Certificate(TlsFront.Name, -1, 20),
        };
        using var other = TlsFront.Certificate(TlsFront.Name, -1, 20);
        await using var front = new TlsFront(world.Lab.Upstream.EndPoint, certificate);
        var authority = Path.Combine(Directory.CreateTempSubdirectory("danelaw-tls").FullName, "ca.pem");
        await File.WriteAllTextAsync(authority, (what == "another authority" ? other : certificate).ExportCertificatePem(), TestContext.Current.CancellationToken);

        string[] trust = what == "the machine's store" ? [] : ["--resolver-ca", authority];
        var run = await CommandRun.OfAsync(["lookup", "mx.good.lab", "A", "--require", "secure", "--resolver", $"tls://127.0.0.1:{front.Port}", .. trust, .. world.Options[2..4], "--timeout", "5s", "--tries", "2"]);

        Assert.Equal(code, run.Code);
        Assert.StartsWith(code == 0 ? "mx.good.lab A: secure" : "mx.good.lab A: indeterminate (unreachable)", run.Output, StringComparison.Ordinal);
        Assert.Equal(code == 0, front.Asked > 0);
        if (code == 0) return;
        var told = string.Join(' ', run.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(said, told, StringComparison.Ordinal);
        Assert.Contains("--resolver-ca", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Noise_is_no_answer()
    {
        await using var upstream = OddUpstream.Noisy();
        var run = await CommandRun.OfAsync(["lookup", "example.org", "MX", "--resolver", upstream.Address, "--json", .. Short]);
        Assert.Equal(3, run.Code);
        Assert.Contains("\"status\":\"indeterminate\",\"rcode\":null", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_of_a_domain_whose_upstream_is_silent_is_undetermined_and_says_what_to_do()
    {
        await using var upstream = OddUpstream.Silent();
        var run = await CommandRun.OfAsync(["check", "example.org", "--resolver", upstream.Address, .. Short]);
        Assert.Equal(3, run.Code);
        Assert.StartsWith("example.org: UNDETERMINED (the MX lookup failed or is bogus)\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("-> ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_a_monitor_the_same_is_unknown()
    {
        await using var upstream = OddUpstream.Silent();
        var run = await CommandRun.OfAsync(["check", "example.org", "--nagios", "--resolver", upstream.Address, .. Short]);
        Assert.Equal(3, run.Code);
        Assert.StartsWith("DANELAW UNKNOWN - example.org undetermined (mx-lookup-failed)", run.Output, StringComparison.Ordinal);
        Assert.Equal(1, run.Output.Count(character => character == '\n'));
    }

    [Fact]
    public async Task On_a_terminal_progress_is_shown_and_taken_back_and_quiet_means_none()
    {
        await using var upstream = OddUpstream.Refusing();
        string[] args = ["check", "example.org", "--resolver", upstream.Address, .. Short];
        var run = await CommandRun.OfAsync(args, isTerminal: true);
        Assert.Contains("\rexample.org: ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("\r\e[K", run.Error, StringComparison.Ordinal);
        Assert.Contains("\e[1mexample.org\e[0m: \e[33mUNDETERMINED\e[0m", run.Output, StringComparison.Ordinal);
        Assert.Equal("", (await CommandRun.OfAsync([.. args, "-q"], isTerminal: true)).Error);
        var plain = await CommandRun.OfAsync(args, isTerminal: true, variables: new Dictionary<string, string> { ["NO_COLOR"] = "1" });
        Assert.DoesNotContain('\e', plain.Output);
        Assert.DoesNotContain('\e', (await CommandRun.OfAsync([.. args, "--no-color"], isTerminal: true)).Output);
        Assert.Equal("", (await CommandRun.OfAsync(args)).Error);
    }
}
