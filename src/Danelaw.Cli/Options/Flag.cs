using System.CommandLine;

namespace Danelaw.Cli.Options;

/// <summary>Options as this command has them. Values stay text until their verb reads them: what is wrong with one is then said in our own words.</summary>
internal static class Flag
{
    /// <summary>An option without a value; the word after it is never taken for one.</summary>
    public static Option<bool> Of(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>An option with a value, given once.</summary>
    /// <param name="name">Its name, with the dashes.</param>
    /// <param name="helpName">What stands for the value in the help: FILE and DIR are files and folders, <c>a|b</c> is one of these words.</param>
    /// <param name="description">What it does: lower case, no full stop.</param>
    /// <param name="offered">The values that shells offer, where <paramref name="helpName"/> does not say them.</param>
    public static Option<string> Value(string name, string helpName, string description, params string[] offered) =>
        Offering(new Option<string>(name) { Description = description, HelpName = helpName, Arity = ArgumentArity.ExactlyOne }, offered);

    /// <summary>An option with a value, given as often as one likes; the help says that it is.</summary>
    /// <inheritdoc cref="Value"/>
    public static Option<string[]> Values(string name, string helpName, string description, params string[] offered) =>
        Offering(new Option<string[]>(name) { Description = description, HelpName = helpName, Arity = ArgumentArity.OneOrMore }, offered);

    /// <summary>What an option does, and whether it may be given several times.</summary>
    public static string Meaning(Option option) => (option.Description ?? "") + (option.Arity.MaximumNumberOfValues > 1 ? " (repeatable)" : "");

    /// <summary>The names that the help tells: one letter first.</summary>
    public static IEnumerable<string> NamesOf(Option option) => option.Aliases.Where(alias => alias.Length == 2 && alias != "-?").Append(option.Name).Distinct();

    /// <summary>Those of some options that were given, as they were typed, word by word.</summary>
    public static IEnumerable<string> Typed(ParseResult parsed, IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            if (parsed.GetResult(option) is not { Implicit: false } given) continue;
            if (option is Option<bool>) yield return option.Name;
            else
                foreach (var token in given.Tokens)
                {
                    yield return option.Name;
                    yield return token.Value;
                }
        }
    }

    /// <summary>The names of those of some options that were given; for calls in which they have no meaning.</summary>
    public static IEnumerable<string> Given(ParseResult parsed, IEnumerable<Option> options, params string[] except) =>
        options.Where(option => parsed.GetResult(option) is { Implicit: false } && !except.Contains(option.Name)).Select(option => option.Name);

    private static TOption Offering<TOption>(TOption option, string[] offered)
        where TOption : Option
    {
        if (offered.Length > 0) option.CompletionSources.Add(offered);
        return option;
    }
}
