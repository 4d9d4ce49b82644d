using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;

namespace Danelaw.Cli.Rendering.Shells;

/// <summary>Kinds of what a shell offers in the place of a word.</summary>
internal enum OfferKind
{
    /// <summary>No word belongs there.</summary>
    Nothing,

    /// <summary>Anything may stand there: a name, a time, a number.</summary>
    Anything,

    /// <summary>A file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>Anything, or <c>@</c> and a file with a list.</summary>
    Listed,

    /// <summary>One of some words.</summary>
    Words,
}

/// <summary>What a shell offers in the place of a word.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Shown">What the help calls it, as FILE.</param>
/// <param name="Words">The words, with blanks between.</param>
internal sealed record Offer(OfferKind Kind, string Shown = "", string Words = "")
{
    /// <summary>What the value of an option may be; null where it takes none.</summary>
    public static Offer? Of(Option option) => option.HelpName is { } shown ? Of(option, shown) : null;

    /// <summary>What an argument may be.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="isListed">Whether <c>@FILE</c> may stand in its place.</param>
    public static Offer Of(Argument argument, bool isListed)
    {
        var offer = Of(argument, argument.HelpName ?? argument.Name);
        return isListed && offer.Kind == OfferKind.Anything ? offer with { Kind = OfferKind.Listed } : offer;
    }

    /// <summary>Some words.</summary>
    public static Offer Of(string shown, IEnumerable<string> words) => new(OfferKind.Words, shown, string.Join(' ', words));

    private static Offer Of(Symbol symbol, string shown)
    {
        string[] words = [.. symbol.GetCompletions(CompletionContext.Empty).Select(item => item.Label)];
        if (words.Length > 0) return Of(shown, words);
        if (shown is "FILE") return new(OfferKind.File, shown);
        if (shown is "DIR") return new(OfferKind.Folder, shown);
        if (shown is [var first and >= '0' and <= '9', '.', '.', var last and >= '0' and <= '9']) return Of(shown, Enumerable.Range(first - '0', last - first + 1).Select(digit => digit.ToString(CultureInfo.InvariantCulture)));
        return shown.Contains('|', StringComparison.Ordinal) ? Of(shown, shown.Split('|')) : new(OfferKind.Anything, shown);
    }
}
