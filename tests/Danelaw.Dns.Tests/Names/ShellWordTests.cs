using System.Diagnostics;
using Danelaw.Dns.Names;

namespace Danelaw.Dns.Tests.Names;

/// <summary>Words of commands that people copy, as a real shell reads them.</summary>
public sealed class ShellWordTests
{
    private static readonly string[] Words =
    [
        "", "example.org", "a b", "it's", "''", "$(id)", "`id`", "$HOME", "x;id", "x|id", "x&id", "<in>", "*", "?[a-z]", "~", "#no", "!!", "a\\032b", "\\", "\"", "{a,b}", "a\nb", "\t", "\u00E9\u4E2D", "(sub)", "^x", "%1", "-n",
    ];

    [Fact]
    public async Task A_shell_reads_each_back_as_one_word()
    {
        // A name that a stranger has chosen must not become a command of the one who copies it.
        var script = $"for word in {string.Join(' ', Words.Select(ShellWord.Quote))}; do printf '%s\\0' \"$word\"; done";
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true, WorkingDirectory = "/" })!;
        var said = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Words, said.Split('\0')[..^1]);
    }

    [Theory]
    [InlineData("example.org", "example.org")]
    [InlineData("_25._tcp.mx.example.org.", "_25._tcp.mx.example.org.")]
    [InlineData("-f.example", "'\\045f.example'")]
    [InlineData("+trace.example", "'\\043trace.example'")]
    [InlineData("--svg=x.example", "'\\045-svg=x.example'")]
    public void A_name_is_no_option_and_means_what_it_meant(string name, string word)
    {
        Assert.Equal(word, ShellWord.QuoteName(name));
        Assert.Equal(DomainName.Parse(name), DomainName.Parse(word.Trim('\'')));
    }
}
