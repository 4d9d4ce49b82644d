namespace Danelaw.Cli.Running;

/// <summary>The command was called wrongly, or a file cannot be read, written or parsed: exit 2.</summary>
/// <param name="message">What is wrong and where: lower case, no full stop.</param>
/// <param name="hint">What to do about it; null when the message says it.</param>
internal sealed class MisuseException(string message, string? hint = null) : Exception(message)
{
    public string? Hint { get; } = hint;
}
