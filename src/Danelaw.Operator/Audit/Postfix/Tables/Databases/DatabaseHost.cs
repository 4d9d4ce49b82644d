using System.Globalization;

namespace Danelaw.Operator.Audit.Postfix.Tables.Databases;

/// <summary>Where a database listens, as a map names it.</summary>
/// <param name="Name">A name, an address, or the path of a socket.</param>
/// <param name="Port">The port; null for the database's own.</param>
/// <param name="IsSocket">Whether it is a socket of this host.</param>
public sealed record DatabaseHost(string Name, int? Port, bool IsSocket)
{
    /// <summary>Reads a word of <c>hosts</c>: <c>unix:PATH</c>, <c>inet:HOST[:PORT]</c>, <c>HOST[:PORT]</c> (mysql_table(5), pgsql_table(5)).</summary>
    /// <param name="word">The word.</param>
    internal static DatabaseHost Read(string word)
    {
        if (word.StartsWith("unix:", StringComparison.Ordinal)) return new(word["unix:".Length..], null, true);
        var text = word.StartsWith("inet:", StringComparison.Ordinal) ? word["inet:".Length..] : word;
        if (text is ['/', ..]) return new(text, null, true);

        // The port stands behind the last colon; of an address of IPv6 that is so only behind its bracket.
        var colon = text.LastIndexOf(':');
        var hasPort = colon > 0 && (text[0] == '[' ? text[colon - 1] == ']' : text.IndexOf(':', StringComparison.Ordinal) == colon);
        var port = hasPort && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65536 ? number : (int?)null;
        return new((hasPort ? text[..colon] : text).Trim('[', ']'), port, false);
    }

    /// <inheritdoc/>
    public override string ToString() => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Name}:{port}") : Name;
}
