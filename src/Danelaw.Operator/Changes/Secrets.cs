using System.Text;
using System.Text.RegularExpressions;

namespace Danelaw.Operator.Changes;

/// <summary>Blots passwords and other secrets out of what is shown of configurations: values of settings whose name says that they are one, and what tables of passwords hold in the line itself. What is written to files is never blotted.</summary>
internal static partial class Secrets
{
    private const string Blotted = "***";

    /// <summary>What names of settings have in them whose values are secrets: Postfix's and Dovecot's for LDAP (bind_pw, dnpass) among them.</summary>
    private const string Words = "passw(?:or)?d|passphrase|bind_pw|dnpass|secret|token|api_?key";

    /// <summary>Lines above this are no person's work: they are blotted as a whole.</summary>
    private const int MaximumLine = 16 * 1024;

    /// <summary>A setting's value as it may be shown.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="value">Its value.</param>
    internal static string Blot(string name, string value)
    {
        if (!Names().IsMatch(name)) return value;

        // Of a table that stands in files the name is no secret, nor is the path of a file that holds the password.
        if (Tables().IsMatch(value)) return Tables().Replace(value, "$1" + Blotted);
        return value.Length == 0 || Places().IsMatch(value) ? value : Blotted;
    }

    /// <summary>A configuration's text as it may be shown, line for line; comments too, which hold what was in force once.</summary>
    /// <param name="text">The text.</param>
    internal static string Blot(string text)
    {
        if (!Names().IsMatch(text)) return text;
        var shown = new StringBuilder(text.Length);
        var isSecret = false;
        foreach (var line in text.Split('\n'))
        {
            // A value goes on in the lines that begin with blanks.
            if (line.Length > MaximumLine) shown.Append(Names().IsMatch(line) ? Blotted : line);
            else if (line is [' ' or '\t', ..] && isSecret && !Settings().IsMatch(line)) shown.Append(Blot("password", line.Trim()) is var rest && rest != line.Trim() ? $"  {rest}" : line);
            else shown.Append(Settings().Replace(line, match => match.Groups["head"].Value + Blot(match.Groups["name"].Value, match.Groups["value"].Value)));
            shown.Append('\n');
            if (line is not [' ' or '\t' or '#', ..]) isSecret = line.Length > MaximumLine || Settings().IsMatch(line);
        }

        return shown.ToString(0, shown.Length - 1);
    }

    [GeneratedRegex(Words, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Names();

    /// <summary>NAME = VALUE with such a name, wherever it stands on a line; the value goes to the line's end.</summary>
    [GeneratedRegex(@"(?<head>(?<name>[\w.-]*(?:" + Words + @")[\w.-]*)[ \t]*=[ \t]*)(?<value>[^\r]*)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Settings();

    [GeneratedRegex(@"\b((?:static|inline):).*", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Tables();

    /// <summary>A path, behind a Dovecot's sign too, a table by its file, or another setting's value.</summary>
    [GeneratedRegex(@"^(?:<?/|\$|[a-z]+:(?:[a-z]+:)?[/$])\S*$", RegexOptions.CultureInvariant)]
    private static partial Regex Places();
}
