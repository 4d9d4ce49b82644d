namespace Danelaw.Cli.Rendering;

/// <summary>What a piece of text stands for; a terminal shows it by colour.</summary>
internal enum Tone
{
    Plain = 0,

    /// <summary>All is well.</summary>
    Good,

    /// <summary>Works today and will hurt, or is not known.</summary>
    Doubt,

    /// <summary>Something stops or is wrong.</summary>
    Bad,

    /// <summary>What the eye should find first.</summary>
    Strong,

    /// <summary>What may be passed over.</summary>
    Faint,
}

/// <summary>A piece of text with its tone. Plain strings become one of their own.</summary>
internal readonly record struct Ink(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Ink(string text) => new(text);

    /// <summary>The text in this tone at least this wide, for columns.</summary>
    public Ink Pad(int width) => this with { Text = Text.PadRight(width) };
}
