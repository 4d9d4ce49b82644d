using System.Buffers;

namespace Danelaw.Dns.Names;

/// <summary>Words of commands that people copy into a shell. Names come from strangers: a label may hold <c>|</c>, <c>`</c> or <c>&amp;</c>, which must stay a part of the name there.</summary>
public static class ShellWord
{
    /// <summary>What no shell gives a meaning to, wherever it stands in a word.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%+,-./:=@_");

    /// <summary>A word as it is typed in a POSIX shell (XCU §2.2.2): as it is, or in single quotes.</summary>
    /// <param name="word">The word, of any length.</param>
    /// <returns>Text that such a shell reads as that one word.</returns>
    public static string Quote(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Plain) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    /// <summary>A name as it is typed behind a command: one word that no command takes for an option, for a label may begin with <c>-</c> or <c>+</c>.</summary>
    /// <param name="name">The name in presentation form, with or without its closing dot.</param>
    /// <returns>Text that a POSIX shell reads as one word, which means that name in presentation form (RFC 1035 §5.1).</returns>
    public static string QuoteName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Quote(name.StartsWith('-') ? $"\\045{name[1..]}" : name.StartsWith('+') ? $"\\043{name[1..]}" : name);
    }
}
