using Danelaw.Lab;

namespace Danelaw.Cli.Tests.Running;

/// <summary>A lab for the tests of a class, with the options that point the command at it.</summary>
public sealed class LabWorld : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("danelaw-lab").FullName;
    private MiniInternet? _lab;

    internal MiniInternet Lab => _lab ?? throw new InvalidOperationException("the lab is not up");

    internal string[] Options => ["--resolver", Lab.Upstream.ToString(), "--trust-anchor", Path.Combine(_folder, "anchor"), "--connect-to", Lab.ConnectTo, "--timeout", "1s", "--tries", "1"];

    public async ValueTask InitializeAsync()
    {
        _lab = await MiniInternet.StartAsync(new() { Seed = 41 });
        await File.WriteAllTextAsync(Path.Combine(_folder, "anchor"), _lab.Anchor + "\n");
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null) await _lab.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal Task<CommandRun> RunAsync(params string[] args) => CommandRun.OfAsync([.. args, .. Options]);
}
