using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Audit.Postfix.Tables.Databases;

/// <summary>How a query went. Closed.</summary>
public enum DomainQueryOutcome
{
    /// <summary>No connection, or it broke: nothing is known.</summary>
    Unreached = 0,

    /// <summary>The database does not take the query.</summary>
    Refused,

    /// <summary>It answered.</summary>
    Answered,
}

/// <summary>What a database said.</summary>
/// <param name="Outcome">How it went.</param>
/// <param name="Names">The first column, row by row, blanks at its ends taken off; empty rows are left out.</param>
/// <param name="Detail">For a failure a phrase for people; the password is not in it.</param>
public sealed record DomainQueryResult(DomainQueryOutcome Outcome, ImmutableArray<string> Names, string Detail);

/// <summary>Asks a database for domains: the operator's own query, with the settings by which Postfix reaches it. It cannot write.</summary>
public static class DomainQuery
{
    /// <summary>The most rows that are taken.</summary>
    public const int MaximumRows = 1_000_000;

    /// <summary>Runs a query; of several hosts the first that takes the connection is asked.</summary>
    /// <param name="map">The settings.</param>
    /// <param name="sql">The query; the first column of its result is the domain.</param>
    /// <param name="files">The host's files, for SQLite.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async ValueTask<DomainQueryResult> RunAsync(DatabaseMap map, string sql, HostFiles files, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(files);
        var fault = "";
        foreach (var (make, where) in DatabaseConnections.Of(map, files))
        {
            DbConnection? connection = null;
            try
            {
                connection = make();
                await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (IsOfDatabase(failure))
            {
                if (connection is not null) await connection.DisposeAsync().ConfigureAwait(false);
                if (fault.Length == 0) fault = $"{where} cannot be asked{(map.User.Length > 0 ? $" as {map.User}" : "")}: {Say(failure, map)}";
                continue;
            }

            await using (connection.ConfigureAwait(false)) return await AskAsync(connection, map, sql, cancellationToken).ConfigureAwait(false);
        }

        return new(DomainQueryOutcome.Unreached, [], fault);
    }

    private static async ValueTask<DomainQueryResult> AskAsync(DbConnection connection, DatabaseMap map, string sql, CancellationToken cancellationToken)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        try
        {
            // SQLite was opened for reading; the others are told.
            if (map.Kind != DatabaseKind.Sqlite) await RunAsync(connection, "START TRANSACTION READ ONLY", cancellationToken).ConfigureAwait(false);
            var command = Command(connection, sql);
            await using (command.ConfigureAwait(false))
            {
                var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    if (reader.FieldCount == 0) return new(DomainQueryOutcome.Refused, [], "it gives no column");
                    while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    {
                        if (names.Count == MaximumRows) return new(DomainQueryOutcome.Refused, [], string.Create(CultureInfo.InvariantCulture, $"it gives more than {MaximumRows} rows"));
                        if (TextOf(reader.GetValue(0)).Trim() is { Length: > 0 } name) names.Add(name);
                    }
                }
            }

            return new(DomainQueryOutcome.Answered, names.ToImmutable(), "");
        }
        catch (Exception failure) when (IsOfDatabase(failure))
        {
            var isBroken = failure is DbException { IsTransient: true } || failure.InnerException is SocketException or IOException or TimeoutException;
            return new(isBroken ? DomainQueryOutcome.Unreached : DomainQueryOutcome.Refused, [], Say(failure, map));
        }
    }

    private static async ValueTask RunAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = Command(connection, sql);
        await using (command.ConfigureAwait(false)) await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

#pragma warning disable CA2100 // The query is the operator's own, to be run as it is; nothing is put into it.
    private static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
#pragma warning restore CA2100

    private static string TextOf(object value) => value switch
    {
        DBNull => "",
        string text => text,
        byte[] octets => Encoding.UTF8.GetString(octets),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static bool IsOfDatabase(Exception failure) => failure is DbException or SocketException or IOException or TimeoutException or AuthenticationException or InvalidCastException or ArgumentException or NotSupportedException or InvalidOperationException;

    /// <summary>One line, and never the password, should a library put it there.</summary>
    private static string Say(Exception failure, DatabaseMap map)
    {
        var inner = failure.InnerException is SocketException or AuthenticationException ? $" ({failure.InnerException.Message})" : "";
        var text = (failure.Message + (failure.Message.Contains(inner.Trim(' ', '(', ')'), StringComparison.Ordinal) ? "" : inner)).ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return map.Password.Length > 3 ? text.Replace(map.Password, "…", StringComparison.Ordinal) : text;
    }
}
