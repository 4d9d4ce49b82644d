using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Drawing;
using Danelaw.Cli.Rendering.Servers;
using Danelaw.Cli.Running;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tracing;
using Danelaw.Dnssec.Validation;
using Danelaw.Servers;

namespace Danelaw.Cli.Commands;

/// <summary><c>lookup NAME [TYPE]</c>: a validated lookup.</summary>
internal sealed class LookupCommand : Verb
{
    private readonly Argument<string[]> _words = new("NAME") { HelpName = "NAME", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _require = Flag.Value("--require", "secure", "exit 1 unless the answer is secure");
    private readonly Option<bool> _trace = Flag.Of("--trace", "tell the chain of trust link by link, from the anchor to the answer, and where it breaks");
    private readonly Option<string> _svg = Flag.Value("--svg", "FILE", "draw the chain of trust as a picture (SVG); - is standard output, which then holds nothing else");
    private readonly Option<bool> _allServers = Flag.Of("--all-servers", "ask each authoritative server of the zone too, over UDP and TCP, and tell who answers what");
    private readonly DnsOptions _dns = new();

    public override string Name => "lookup";

    public override VerbGroup Group => VerbGroup.Checking;

    public override string Summary => "a DNS lookup that danelaw validates itself";

    public override IReadOnlyList<string> Usage => ["NAME [TYPE] [OPTION ...]", "@FILE [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "Asks for the records of TYPE (default A) at NAME, follows aliases, validates all of it from the trust anchors down, and says whether it is secure, insecure, bogus or indeterminate, and why. TYPE is any mnemonic of IANA, or TYPEn.",
        "FILE has a NAME and a TYPE on each line, with blanks or tabs between; # begins a comment; - is standard input. Results come as they are ready; with --json one object a line.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes =>
    [
        (0, "secure or insecure, also when there are no such records or no such name"),
        (1, "bogus, or not secure with --require secure; with --all-servers also a server that answers wrongly or not at all"),
        (3, "could not be resolved"),
    ];

    public override IReadOnlyList<string> Examples =>
    [
        "danelaw lookup _25._tcp.mx.example.org TLSA",
        "danelaw lookup example.org MX --trace",
        "danelaw lookup example.org MX --svg chain.svg",
        "danelaw lookup _25._tcp.mx.example.org TLSA --all-servers",
        "danelaw lookup example.org MX --require secure --json",
        "danelaw lookup @names.txt --resolver 192.0.2.53",
    ];

    public override IReadOnlyList<Argument> Arguments => [_words];

    public override IReadOnlyList<string> LaterWords => [.. Enum.GetValues<RecordType>().Where(RecordTypes.IsAskedFor).Select(RecordTypes.ToText)];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("judging", [_require]), ("showing", [_trace, _svg, _allServers]), ("asking the DNS", _dns.All)];

    // Taken, so that one set of options serves every verb, and without effect on a lookup.
    public override IReadOnlyList<Option> Unused => _dns.ForCertificates;

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var isSecureRequired = call.Parsed.GetValue(_require) switch
        {
            null => false,
            "secure" => true,
            var other => throw new MisuseException($"--require takes secure, not '{other}'"),
        };
        if (call.Output is { IsQuiet: true, IsJson: false } && call.Parsed.GetValue(_trace)) throw new MisuseException("--trace and -q contradict each other: -q tells the verdict alone");
        var lines = Lines(call.Parsed.GetValue(_words) ?? []);
        if (call.Parsed.GetValue(_svg) is { } svg)
        {
            if (TargetList.IsSeveral(lines)) throw new MisuseException("--svg draws one lookup: give one NAME and TYPE");
            if (svg == "-" && call.Output.IsJson) throw new MisuseException("--json and --svg - would both write to standard output", "give the picture a file: --svg chain.svg");
            FileText.RequirePlace(call.Surroundings, svg);
        }

        var settings = await _dns.ReadAsync(call, cancellationToken).ConfigureAwait(false);
        var questions = TargetList.ReadAsync(call.Surroundings, lines, Parse, cancellationToken);
        var transport = settings.OpenTransport(call.Surroundings.Clock);
        var servers = settings.OpenServerTransport(call.Surroundings.Clock);
        await using (transport.ConfigureAwait(false))
        await using (servers.ConfigureAwait(false))
        {
            var resolver = new Resolver(call.Surroundings.BeforeTransport(transport), settings.ToResolverOptions(), settings.Clock);
            var survey = new ServerSurvey(resolver, servers, call.Surroundings.Clock) { Families = settings.Families, ConnectTo = settings.ConnectTo };
            var done = 0;
            var code = await Crowd.RunAsync(questions, settings.Concurrency, async (asked, stop) =>
            {
                var one = await LookupSafelyAsync(call, resolver, survey, settings.Clock, asked, isSecureRequired, stop).ConfigureAwait(false);
                var count = Interlocked.Increment(ref done);
                if (TargetList.IsSeveral(lines)) call.Voice.Progress($"{count} answered");
                return one;
            }, cancellationToken).ConfigureAwait(false);
            if (done == 0 && isSecureRequired) throw new MisuseException(TargetList.Empty(lines), "with --require secure nothing is not enough: a list that is empty was probably lost");
            if (done == 0) call.Voice.Hint(TargetList.Empty(lines));
            return code;
        }
    }

    /// <summary>The net below, as for a check (docs/decisions/0293): what was not foreseen about one name takes no other with it.</summary>
    private async Task<int> LookupSafelyAsync(Call call, Resolver resolver, ServerSurvey survey, TimeProvider clock, Asked asked, bool isSecureRequired, CancellationToken cancellationToken)
    {
        try
        {
            return await LookupAsync(call, resolver, survey, clock, asked, isSecureRequired, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // As at the edge of the command: a fault of ours, said with what to report.
        catch (Exception exception) when (OwnFault.Is(exception, cancellationToken))
        {
            call.Voice.Fault(exception, $"{asked.Text} {RecordTypes.ToText(asked.Question.Type)}");
            Tell(call, new() { Question = asked.Question, FinalName = asked.Question.Name, Explanation = "a fault of danelaw itself stopped this lookup: it says nothing of the name" }, asked.Text, null, null);
            return ExitCode.Fault;
        }
#pragma warning restore CA1031
    }

    private async Task<int> LookupAsync(Call call, Resolver resolver, ServerSurvey survey, TimeProvider clock, Asked asked, bool isSecureRequired, CancellationToken cancellationToken)
    {
        var (name, type) = (asked.Question.Name, asked.Question.Type);
        var (isTraced, svg) = (call.Parsed.GetValue(_trace), call.Parsed.GetValue(_svg));
        var trace = isTraced || svg is not null ? await resolver.TraceAsync(name, type, cancellationToken).ConfigureAwait(false) : null;
        var answer = trace?.Answer ?? await resolver.LookupAsync(name, type, cancellationToken).ConfigureAwait(false);
        var servers = call.Parsed.GetValue(_allServers) ? ServerJudge.Judge(await survey.AskAsync(name, type, cancellationToken).ConfigureAwait(false), clock.GetUtcNow()) : null;
        if (svg is not null) OutputFile.WriteAll(call.Surroundings, svg, stream => stream.Write(SvgWriter.Write(PictureBuilder.Build(trace!, asked.Text))));
        if (svg != "-") Tell(call, answer, asked.Text, isTraced ? trace : null, servers);

        // A server that answers wrongly is what was asked about: it counts as a bad answer does.
        return servers is { HasErrors: true } ? ExitCode.Worse(ExitCode.Bad, CodeOf(answer, isSecureRequired)) : CodeOf(answer, isSecureRequired);
    }

    private static void Tell(Call call, Answer answer, string name, ChainTrace? trace, ServerReport? servers)
    {
        if (call.Output.IsJson)
        {
            call.Voice.Result(AnswerJson.Document(answer, name, trace, servers));
            return;
        }

        var page = new Page(call.Output.Style);
        if (trace is not null) LookupText.Write(page, trace, name, call.Output);
        else LookupText.Write(page, answer, name, call.Output);
        if (servers is not null) ServersText.Write(page, servers, call.Output);
        call.Voice.Result(page.ToUtf8());
    }

    /// <summary>The exit code of a lookup.</summary>
    public static int CodeOf(Answer answer, bool isSecureRequired) => answer.Security switch
    {
        Security.Secure => ExitCode.Good,
        Security.Insecure => isSecureRequired ? ExitCode.Bad : ExitCode.Good,
        Security.Bogus => ExitCode.Bad,
        Security.Indeterminate => ExitCode.Undetermined,
    };

    /// <summary>A name and its type make one line; files stand for themselves.</summary>
    private static string[] Lines(string[] words)
    {
        if (words.Any(word => word.StartsWith('@'))) return words.All(word => word.StartsWith('@')) ? words : throw new MisuseException("a NAME and a @FILE cannot be given together", "put the name into the file");
        if (words.Contains("")) throw new MisuseException("NAME or TYPE is empty");
        if (words.Length > 2) throw new MisuseException($"{words[2]} is one argument too many: lookup takes one NAME and one TYPE", "more of them go into a file: danelaw lookup @names.txt, or @- for standard input");
        return [string.Join('\t', words)];
    }

    private static Asked Parse(TargetLine line)
    {
        var words = Words(line.Text);
        if (words.Count is 0 or > 2) throw new MisuseException($"{line.Prefix}'{line.Text}' is not a name and a type");
        if (Lookalikes.Of(words[0]) is { } other) throw new MisuseException($"{line.Prefix}{words[0]} is {other.What}", other.Hint);
        if (!DomainName.TryFromUserInput(words[0], out var name, out var fault)) throw new MisuseException(line.Prefix + NameFaults.Say(words[0], fault));
        var type = RecordType.A;
        if (words.Count == 2 && !RecordTypes.TryParse(words[1], out type)) throw new MisuseException($"{line.Prefix}there is no record type '{words[1]}'", TypeHint(words));
        if (!RecordTypes.IsAskedFor(type)) throw new MisuseException($"{line.Prefix}nobody is asked for {RecordTypes.ToText(type)} (RFC 6895 §3.1, RFC 9824 §3.5)", "types of data are A, AAAA, MX, TLSA and so on");
        return new(new(name, type), words[0]);
    }

    private static string TypeHint(List<string> words) =>
        RecordTypes.TryParse(words[0], out _) ? $"the name comes first: danelaw lookup {words[1]} {words[0]}"
        : Nearest.To(words[1], Enum.GetNames<RecordType>()) is { } near ? $"did you mean {near}?"
        : "types are A, AAAA, MX, TLSA and so on, or TYPE with a number: TYPE52";

    /// <summary>Blanks and tabs stand between words, unless a backslash stands before one as in a zone file.</summary>
    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] is not (' ' or '\t'))
            {
                if (text[i] == '\\' && i + 1 < text.Length) i++;
                continue;
            }

            if (i > start) words.Add(text[start..i]);
            start = i + 1;
        }

        return words;
    }

    private readonly record struct Asked(Question Question, string Text);
}
