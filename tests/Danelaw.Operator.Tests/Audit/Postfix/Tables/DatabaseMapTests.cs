using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Postfix.Syntax;
using Danelaw.Operator.Audit.Postfix.Tables;
using Danelaw.Operator.Audit.Postfix.Tables.Databases;

namespace Danelaw.Operator.Tests.Audit.Postfix.Tables;

/// <summary>The files of maps as mysql_table(5), pgsql_table(5) and sqlite_table(5) have them.</summary>
public sealed class DatabaseMapTests
{
    private static PostfixInstance Instance(string main = "") => new("/etc/postfix", MainText.Read(main, "/etc/postfix/main.cf"), MasterText.Read("", "/etc/postfix/master.cf"));

    private static DatabaseMap Read(string name, string text, string main = "")
    {
        using var host = new HostFolder();
        Assert.True(TableName.TryParse(name, out var table));
        if (table.Name is ['/', ..]) host.Write(table.Name, text);
        Assert.True(DatabaseMap.TryRead(table, Instance(main), host.Files, out var map, out var fault), fault);
        return map;
    }

    [Fact]
    public void A_map_is_read_with_the_syntax_of_main_cf()
    {
        var map = Read("mysql:/etc/postfix/domains.cf", "# a comment\nuser = post\\fix\npassword = a $b # not a comment\nhosts = unix:/run/mysqld/mysqld.sock\n  inet:db1.example.org:3307,\n\tdb2.example.org [2001:db8::1]:3308 2001:db8::2\ndbname = old\ndbname=mail\nquery = SELECT 1 FROM domains WHERE domain='%s'\n");
        Assert.Equal((DatabaseKind.MySql, "post\\fix", "a $b # not a comment", "mail"), (map.Kind, map.User, map.Password, map.Database));
        Assert.Equal([new("/run/mysqld/mysqld.sock", null, true), new("db1.example.org", 3307, false), new("db2.example.org", null, false), new("2001:db8::1", 3308, false), new("2001:db8::2", null, false)], map.Hosts);
    }

    [Fact]
    public void Sockets_are_tried_before_the_network() =>
        Assert.Equal(["/tmp", "a"], Read("pgsql:/etc/postfix/domains.cf", "hosts = a unix:/tmp\ndbname = x\n").Hosts.Select(host => host.Name));

    [Fact]
    public void Without_hosts_it_is_this_host() => Assert.Equal([new("localhost", null, false)], Read("proxy:pgsql:/etc/postfix/domains.cf", "dbname = x\n").Hosts);

    [Fact]
    public void Settings_of_older_style_stand_in_main_cf()
    {
        var map = Read("mysql:vdomains", "", "db = mail\nvdomains_dbname = $db\nvdomains_user = postfix\nvdomains_password = secret\nvdomains_hosts = 127.0.0.1\n");
        Assert.Equal(("mail", "postfix", "secret", "127.0.0.1"), (map.Database, map.User, map.Password, Assert.Single(map.Hosts).Name));
    }

    [Theory]
    [InlineData("sqlite:/etc/postfix/x.cf", "query = SELECT 1\n", "/etc/postfix/x.cf has no dbpath")]
    [InlineData("pgsql:/etc/postfix/x.cf", "hosts = a\n", "/etc/postfix/x.cf has no dbname")]
    [InlineData("mysql:/etc/postfix/gone.cf", null, "/etc/postfix/gone.cf does not exist")]
    [InlineData("ldap:/etc/postfix/x.cf", "", "ldap:/etc/postfix/x.cf is no table of a database that can be asked: those are pgsql:, mysql: and sqlite:")]
    public void What_is_missing_is_said(string name, string? text, string expected)
    {
        using var host = new HostFolder();
        Assert.True(TableName.TryParse(name, out var table));
        if (text is not null) host.Write(table.Name, text);
        Assert.False(DatabaseMap.TryRead(table, Instance(), host.Files, out _, out var fault));
        Assert.Equal(expected, fault);
    }

    [Fact]
    public void Maps_that_differ_in_their_query_only_lead_to_one_database()
    {
        const string Settings = "hosts = a\nuser = u\npassword = p\ndbname = mail\n";
        var map = Read("mysql:/etc/postfix/a.cf", Settings + "query = SELECT 1\n");
        Assert.True(map.LeadsWhere(Read("mysql:/etc/postfix/b.cf", Settings + "query = SELECT 2\n")));
        Assert.False(map.LeadsWhere(Read("mysql:/etc/postfix/b.cf", Settings.Replace("= u", "= v", StringComparison.Ordinal))));
        Assert.False(map.LeadsWhere(Read("pgsql:/etc/postfix/b.cf", Settings)));
    }

    [Fact]
    public void The_password_is_in_no_text() =>
        Assert.Equal("mysql:/etc/postfix/a.cf", Read("mysql:/etc/postfix/a.cf", "password = secret\ndbname = mail\n").ToString());
}
