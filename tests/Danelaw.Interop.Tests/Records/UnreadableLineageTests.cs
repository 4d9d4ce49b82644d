using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Records;

/// <summary>A folder of certbot's, asked for by somebody who is not root, who alone may look in.</summary>
[Peer("openssl"), Peer("setpriv")]
public sealed class UnreadableLineageTests : IDisposable
{
    private readonly TestFolder _folder = new("lineage");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("700", "755", "644", "")]
    [InlineData("755", "700", "644", "")]
    [InlineData("755", "755", "600", "/fullchain.pem")]
    public async Task What_may_not_be_read_is_one_error_with_what_to_do(string live, string folder, string file, string where)
    {
        Peer.RequireRoot();
        _folder.Write("live/mx.example.org/.here", "");
        var lineage = _folder["live/mx.example.org"];
        await RunAsync("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", lineage + "/privkey.pem", "-out", lineage + "/fullchain.pem", "-subj", "/CN=mx.example.org", "-days", "30");
        await RunAsync("chmod", file, lineage + "/fullchain.pem");
        await RunAsync("chmod", folder, lineage);
        await RunAsync("chmod", live, _folder["live"]);
        await RunAsync("chmod", "755", _folder.Root);

        // The command is there once root has built it.
        await DanelawCommand.RunAsync(["--version"], cancellationToken: TestContext.Current.CancellationToken);
        var run = await PeerProcess.RunAsync(Peer.Require("setpriv"), ["--reuid=65534", "--regid=65534", "--clear-groups", Path.Combine(Repository.Root, "danelaw"), "tlsa", "create", lineage, "--name", "mx.example.org"], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal($"danelaw: error: cannot read {lineage}{where}: permission denied\ndanelaw: hint: run it as root (sudo), or as a user who may read it\n", run.Error);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var run = await PeerProcess.RunAsync(program, arguments, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, run.Everything);
    }
}
