using System.Text;

namespace Danelaw.Cli.Rendering;

/// <summary>Names of our closed lists as JSON and <c>explain</c> spell them: <c>NoUsableTlsa</c> is <c>no-usable-tlsa</c>.</summary>
internal static class Kebab
{
    public static string Of<T>(T member)
        where T : struct, Enum => Of(member.ToString());

    public static string Of(string member)
    {
        var text = new StringBuilder(member.Length + 8);
        for (var i = 0; i < member.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(member[i])) text.Append('-');
            text.Append(char.ToLowerInvariant(member[i]));
        }

        return text.ToString();
    }
}
