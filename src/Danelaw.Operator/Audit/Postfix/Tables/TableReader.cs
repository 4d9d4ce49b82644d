using System.Collections.Immutable;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Postfix.Syntax;

namespace Danelaw.Operator.Audit.Postfix.Tables;

/// <summary>Lists lookup tables from the text that they are made of (DATABASE_README, postmap(1)).</summary>
/// <param name="files">The host's files.</param>
internal sealed class TableReader(HostFiles files)
{
    private const int MaximumDepth = 8;

    private static readonly System.Buffers.SearchValues<char> Blanks = System.Buffers.SearchValues.Create(Words.Blanks);

    /// <summary>Lists a table.</summary>
    /// <param name="table">Its name.</param>
    /// <param name="place">Where it is named.</param>
    internal TableListing List(TableName table, Place place) => List(table, place, 0);

    private TableListing List(TableName table, Place place, int depth) => table.Type switch
    {
        "hash" or "btree" or "cdb" or "dbm" or "sdbm" or "lmdb" or "texthash" => OfText(table),
        "inline" => OfInline(table, place),
        "unionmap" or "pipemap" when depth < MaximumDepth => OfSeveral(table, place, depth),
        "fail" => new(table, [], ""),
        _ => new(table, [], "it answers one key at a time and cannot be listed") { IsOracle = true },
    };

    private TableListing OfText(TableName table)
    {
        if (table.Name is not ['/', ..]) return new(table, [], "its path is not absolute");
        var file = files.Read(table.Name);
        if (!file.IsRead)
        {
            return new(table, [], file.State == FileState.Missing
                ? $"{table.Name}, the text that it was made of, does not exist"
                : $"{table.Name} cannot be read");
        }

        var entries = ImmutableArray.CreateBuilder<TableEntry>();
        foreach (var line in LogicalLines.Read(file.Text, table.Name, []))
        {
            var (key, value) = Split(line.Text);
            if (key.Length > 0) entries.Add(new(Fold(key), value, new(table.Name, line.Line)));
        }

        return new(table, entries.ToImmutable(), "");
    }

    /// <summary>postmap(1): a key in quotes may hold blanks; quotes and backslashes in it are escaped.</summary>
    private static (string Key, string Value) Split(string line)
    {
        if (line[0] != '"')
        {
            var end = line.AsSpan().IndexOfAny(Blanks);
            return end < 0 ? (line, "") : (line[..end], line[end..].Trim());
        }

        var key = new System.Text.StringBuilder();
        var at = 1;
        for (; at < line.Length && line[at] != '"'; at++)
        {
            if (line[at] == '\\' && at + 1 < line.Length) at++;
            key.Append(line[at]);
        }

        return (key.ToString(), at + 1 < line.Length ? line[(at + 1)..].Trim() : "");
    }

    private static TableListing OfInline(TableName table, Place place)
    {
        var entries = ImmutableArray.CreateBuilder<TableEntry>();
        foreach (var word in Words.OfList(Words.Inner(table.Name)))
        {
            if (!Assignment.TryRead(Words.Inner(word), out var key, out var value, out _)) return new(table, entries.ToImmutable(), $"'{word}' in it is no KEY=VALUE");
            entries.Add(new(Fold(key), value, place));
        }

        return new(table, entries.ToImmutable(), "");
    }

    private TableListing OfSeveral(TableName table, Place place, int depth)
    {
        var entries = ImmutableArray.CreateBuilder<TableEntry>();
        var unlisted = "";
        var isOracle = false;
        foreach (var word in Words.OfList(Words.Inner(table.Name)))
        {
            if (!TableName.TryParse(word, out var inner)) return new(table, [], $"'{word}' in it is no table");
            var listing = List(inner, place, depth + 1);
            entries.AddRange(listing.Entries);
            if (unlisted.Length == 0 && listing.Unlisted.Length > 0) (unlisted, isOracle) = ($"{inner}: {listing.Unlisted}", listing.IsOracle);

            // What goes into a pipe is what its first table knows.
            if (table.Type == "pipemap") break;
        }

        return new(table, entries.ToImmutable(), unlisted) { IsOracle = isOracle };
    }

    private static string Fold(string key) => key.ToLowerInvariant();
}
