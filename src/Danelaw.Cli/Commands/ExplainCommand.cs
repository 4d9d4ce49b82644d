using System.CommandLine;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Commands;

/// <summary><c>explain CODE…</c>: the page of a finding, or what a reason means.</summary>
internal sealed class ExplainCommand : Verb
{
    private readonly Argument<string[]> _codes = new("CODE") { HelpName = "CODE", Arity = ArgumentArity.ZeroOrMore };

    public override string Name => "explain";

    public override VerbGroup Group => VerbGroup.Checking;

    public override string Summary => "what a code in the results means, and the mend";

    public override IReadOnlyList<string> Usage => ["CODE ...", "   (lists all codes)"];

    public override IReadOnlyList<string> Description =>
        ["CODE is the code of a finding (TLSA-MISMATCH), a reason as the results give it (signature-expired), or a rule that a text cites (R28), in any case; or the number of an extended DNS error (7, or ede-7)."];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "explained")];

    public override IReadOnlyList<string> Examples => ["danelaw explain TLSA-MISMATCH", "danelaw explain no-usable-tlsa signature-expired"];

    public override IReadOnlyList<Argument> Arguments => [_codes];

    public ExplainCommand() => _codes.CompletionSources.Add(_ => Explanations.All.Select(one => one.Code).Distinct(StringComparer.OrdinalIgnoreCase));

    public override Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var codes = call.Parsed.GetValue(_codes) ?? [];
        if (codes.Length == 0)
        {
            call.Voice.Result(List(call));
            return Task.FromResult(ExitCode.Good);
        }

        // All are known before the first is shown.
        var pages = codes.Select(Find).ToArray();
        foreach (var found in pages)
        {
            if (call.Output.IsJson)
            {
                foreach (var explanation in found) call.Voice.Result(ExplanationJson.Write(explanation));
                continue;
            }

            var page = new Page(call.Output.Style);
            foreach (var explanation in found) MarkdownText.Write(page, explanation.Markdown);
            if (found != pages[^1]) page.Gap();
            call.Voice.Result(page.ToUtf8());
        }

        return Task.FromResult(ExitCode.Good);
    }

    private static IReadOnlyList<Explanation> Find(string code)
    {
        var found = Explanations.Find(code);
        if (found.Count > 0) return found;
        var near = Nearest.Several(code, Explanations.All.Select(one => one.Code).Distinct(StringComparer.OrdinalIgnoreCase), 3);
        throw new MisuseException($"there is no finding or reason called {code}", near.Count > 0 ? $"did you mean {string.Join(", ", near)}?" : "danelaw explain lists them all");
    }

    private static byte[] List(Call call)
    {
        if (call.Output.IsJson) return [.. Explanations.All.SelectMany(ExplanationJson.Write)];
        var page = new Page(call.Output.Style);
        var kind = "";
        foreach (var explanation in Explanations.All)
        {
            if (explanation.Kind != kind)
            {
                if (!page.IsEmpty) page.Gap();
                page.Line(0, new Ink(explanation.Kind, Tone.Strong));
                kind = explanation.Kind;
            }

            page.Column(2, explanation.Code, 32, explanation.Title);
        }

        return page.ToUtf8();
    }
}
