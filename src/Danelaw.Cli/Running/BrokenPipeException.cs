namespace Danelaw.Cli.Running;

/// <summary>Whoever read our output has gone; there is nothing left to do and nothing to say.</summary>
internal sealed class BrokenPipeException : IOException;
