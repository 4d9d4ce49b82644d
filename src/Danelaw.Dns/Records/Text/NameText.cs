using Danelaw.Dns.Names;

namespace Danelaw.Dns.Records.Text;

/// <summary>What is wrong with a name, for people.</summary>
internal static class NameText
{
    internal static string Describe(NameFault fault) => fault switch
    {
        NameFault.None => "nothing is wrong",
        NameFault.Empty => "it is empty",
        NameFault.EmptyLabel => "it has an empty label",
        NameFault.LabelTooLong => "a label has more than 63 octets",
        NameFault.NameTooLong => "it has more than 255 octets",
        NameFault.BadEscape => "a backslash must be followed by three digits up to 255 or by a character",
        NameFault.NotAscii => "a character is neither printable ASCII nor escaped",
        NameFault.NotComposed => "a letter is written in parts, not composed (Unicode Normalization Form C)",
    };
}
