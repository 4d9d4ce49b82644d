using System.Collections.Immutable;

namespace Danelaw.Operator.Audit.Postfix.Syntax;

/// <summary>One definition in main.cf.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Value">Its value as written, not expanded, without blanks at its ends.</param>
/// <param name="Place">Where it begins.</param>
/// <param name="LastLine">The last line that belongs to it.</param>
public sealed record Definition(string Name, string Value, Place Place, int LastLine);

/// <summary>main.cf as it is written (postconf(5)).</summary>
public sealed class MainText
{
    private const int MaximumDefinitions = 200_000;

    private MainText(ImmutableArray<Definition> definitions, ImmutableArray<SyntaxFault> faults)
    {
        Definitions = definitions;
        Faults = faults;
    }

    /// <summary>Every definition in the order of the file; the last one of a name counts.</summary>
    public ImmutableArray<Definition> Definitions { get; }

    /// <summary>What Postfix would not read.</summary>
    public ImmutableArray<SyntaxFault> Faults { get; }

    /// <summary>Reads a file; what cannot be read is a fault, and the rest is read all the same.</summary>
    /// <param name="text">Its content.</param>
    /// <param name="file">Its path, for places.</param>
    public static MainText Read(string text, string file)
    {
        ArgumentNullException.ThrowIfNull(text);
        var faults = new List<SyntaxFault>();
        var definitions = ImmutableArray.CreateBuilder<Definition>();
        foreach (var line in LogicalLines.Read(text, file, faults))
        {
            if (definitions.Count >= MaximumDefinitions)
            {
                faults.Add(new(new(file, line.Line), "there are too many definitions", true));
                break;
            }

            if (Assignment.TryRead(line.Text, out var name, out var value, out var fault)) definitions.Add(new(name, value, new(file, line.Line), line.Last));
            else faults.Add(new(new(file, line.Line), fault, true));
        }

        return new(definitions.ToImmutable(), [.. faults]);
    }
}
