using System.Runtime.Versioning;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Keys;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Setup;
using Danelaw.Testing.Peers;

namespace Danelaw.Cli.Tests.Running;

/// <summary>Two setups of one host at the same time.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SetupWorkTests : IDisposable
{
    private readonly TestFolder _folder = Commands.SetupTests.Host();
    private readonly HookedClock _clock = new();
    private readonly StringWriter _error = new();
    private readonly MemoryStream _output = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>There is no unbound: were the plan that is made first carried out, the first program that is asked for would be postfix check.</summary>
    public SetupWorkTests() => Directory.Delete(_folder["etc/unbound"], recursive: true);

    public void Dispose()
    {
        _folder.Dispose();
        _error.Dispose();
        _output.Dispose();
    }

    private async Task<int> ApplyAsync()
    {
        var surroundings = new Surroundings { Input = Stream.Null, Output = _output, Error = _error, IsErrorTerminal = true, Clock = _clock };
        var call = new Call(new VerbTree().Parse(["setup"]), surroundings, new Voice(surroundings), new Output(false, false, false, PageStyle.Pipe));
        var settings = new DnsSettings { Servers = [], Anchors = TrustAnchors.None, Clock = _clock };
        await using var transport = settings.OpenTransport(_clock);
        return await new SetupWork(call, new HostFiles(_folder.Root), new(), settings, transport, DomainName.Parse("bogus.example."), null, isElsewhere: true, mayAsk: false).ApplyAsync(Cancelled);
    }

    private int Looks => _error.ToString().Split("looking at this host").Length - 1;

    [Fact]
    public async Task While_another_is_at_work_nothing_is_planned()
    {
        Directory.CreateDirectory(_folder["var/lib/danelaw/setup"]);
        using var other = new FileStream(_folder["var/lib/danelaw/setup/lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        Assert.StartsWith("another danelaw setup is at work", (await Assert.ThrowsAsync<SetupException>(ApplyAsync)).Message, StringComparison.Ordinal);
        Assert.Equal(0, Looks);
    }

    [Fact]
    public async Task A_first_plan_that_another_setup_has_overtaken_is_made_again_under_the_lock()
    {
        // Another one ends between the look and the lock; with what stands there now nothing can be set up.
        _clock.Look = () =>
        {
            _folder.Write("var/lib/danelaw/setup/20260601T120000Z/manifest.json", """{ "id": "20260601T120000Z", "state": "Applied" }""");
            _folder.Write("etc/postfix/main.cf", "myhostname = mx.example.org\nno line\n");
        };
        Assert.Equal(ExitCode.Bad, await ApplyAsync());
        Assert.Equal(2, Looks);
        Assert.Equal("myhostname = mx.example.org\nno line\n", await File.ReadAllTextAsync(_folder["etc/postfix/main.cf"], Cancelled));
        Assert.Single(Directory.EnumerateDirectories(_folder["var/lib/danelaw/setup"]));
    }

    [Fact]
    public async Task For_a_first_plan_that_cannot_be_no_folder_is_made()
    {
        File.Delete(_folder["etc/postfix/main.cf"]);
        Assert.Equal(ExitCode.Bad, await ApplyAsync());
        Assert.False(Directory.Exists(_folder["var/lib/danelaw"]));
    }

    /// <summary>A clock that has something happen when it is looked at first.</summary>
    private sealed class HookedClock : TimeProvider
    {
        internal Action? Look { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            var look = Look;
            Look = null;
            look?.Invoke();
            return base.GetUtcNow();
        }
    }
}
