using System.Globalization;
using System.Text.RegularExpressions;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Rollover;

/// <summary>The systemd units: what systemd itself says of them, and their very command under the capabilities, paths and address families that they leave it.</summary>
public sealed partial class UnitFileTests(ITestOutputHelper output)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "packaging", "systemd");
    private static readonly string Unit = File.ReadAllText(Path.Combine(Folder, "danelaw-rollover.service"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static string Setting(string name) => Regex.Match(Unit, $"^{name}=(.*)$", RegexOptions.Multiline).Groups[1].Value;

    [Fact]
    public async Task Systemd_finds_nothing_wrong_and_little_exposed()
    {
        // The command is where a package puts it; here it is another file that can be run.
        using var folder = new TestFolder("units");
        var service = folder.Write("danelaw-rollover.service", Unit.Replace("/usr/bin/danelaw", Path.Combine(Repository.Root, "danelaw"), StringComparison.Ordinal));
        var timer = folder.Write("danelaw-rollover.timer", await File.ReadAllTextAsync(Path.Combine(Folder, "danelaw-rollover.timer"), Cancelled));
        var verified = await PeerProcess.RunAsync(Peer.Require("systemd-analyze"), ["verify", service, timer], cancellationToken: Cancelled);
        Assert.Equal((0, ""), (verified.ExitCode, verified.Everything.Trim()));
        var judged = await PeerProcess.RunAsync(Peer.Require("systemd-analyze"), ["security", "--offline=true", service], cancellationToken: Cancelled);
        var exposure = double.Parse(Exposure().Match(judged.Output).Groups[1].Value, CultureInfo.InvariantCulture);
        output.WriteLine($"exposure {exposure}");
        Assert.True(exposure <= 2.0, judged.Output);
    }

    [Fact]
    public void To_wait_is_no_failure_for_systemd() => Assert.Equal("3", Setting("SuccessExitStatus"));

    [Fact]
    public async Task A_key_is_rolled_under_the_rights_paths_and_address_families_that_the_unit_leaves()
    {
        var capabilities = Setting("CapabilityBoundingSet").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => "+" + name[4..].ToLowerInvariant());
        Assert.Equal(("strict", "yes", "danelaw"), (Setting("ProtectSystem"), Setting("NoNewPrivileges"), Setting("StateDirectory")));
        using var folder = new TestFolder("sandbox");
        var filter = folder.Write("families.pl", AddressFamilies.Filter);
        var families = AddressFamilies.Numbers(Setting("RestrictAddressFamilies"));
        await RollWorld.OfferAsync(folder);
        await using var world = await RollWorld.RiseAsync(MasterKind.Bind, 9, 1, File.ReadAllText(folder["live/privkey.pem"]) + File.ReadAllText(folder["live/fullchain.pem"]));
        world.WriteSettings(folder["live/.here"][..^6]);

        // systemd reloads servers for the unit (systemctl reload); here somebody outside the sandbox does, when a file in the state's folder says so.
        var mark = world.Folder["state/reload"];
        var settings = world.Folder["rollover.toml"];
        await File.WriteAllTextAsync(settings, Reload().Replace(await File.ReadAllTextAsync(settings, Cancelled), $"reload = [[\"/usr/bin/touch\", \"{mark}\"]]").Replace(world.ChainFile, world.Folder["state/mx.pem"], StringComparison.Ordinal), Cancelled);
        File.Copy(world.ChainFile, world.Folder["state/mx.pem"]);
        File.Delete(world.ChainFile);
        File.CreateSymbolicLink(world.ChainFile, world.Folder["state/mx.pem"]);
        var postfix = world.Folder["postfix/.here"][..^6];
        await using var outside = PeerProcess.Start(Peer.Require("bash"), "-c", $"while :; do if [ -e {mark} ]; then rm {mark}; postfix -c {postfix} reload; fi; sleep 0.1; done");

        await RunAsync();
        var first = await RollWorld.RecordsAsync(world.Primary);
        await RollWorld.OfferAsync(folder);
        await RunAsync();
        var second = await RollWorld.RecordsAsync(world.Primary);
        Assert.Equal((1, 1), (first.Count, second.Count));
        Assert.NotEqual(first, second);

        async Task RunAsync()
        {
            var state = world.Folder["state/.here"][..^6];
            var command = Setting("ExecStart").Replace("/usr/bin/danelaw", Path.Combine(Repository.Root, "danelaw"), StringComparison.Ordinal);
            var script = $"""
                set -e
                mount --bind {state} {state}
                mount -o remount,ro,bind /
                mount -o remount,ro,bind /tmp 2> /dev/null || true
                mount -t tmpfs tmpfs /var/tmp
                cd /
                if touch {folder.Root}/x 2> /dev/null || touch /etc/x 2> /dev/null; then echo "the sandbox leaks" >&2; exit 99; fi
                for other in 17 40; do perl {filter} {families} perl -e '{AddressFamilies.Refused}' $other || exit 98; done
                exec setpriv --no-new-privs --bounding-set=-all,{string.Join(',', capabilities)} --inh-caps=-all perl {filter} {families} {command} --config {settings} --resolver 127.84.9.53 --trust-anchor {world.Anchors} --patience 5s
                """;
            for (var round = 0; ; round++)
            {
                var run = await PeerProcess.RunAsync(Peer.Require("unshare"), ["--mount", "bash", "-c", script], limit: TimeSpan.FromSeconds(170), cancellationToken: Cancelled);
                if (run.ExitCode == 0) return;
                Assert.True(run.ExitCode == 3 && round < 60, $"{run.ExitCode}: {run.Everything}");
                await Task.Delay(400, Cancelled);
            }
        }
    }

    [Fact]
    public async Task The_hook_of_ACME_clients_only_says_look_now_and_never_fails()
    {
        // Neither systemd nor danelaw is there: a renewal must not fail for that.
        var hook = Path.Combine(Repository.Root, "packaging", "hooks", "danelaw-look-now");
        var said = await PeerProcess.RunAsync(Peer.Require("env"), ["PATH=/nowhere", "/bin/sh", hook], cancellationToken: Cancelled);
        Assert.Equal((0, ""), (said.ExitCode, said.Output));
        Assert.True(OperatingSystem.IsWindows() || (File.GetUnixFileMode(hook) & UnixFileMode.OtherExecute) != 0);
    }

    [GeneratedRegex(@"Overall exposure level for \S+: (\S+)")]
    private static partial Regex Exposure();

    [GeneratedRegex(@"^reload = .*$", RegexOptions.Multiline)]
    private static partial Regex Reload();
}
