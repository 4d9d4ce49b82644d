namespace Danelaw.Operator.Setup.Renewing;

/// <summary>Words of systemd's units.</summary>
internal static class SystemdWord
{
    /// <summary>A word as it is written in a setting: where it holds more than letters, digits and what paths are made of, between double quotes (systemd.syntax(7)), and without specifiers (systemd.unit(5)).</summary>
    /// <param name="word">The word.</param>
    internal static string Quote(string word) =>
        word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '_' or '-' or '+') ? word
        : $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal)}\"";

    /// <summary>The same in a command line, where a dollar sign begins a variable besides (systemd.service(5)).</summary>
    /// <param name="word">The word.</param>
    internal static string QuoteArgument(string word) => Quote(word).Replace("$", "$$", StringComparison.Ordinal);
}
