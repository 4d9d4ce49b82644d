using System.Globalization;

namespace Danelaw.Testing.Peers;

/// <summary>
/// A host of its own on this machine: a network with one interface, a process table, a name, and an /etc, a /var and a /run in which it may alter what it
/// likes. Its programs are this machine's. Nothing that it starts outlives it.
/// </summary>
public sealed class PrivateHost : IAsyncDisposable
{
    private const string Bridge = "danelaw0";

    private static readonly SemaphoreSlim OneAtATime = new(1, 1);
    private static int _links;

    private readonly PeerProcess _keeper;
    private readonly int _first;

    private PrivateHost(PeerProcess keeper, int first, string address)
    {
        _keeper = keeper;
        _first = first;
        Address = address;
    }

    /// <summary>Its address on the network that it shares with the tests.</summary>
    public string Address { get; }

    /// <summary>A path of this host, as the tests reach it.</summary>
    public string this[string path] => string.Create(CultureInfo.InvariantCulture, $"/proc/{_first}/root{path}");

    /// <summary>Gives the tests' own side of the network addresses, at which they can raise servers for their hosts.</summary>
    /// <param name="addresses">Addresses of one network of 24 bits.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task BringUpAsync(IEnumerable<string> addresses, CancellationToken cancellationToken = default)
    {
        Peer.RequireOwnNetwork();
        await OneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (!Directory.Exists("/sys/class/net/" + Bridge) && (await PeerProcess.RunAsync(Peer.Require("ip"), ["link", "show", Bridge], cancellationToken: cancellationToken)).ExitCode != 0)
                await MustAsync(Peer.Require("ip"), ["link", "add", Bridge, "type", "bridge", "forward_delay", "0"], cancellationToken);
            await MustAsync(Peer.Require("ip"), ["link", "set", Bridge, "up"], cancellationToken);
            foreach (var address in addresses) await MustAsync(Peer.Require("ip"), ["addr", "replace", address + "/24", "dev", Bridge], cancellationToken);
        }
        finally { OneAtATime.Release(); }
    }

    /// <summary>Raises it.</summary>
    /// <param name="folder">Where what it alters is kept.</param>
    /// <param name="name">Its name, with its domain.</param>
    /// <param name="address">Its address, of the network of <see cref="BringUpAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<PrivateHost> StartAsync(TestFolder folder, string name, string address, CancellationToken cancellationToken = default)
    {
        Peer.RequireOwnNetwork();
        Peer.RequireRoot();
        var layers = folder[$"host-{address}/.here"][..^6];
        foreach (var part in (string[])["etc", "var"])
        {
            foreach (var layer in (string[])["upper", "work"]) Directory.CreateDirectory($"{layers}/{part}/{layer}");
        }

        // The first process of a process table takes in what others leave behind, as a shell that waits does.
        var keeper = PeerProcess.Start(Peer.Require("unshare"), "--net", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c", $"""
            set -e
            mount --make-rprivate /
            for part in etc var; do mount -t overlay overlay -o "lowerdir=/$part,upperdir={layers}/$part/upper,workdir={layers}/$part/work" "/$part"; done
            mount -t tmpfs -o mode=755 tmpfs /run
            mkdir -p -m 1777 /run/lock
            hostname {name}
            ip link set lo up
            echo ready
            while :; do sleep 86400 & wait; done
            """);
        try
        {
            await UntilAsync(() => keeper.Log.Contains("ready", StringComparison.Ordinal), keeper, cancellationToken);
            var first = FirstOf(keeper.Id);

            // The link of a host that is gone may take its time; who comes to its address has its hardware address too, so that no neighbour goes on asking for the old one.
            var link = string.Create(CultureInfo.InvariantCulture, $"dl{Interlocked.Increment(ref _links)}");
            var hardware = "02:00:" + string.Join(':', System.Net.IPAddress.Parse(address).GetAddressBytes().Select(octet => octet.ToString("x2", CultureInfo.InvariantCulture)));
            await MustAsync(Peer.Require("ip"), ["link", "add", link, "type", "veth", "peer", "name", "eth0", "address", hardware, "netns", first.ToString(CultureInfo.InvariantCulture)], cancellationToken);
            await MustAsync(Peer.Require("ip"), ["link", "set", link, "master", Bridge, "up"], cancellationToken);
            var host = new PrivateHost(keeper, first, address);
            await host.MustRunAsync(["ip", "addr", "add", address + "/24", "dev", "eth0"], cancellationToken);
            await host.MustRunAsync(["ip", "link", "set", "eth0", "up"], cancellationToken);
            host.Write("/etc/hostname", name + "\n");
            host.Write("/etc/mailname", name + "\n");
            host.Write("/etc/hosts", $"127.0.0.1 localhost\n{address} {name}\n");
            return host;
        }
        catch
        {
            await keeper.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a program on it.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ProgramResult> RunAsync(IEnumerable<string> command, CancellationToken cancellationToken = default) =>
        PeerProcess.RunAsync(Peer.Require("nsenter"), Inside(command), limit: TimeSpan.FromSeconds(170), cancellationToken: cancellationToken);

    /// <summary>Runs a program on it that must succeed.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ProgramResult> MustRunAsync(IEnumerable<string> command, CancellationToken cancellationToken = default) => MustAsync(Peer.Require("nsenter"), Inside(command), cancellationToken);

    /// <summary>Starts a program on it that goes on in the background. What it prints is dropped: whoever waited for its end would wait for the server's.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task LaunchAsync(IEnumerable<string> command, CancellationToken cancellationToken = default) => MustRunAsync(["bash", "-c", "exec \"$@\" < /dev/null > /dev/null 2>&1", "start", .. command], cancellationToken);

    /// <summary>Reads a file of it.</summary>
    public string Read(string path) => new FileInfo(this[path]).LinkTarget is null ? File.ReadAllText(this[path]) : throw new InvalidOperationException($"{path} is a link, and would be followed on this machine");

    /// <summary>Writes a file of it, as root, with the folders on the way; a link that is there gives place to it.</summary>
    public void Write(string path, string text, int mode = 0b110_100_100)
    {
        // The target of a link would be looked for on this machine, not on the host.
        if (new FileInfo(this[path]).LinkTarget is not null) File.Delete(this[path]);
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        File.WriteAllText(this[path], text);
        TestFolder.SetMode(this[path], mode);
    }

    public ValueTask DisposeAsync() => _keeper.DisposeAsync();

    private string[] Inside(IEnumerable<string> command) => ["--target", _first.ToString(CultureInfo.InvariantCulture), "--net", "--mount", "--uts", "--pid", "--", .. command];

    /// <summary>The child of the program that made the namespaces.</summary>
    private static int FirstOf(int parent)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            try
            {
                // The name stands in brackets and may hold anything: what counts comes behind the last one.
                var stat = File.ReadAllText(folder + "/stat");
                if (stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == parent.ToString(CultureInfo.InvariantCulture)) return int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
            }
            catch (IOException) { /* it has ended meanwhile */ }
        }

        throw new InvalidOperationException("the host's first process is not there");
    }

    private static async Task UntilAsync(Func<bool> isTrue, PeerProcess process, CancellationToken cancellationToken)
    {
        while (!isTrue())
        {
            if (process.HasExited) throw new InvalidOperationException($"the host did not rise: {process.Log}");
            await Task.Delay(10, cancellationToken);
        }
    }

    private static async Task<ProgramResult> MustAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var words = arguments.ToArray();
        var result = await PeerProcess.RunAsync(program, words, limit: TimeSpan.FromSeconds(170), cancellationToken: cancellationToken);
        return result.ExitCode == 0 ? result : throw new InvalidOperationException($"{string.Join(' ', words)}: {result.Everything}");
    }
}
