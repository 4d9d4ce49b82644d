using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Rollover;

/// <summary>What the senders saw.</summary>
/// <param name="Tried">How often they tried.</param>
/// <param name="Failed">What was said at each try that did not end in a verified connection.</param>
internal sealed record Deliveries(int Tried, ImmutableArray<string> Failed);

/// <summary>
/// Two senders, each behind a resolver of its own: Postfix's <c>posttls-finger -l dane</c>, five times a second, with Postfix's own DANE code. Each has a
/// mount table of its own, because Postfix asks only whom <c>/etc/resolv.conf</c> names.
/// </summary>
internal sealed partial class Senders : IAsyncDisposable
{
    private const string Mark = "=== try";

    private readonly List<PeerProcess> _loops = [];
    private readonly List<string> _logs = [];

    internal static Senders Start(TestFolder folder, IReadOnlyList<string> resolvers, string destination)
    {
        var senders = new Senders();
        folder.Write("senders/main.cf", "compatibility_level = 3.7\n");
        for (var i = 0; i < resolvers.Count; i++)
        {
            var resolver = folder.Write($"senders/resolv-{i}.conf", $"nameserver {resolvers[i]}\noptions edns0 trust-ad timeout:2\n");
            var log = folder[$"senders/log-{i}"];
            var target = File.ResolveLinkTarget("/etc/resolv.conf", returnFinalTarget: true)?.FullName ?? "/etc/resolv.conf";
            var script = $"""
                mount --bind {resolver} {target} || exit 1
                export MAIL_CONFIG={folder["senders/.here"][..^6]}
                while :; do
                    echo "{Mark}"
                    {Peer.Require("posttls-finger")} -c -l dane -T 10 '{destination}' 2>&1
                    sleep 0.2
                done > {log}
                """;
            senders._loops.Add(PeerProcess.Start(Peer.Require("unshare"), "--mount", "--kill-child", "--fork", "bash", "-c", script));
            senders._logs.Add(log);
        }

        return senders;
    }

    /// <summary>What was seen so far; the try that is on is left out.</summary>
    internal Deliveries Seen()
    {
        var tries = _logs.Where(File.Exists).SelectMany(log =>
        {
            using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream);
            var parts = reader.ReadToEnd().Split(Mark + "\n");
            return parts.Length > 2 ? parts[1..^1] : [];
        }).ToArray();
        return new(tries.Length, [.. tries.Where(text => !Verified().IsMatch(text))]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var loop in _loops) await loop.DisposeAsync();
    }

    [GeneratedRegex(": Verified TLS connection established to ")]
    private static partial Regex Verified();
}
