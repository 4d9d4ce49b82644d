using System.CommandLine;
using Danelaw.Checks.Recording;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Options;

/// <summary>The options of <c>check</c> by which evidence is kept, and judged again.</summary>
internal sealed class CheckKeeping
{
    private const int MaximumEvidence = 64 << 20;

    private readonly Option<string> _save = Flag.Value("--save", "FILE", "keep the evidence of this one target with its clock, anchors and policy; - for standard output, in place of the report");
    private readonly Option<string> _replay = Flag.Value("--replay", "FILE", "judge kept evidence again, as it was or with another --now; nothing is asked");

    private readonly Option<string> _state = Flag.Value("--state", "FILE", "keep each result in FILE, so that the same call goes on after an interruption: what is kept there is told again, and its targets are not asked again");

    public IReadOnlyList<Option> All => [_save, _replay, _state];

    /// <summary>The file to keep the evidence in; null for none.</summary>
    public string? SaveTo(ParseResult parsed) => parsed.GetValue(_save);

    /// <summary>The file of evidence to judge again; null for none.</summary>
    public string? ReplayFrom(ParseResult parsed) => parsed.GetValue(_replay);

    /// <summary>Opens the state of the run; null without one.</summary>
    /// <param name="call">The call.</param>
    /// <param name="options">What decides over results, as it was typed.</param>
    /// <exception cref="MisuseException">It cannot be used.</exception>
    public CheckState? OpenState(Call call, IReadOnlyList<string> options)
    {
        if (call.Parsed.GetValue(_state) is not { } path) return null;
        if (SaveTo(call.Parsed) is not null) throw new MisuseException("--save and --state cannot be given together", "--save keeps the evidence of one target, --state the results of many");
        var state = CheckState.Open(call.Surroundings, path, options);
        if (state.Count > 0) call.Voice.Hint($"{path} has the results of {state.Count} target{(state.Count == 1 ? "" : "s")}: nobody is asked for {(state.Count == 1 ? "it" : "them")} again; remove the file to begin anew");
        return state;
    }

    /// <summary>Whether a state is kept.</summary>
    public bool HasState(ParseResult parsed) => parsed.GetValue(_state) is not null;

    /// <summary>Keeps the evidence.</summary>
    /// <exception cref="MisuseException">The file cannot be written.</exception>
    public static void Save(Call call, string file, CheckRecording recording)
    {
        if (file != "-")
        {
            OutputFile.WriteAll(call.Surroundings, file, recording.Save);
            return;
        }

        using var evidence = new MemoryStream();
        recording.Save(evidence);
        call.Voice.Result(evidence.GetBuffer().AsSpan(0, (int)evidence.Length));
    }

    /// <summary>Reads kept evidence.</summary>
    /// <exception cref="MisuseException">The file cannot be read, or holds none.</exception>
    public static CheckRecording Load(Call call, string file)
    {
        using var evidence = new MemoryStream(FileText.ReadAll(call.Surroundings, file, MaximumEvidence));
        return CheckRecording.TryLoad(evidence, out var recording, out var fault) ? recording : throw new MisuseException($"{FileText.Shown(file)}: {fault}", "--replay reads what check --save has written");
    }
}
