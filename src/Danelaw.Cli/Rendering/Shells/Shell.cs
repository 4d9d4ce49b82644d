using System.Collections.Immutable;
using Danelaw.Cli.Commands;

namespace Danelaw.Cli.Rendering.Shells;

/// <summary>The shells that a completion script can be had for.</summary>
internal static class Shell
{
    private static readonly (string Name, Func<ImmutableArray<CallNode>, string> Write)[] All =
    [
        ("bash", BashScript.Write),
        ("zsh", ZshScript.Write),
        ("fish", FishScript.Write),
        ("powershell", PowerShellScript.Write),
    ];

    public static ImmutableArray<string> Names { get; } = [.. All.Select(shell => shell.Name)];

    /// <summary>The script for a shell, from the verbs as they are; null where there is none of that name.</summary>
    public static string? ScriptFor(string name, VerbTree tree) =>
        All.FirstOrDefault(shell => shell.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || (shell.Name == "powershell" && name.Equals("pwsh", StringComparison.OrdinalIgnoreCase))).Write?.Invoke(CallNode.All(tree));

    /// <summary>A word that a shell takes as it stands, whatever is in it.</summary>
    /// <param name="text">The word.</param>
    /// <param name="quote">How a quotation mark is written in it.</param>
    public static string Quoted(string text, string quote) => $"'{text.Replace("'", quote, StringComparison.Ordinal)}'";
}
