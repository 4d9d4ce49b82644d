namespace Danelaw.Testing.Peers;

/// <summary>Addresses and private copies of system files, in a network and mount namespace of the tests' own.</summary>
public static class Loopback
{
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    /// <summary>Adds addresses to the loopback interface: BIND and Postfix use only those that an interface lists. Adding one twice does no harm.</summary>
    public static async Task AddAsync(IEnumerable<string> addresses, CancellationToken cancellationToken = default)
    {
        Peer.RequireOwnNetwork();
        var batch = string.Concat(addresses.Select(address => address.Contains(':')
            ? $"addr replace {address}/128 dev lo nodad\n"
            : $"addr replace {address}/8 dev lo\n"));
        var result = await PeerProcess.RunAsync(Peer.Require("ip"), ["-force", "-batch", "-"], batch, cancellationToken: cancellationToken);
        if (result.ExitCode != 0) throw new InvalidOperationException($"ip addr: {result.Everything}");
    }

    /// <summary>Shows this process, and all that it starts, a file of ours in place of one of the system's, such as <c>/etc/resolv.conf</c>.</summary>
    public static async Task PutOverAsync(string systemFile, string text, TestFolder folder, CancellationToken cancellationToken = default)
    {
        Peer.RequireOwnNetwork();
        var ours = folder.Write("over" + systemFile, text);
        await OneAtATime.WaitAsync(cancellationToken);
        try
        {
            var target = File.ResolveLinkTarget(systemFile, returnFinalTarget: true)?.FullName ?? systemFile;
            if (!File.Exists(target)) throw new InvalidOperationException($"{systemFile} is not there to be covered");
            var result = await PeerProcess.RunAsync(Peer.Require("mount"), ["--bind", ours, target], cancellationToken: cancellationToken);
            if (result.ExitCode != 0) throw new InvalidOperationException($"mount --bind {ours} {target}: {result.Everything}");
        }
        finally { OneAtATime.Release(); }
    }
}
