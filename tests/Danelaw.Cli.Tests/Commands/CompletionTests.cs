using Danelaw.Cli.Commands;
using Danelaw.Cli.Rendering.Shells;
using Danelaw.Cli.Tests.Running;
using Danelaw.Testing.Peers;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>Completion scripts; bash runs its own here, zsh, fish and PowerShell do in the interop tests.</summary>
public sealed class CompletionTests
{
    public static TheoryData<string> Shells() => [.. Shell.Names];

    [Theory, MemberData(nameof(Shells))]
    public async Task Each_script_knows_every_verb_and_option(string shell)
    {
        var run = await CommandRun.OfAsync("completion", shell);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains($"made by: danelaw completion {shell}\n", run.Output, StringComparison.Ordinal);
        foreach (var node in CallNode.All(new VerbTree()))
        {
            Assert.All(node.Next, next => Assert.Contains(next.Word, run.Output, StringComparison.Ordinal));
            // fish has the name of a long option without its dashes.
            Assert.All(node.Options, option => Assert.Contains(shell == "fish" ? $" -l {option.Names[^1][2..]} " : option.Names[^1], run.Output, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void What_a_value_may_be_follows_from_its_option()
    {
        var nodes = CallNode.All(new VerbTree());
        Offer? Of(string words, string option) => nodes.Single(node => node.Words == words).Options.Single(one => one.Names.Contains(option)).Value;

        Assert.Equal(OfferKind.File, Of("check", "--save")!.Kind);
        Assert.Equal(OfferKind.Folder, Of("doctor", "--root")!.Kind);
        Assert.Equal("0 1 2 3", Of("tlsa create", "--usage")!.Words);
        Assert.Equal("csk ksk zsk", Of("zone key make", "--role")!.Words);
        Assert.Equal(OfferKind.Anything, Of("check", "--resolver")!.Kind);
        Assert.Null(Of("check", "--strict"));
        Assert.Equal(OfferKind.Listed, nodes.Single(node => node.Words == "check").First.Kind);
        Assert.Equal(OfferKind.Nothing, nodes.Single(node => node.Words == "doctor").First.Kind);
    }

    [Fact]
    public async Task In_bash_each_place_has_its_verbs_and_options()
    {
        var nodes = CallNode.All(new VerbTree());
        var told = await BashAsync([.. nodes.SelectMany(node => new[] { $"{node.Words} ", $"{node.Words} --" })]);
        for (var i = 0; i < nodes.Length; i++)
        {
            if (!nodes[i].Next.IsEmpty) Assert.Equal(nodes[i].Next.Select(next => next.Word).Order(), told[2 * i].Order());
            Assert.Equal(nodes[i].Options.SelectMany(option => option.Names).Where(name => name.StartsWith("--", StringComparison.Ordinal)).Order(), told[2 * i + 1].Order());
        }
    }

    [Theory]
    [InlineData("ch", "check")]
    [InlineData("zone key ", "export import make show")]
    [InlineData("help zone k", "key")]
    [InlineData("check --starttls sm", "smtp")]
    [InlineData("check example.org --strict --starttls xmpp-s", "xmpp-server")]
    [InlineData("tlsa create key.pem --format = ns", "nsupdate")]
    [InlineData("tlsa create key.pem --format =", "dnscontrol form json nsupdate octodns rfc3597 terraform-azure terraform-cloudflare terraform-route53 tinydns zone")]
    [InlineData("tlsa create key.pem --usage ", "0 1 2 3")]
    [InlineData("explain TLSA-MIS", "TLSA-MISMATCH")]
    [InlineData("explain TLSA-NONE TLSA-MIS", "TLSA-MISMATCH")]
    [InlineData("lookup example.org TLS", "TLSA")]
    [InlineData("lookup TLS", "")]
    [InlineData("lookup --resolver 192.0.2.1 : 53 TLS", "")]
    [InlineData("lookup --resolver 192.0.2.1 : 53 example.org TLS", "TLSA")]
    [InlineData("lookup --timeout ch", "")]
    [InlineData("doctor ch", "")]
    [InlineData("tlsa create cert.", "cert.pem")]
    [InlineData("check --save ", "cert.pem certs domains.txt")]
    [InlineData("doctor --root ", "certs")]
    [InlineData("check @do", "@domains.txt")]
    [InlineData("check @ do", "@domains.txt")]
    [InlineData("check @", "@cert.pem @certs @domains.txt")]
    [InlineData("check do", "")]
    [InlineData("completion p", "powershell")]
    [InlineData("rollover standby ", "make")]
    [InlineData("no-such-verb ", "")]
    public async Task Bash_offers(string words, string expected) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), Assert.Single(await BashAsync([words])).Order(StringComparer.Ordinal));

    /// <summary>What bash offers at the end of each line; the words of a line as bash has cut them, with blanks between.</summary>
    private static async Task<IReadOnlyList<string[]>> BashAsync(IReadOnlyList<string> lines)
    {
        using var folder = new TestFolder("completion");
        folder.Write("cert.pem", "");
        folder.Write("domains.txt", "");
        folder.Write("certs/key.pem", "");
        var script = (await CommandRun.OfAsync("completion", "bash")).Output + "\ncompopt() { :; }\n" + string.Concat(lines.Select(line =>
        {
            var words = $"danelaw {line}".Split(' ');
            return $"COMP_WORDS=({string.Join(' ', words.Where(word => word.Length > 0).Select(word => $"'{word}'"))}{(words[^1].Length == 0 ? " ''" : "")}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _danelaw; echo \"${{COMPREPLY[*]}}\"\n";
        }));
        var run = await PeerProcess.RunAsync("bash", ["--norc", "-u", "-s"], script, folder: folder.Root, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return [.. run.Output.Split('\n').SkipLast(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
    }
}
