using System.CommandLine;
using System.CommandLine.Parsing;
using Danelaw.Cli.Options;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Commands;

/// <summary>All verbs, and the parser that knows them.</summary>
internal sealed class VerbTree
{
    private readonly Command _root = new("danelaw");
    private readonly Dictionary<Command, Verb> _verbs = [];

    public VerbTree()
    {
        Help = Flag.Of("--help", "this text", "-h", "-?");
        Version = Flag.Of("--version", "the version");
        Help.Recursive = true;
        Version.Recursive = true;
        _root.Add(Help);
        _root.Add(Version);
        foreach (var verb in All)
        {
            var parent = _root;
            foreach (var word in verb.Name.Split(' ')[..^1])
            {
                var group = parent.Subcommands.FirstOrDefault(command => command.Name == word);
                if (group is null) parent.Add(group = new Command(word));
                parent = group;
            }

            var own = verb.ToCommand();
            parent.Add(own);
            _verbs.Add(own, verb);
        }
    }

    /// <summary>Every verb; of one group in the order of the help.</summary>
    public IReadOnlyList<Verb> All { get; } =
    [
        new CheckCommand(),
        new DoctorCommand(),
        new SetupCommand(),
        new PublishCommand(),
        new DnssecCommand(),
        new RolloverRunCommand(),
        new RolloverStatusCommand(),
        new RolloverWatchCommand(),
        new RolloverStandbyMakeCommand(),
        new RolloverEmergencyCommand(),
        new RolloverForgetCommand(),
        new LookupCommand(),
        new VerifyCommand(),
        new TlsaCreateCommand(),
        new TlsaCompareCommand(),
        new SmimeaCreateCommand(),
        new SmimeaVerifyCommand(),
        new OpenpgpkeyCreateCommand(),
        new OpenpgpkeyVerifyCommand(),
        new ZoneSignCommand(),
        new ZoneCheckCommand(),
        new ZoneKeyMakeCommand(),
        new ZoneKeyShowCommand(),
        new ZoneKeyImportCommand(),
        new ZoneKeyExportCommand(),
        new AnchorsCommand(),
        new LabCommand(),
        new DemoCommand(),
        new ExplainCommand(),
        new CompletionCommand(),
        new ManualCommand(),
    ];

    /// <summary>The options of a verb that its help tells, under their headings.</summary>
    public IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionsOf(Verb verb)
    {
        (string, IReadOnlyList<Option>)[] groups = [.. verb.OptionGroups, ("telling", [.. verb.OutputOptions.All, Help, Version])];
        return [.. groups.Select(group => (group.Item1, (IReadOnlyList<Option>)[.. group.Item2.Except(verb.Unused)])).Where(group => group.Item2.Count > 0)];
    }

    /// <summary>Every verb, those of a group together.</summary>
    public IEnumerable<Verb> InOrder => All.OrderBy(verb => verb.Group);

    public Option<bool> Help { get; }

    public Option<bool> Version { get; }

    // A word that begins with @ is ours (a file of targets), not a file of arguments.
    public ParseResult Parse(IReadOnlyList<string> args) => _root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    /// <summary>The verb that was called; null when the words lead to none.</summary>
    public Verb? VerbOf(ParseResult parsed) => _verbs.GetValueOrDefault(parsed.CommandResult.Command);

    /// <summary>The words of a group that was called, such as <c>tlsa</c> or <c>zone key</c>; empty at the root.</summary>
    public static string WordsOf(ParseResult parsed)
    {
        var words = new List<string>();
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult { Parent: not null } command; result = command.Parent) words.Insert(0, command.Command.Name);
        return string.Join(' ', words);
    }

    /// <summary>Says in our own words what the parser did not understand.</summary>
    /// <exception cref="MisuseException">It did not understand something.</exception>
    public void Check(ParseResult parsed, Verb? verb)
    {
        if (verb is null)
        {
            var group = WordsOf(parsed);
            var verbs = All.Select(one => one.Name).Where(name => group.Length == 0 || name.StartsWith(group + " ", StringComparison.Ordinal)).Select(name => name[group.Length..].Trim()).ToArray();
            var word = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
            var list = $"{(group.Length == 0 ? "the verbs are" : $"danelaw {group} has")} {string.Join(", ", verbs.Select(name => name.Split(' ')[0]).Distinct())}";
            if (word is null && group.Length == 0) throw new MisuseException("no verb was given", "danelaw check example.org checks a mail domain, danelaw demo shows how; danelaw --help tells more");
            if (word is null) throw new MisuseException($"danelaw {group} needs a verb of its own", $"{list}; danelaw --help tells more");
            if (word.StartsWith('-')) throw new MisuseException($"there is no option {word} here", "options follow the verb: danelaw check --json example.org");
            throw new MisuseException(group.Length == 0 ? $"there is no verb {word}" : $"danelaw {group} has no verb {word}", Nearest.To(word, verbs) is { } near ? $"did you mean danelaw {$"{group} {near}".Trim()}?" : $"{list}; danelaw --help tells more");
        }

        if (OptionWithoutValue(parsed) is { } empty) throw new MisuseException($"{empty} needs a value", $"danelaw {verb.Name} --help lists what it takes");
        if ((MistakenOption(parsed) ?? (parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null)) is { } unknown)
        {
            var help = $"danelaw {verb.Name} --help lists what it takes";
            if (!unknown.StartsWith('-') || unknown.Length == 1) throw new MisuseException($"{unknown} is one argument too many for danelaw {verb.Name}", SecondValue(parsed, unknown) ?? help);
            var options = parsed.CommandResult.Command.Options.SelectMany(option => option.Aliases.Append(option.Name));
            throw new MisuseException($"danelaw {verb.Name} has no option {unknown}", Nearest.To(unknown, options) is { } near ? $"did you mean {near}?" : help);
        }

        if (parsed.Errors.Count == 0) return;
        throw new MisuseException(InOurWords(parsed, parsed.Errors[0]), $"danelaw {verb.Name} --help lists what it takes");
    }

    /// <summary>The parser takes the next option for the value of one whose value was forgotten.</summary>
    private static string? OptionWithoutValue(ParseResult parsed)
    {
        var names = parsed.CommandResult.Command.Options.SelectMany(option => option.Aliases.Append(option.Name)).ToHashSet(StringComparer.Ordinal);
        return parsed.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(option => option.Tokens.Any(token => names.Contains(token.Value)))?.Option.Name;
    }

    /// <summary>The parser takes an option that it does not know for an argument where there may be one more. After <c>--</c> it is one.</summary>
    private static string? MistakenOption(ParseResult parsed)
    {
        var dashes = parsed.Tokens.ToList().FindIndex(token => token.Type == TokenType.DoubleDash);
        return parsed.Tokens
            .Take(dashes < 0 ? int.MaxValue : dashes)
            .FirstOrDefault(token => token.Value.Length > 1 && token.Value[0] == '-' && token.Type == TokenType.Argument && IsOfVerb(parsed, token))?.Value;
    }

    /// <summary>What to write where two values follow an option that takes one each time: <c>--matching 1 2</c>. The second may have gone for FILE, and FILE is then the one too many; two numbers tell it.</summary>
    private static string? SecondValue(ParseResult parsed, string unknown)
    {
        foreach (var (at, token) in parsed.Tokens.Index().Skip(2))
        {
            var (name, value) = (parsed.Tokens[at - 2], parsed.Tokens[at - 1]);
            if (name.Type != TokenType.Option || value.Type != TokenType.Argument || token.Type != TokenType.Argument) continue;
            var isRepeatable = parsed.CommandResult.Command.Options.Any(option => option.Arity.MaximumNumberOfValues > 1 && (option.Name == name.Value || option.Aliases.Contains(name.Value)));
            if (isRepeatable && (token.Value == unknown || (IsNumber(value.Value) && IsNumber(token.Value)))) return $"give {name.Value} once for each: {name.Value} {value.Value} {name.Value} {token.Value}";
        }

        return null;

        static bool IsNumber(string text) => text.All(char.IsAsciiDigit);
    }

    private static bool IsOfVerb(ParseResult parsed, Token token) =>
        parsed.CommandResult.Children.OfType<ArgumentResult>().Any(argument => argument.Tokens.Any(one => ReferenceEquals(one, token)));

    private static string InOurWords(ParseResult parsed, ParseError error)
    {
        if (error.SymbolResult is OptionResult option)
        {
            if (option.Tokens.Count == 0) return $"{option.Option.Name} needs a value";
            if (option.IdentifierTokenCount > 1) return $"{option.Option.Name} was given more than once";
        }

        foreach (var missing in parsed.CommandResult.Command.Arguments)
            if (missing.Arity.MinimumNumberOfValues > 0 && (parsed.GetResult(missing)?.Tokens.Count ?? 0) == 0)
                return $"{missing.HelpName ?? missing.Name} is missing";
        var text = error.Message.TrimEnd('.');
        return char.ToLowerInvariant(text[0]) + text[1..];
    }
}
