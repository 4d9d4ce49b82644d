using System.Globalization;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Postfix.Syntax;
using Danelaw.Operator.Audit.Postfix.Tables;
using Danelaw.Operator.Audit.Postfix.Tables.Databases;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Operating;

/// <summary>Domains from real databases, by the settings of a map as Postfix itself uses it.</summary>
public sealed class DomainQueryPeerTests
{
    private const string Tables = "CREATE TABLE domains (name VARCHAR(255), active INT); INSERT INTO domains VALUES ('b.example', 1), ('a.example', 1), ('gone.example', 0);";
    private const string Query = "SELECT name FROM domains WHERE active = 1 ORDER BY name";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static async Task<DomainQueryResult> AskAsync(TestFolder folder, string type, string hosts, string sql = Query, string password = "s€cret #1")
    {
        var file = folder.Write("domains.cf", $"# settings\nhosts = {hosts}\nuser = postfix\npassword = {password}\ndbname = mail\nquery = SELECT 1 FROM domains\n  WHERE name = '%s'\n");
        Assert.True(TableName.TryParse($"proxy:{type}:{file}", out var table));
        Assert.True(DatabaseMap.TryRead(table, new PostfixInstance("/etc/postfix", MainText.Read("", "main.cf"), MasterText.Read("", "master.cf")), new HostFiles("/"), out var map, out var fault), fault);
        return await DomainQuery.RunAsync(map, sql, new HostFiles("/"), Cancelled);
    }

    private static async Task AssertServesAsync(TestFolder folder, string type, string network, string socket)
    {
        foreach (var hosts in new[] { network, $"inet:{network}", socket, $"inet:127.0.0.1:9 {socket}" })
        {
            var result = await AskAsync(folder, type, hosts);
            Assert.True(result.Outcome == DomainQueryOutcome.Answered, $"{hosts}: {result.Detail}");
            Assert.Equal(["a.example", "b.example"], result.Names);
        }

        var wrong = await AskAsync(folder, type, network, password: "wrong-secret");
        Assert.Equal(DomainQueryOutcome.Unreached, wrong.Outcome);
        Assert.StartsWith($"the database at {network} cannot be asked as postfix: ", wrong.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", wrong.Detail, StringComparison.Ordinal);
        foreach (var sql in new[] { "DELETE FROM domains", "INSERT INTO domains VALUES ('x', 1)", "CREATE TABLE other (x INT)", "SELECT name FROM nowhere", "no SQL" }) Assert.Equal((sql, DomainQueryOutcome.Refused), (sql, (await AskAsync(folder, type, network, sql)).Outcome));
        Assert.Equal(["a.example", "b.example"], (await AskAsync(folder, type, network)).Names);
    }

    [Fact, Peer("postgresql")]
    public async Task PostgreSQL_gives_its_domains_and_takes_nothing()
    {
        Peer.RequireOwnNetwork();
        using var folder = new TestFolder("pgsql");

        // One statement a line is what the server alone takes; the database of the map is made by it too.
        await using var server = await PostgreSql.StartAsync(folder, 5477, "owner", "CREATE USER postfix PASSWORD 's€cret #1';\nCREATE DATABASE mail OWNER postfix;\n", cancellationToken: Cancelled);
        var made = await AskAsOwnerAsync(folder, Tables);
        Assert.True(made.ExitCode == 0, made.Everything);
        await AssertServesAsync(folder, "pgsql", "127.0.0.1:5477", $"unix:{server.SocketFolder}/.s.PGSQL.5477");
    }

    [Fact, Peer("mariadb")]
    public async Task MariaDB_gives_its_domains_and_takes_nothing()
    {
        Peer.RequireOwnNetwork();
        using var folder = new TestFolder("mysql");
        await using var server = await MariaDb.StartAsync(folder, 3377, $"CREATE DATABASE mail; USE mail; {Tables} CREATE USER postfix@'%' IDENTIFIED BY 's€cret #1'; GRANT ALL ON mail.* TO postfix@'%';", cancellationToken: Cancelled);
        await AssertServesAsync(folder, "mysql", "127.0.0.1:3377", $"unix:{server.Socket}");
    }

    private static Task<Danelaw.Testing.Peers.ProgramResult> AskAsOwnerAsync(TestFolder folder, string sql) =>
        PeerProcess.RunAsync(Peer.Require("env"), ["PGPASSWORD=s€cret #1", Peer.Require("psql"), "-h", "127.0.0.1", "-p", string.Create(CultureInfo.InvariantCulture, $"{5477}"), "-U", "postfix", "-d", "mail", "-v", "ON_ERROR_STOP=1", "-c", sql], folder: folder.Root, cancellationToken: Cancelled);
}
