namespace Danelaw.Operator.Audit.Postfix.Tables;

/// <summary>A lookup table as Postfix names it (DATABASE_README): <c>TYPE:NAME</c>, behind <c>proxy:</c> too.</summary>
/// <param name="Type">The type, such as <c>hash</c> or <c>mysql</c>.</param>
/// <param name="Name">What follows the colon: mostly a path.</param>
public sealed record TableName(string Type, string Name)
{
    private const int Shown = 160;

    /// <summary>Reads a word of a list.</summary>
    /// <param name="word">The word.</param>
    /// <param name="table">The table; null where the word is no table.</param>
    /// <returns>False for a name, an address or a path.</returns>
    public static bool TryParse(string word, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TableName? table)
    {
        ArgumentNullException.ThrowIfNull(word);
        table = null;
        var text = word;
        while (text.StartsWith("proxy:", StringComparison.Ordinal)) text = text["proxy:".Length..];
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || text[0] is '/' or '[' or '{' || !text[..colon].All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-')) return false;
        table = new(text[..colon], text[(colon + 1)..]);
        return true;
    }

    /// <summary>As people write it; of one that goes on and on only the beginning (<c>inline:</c> holds all its entries, and a name can be made to fill a screen).</summary>
    public override string ToString() => $"{Type}:{Name}" is { Length: > Shown } text ? text[..Shown] + "…" : $"{Type}:{Name}";
}
