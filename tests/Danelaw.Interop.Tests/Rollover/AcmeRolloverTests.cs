using System.Diagnostics;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Rollover;

/// <summary>
/// Renewals by an unmodified ACME client before Pebble, on a real Postfix that reads Danelaw's chain file, with senders that use Postfix's own DANE code
/// behind two caching resolvers: one is filled just before each publication and each retirement, the other just after. No sender may fail.
/// </summary>
[Peer("bind"), Peer("knot"), Peer("pdns"), Peer("unbound"), Peer("postfix")]
public sealed class AcmeRolloverTests(ITestOutputHelper output)
{
    /// <summary>The client, the master, the number of its world, the TTL, how many renewals at most, how often each named point kills, and how many moments drawn by lot.</summary>
    public static TheoryData<AcmeClientKind, MasterKind, int, int, int, int, int> Runs => LongRun.IsOn
        ? new() { { AcmeClientKind.Certbot, MasterKind.Bind, 1, 5, 3, 0, 0 }, { AcmeClientKind.Certbot, MasterKind.Knot, 2, 5, 3, 0, 0 }, { AcmeClientKind.Certbot, MasterKind.PowerDns, 3, 5, 3, 0, 0 }, { AcmeClientKind.Certbot, MasterKind.Bind, 4, 1, 200, 10, 100 }, { AcmeClientKind.Lego, MasterKind.Knot, 5, 5, 3, 0, 0 } }
        : new() { { AcmeClientKind.Certbot, MasterKind.Bind, 1, 1, 1, 0, 0 }, { AcmeClientKind.Lego, MasterKind.Knot, 2, 1, 1, 0, 0 } };

    /// <summary>As a timer would come again, only sooner.</summary>
    private static TimeSpan Pause => TimeSpan.FromMilliseconds(400);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Runs)), Rfc(7671, "8.1"), Rfc(7672, "4")]
    public async Task No_sender_fails_while_a_key_is_renewed_nor_while_a_secondary_is_stuck_and_without_Danelaw_they_do(AcmeClientKind kind, MasterKind master, int number, int timeToLive, int renewals, int kills, int moments)
    {
        using var folder = new TestFolder("acme");
        await using var authority = await Pebble.StartAsync(folder, number);
        var client = AcmeClient.Of(kind, folder, authority);
        await client.IssueAsync();
        await using var world = await RollWorld.RiseAsync(master, number, timeToLive, await ChainAsync(client));
        world.WriteSettings(client.Offer);
        await RunToTheEndAsync(world);

        // Whoever asked before the first publication may hold that there is no record for a TTL: he delivers without DANE, which is no failure, but not what is counted here.
        await Task.Delay(TimeSpan.FromSeconds(timeToLive + 1), Cancelled);
        await using var senders = world.StartSenders();
        var deaths = new Queue<Death>(Deaths(kills, moments));
        var (killed, planned, done) = (0, deaths.Count, 0);
        if (kills > 0) Assert.All(KillPoints.OfUpdates, point => Assert.InRange(deaths.Count(death => death.Point == point), KillPoints.Times, int.MaxValue));
        for (; done < renewals && (planned == 0 || deaths.Count > 0); done++)
        {
            var before = await RollWorld.RecordsAsync(world.Primary);
            await client.RenewAsync();
            killed += await RollAsync(world, deaths);
            var after = await RollWorld.RecordsAsync(world.Primary);
            Assert.Equal((1, 1), (before.Count, after.Count));
            Assert.NotEqual(before, after);
            Assert.Equal(await RecordOfAsync(client), Assert.Single(after));
            Assert.Equal(after, await RollWorld.RecordsAsync(world.Secondary));
        }

        Assert.Empty(deaths);
        Assert.True(killed >= planned, $"{planned} deaths, killed {killed} times");
        await WhileASecondaryIsStuckAsync(world, client);

        // What was retired last may still be kept for a TTL.
        await Task.Delay(TimeSpan.FromSeconds(timeToLive + 1), Cancelled);
        var seen = senders.Seen();
        output.WriteLine($"{kind}, {master}, TTL {timeToLive} s, {done} renewals: {seen.Tried} tried, {seen.Failed.Length} failed; killed {killed} times");
        Assert.True(seen.Tried > done * 10, $"only {seen.Tried} tries");
        Assert.True(seen.Failed.IsEmpty, $"{seen.Failed.Length} of {seen.Tried} failed; the first:\n{seen.Failed.FirstOrDefault()}");
        await WithoutDanelawAsync(world, client, senders);
    }

    /// <summary>Nothing may be deployed while one authoritative server does not have the records, however often it is looked.</summary>
    private static async Task WhileASecondaryIsStuckAsync(RollWorld world, AcmeClient client)
    {
        var shown = await File.ReadAllTextAsync(world.ChainFile, Cancelled);
        await world.StickAsync();
        await client.RenewAsync();
        var begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(LongRun.IsOn ? 60 : 3))
        {
            await Task.Delay(Pause, Cancelled);
            var run = await world.RunAsync("run", null, "--patience", "0");
            Assert.True(run.ExitCode == 3, $"{run.ExitCode}: {run.Everything}");
            Assert.Equal(shown, await File.ReadAllTextAsync(world.ChainFile, Cancelled));
        }

        Assert.Equal((2, 1), ((await RollWorld.RecordsAsync(world.Primary)).Count, (await RollWorld.RecordsAsync(world.Secondary)).Count));
        await world.FollowAsync();
        await RunToTheEndAsync(world);
        Assert.NotEqual(shown, await File.ReadAllTextAsync(world.ChainFile, Cancelled));
    }

    /// <summary>What a deploy hook does: the new key is shown as soon as it is there. These very senders must see it.</summary>
    private async Task WithoutDanelawAsync(RollWorld world, AcmeClient client, Senders senders)
    {
        await client.RenewAsync();
        await File.WriteAllTextAsync(world.ChainFile, await ChainAsync(client), Cancelled);
        await PeerProcess.RunAsync(Peer.Require("postfix"), ["-c", world.Folder["postfix/.here"][..^6], "reload"], cancellationToken: Cancelled);
        var begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(60))
        {
            if (senders.Seen() is { Failed.Length: >= 3 } seen)
            {
                output.WriteLine($"without Danelaw: {seen.Failed.Length} failed");
                return;
            }

            await Task.Delay(100, Cancelled);
        }

        Assert.Fail("nobody failed: these senders would not see a mistake");
    }

    /// <summary>How a run is ended: at a named point, or so long after it was started.</summary>
    private readonly record struct Death(string? Point, TimeSpan After);

    /// <summary>Every named point, as often as it is to kill, each kind of moment in turn; those between two owners or two commands, and those of a zone file, are not met here.</summary>
    private static IEnumerable<Death> Deaths(int kills, int moments)
    {
        var points = Enumerable.Range(0, kills).SelectMany(_ => KillPoints.OfUpdates).ToArray();
        var random = new Random(1);
        for (var i = 0; i < Math.Max(points.Length, moments); i++)
        {
            if (i < points.Length) yield return new(points[i], default);
            if (i < moments) yield return new(null, TimeSpan.FromMilliseconds(random.Next(250, 2500)));
        }
    }

    /// <summary>One whole roll: killed just before it publishes and before it retires, so that each cache is filled at its moment, and at the points that are asked for.</summary>
    private static async Task<int> RollAsync(RollWorld world, Queue<Death> deaths)
    {
        var killed = 0;
        var begin = Stopwatch.GetTimestamp();
        var isFilled = false;
        while (true)
        {
            Assert.True(Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(120), "the roll never ended");
            if (deaths.TryPeek(out var death))
            {
                var dead = death.Point is { } point ? await world.RunAsync("run", point, "--patience", "3s") : await world.RunUntilKilledAsync(death.After, "run", "--patience", "3s");
                if (dead.ExitCode == 137)
                {
                    killed++;
                    deaths.Dequeue();
                }
                else
                {
                    // It had just ended by itself when timeout(1) came to kill it, which then says 124 whatever it ended with.
                    Assert.True(dead.ExitCode is 0 or 3 || (dead.ExitCode == 124 && death.Point is null), $"{dead.ExitCode}: {dead.Everything}");
                    if (dead.ExitCode == 0) return killed;
                }

                continue;
            }

            var stopped = await world.RunAsync("run", "before-publish", "--patience", "3s");
            if (stopped.ExitCode == 137)
            {
                // It is about to publish, or to retire: one cache has what was there before for a whole TTL from now.
                await world.FillAsync(0);
                var done = await world.RunAsync("run", null, "--patience", "3s");
                Assert.True(done.ExitCode is 0 or 3, $"{done.ExitCode}: {done.Everything}");
                await world.FillAsync(1);
                isFilled = true;
                if (done.ExitCode == 0) return killed;
                continue;
            }

            Assert.True(stopped.ExitCode is 0 or 3, $"{stopped.ExitCode}: {stopped.Everything}");
            if (stopped.ExitCode == 3) await Task.Delay(Pause, Cancelled);
            if (stopped.ExitCode == 0)
            {
                Assert.True(isFilled, "the roll ended before it was seen to publish");
                return killed;
            }
        }
    }

    private static async Task RunToTheEndAsync(RollWorld world)
    {
        for (var begin = Stopwatch.GetTimestamp(); ;)
        {
            var run = await world.RunAsync("run", null, "--json", "--patience", "3s");
            if (run.ExitCode == 0) return;
            Assert.True(run.ExitCode == 3 && Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(60), run.Everything);
            await Task.Delay(Pause, Cancelled);
        }
    }

    private static async Task<string> ChainAsync(AcmeClient client) =>
        await File.ReadAllTextAsync(client.KeyFile, Cancelled) + await File.ReadAllTextAsync(client.ChainFile, Cancelled);

    /// <summary>By openssl, not by us.</summary>
    private static async Task<string> RecordOfAsync(AcmeClient client)
    {
        var made = await PeerProcess.RunAsync(Peer.Require("bash"), ["-c", $"openssl x509 -in {client.ChainFile} -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -r"], cancellationToken: Cancelled);
        return made.Output.Split(' ')[0].ToUpperInvariant();
    }
}
