using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Danelaw.Checks;
using Danelaw.Probes;
using Danelaw.Tests.Checks;
using Danelaw.Tests.Probes;

namespace Danelaw.Tests.Hostile;

/// <summary>One hostility at one service: a whole check of a real connection to it, over a clock that the server moves.</summary>
internal static class Trial
{
    /// <summary>The host that every check is of.</summary>
    internal const string Host = "mx.example";

    /// <summary>Only so that a client which hangs fails a test and does not hang it.</summary>
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(60);

    private static readonly TlsProberOptions Options = new() { HelloName = "probe.example" };

    /// <summary>Runs a check.</summary>
    internal static async Task<TrialResult> CheckAsync(Hostility hostility, Service service, CancellationToken cancellationToken)
    {
        var clock = new ServerClock();
        var port = service.Port == 0 ? (ushort)4443 : service.Port;
        var world = new World().Address(Host, "192.0.2.1").Tlsa($"_{port.ToString(CultureInfo.InvariantCulture)}._tcp.{Host}", [.. hostility.Published().Records]);
        Assert.True(CheckTarget.TryParse($"{service.Schemes[0]}://{Host}:{port}", out var target, out var fault), fault);
        var report = await WithAsync(hostility, service, clock, server =>
            new DaneChecker(world, new TlsProber(Options, clock), new() { ConnectTo = [new(null, null, null, IPAddress.Loopback, (ushort)server.EndPoint.Port)] }, clock).CheckAsync(target, null, cancellationToken), cancellationToken);
        return new(report, clock.Passed);
    }

    /// <summary>Asks for one kind of key, which the second prober does.</summary>
    internal static async Task<(Observation Seen, TimeSpan Passed)> AskAsync(Hostility hostility, Service service, KeyAlgorithm algorithm, CancellationToken cancellationToken)
    {
        var clock = new ServerClock();
        var seen = await WithAsync(hostility, service, clock, server => new TlsProber(Options, clock).ProbeAsync(server.Target(service.Protocol, algorithm, Host), cancellationToken).AsTask(), cancellationToken);
        return (seen, clock.Passed);
    }

    private static async Task<T> WithAsync<T>(Hostility hostility, Service service, ServerClock clock, Func<LoopbackServer, Task<T>> look, CancellationToken cancellationToken)
    {
        var open = new ConcurrentBag<Socket>();
        await using var server = new LoopbackServer((stream, socket) =>
        {
            open.Add(socket);
            return hostility.Play(new(stream, socket, clock, service));
        });
        try
        {
            return await look(server).WaitAsync(AtMost, TimeProvider.System, cancellationToken);
        }
        finally
        {
            // Whatever the client made of it, the server ends.
            foreach (var socket in open) socket.Close();
        }
    }
}

/// <summary>What a check said of a hostile server.</summary>
/// <param name="Report">The report.</param>
/// <param name="Passed">How long it took, by the server's clock.</param>
internal sealed record TrialResult(CheckReport Report, TimeSpan Passed)
{
    internal CheckVerdict Verdict => Report.Verdict;

    /// <summary>The finding that tells what happened; null when there is none.</summary>
    internal Finding? Finding => Grave.FirstOrDefault(finding => finding.Code.StartsWith("TLS-", StringComparison.Ordinal)) ?? Grave.FirstOrDefault(finding => finding.Code == FindingCodes.TlsaMismatch);

    private IEnumerable<Finding> Grave => Report.Findings.Where(finding => finding.Severity > Severity.Note);

    internal string Time => Passed == TimeSpan.Zero ? "at once" : string.Create(CultureInfo.InvariantCulture, $"{Passed.TotalSeconds:0.###} s");
}
