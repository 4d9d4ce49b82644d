using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Postfix.Syntax;

namespace Danelaw.Operator.Audit.Postfix.Tables.Databases;

/// <summary>The databases that Postfix's maps lead to and that can be asked here.</summary>
public enum DatabaseKind
{
    /// <summary>PostgreSQL: <c>pgsql:</c>.</summary>
    PostgreSql,

    /// <summary>MySQL and MariaDB: <c>mysql:</c>.</summary>
    MySql,

    /// <summary>SQLite: <c>sqlite:</c>.</summary>
    Sqlite,
}

/// <summary>
/// How Postfix reaches a database: what the file of a map says (pgsql_table(5), mysql_table(5), sqlite_table(5)). The password is in no text of it.
/// </summary>
public sealed class DatabaseMap
{
    private readonly Func<string, string> _get;

    private DatabaseMap(TableName table, DatabaseKind kind, Func<string, string> get)
    {
        (Table, Kind, _get) = (table, kind, get);
        Hosts = [.. Words.OfList(get("hosts")).Select(DatabaseHost.Read).OrderByDescending(host => host.IsSocket)];
        if (Hosts.IsEmpty && kind != DatabaseKind.Sqlite) Hosts = [new("localhost", null, false)];
    }

    /// <summary>The map.</summary>
    public TableName Table { get; }

    /// <summary>What kind of database it is.</summary>
    public DatabaseKind Kind { get; }

    /// <summary>Where it listens, sockets first; none for SQLite.</summary>
    public ImmutableArray<DatabaseHost> Hosts { get; }

    /// <summary>Who asks; empty where it is not said.</summary>
    public string User => _get("user");

    /// <summary>The database's name, or of SQLite the path of its file.</summary>
    public string Database => _get(Kind == DatabaseKind.Sqlite ? "dbpath" : "dbname");

    internal string Password => _get("password");

    /// <summary>A further setting of the map; empty where it is not set.</summary>
    internal string Get(string name) => _get(name);

    /// <summary>Reads the settings of a map.</summary>
    /// <param name="table">The map as a parameter names it.</param>
    /// <param name="instance">The instance: in main.cf maps of older style have their settings.</param>
    /// <param name="files">The host's files.</param>
    /// <param name="map">The settings; null on failure.</param>
    /// <param name="fault">Why they cannot be had, as a phrase; empty on success.</param>
    public static bool TryRead(TableName table, PostfixInstance instance, HostFiles files, [NotNullWhen(true)] out DatabaseMap? map, out string fault)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(files);
        map = null;
        if (KindOf(table) is not { } kind)
        {
            fault = $"{table} is no table of a database that can be asked: those are pgsql:, mysql: and sqlite:";
            return false;
        }

        if (!TryFindSettings(table, instance, files, out var get, out fault)) return false;
        map = new(table, kind, get);
        if (map.Database.Length > 0) return true;
        fault = $"{table.Name} has no {(kind == DatabaseKind.Sqlite ? "dbpath" : "dbname")}";
        map = null;
        return false;
    }

    /// <summary>The kind of database that a table leads to; null where it is none that can be asked.</summary>
    /// <param name="table">The table.</param>
    public static DatabaseKind? KindOf(TableName table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.Type switch
        {
            "pgsql" => DatabaseKind.PostgreSql,
            "mysql" => DatabaseKind.MySql,
            "sqlite" => DatabaseKind.Sqlite,
            _ => null,
        };
    }

    /// <summary>Whether both maps lead to the same database as the same user: then either will do for a query.</summary>
    /// <param name="other">The other.</param>
    public bool LeadsWhere(DatabaseMap other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Kind == other.Kind && Database == other.Database && User == other.User && Password == other.Password && Hosts.AsSpan().SequenceEqual(other.Hosts.AsSpan());
    }

    /// <inheritdoc/>
    public override string ToString() => Table.ToString();

    private static bool TryFindSettings(TableName table, PostfixInstance instance, HostFiles files, out Func<string, string> get, out string fault)
    {
        fault = "";

        // What is no path is the beginning of parameters of main.cf (mysql_table(5), OBSOLETE MAIN.CF PARAMETERS).
        if (table.Name is not ['/', ..])
        {
            get = name => instance.Get($"{table.Name}_{name}").Value;
            return true;
        }

        get = _ => "";
        var file = files.Read(table.Name);
        if (!file.IsRead)
        {
            fault = file.State == FileState.Unseen ? $"{table.Name} cannot be read by this user; run as root" : $"{table.Name} does not exist";
            return false;
        }

        // The syntax is that of main.cf, and values stand as they are: nothing is expanded, which a password may well need.
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var definition in MainText.Read(file.Text, table.Name).Definitions) values[definition.Name] = definition.Value;
        get = name => values.GetValueOrDefault(name, "");
        return true;
    }
}
