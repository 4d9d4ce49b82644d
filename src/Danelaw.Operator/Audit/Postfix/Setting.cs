namespace Danelaw.Operator.Audit.Postfix;

/// <summary>What a parameter is set to, for a whole instance or for one service.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Raw">The value as written, or the default.</param>
/// <param name="Value">The value expanded; as written where it cannot be expanded.</param>
/// <param name="Place">Where it is set; null for the default.</param>
public sealed record Setting(string Name, string Raw, string Value, Place? Place)
{
    /// <summary>Whether somebody has set it.</summary>
    public bool IsSet => Place is not null;

    /// <summary>Whether the value is empty.</summary>
    public bool IsEmpty => Value.Length == 0;

    /// <summary>Whether it says yes: Postfix takes yes and no only, in any case.</summary>
    public bool IsYes => Value.Equals("yes", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the value is a word, in any case.</summary>
    /// <param name="word">The word.</param>
    public bool Is(string word) => Value.Equals(word, StringComparison.OrdinalIgnoreCase);
}
