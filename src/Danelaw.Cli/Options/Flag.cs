using System.CommandLine;

namespace Danelaw.Cli.Options;

/// <summary>Options as this command has them. Values stay text until their verb reads them: what is wrong with one is then said in our own words.</summary>
internal static class Flag
{
    /// <summary>An option without a value; the word after it is never taken for one.</summary>
    public static Option<bool> Of(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>An option with a value, given once.</summary>
    public static Option<string> Value(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName, Arity = ArgumentArity.ExactlyOne };

    /// <summary>An option with a value, given as often as one likes.</summary>
    public static Option<string[]> Values(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName, Arity = ArgumentArity.OneOrMore };

    /// <summary>The names of those of some options that were given; for calls in which they have no meaning.</summary>
    public static IEnumerable<string> Given(ParseResult parsed, IEnumerable<Option> options, params string[] except) =>
        options.Where(option => parsed.GetResult(option) is { Implicit: false } && !except.Contains(option.Name)).Select(option => option.Name);
}
