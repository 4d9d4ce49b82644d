using System.Collections.Immutable;

namespace Danelaw.Operator.Audit.Postfix.Tables;

/// <summary>One line of a table.</summary>
/// <param name="Key">The key, in lower case as Postfix looks it up.</param>
/// <param name="Value">What it leads to.</param>
/// <param name="Place">Where it stands; the table's own place where lines are not known.</param>
public sealed record TableEntry(string Key, string Value, Place Place);

/// <summary>What a table holds, as far as it can be listed.</summary>
/// <param name="Table">The table.</param>
/// <param name="Entries">Its lines.</param>
/// <param name="Unlisted">Why they are not all, as a phrase; empty when they are.</param>
public sealed record TableListing(TableName Table, ImmutableArray<TableEntry> Entries, string Unlisted)
{
    /// <summary>Whether the table answers one key at a time and cannot be listed at all, as opposed to a file that could not be read.</summary>
    public bool IsOracle { get; init; }
}
