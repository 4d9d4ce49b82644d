using System.Globalization;

namespace Danelaw.Operator.Audit;

/// <summary>A place in a file of configuration.</summary>
/// <param name="File">The file's path on the host that is examined.</param>
/// <param name="Line">The line, from 1 on; 0 for the file as a whole.</param>
public sealed record Place(string File, int Line)
{
    /// <summary>The file, a colon and the line; the file alone where no line is meant.</summary>
    public override string ToString() => Line == 0 ? File : string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}");
}

/// <summary>Something that a web server would not read.</summary>
/// <param name="Server">Its name, as people write it.</param>
/// <param name="Fault">What it is.</param>
public sealed record WebFault(string Server, SyntaxFault Fault);

/// <summary>Something that the program whose file it is would not read.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Text">What is wrong, as a phrase.</param>
/// <param name="IsFatal">Whether the program refuses to run with it; otherwise it warns and leaves the line out.</param>
public sealed record SyntaxFault(Place Place, string Text, bool IsFatal);
