namespace Danelaw.Cli.Rendering;

/// <summary>Where more is told about a code: every output says it in the same words.</summary>
internal static class MoreAbout
{
    /// <summary>The command that shows the page of a code.</summary>
    public static string Of(string code) => $"danelaw explain {code}";
}
