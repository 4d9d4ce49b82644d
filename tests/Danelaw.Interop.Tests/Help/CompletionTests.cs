using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Help;

/// <summary>What real shells offer with the scripts of <c>danelaw completion</c>; bash is asked in the tests of the command.</summary>
public sealed class CompletionTests
{
    [Fact, Peer("zsh")]
    public Task Zsh_offers_every_verb_option_and_value() => HoldAsync(CompletingShell.Zsh);

    [Fact, Peer("fish")]
    public Task Fish_offers_every_verb_option_and_value() => HoldAsync(CompletingShell.Fish);

    // Debian has no PowerShell, and where NuGet's cannot be had either, no more can be said of its script than this.
    [Fact]
    public async Task PowerShell_offers_every_verb_option_and_value()
    {
        if (Peer.Has("pwsh")) { await HoldAsync(CompletingShell.PowerShell); return; }
        TestContext.Current.TestOutputHelper?.WriteLine("TELL: PowerShell could not be had: its completion script was read, and not run");
        var script = await Helped.SaidAsync(["completion", "powershell"], TestContext.Current.CancellationToken);
        foreach (var (verb, options) in await Helped.VerbsAsync())
        {
            Assert.Contains(verb.Split(' ')[^1], script, StringComparison.Ordinal);
            foreach (var option in options) Assert.Contains(option, script, StringComparison.Ordinal);
        }
    }

    private static async Task HoldAsync(CompletingShell shell)
    {
        var stop = TestContext.Current.CancellationToken;
        var told = await Helped.VerbsAsync();
        string[] verbs = [.. told.Select(one => one.Verb)];
        Assert.Contains("zone key make", verbs);
        string[][] rows =
        [
            ["danelaw ", .. verbs.Select(verb => verb.Split(' ')[0]).Append("help").Distinct()],
            ["danelaw zone key ", "export", "import", "make", "show"],
            ["danelaw help zone k", "key"],
            ["danelaw check --starttls xmpp-", "xmpp-client", "xmpp-server"],
            ["danelaw check --strict example.org --starttls sm", "smtp"],
            ["danelaw tlsa create key.pem --usage ", "0", "1", "2", "3"],
            ["danelaw zone key make --role ", "csk", "ksk", "zsk"],
            ["danelaw explain TLSA-MIS", "TLSA-MISMATCH"],
            ["danelaw explain TLSA-NONE TLSA-MIS", "TLSA-MISMATCH"],
            ["danelaw lookup example.org TLS", "TLSA"],
            ["danelaw lookup --timeout 2s example.org TLS", "TLSA"],
            ["danelaw completion pow", "powershell"],
            ["danelaw doctor --timeout ch"],
        ];
        string[] files = ["danelaw check --save cer", "danelaw tlsa create cer", "danelaw doctor --root cer"];
        // In PowerShell @ begins something of its own.
        string[] lists = shell == CompletingShell.PowerShell ? [] : ["danelaw check @cer"];

        var offered = await shell.OfferAsync([.. rows.Select(row => row[0]), .. files, .. lists, .. verbs.Select(verb => $"danelaw {verb} --")], stop);

        for (var i = 0; i < rows.Length; i++) Assert.True(rows[i][1..].Order(StringComparer.Ordinal).SequenceEqual(offered[i]), $"{rows[i][0]}: {string.Join(' ', offered[i])}");
        offered = offered[rows.Length..];
        for (var i = 0; i < files.Length; i++) Assert.True(offered[i] is [var one] && one.Contains("certs", StringComparison.Ordinal), $"{files[i]}: {string.Join(' ', offered[i])}");
        offered = offered[files.Length..];
        for (var i = 0; i < lists.Length; i++) Assert.True(offered[i] is [['@', 'c', 'e', 'r', 't', 's', ..]], $"{lists[i]}: {string.Join(' ', offered[i])}");
        offered = offered[lists.Length..];
        for (var i = 0; i < verbs.Length; i++) Assert.True(told[i].Options.Order(StringComparer.Ordinal).SequenceEqual(offered[i].Select(option => option.TrimEnd('='))), $"{verbs[i]}: {string.Join(' ', offered[i])}");
    }
}
