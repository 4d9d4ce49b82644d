using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Postfix.Syntax;
using Danelaw.Operator.Audit.Postfix.Tables;
using Danelaw.Operator.Audit.Postfix.Tables.Databases;
using Microsoft.Data.Sqlite;

namespace Danelaw.Operator.Tests.Audit.Postfix.Tables;

/// <summary>Queries to a real database of SQLite, and to servers that are not there.</summary>
public sealed class DomainQueryTests : IDisposable
{
    private readonly HostFolder _host = new();

    public DomainQueryTests()
    {
        _host.Write("/var/lib/mail/mail.db", "").Write("/etc/postfix/domains.cf", "dbpath = /var/lib/mail/mail.db\nquery = SELECT 1 FROM domains WHERE name='%s'\n");
        using var connection = new SqliteConnection($"Data Source={_host.Here("/var/lib/mail/mail.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE domains (name TEXT, kind INTEGER); INSERT INTO domains VALUES ('b.example', 1), (' a.example ', 2), (NULL, 3), ('', 4)";
        command.ExecuteNonQuery();
    }

    public void Dispose() => _host.Dispose();

    private async Task<DomainQueryResult> AskAsync(string sql, string table = "sqlite:/etc/postfix/domains.cf")
    {
        Assert.True(TableName.TryParse(table, out var name));
        var instance = new PostfixInstance("/etc/postfix", MainText.Read("", "main.cf"), MasterText.Read("", "master.cf"));
        Assert.True(DatabaseMap.TryRead(name, instance, _host.Files, out var map, out var fault), fault);
        return await DomainQuery.RunAsync(map, sql, _host.Files, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_first_column_of_each_row_is_a_name()
    {
        var result = await AskAsync("SELECT name, kind FROM domains ORDER BY name");
        Assert.Equal((DomainQueryOutcome.Answered, ""), (result.Outcome, result.Detail));
        Assert.Equal(["a.example", "b.example"], result.Names);
    }

    [Theory]
    [InlineData("DELETE FROM domains")]
    [InlineData("CREATE TABLE more (x)")]
    [InlineData("SELECT name FROM nowhere")]
    [InlineData("no SQL")]
    public async Task What_writes_and_what_is_wrong_is_refused(string sql)
    {
        Assert.Equal(DomainQueryOutcome.Refused, (await AskAsync(sql)).Outcome);
        Assert.Equal(2, (await AskAsync("SELECT name FROM domains")).Names.Length);
    }

    [Fact]
    public async Task A_query_without_columns_is_refused() => Assert.Equal(DomainQueryOutcome.Refused, (await AskAsync("PRAGMA foreign_keys = on")).Outcome);

    [Fact]
    public async Task A_file_that_is_not_there_is_not_made()
    {
        _host.Write("/etc/postfix/domains.cf", "dbpath = /var/lib/mail/gone.db\n");
        Assert.Equal(DomainQueryOutcome.Unreached, (await AskAsync("SELECT 1")).Outcome);
        Assert.False(File.Exists(_host.Here("/var/lib/mail/gone.db")));
    }

    [Theory]
    [InlineData("pgsql")]
    [InlineData("mysql")]
    public async Task A_server_that_is_not_there_is_told_without_the_password(string type)
    {
        _host.Write("/etc/postfix/server.cf", "hosts = inet:127.0.0.1:9\nuser = postfix\npassword = topsecret\ndbname = mail\n");
        var result = await AskAsync("SELECT 1", $"{type}:/etc/postfix/server.cf");
        Assert.Equal(DomainQueryOutcome.Unreached, result.Outcome);
        Assert.StartsWith("the database at 127.0.0.1:9 cannot be asked as postfix: ", result.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", result.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', result.Detail);
    }
}
