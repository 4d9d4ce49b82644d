using System.Text.Json;
using Danelaw.Testing.Peers;

namespace Danelaw.Cli.Tests;

/// <summary>What the packages are made from; building and installing them is <c>tests/packages/run</c>.</summary>
public sealed class PackagingTests
{
    private static readonly string Packaging = Path.Combine(Repository.Root, "packaging");

    /// <summary>They work while the command is built, and are not in it.</summary>
    private static readonly string[] Tools = ["Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.CodeAnalysis.PublicApiAnalyzers", "Microsoft.NET.ILLink.Tasks", "Microsoft.DotNet.ILCompiler"];

    [Fact]
    public async Task Each_library_in_the_command_has_its_licence_in_the_copyright_file()
    {
        var copyright = await File.ReadAllTextAsync(Path.Combine(Packaging, "debian", "copyright"), TestContext.Current.CancellationToken);
        using var locked = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src", "Danelaw.Cli", "packages.lock.json"), TestContext.Current.CancellationToken));
        var libraries = locked.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
            .Where(library => library.Value.GetProperty("type").GetString() != "Project").Select(library => library.Name).Distinct().Except(Tools).ToArray();
        Assert.Contains("NSec.Cryptography", libraries);
        Assert.All(libraries, library => Assert.Matches($"[ (]{library}[ ,)]", copyright.ReplaceLineEndings(" ")));
    }

    [Theory]
    [InlineData("debian/build", "bash")]
    [InlineData("tool/build", "bash")]
    [InlineData("debian/postinst", "sh")]
    [InlineData("debian/prerm", "sh")]
    [InlineData("debian/postrm", "sh")]
    [InlineData("../tests/packages/run", "bash")]
    public async Task Each_script_can_be_read_and_run(string script, string shell)
    {
        var path = Path.Combine(Packaging, script);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute | UnixFileMode.OtherExecute), path);
        var read = await PeerProcess.RunAsync(shell, ["-n", path], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((0, "", ""), (read.ExitCode, read.Output, read.Error));
    }

    [Theory]
    [InlineData("purge", "lib", "is not empty and stays")]
    [InlineData("purge", "", "")]
    [InlineData("remove", "lib", "")]
    public async Task Purging_keeps_what_servers_may_use_and_says_so(string action, string kept, string said)
    {
        using var folder = new TestFolder("postrm");
        var text = await File.ReadAllTextAsync(Path.Combine(Packaging, "debian", "postrm"), TestContext.Current.CancellationToken);
        foreach (var place in (string[])["/var/lib/danelaw", "/etc/danelaw", "/etc/systemd/system", "/run/systemd/system"]) text = text.Replace(place, folder.Root + place, StringComparison.Ordinal);
        if (kept.Length > 0) folder.Write("var/lib/danelaw/chains/mx.pem", "a key");
        else Directory.CreateDirectory(folder["var/lib/danelaw"]);
        folder.Write("etc/systemd/system/timers.target.wants/danelaw-rollover.timer", "");
        var script = folder.Write("postrm", text);

        var run = await PeerProcess.RunAsync("sh", [script, action], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(said, run.Output, StringComparison.Ordinal);
        Assert.Equal(said.Length == 0, run.Output.Length == 0);
        Assert.Equal(kept.Length > 0, File.Exists(folder.Root + "/var/lib/danelaw/chains/mx.pem"));
        Assert.Equal(action == "remove", File.Exists(folder.Root + "/etc/systemd/system/timers.target.wants/danelaw-rollover.timer"));
        Assert.Equal(action == "remove" || kept.Length > 0, Directory.Exists(folder.Root + "/var/lib/danelaw"));
    }
}
