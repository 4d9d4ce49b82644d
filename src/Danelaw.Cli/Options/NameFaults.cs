using Danelaw.Dns.Names;

namespace Danelaw.Cli.Options;

/// <summary>What is wrong with a name, for people.</summary>
internal static class NameFaults
{
    public static string Say(string text, NameFault fault)
    {
        var shown = text.Length <= 60 ? text : $"{text[..40]}..{text[^10..]}";
        return fault switch
        {
            NameFault.None => $"'{shown}' is a name",
            NameFault.Empty => "a name is empty",
            NameFault.EmptyLabel => $"'{shown}' has two dots together, or begins with one",
            NameFault.LabelTooLong => $"'{shown}' has a label of more than 63 octets",
            NameFault.NameTooLong => $"'{shown}' ({text.Length} characters) is longer than the 255 octets that a name may have",
            NameFault.BadEscape => $"'{shown}' has a backslash without a character or three digits up to 255 after it",
            NameFault.NotAscii => $"'{shown}' has a character that cannot stand in a name",
            NameFault.NotComposed => $"'{shown}' has a letter that is written in parts (a letter and the mark on it), which are not put together here: write it as one letter (Unicode Normalization Form C) or the whole label as xn--",
        };
    }
}
