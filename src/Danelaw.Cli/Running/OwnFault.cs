namespace Danelaw.Cli.Running;

/// <summary>What was not foreseen about one of several targets takes no other with it (docs/decisions/0293).</summary>
internal static class OwnFault
{
    /// <summary>Whether an exception is such a fault. Misuse, a reader that went away, an end that was asked for, and what the whole machine lacks end the run as ever.</summary>
    public static bool Is(Exception exception, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && exception is not (MisuseException or BrokenPipeException or OutOfMemoryException) && !Descriptors.AreUsedUp(exception);
}
