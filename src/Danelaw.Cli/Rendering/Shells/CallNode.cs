using System.Collections.Immutable;
using System.CommandLine;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Options;

namespace Danelaw.Cli.Rendering.Shells;

/// <summary>An option as shells need to know it.</summary>
/// <param name="Names">Its names, the one of one letter first.</param>
/// <param name="Description">What it does, in a few words.</param>
/// <param name="Value">What its value may be; null where it takes none.</param>
/// <param name="IsRepeatable">Whether it may be given several times.</param>
internal sealed record CallOption(ImmutableArray<string> Names, string Description, Offer? Value, bool IsRepeatable);

/// <summary>A place that the words of a call lead to: the command itself, a group such as <c>zone key</c>, or a verb.</summary>
/// <param name="Words">The words that lead there; empty for the command itself.</param>
/// <param name="Next">The words that lead on, and what each is for; none after a verb.</param>
/// <param name="Options">The options there.</param>
/// <param name="First">What the first argument may be.</param>
/// <param name="Later">What further ones may be.</param>
internal sealed record CallNode(string Words, ImmutableArray<(string Word, string Summary)> Next, ImmutableArray<CallOption> Options, Offer First, Offer Later)
{
    private static readonly Offer Nothing = new(OfferKind.Nothing);

    /// <summary>Where a description that is too long may end.</summary>
    private static readonly string[] Marks = ["; ", ": ", ". ", ", "];

    /// <summary>All of them, the command itself first.</summary>
    public static ImmutableArray<CallNode> All(VerbTree tree)
    {
        var nodes = ImmutableArray.CreateBuilder<CallNode>();
        foreach (var group in tree.All.SelectMany(verb => GroupsOf(verb.Name)).Distinct())
            nodes.Add(new(group, [.. NextOf(tree, group)], [.. new[] { tree.Help, tree.Version }.Select(OptionOf)], Nothing, Nothing));
        foreach (var verb in tree.All)
        {
            var argument = verb.Arguments.Count > 0 ? verb.Arguments[0] : null;
            var first = argument is null ? Nothing : Offer.Of(argument, verb.Usage.Any(usage => usage.Contains("@FILE", StringComparison.Ordinal)));
            var later = verb.LaterWords.Count > 0 ? Offer.Of("TYPE", verb.LaterWords) : argument?.Arity.MaximumNumberOfValues > 1 ? first : Nothing;
            nodes.Add(new(verb.Name, [], [.. tree.OptionsOf(verb).SelectMany(group => group.Options).Select(OptionOf)], first, later));
        }

        return nodes.ToImmutable();
    }

    /// <summary>The rows of words that lead to a verb: for <c>zone key make</c> nothing, <c>zone</c> and <c>zone key</c>.</summary>
    private static IEnumerable<string> GroupsOf(string name)
    {
        var words = name.Split(' ');
        return Enumerable.Range(0, words.Length).Select(count => string.Join(' ', words[..count]));
    }

    private static IEnumerable<(string Word, string Summary)> NextOf(VerbTree tree, string group)
    {
        var start = group.Length == 0 ? "" : group + " ";
        foreach (var verbs in tree.InOrder.Where(verb => verb.Name.StartsWith(start, StringComparison.Ordinal)).GroupBy(verb => verb.Name[start.Length..].Split(' ')[0]))
        {
            var own = verbs.FirstOrDefault(verb => verb.Name == start + verbs.Key);
            yield return (verbs.Key, own?.Summary ?? string.Join(", ", NextOf(tree, start + verbs.Key).Select(next => next.Word)));
        }

        if (group.Length == 0) yield return ("help", "the help of a verb");
    }

    private static CallOption OptionOf(Option option) => new([.. Flag.NamesOf(option)], Brief(option.Description ?? ""), Offer.Of(option), option.Arity.MaximumNumberOfValues > 1);

    /// <summary>The help has room for all of it, a list of choices has not.</summary>
    private static string Brief(string text)
    {
        var end = Marks.Select(mark => text.IndexOf(mark, StringComparison.Ordinal)).Where(at => at > 20).DefaultIfEmpty(text.Length).Min();
        return text[..end];
    }
}
