using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Rollover;

/// <summary>A roll in a zone file that is edited in place, ended inside the edit: the next run goes on, and nothing sticks.</summary>
[Peer("bind"), Peer("postfix"), Peer("unbound")]
public sealed class ZoneFileRollTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_that_was_ended_between_the_rename_of_the_zone_file_and_its_reload_does_not_stick()
    {
        using var folder = new TestFolder("zone-file-roll");
        await RollWorld.OfferAsync(folder);
        await using var world = await RollWorld.RiseAsync(MasterKind.ZoneFile, 12, 1, await File.ReadAllTextAsync(folder["live/privkey.pem"], Cancelled) + await File.ReadAllTextAsync(folder["live/fullchain.pem"], Cancelled));
        world.WriteSettings(folder["live/.here"][..^6]);
        var settings = world.Folder["rollover.toml"];
        await File.WriteAllTextAsync(settings, (await File.ReadAllTextAsync(settings, Cancelled)).Replace("reload = [[\"postfix\"", "reload = [[\"true\"], [\"postfix\"", StringComparison.Ordinal), Cancelled);
        await RunToTheEndAsync(world);
        var hits = new Dictionary<string, int>(StringComparer.Ordinal);
        string[][] deaths = [["before-zone-rename", "zone-renamed", "between-publish", "between-reload"], ["before-zone-reload", "zone-renamed:2"]];
        foreach (var points in Enumerable.Repeat(deaths, LongRun.IsOn ? KillPoints.Times : 1).SelectMany(each => each))
        {
            var before = await RollWorld.RecordsAsync(world.Primary);
            await RollWorld.OfferAsync(folder);
            foreach (var point in points)
            {
                await DieAsync(world, point);
                hits[point.Split(':')[0]] = hits.GetValueOrDefault(point.Split(':')[0]) + 1;
            }

            await RunToTheEndAsync(world);
            var after = await RollWorld.RecordsAsync(world.Primary);
            Assert.Equal((1, 1), (before.Count, after.Count));
            Assert.NotEqual(before, after);
            Assert.Equal(after, await RollWorld.RecordsAsync(world.Secondary));
        }

        Assert.All(KillPoints.OfZoneFiles, point => Assert.InRange(hits.GetValueOrDefault(point), LongRun.IsOn ? KillPoints.Times : 1, int.MaxValue));
    }

    [Fact, Rfc(7671, "8.1")]
    public async Task A_record_at_another_port_that_pins_the_key_holds_up_the_next_one_until_it_is_gone()
    {
        using var folder = new TestFolder("zone-file-roll");
        await RollWorld.OfferAsync(folder);
        await using var world = await RollWorld.RiseAsync(MasterKind.ZoneFile, 14, 1, await File.ReadAllTextAsync(folder["live/privkey.pem"], Cancelled) + await File.ReadAllTextAsync(folder["live/fullchain.pem"], Cancelled));
        world.WriteSettings(folder["live/.here"][..^6]);
        await RunToTheEndAsync(world);
        var before = await RollWorld.RecordsAsync(world.Primary);
        await world.PublishAsync("587", "--certificate", folder["live/fullchain.pem"], "--ttl", "1");
        await RollWorld.OfferAsync(folder);
        for (var round = 0; ; round++)
        {
            var held = await world.RunAsync("run", null, "--patience", "3s");
            if (held.ExitCode == 3 && round < 20) continue;
            Assert.True(held.ExitCode == 1, held.Everything);
            Assert.Contains("_587._tcp.mx.roll.lab. is not among owners, and has records of this roll", held.Everything, StringComparison.Ordinal);
            break;
        }

        // The resolver may deny the new record for a while: the next key is published meanwhile, but it is not shown, and today's record stays.
        Assert.Contains(before.Single(), await RollWorld.RecordsAsync(world.Primary));
        await world.PublishAsync("587", "--remove", "--all");
        for (var round = 0; (await world.RunAsync("run", null, "--patience", "3s")).ExitCode != 0; round++) Assert.True(round < 20);
        Assert.NotEqual(before.Single(), (await RollWorld.RecordsAsync(world.Primary)).Single());
    }

    /// <summary>Runs until the point is reached.</summary>
    private static async Task DieAsync(RollWorld world, string point)
    {
        for (var round = 0; ; round++)
        {
            var run = await world.RunAsync("run", point, "--patience", "2s");
            if (run.ExitCode == 137) return;
            Assert.True(run.ExitCode == 3 && round < 30, $"{point} was not reached: {run.ExitCode}: {run.Everything}");
        }
    }

    private static async Task RunToTheEndAsync(RollWorld world)
    {
        for (var round = 0; ; round++)
        {
            var run = await world.RunAsync("run", null, "--patience", "3s");
            if (run.ExitCode == 0) return;
            Assert.True(run.ExitCode == 3 && round < 20, $"{run.ExitCode}: {run.Everything}");
        }
    }
}
