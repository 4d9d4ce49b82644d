using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Postfix.Tables;
using Danelaw.Operator.Audit.Postfix.Tables.Databases;

namespace Danelaw.Cli.Running;

/// <summary>The domains that a database gives for a query of the operator's.</summary>
/// <param name="Names">The domains.</param>
/// <param name="Unseen">What could not be had.</param>
internal sealed record QueriedDomains(ImmutableArray<DomainName> Names, ImmutableArray<Unseen> Unseen)
{
    private const string Option = "--domains-query", Choice = "--domains-map";

    public static QueriedDomains None { get; } = new([], []);

    /// <summary>Runs the query by the settings of a map that stands for domains.</summary>
    /// <param name="host">What was seen of the host.</param>
    /// <param name="files">Its files.</param>
    /// <param name="sql">The query.</param>
    /// <param name="choice">The map, as Postfix names it; null where there is but one, or all lead to the same database.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="MisuseException">There is no such map, or there are several; or the database does not take the query.</exception>
    public static async ValueTask<QueriedDomains> OfAsync(HostFacts host, HostFiles files, string sql, string? choice, CancellationToken cancellationToken)
    {
        var (map, unread) = Choose(host, files, choice);
        if (map is null) return new([], unread);
        if (!files.IsLive && map.Kind != DatabaseKind.Sqlite)
            throw new MisuseException($"{Option}: {map} is a database of the host that these files come from, and of files from elsewhere no server is asked", "give the domains with --domains FILE, or run danelaw doctor on that host");
        var result = await DomainQuery.RunAsync(map, sql, files, cancellationToken).ConfigureAwait(false);
        return result.Outcome switch
        {
            DomainQueryOutcome.Answered => Read(result.Names),
            DomainQueryOutcome.Unreached => new([], [new($"the domains of {map}", result.Detail)]),
            DomainQueryOutcome.Refused => throw new MisuseException($"{Option}: the database of {map} does not take it: {result.Detail}", "as in --domains-query 'SELECT domain FROM virtual_domains', in the database's own SQL"),
        };
    }

    private static (DatabaseMap? Map, ImmutableArray<Unseen> Unread) Choose(HostFacts host, HostFiles files, string? choice)
    {
        var tables = host.Postfix.SelectMany(facts => facts.Domains.Unlisted.Select(table => (facts.Instance, table.Table))).Where(pair => DatabaseMap.KindOf(pair.Table) is not null).DistinctBy(pair => pair.Table).ToArray();
        if (choice is not null)
        {
            if (!TableName.TryParse(choice, out var chosen)) throw new MisuseException($"{Choice} {choice}: it is no table of Postfix", "as in --domains-map mysql:/etc/postfix/virtual-domains.cf");
            tables = [.. tables.Where(pair => pair.Table == chosen)];
            if (tables.Length == 0) throw new MisuseException($"{Choice} {choice}: no parameter of domains names it", "mydestination, virtual_mailbox_domains, virtual_alias_domains and relay_domains are looked through");
        }

        if (tables.Length == 0) throw new MisuseException($"{Option}: no pgsql:, mysql: or sqlite: table stands for domains here", "mydestination, virtual_mailbox_domains, virtual_alias_domains and relay_domains are looked through; give the domains with --domains FILE");
        var maps = new List<DatabaseMap>();
        var unread = ImmutableArray.CreateBuilder<Unseen>();
        foreach (var (instance, table) in tables)
        {
            if (DatabaseMap.TryRead(table, instance, files, out var map, out var fault)) maps.Add(map);
            else unread.Add(new($"the domains of {table}", fault));
        }

        // Several maps mostly differ in their queries, and lead to one database.
        if (maps.Count == 0 || maps.TrueForAll(map => map.LeadsWhere(maps[0]))) return (maps.FirstOrDefault(), unread.ToImmutable());
        throw new MisuseException($"{Option}: domains stand in several databases", $"choose one: {string.Join(" or ", maps.Select(map => $"{Choice} {map}"))}");
    }

    private static QueriedDomains Read(ImmutableArray<string> rows)
    {
        var names = ImmutableArray.CreateBuilder<DomainName>();
        var odd = new List<string>();
        foreach (var row in rows)
        {
            // As in other tables: names without a dot are of the host alone (postfixadmin has a row ALL).
            if (!row.TrimEnd('.').Contains('.', StringComparison.Ordinal)) continue;
            if (DomainName.TryFromUserInput(row, out var name, out _)) names.Add(name);
            else odd.Add(row);
        }

        return new(names.ToImmutable(), odd.Count == 0 ? [] : [new(string.Create(CultureInfo.InvariantCulture, $"{odd.Count} of the {rows.Length} rows that {Option} gave"), $"'{odd[0]}' is no domain name; the first column must be the domain")]);
    }
}
