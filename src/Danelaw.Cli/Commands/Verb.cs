using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Commands;

/// <summary>A verb of the command: what it takes, what its help says, and what it does.</summary>
internal abstract class Verb
{
    /// <summary>The options of every verb.</summary>
    public OutputOptions OutputOptions { get; } = new();

    /// <summary>The words that call it: <c>check</c>, <c>tlsa create</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it is for.</summary>
    public abstract VerbGroup Group { get; }

    /// <summary>One line for the list of verbs: lower case, no full stop.</summary>
    public abstract string Summary { get; }

    /// <summary>What follows the name in the usage lines.</summary>
    public abstract IReadOnlyList<string> Usage { get; }

    /// <summary>What it does, for its help; a paragraph an entry.</summary>
    public abstract IReadOnlyList<string> Description { get; }

    /// <summary>Exit codes that it has beside 2 and 70.</summary>
    public abstract IReadOnlyList<(int Code, string Meaning)> ExitCodes { get; }

    /// <summary>Calls to copy.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>What stands before the options.</summary>
    public virtual IReadOnlyList<Argument> Arguments => [];

    /// <summary>What a shell offers for a word after the first, where that is not the same.</summary>
    public virtual IReadOnlyList<string> LaterWords => [];

    /// <summary>Its own options, and those that it shares with others, under their headings.</summary>
    public virtual IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [];

    /// <summary>Options that it takes and has no use for: its help leaves them out.</summary>
    public virtual IReadOnlyList<Option> Unused => [];

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="MisuseException">The call makes no sense.</exception>
    public abstract Task<int> RunAsync(Call call, CancellationToken cancellationToken);

    /// <summary>The verb as the parser has it.</summary>
    public Command ToCommand()
    {
        var command = new Command(Name.Split(' ')[^1], Summary);
        foreach (var argument in Arguments) command.Add(argument);
        foreach (var group in OptionGroups)
            foreach (var option in group.Options)
                command.Add(option);
        foreach (var option in OutputOptions.All) command.Add(option);
        return command;
    }
}

/// <summary>One call of a verb.</summary>
/// <param name="Parsed">What was given.</param>
/// <param name="Surroundings">The process around it.</param>
/// <param name="Voice">Where results, errors and progress go.</param>
/// <param name="Output">How results are told.</param>
internal sealed record Call(ParseResult Parsed, Surroundings Surroundings, Voice Voice, Output Output);
