using System.Globalization;
using Danelaw.Testing.Peers;
using Microsoft.Data.Sqlite;

namespace Danelaw.Interop.Tests.Operating;

/// <summary>doctor on a sound host with real servers: one calm line, whatever the number of domains.</summary>
[Peer("postfix"), Peer("unbound"), Peer("nsd"), Peer("nginx")]
public sealed class DoctorHostTests
{
    [Fact]
    public async Task A_clean_host_prints_one_calm_line_with_its_domains_from_the_tables_own_database()
    {
        await using var world = await DoctorWorld.RiseAsync(12, 2, 3, "virtual_mailbox_domains = proxy:sqlite:/etc/postfix/domains.cf");
        var database = world.Folder["mail.db"];
        await using (var connection = new SqliteConnection($"Data Source={database};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = $"CREATE TABLE domains (name TEXT); INSERT INTO domains VALUES {string.Join(", ", Enumerable.Range(1, 12).Select(i => string.Create(CultureInfo.InvariantCulture, $"('d{i}.lab')")))}";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        world.Folder.Write("etc/postfix/domains.cf", $"dbpath = {database}\nquery = SELECT 1 FROM domains WHERE name = '%s'\n");
        var run = await world.RunAsync("--domains-query", "SELECT name FROM domains");
        Assert.Equal((0, $"{DoctorWorld.Host}: all is well (12 domains; 1 note with -v)\n", ""), (run.ExitCode, run.Output, run.Error));

        // The policies were fetched: an MX host that they do not name would be told, and one that they cannot be had for, too.
        world.Folder.Write("root.pem", await File.ReadAllTextAsync(world.Folder["stranger.pem"], TestContext.Current.CancellationToken));
        var stranger = await world.RunAsync("--domains-query", "SELECT name FROM domains");
        Assert.Contains("warning STS-CERTIFICATE  3 domains\n", stranger.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thousands_of_virtual_domains_on_ten_MX_names_are_one_run()
    {
        var count = LongRun.IsOn ? 5000 : 60;
        await using var world = await DoctorWorld.RiseAsync(count, 10, count / 50, "virtual_mailbox_domains = texthash:DOMAINS");
        var before = await world.QueriesAsync();
        var run = await world.RunAsync();
        var queries = await world.QueriesAsync() - before;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} domains on 10 MX names: {run.Wall.TotalSeconds:F1} s, {run.Cpu.TotalSeconds:F1} s of processor time, {run.PeakMemory / 1048576.0:F0} MiB, {queries} queries ({(double)queries / count:F1} a domain)"));
        Assert.Equal((0, string.Create(CultureInfo.InvariantCulture, $"{DoctorWorld.Host}: all is well ({count} domains)\n"), ""), (run.ExitCode, run.Output, run.Error));
    }
}
