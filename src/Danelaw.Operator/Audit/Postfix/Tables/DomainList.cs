using System.Collections.Immutable;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Postfix.Syntax;

namespace Danelaw.Operator.Audit.Postfix.Tables;

/// <summary>A domain that this host takes mail for, as its configuration spells it.</summary>
/// <param name="Name">The domain, in lower case.</param>
/// <param name="Parameter">The parameter that leads to it.</param>
/// <param name="Place">Where it stands.</param>
public sealed record ListedDomain(string Name, string Parameter, Place Place);

/// <summary>A table that stands for domains and cannot be listed.</summary>
/// <param name="Table">The table.</param>
/// <param name="Parameter">The parameter that names it.</param>
/// <param name="Reason">Why it cannot be listed, as a phrase.</param>
/// <param name="Place">Where it is named; null for a default.</param>
/// <param name="IsOracle">Whether it answers one key at a time, as opposed to a file that could not be read.</param>
public sealed record UnlistedTable(TableName Table, string Parameter, string Reason, Place? Place, bool IsOracle);

/// <summary>The domains that an instance takes mail for: <c>mydestination</c>, <c>virtual_mailbox_domains</c>, <c>virtual_alias_domains</c>, <c>relay_domains</c>.</summary>
/// <param name="Domains">The domains that can be listed, each once, in order of their names.</param>
/// <param name="Unlisted">The tables that cannot.</param>
public sealed record DomainList(ImmutableArray<ListedDomain> Domains, ImmutableArray<UnlistedTable> Unlisted)
{
    private static readonly string[] Parameters = ["mydestination", "virtual_mailbox_domains", "virtual_alias_domains", "relay_domains"];

    /// <summary>Lists the domains of an instance.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="files">The host's files.</param>
    public static DomainList Of(PostfixInstance instance, HostFiles files)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var domains = new SortedDictionary<string, ListedDomain>(StringComparer.Ordinal);
        var unlisted = ImmutableArray.CreateBuilder<UnlistedTable>();
        var reader = new TableReader(files);
        foreach (var parameter in Parameters)
        {
            var setting = instance.Get(parameter);
            var place = setting.Place ?? new Place(instance.Directory + "/main.cf", 0);
            Add(setting.Value, parameter, place, 0);
        }

        return new([.. domains.Values], unlisted.ToImmutable());

        void Add(string list, string parameter, Place place, int depth)
        {
            foreach (var word in Words.OfList(list))
            {
                if (word is ['!', ..]) continue;
                if (word is ['/', ..]) AddFile(word, parameter, depth);
                else if (TableName.TryParse(word, out var table)) AddTable(table, parameter, place);
                else AddName(word, parameter, place);
            }
        }

        void AddFile(string path, string parameter, int depth)
        {
            var file = files.Read(path);
            if (!file.IsRead || depth > 4)
            {
                unlisted.Add(new(new("file", path), parameter, file.State == FileState.Missing ? "the file does not exist" : "the file cannot be read", null, false));
                return;
            }

            // A file in a list has a pattern on each line (postconf(5)).
            foreach (var line in LogicalLines.Read(file.Text, path, [])) Add(line.Text, parameter, new(path, line.Line), depth + 1);
        }

        void AddTable(TableName table, string parameter, Place place)
        {
            var listing = reader.List(table, place);
            foreach (var entry in listing.Entries) AddName(entry.Key, parameter, entry.Place);
            if (listing.Unlisted.Length > 0 && !unlisted.Any(known => known.Table == table)) unlisted.Add(new(table, parameter, listing.Unlisted, place, listing.IsOracle));
        }

        void AddName(string word, string parameter, Place place)
        {
            // Keys with an @ are addresses of a domain that is named elsewhere; names without a dot are of this host alone.
            var name = word.TrimStart('.').TrimEnd('.').ToLowerInvariant();
            if (name.Contains('@', StringComparison.Ordinal) || !name.Contains('.', StringComparison.Ordinal) || name is ['[', ..] || IsLocal(name)) return;
            domains.TryAdd(name, new(name, parameter, place));
        }
    }

    private static bool IsLocal(string name) => name is "localhost.localdomain" || name.EndsWith(".localdomain", StringComparison.Ordinal) || name.StartsWith("localhost.", StringComparison.Ordinal);
}
