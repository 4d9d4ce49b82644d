using Danelaw.Cli.Commands;
using Danelaw.Probes;

namespace Danelaw.Cli.Options;

/// <summary>What is said of a target that makes no sense: the scheme that was meant, where one is near.</summary>
internal static class TargetHint
{
    /// <summary>The hint.</summary>
    /// <param name="text">The target as it was typed.</param>
    /// <param name="otherwise">What helps where nothing better is known.</param>
    public static string Of(string text, string otherwise)
    {
        var mark = text.IndexOf("://", StringComparison.Ordinal);
        if (mark <= 0 || ServiceProtocols.TryParse(text[..mark], out _)) return otherwise;
        return Nearest.To(text[..mark].Trim(), ServiceProtocols.Names) is { } near && text.Length <= 256 ? $"did you mean {near}{text[mark..]}?" : otherwise;
    }

    /// <summary>The same of the name of a service alone.</summary>
    public static string OfService(string text, IEnumerable<string> names, string otherwise) => !ServiceProtocols.TryParse(text, out _) && Nearest.To(text, names) is { } near ? $"did you mean {near}?" : otherwise;
}
