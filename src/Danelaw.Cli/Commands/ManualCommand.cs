using System.CommandLine;
using System.Globalization;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering.Manuals;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Commands;

/// <summary><c>manual [VERB]</c>: the manual pages, for man(1).</summary>
internal sealed class ManualCommand : Verb
{
    private const string Epoch = "SOURCE_DATE_EPOCH";

    private readonly Argument<string[]> _verb = new("VERB") { HelpName = "VERB", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string> _write = Flag.Value("--write", "DIR", "write every page into this folder, which is made if it is not there");

    public ManualCommand() => _verb.CompletionSources.Add(_ => new VerbTree().All.SelectMany(verb => verb.Name.Split(' ')).Distinct());

    public override string Name => "manual";

    public override VerbGroup Group => VerbGroup.Itself;

    public override string Summary => "the manual pages of this command and its verbs";

    public override IReadOnlyList<string> Usage => ["[VERB]", "--write DIR"];

    public override IReadOnlyList<string> Description =>
        ["Writes the page of VERB, or of the command itself, to standard output in the form that man reads. The Debian package brings all pages: man danelaw, man danelaw-check."];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "written")];

    public override IReadOnlyList<string> Examples => ["danelaw manual check | man -l -", "danelaw manual zone key make | man -l -", "danelaw manual --write ~/.local/share/man/man1"];

    public override IReadOnlyList<Argument> Arguments => [_verb];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("where it goes", [_write])];

    // A page has one form.
    public override IReadOnlyList<Option> Unused => OutputOptions.All;

    public override Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Output.IsJson) throw new MisuseException("a manual page has no JSON form", "danelaw VERB --help tells the same as text");
        var tree = new VerbTree();
        var name = string.Join(' ', call.Parsed.GetValue(_verb) ?? []);
        var date = DateOf(call);
        if (call.Parsed.GetValue(_write) is { } folder)
        {
            if (name.Length > 0) throw new MisuseException($"--write writes every page, so {name} has no meaning beside it", "leave one of the two out");
            WriteAll(call, tree, folder, date);
            return Task.FromResult(ExitCode.Good);
        }

        var verb = tree.All.FirstOrDefault(one => one.Name == name);
        if (verb is null && name.Length > 0) throw new MisuseException($"there is no verb {name}", Nearest.To(name, tree.All.Select(one => one.Name)) is { } near ? $"did you mean danelaw manual {near}?" : "danelaw --help lists them");
        call.Voice.Result(verb is null ? ManualPage.Of(tree, date) : ManualPage.Of(tree, verb, date));
        return Task.FromResult(ExitCode.Good);
    }

    private static void WriteAll(Call call, VerbTree tree, string folder, DateTimeOffset date)
    {
        if (folder.Length == 0) throw new MisuseException("--write needs a folder");
        try
        {
            Directory.CreateDirectory(Path.GetFullPath(folder, call.Surroundings.Folder));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MisuseException($"cannot make the folder {folder}: {FileText.Reason(exception)}");
        }

        foreach (var (name, text) in ManualPage.All(tree, date)) OutputFile.WriteAll(call.Surroundings, Path.Combine(folder, name + ".1"), stream => stream.Write(text));
    }

    /// <summary>Who builds the same twice says when: https://reproducible-builds.org/specs/source-date-epoch.</summary>
    private static DateTimeOffset DateOf(Call call)
    {
        if (call.Surroundings.Variable(Epoch) is not { Length: > 0 } text) return call.Surroundings.Clock.GetUtcNow();
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()) return DateTimeOffset.FromUnixTimeSeconds(seconds);
        throw new MisuseException($"{Epoch} is '{text}', and not seconds since the epoch");
    }
}
