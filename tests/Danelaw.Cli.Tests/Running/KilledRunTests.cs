using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Danelaw.Cli.Tests.Running;

/// <summary>A run with <c>--state</c> that is killed again and again, at moments that nobody chose.</summary>
public sealed class KilledRunTests(LabWorld world) : IClassFixture<LabWorld>, IAsyncDisposable
{
    private const int TargetCount = 36;

    private readonly string _folder = Directory.CreateTempSubdirectory("danelaw-killed").FullName;
    private readonly List<TcpListener> _servers = [];
    private readonly ConcurrentDictionary<int, int> _visits = new();
    private readonly SemaphoreSlim _visited = new(0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _loops = [];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_loops);
        foreach (var server in _servers) server.Dispose();
        _end.Dispose();
        Directory.Delete(_folder, recursive: true);
        _visited.Dispose();
    }

    [Fact]
    public async Task Nothing_is_lost_and_nobody_who_is_kept_is_asked_again()
    {
        var stop = TestContext.Current.CancellationToken;
        var random = new Random(20260279);
        for (var i = 0; i < TargetCount; i++) Serve();
        string[] targets = [.. _servers.Select(server => $"tls://mx.good.lab:{((IPEndPoint)server.LocalEndpoint).Port}")];
        await File.WriteAllLinesAsync(Path.Combine(_folder, "targets"), targets, stop);
        var state = Path.Combine(_folder, "state");
        var told = new HashSet<string>(StringComparer.Ordinal);
        var visitsOfKept = new Dictionary<string, int>(StringComparer.Ordinal);
        var kills = 0;
        while (kills < 20)
        {
            using var process = Start(state);
            var output = process.StandardOutput.ReadToEndAsync(stop);

            // Some time after somebody was asked; the end of the process comes first where all is done.
            var asked = _visited.WaitAsync(stop);
            await Task.WhenAny(asked, process.WaitForExitAsync(stop));
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(120)), TimeProvider.System, stop);
            process.Kill();
            await process.WaitForExitAsync(stop);
            foreach (var line in (await output).Split('\n').SkipLast(1)) told.Add((string)JsonNode.Parse(line)!["target"]!);
            while (_visited.CurrentCount > 0) await _visited.WaitAsync(stop);
            kills++;

            var kept = Kept(state);
            Assert.Equal(kept.Distinct(), kept);
            foreach (var target in kept) Assert.Equal(visitsOfKept.TryGetValue(target, out var before) ? before : Visits(target), Visits(target));
            foreach (var target in kept) visitsOfKept[target] = Visits(target);
            if (kept.Count == TargetCount) break;
        }

        Assert.True(kills >= 10, $"all was done after {kills} kills: the test has to be slower");
        using var last = Start(state);
        var whole = await last.StandardOutput.ReadToEndAsync(stop);
        await last.WaitForExitAsync(stop);

        var lines = whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string)JsonNode.Parse(line)!["target"]!).ToList();
        Assert.Equal(targets.Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
        Assert.Equal(targets.Order(StringComparer.Ordinal), Kept(state).Order(StringComparer.Ordinal));
        Assert.All(visitsOfKept, one => Assert.Equal(one.Value, Visits(one.Key)));
        Assert.Subset(lines.ToHashSet(), told);
    }

    private Process Start(string state)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        foreach (var word in (string[])[Path.Combine(AppContext.BaseDirectory, "Danelaw.Cli.dll"), "check", "@targets", "--json", "--state", state, "--concurrency", "2", .. world.Options.Where((word, i) => word != "--connect-to" && (i == 0 || world.Options[i - 1] != "--connect-to")), "--connect-to", "::127.0.0.1:"]) start.ArgumentList.Add(word);
        var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        return process;
    }

    /// <summary>The targets that the file has a whole line of.</summary>
    private static List<string> Kept(string state) =>
        File.Exists(state) ? [.. File.ReadAllText(state).Split('\n').SkipLast(1).Skip(1).Select(line => (string)JsonNode.Parse(line)!["target"]!)] : [];

    private int Visits(string target) => _visits.GetValueOrDefault(int.Parse(target[(target.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>A server that hangs up after a while, and counts.</summary>
    private void Serve()
    {
        var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        _servers.Add(server);
        var port = ((IPEndPoint)server.LocalEndpoint).Port;
        _loops.Add(Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    using var visitor = await server.AcceptSocketAsync(_end.Token);
                    _visits.AddOrUpdate(port, 1, (_, count) => count + 1);
                    _visited.Release();
                    await Task.Delay(TimeSpan.FromMilliseconds(40), TimeProvider.System, _end.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // The test has ended.
            }
        }));
    }
}
