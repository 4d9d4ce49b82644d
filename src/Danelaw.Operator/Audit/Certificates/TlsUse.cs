using System.Collections.Immutable;

namespace Danelaw.Operator.Audit.Certificates;

/// <summary>The programs whose certificates are examined.</summary>
public enum ServerProgram
{
    /// <summary>Any other.</summary>
    Other,

    /// <summary>Postfix.</summary>
    Postfix,

    /// <summary>Dovecot.</summary>
    Dovecot,

    /// <summary>nginx.</summary>
    Nginx,

    /// <summary>The Apache HTTP Server.</summary>
    Apache,
}

/// <summary>One chain that a server is told to show.</summary>
/// <param name="Program">The server.</param>
/// <param name="Subject">The service in words, such as <c>postfix, port 25</c>.</param>
/// <param name="Name">The name for which it is shown; empty for the default.</param>
/// <param name="Files">The files in which the server looks for private key, certificate and issuers.</param>
/// <param name="IsKeyFirst">Whether the server wants the key before its certificate in the sequence of the files (Postfix's chain files); otherwise they are found wherever they stand.</param>
/// <param name="Place">Where that is configured.</param>
public sealed record TlsUse(ServerProgram Program, string Subject, string Name, ImmutableArray<string> Files, bool IsKeyFirst, Place Place)
{
    /// <summary>The ports on which it is shown, in ascending order; empty where they are not known.</summary>
    public ImmutableArray<int> Ports { get; init; } = [];

    /// <summary>Where the key's file is configured, where that is another line; null otherwise.</summary>
    public Place? KeyPlace { get; init; }

    /// <inheritdoc/>
    public bool Equals(TlsUse? other) => other is not null && Program == other.Program && Subject == other.Subject && Name == other.Name && Place == other.Place && Files.AsSpan().SequenceEqual(other.Files.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Program, Subject, Name, Place);
}
