using System.Data.Common;
using System.Globalization;
using Danelaw.Operator.Audit.Files;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;

namespace Danelaw.Operator.Audit.Postfix.Tables.Databases;

/// <summary>Connections as the settings of a map have them; none is opened here.</summary>
internal static class DatabaseConnections
{
    private const int ConnectSeconds = 10, QuerySeconds = 60;
    private const string Application = "danelaw", SocketName = ".s.PGSQL.";

    /// <summary>Where MySQL's own client library finds the server of this host: a map that says localhost means the socket (mysql_table(5)).</summary>
    private static readonly string[] MySqlSockets = ["/run/mysqld/mysqld.sock", "/var/run/mysqld/mysqld.sock", "/var/lib/mysql/mysql.sock", "/tmp/mysql.sock"];

    /// <summary>The connections to try in turn, each with what it leads to in words.</summary>
    internal static IEnumerable<(Func<DbConnection> Open, string Where)> Of(DatabaseMap map, HostFiles files) => map.Kind switch
    {
        DatabaseKind.Sqlite => [(() => Sqlite(map, files), map.Database)],
        DatabaseKind.PostgreSql => map.Hosts.Select(host => ((Func<DbConnection>)(() => PostgreSql(map, host)), $"the database at {host}")),
        DatabaseKind.MySql => map.Hosts.Select(host => ((Func<DbConnection>)(() => MySql(map, host, files)), $"the database at {host}")),
    };

    private static SqliteConnection Sqlite(DatabaseMap map, HostFiles files)
    {
        var builder = new SqliteConnectionStringBuilder { DataSource = files.Here(files.Look(map.Database).RealPath), Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = QuerySeconds };
        return new(builder.ConnectionString);
    }

    private static NpgsqlConnection PostgreSql(DatabaseMap map, DatabaseHost host)
    {
        // libpq and Npgsql take the folder of a socket, and find it by the port at the end of its name.
        var (name, port) = (host.Name, host.Port ?? NpgsqlConnection.DefaultPort);
        if (host.IsSocket && Path.GetFileName(name) is var file && file.StartsWith(SocketName, StringComparison.Ordinal) && int.TryParse(file.AsSpan(SocketName.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) (name, port) = (Path.GetDirectoryName(name)!, number);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = name,
            Port = port,
            Database = map.Database,
            Username = map.User.Length > 0 ? map.User : Environment.UserName,
            Password = map.Password.Length > 0 ? map.Password : null,
            Pooling = false,
            Timeout = ConnectSeconds,
            CommandTimeout = QuerySeconds,
            ApplicationName = Application,
        };
        var source = new NpgsqlSlimDataSourceBuilder(builder.ConnectionString);
        source.EnableTransportSecurity();
        return source.Build().CreateConnection();
    }

    private static MySqlConnection MySql(DatabaseMap map, DatabaseHost host, HostFiles files)
    {
        var socket = host.IsSocket ? host.Name : host.Name.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? MySqlSockets.FirstOrDefault(path => files.Look(path).State == FileState.Special) : null;
        var builder = new MySqlConnectionStringBuilder
        {
            ConnectionProtocol = socket is null ? MySqlConnectionProtocol.Sockets : MySqlConnectionProtocol.UnixSocket,
            Server = socket ?? host.Name,
            Database = map.Database,
            UserID = map.User.Length > 0 ? map.User : Environment.UserName,
            Password = map.Password,
            Pooling = false,
            ConnectionTimeout = ConnectSeconds,
            DefaultCommandTimeout = QuerySeconds,
            ApplicationName = Application,
        };
        if (host.Port is { } port) builder.Port = (uint)port;
        if (map.Get("tls_CAfile") is { Length: > 0 } authorities) (builder.SslCa, builder.SslMode) = (authorities, MySqlSslMode.VerifyCA);
        if (map.Get("tls_cert_file") is { Length: > 0 } certificate) builder.SslCert = certificate;
        if (map.Get("tls_key_file") is { Length: > 0 } key) builder.SslKey = key;
        if (map.Get("tls_verify_cert").Equals("yes", StringComparison.OrdinalIgnoreCase)) builder.SslMode = MySqlSslMode.VerifyFull;
        return new(builder.ConnectionString);
    }
}
