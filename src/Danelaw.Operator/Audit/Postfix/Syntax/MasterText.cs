using System.Collections.Immutable;

namespace Danelaw.Operator.Audit.Postfix.Syntax;

/// <summary>A setting of one service: <c>-o NAME=VALUE</c>.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Value">Its value as written, not expanded.</param>
/// <param name="Place">Where it stands.</param>
public sealed record ServiceOption(string Name, string Value, Place Place);

/// <summary>One service of master.cf (master(5)).</summary>
public sealed record MasterService
{
    /// <summary>The first column: for <see cref="Type"/> inet a port, a service name or an address and a port.</summary>
    public required string Name { get; init; }

    /// <summary>inet, unix, unix-dgram, fifo or pass.</summary>
    public required string Type { get; init; }

    /// <summary>The column for chroot: y, n or -, which stands for the default (y before Postfix 3.0, n from there on).</summary>
    public required string Chroot { get; init; }

    /// <summary>The program, such as smtpd.</summary>
    public required string Command { get; init; }

    /// <summary>Its settings in order; the last of a name counts.</summary>
    public ImmutableArray<ServiceOption> Options { get; init; } = [];

    /// <summary>Where the service begins.</summary>
    public required Place Place { get; init; }

    /// <summary>The last line that belongs to it.</summary>
    public required int LastLine { get; init; }
}

/// <summary>master.cf as it is written (master(5)).</summary>
public sealed class MasterText
{
    private const int Columns = 8, MaximumServices = 2_000;

    /// <summary>The options beside -o that are followed by a value.</summary>
    private const string WithValue = "imnst";

    private MasterText(ImmutableArray<MasterService> services, ImmutableArray<SyntaxFault> faults)
    {
        Services = services;
        Faults = faults;
    }

    /// <summary>The services in the order of the file.</summary>
    public ImmutableArray<MasterService> Services { get; }

    /// <summary>What Postfix would not read.</summary>
    public ImmutableArray<SyntaxFault> Faults { get; }

    /// <summary>Reads a file; what cannot be read is a fault, and the rest is read all the same.</summary>
    /// <param name="text">Its content.</param>
    /// <param name="file">Its path, for places.</param>
    public static MasterText Read(string text, string file)
    {
        ArgumentNullException.ThrowIfNull(text);
        var faults = new List<SyntaxFault>();
        var services = ImmutableArray.CreateBuilder<MasterService>();
        var lines = text.Split('\n');
        foreach (var line in LogicalLines.Read(text, file, faults))
        {
            var place = new Place(file, line.Line);
            if (services.Count >= MaximumServices)
            {
                faults.Add(new(place, "there are too many services", true));
                break;
            }

            var words = Words.Of(line.Text, Words.Blanks, out var isClosed);
            if (!isClosed) faults.Add(new(place, "missing '}'", true));
            if (words.Length < Columns) faults.Add(new(place, "bad field count: a service has eight columns and its command's arguments", true));
            else if (words[1] is not ("inet" or "unix" or "unix-dgram" or "fifo" or "pass")) faults.Add(new(place, $"bad transport type '{words[1]}'", true));
            else services.Add(new() { Name = words[0], Type = words[1], Chroot = words[4], Command = words[7], Options = OptionsOf(words, line, lines, place, faults), Place = place, LastLine = line.Last });
        }

        return new(services.ToImmutable(), [.. faults]);
    }

    private static ImmutableArray<ServiceOption> OptionsOf(ImmutableArray<string> words, LogicalLine line, string[] lines, Place place, List<SyntaxFault> faults)
    {
        var options = ImmutableArray.CreateBuilder<ServiceOption>();
        for (var at = Columns; at < words.Length; at++)
        {
            // As getopt does, with which every daemon of Postfix reads them: the first word that is no option ends them. What follows is pipe(8)'s or spawn(8)'s own.
            var word = words[at];
            if (word is not ['-', not '-', ..]) break;
            if (!word.StartsWith("-o", StringComparison.Ordinal))
            {
                if (word.Length == 2 && WithValue.Contains(word[1], StringComparison.Ordinal)) at++;
                continue;
            }

            var setting = word.Length > 2 ? word[2..] : at + 1 < words.Length ? words[++at] : "";
            var inner = Words.Inner(setting);
            if (Assignment.TryRead(inner, out var name, out var value, out var fault)) options.Add(new(name, value, place with { Line = LineOf(name, line, lines, options) }));
            else faults.Add(new(place, $"-o {setting}: {fault}", true));
        }

        return options.ToImmutable();
    }

    /// <summary>The line on which a setting of the service stands: that of its last mention so far, so that of two the second is found at its own.</summary>
    private static int LineOf(string name, LogicalLine line, string[] lines, ImmutableArray<ServiceOption>.Builder before)
    {
        var from = before.Count > 0 ? before[^1].Place.Line : line.Line;
        for (var number = from; number <= line.Last; number++)
        {
            var content = lines[number - 1].TrimStart();
            if (!content.StartsWith('#') && content.Contains(name, StringComparison.Ordinal) && !before.Any(option => option.Name == name && option.Place.Line == number)) return number;
        }

        // Two of one name on one line.
        return before.LastOrDefault(option => option.Name == name)?.Place.Line ?? line.Line;
    }
}
