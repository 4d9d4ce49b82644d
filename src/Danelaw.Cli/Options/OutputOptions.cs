using System.CommandLine;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Options;

/// <summary>The options of every verb: how results are told.</summary>
internal sealed class OutputOptions
{
    private readonly Option<bool> _json = Flag.Of("--json", "results as JSON, one object a line (docs/schema)");
    private readonly Option<bool> _noColor = Flag.Of("--no-color", "no colours; NO_COLOR in the environment does the same");
    private readonly Option<bool> _quiet = Flag.Of("--quiet", "the verdicts only; no progress, no hints", "-q");
    private readonly Option<bool> _verbose = Flag.Of("--verbose", "more: lookups, dialogues, certificates", "-v");

    public IReadOnlyList<Option> All => [_json, _quiet, _verbose, _noColor];

    public Output Read(ParseResult parsed, Surroundings surroundings)
    {
        var noColor = parsed.GetValue(_noColor) || surroundings.Variable("NO_COLOR") is { Length: > 0 } || surroundings.Variable("TERM") is "dumb";
        var isTerminal = surroundings.IsOutputTerminal;
        var style = isTerminal ? new PageStyle(!noColor, Math.Clamp(surroundings.Width, 40, 80)) : PageStyle.Pipe;
        return new(parsed.GetValue(_json), parsed.GetValue(_quiet), parsed.GetValue(_verbose), style);
    }
}

/// <summary>How results are told.</summary>
/// <param name="IsJson">As JSON.</param>
/// <param name="IsQuiet">As little as can be.</param>
/// <param name="IsVerbose">More.</param>
/// <param name="Style">Of text.</param>
internal sealed record Output(bool IsJson, bool IsQuiet, bool IsVerbose, PageStyle Style);
