using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover.Settings;

namespace Danelaw.Operator.Setup;

/// <summary>A file that says where a zone is mastered: the table <c>publisher</c> of the rollover's settings (docs/rollover.md), by itself.</summary>
public static class PublisherFile
{
    /// <summary>Reads the file.</summary>
    /// <param name="text">Its content.</param>
    /// <param name="file">Its path, for places.</param>
    /// <param name="settings">What it says; null on failure.</param>
    /// <param name="faults">What is wrong, each with its place; empty on success.</param>
    public static bool TryRead(string text, string file, [NotNullWhen(true)] out PublisherSettings? settings, out ImmutableArray<SyntaxFault> faults)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = new List<SyntaxFault>();
        settings = TomlTable.Read(text, file, found) is { } table ? PublisherText.Read(table) : null;
        faults = [.. found];
        if (!faults.IsEmpty) settings = null;
        return settings is not null;
    }
}
