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

    public IReadOnlyList<Option> All => [_save, _replay];

    /// <summary>The file to keep the evidence in; null for none.</summary>
    public string? SaveTo(ParseResult parsed) => parsed.GetValue(_save);

    /// <summary>The file of evidence to judge again; null for none.</summary>
    public string? ReplayFrom(ParseResult parsed) => parsed.GetValue(_replay);

    /// <summary>Keeps the evidence.</summary>
    /// <exception cref="MisuseException">The file cannot be written.</exception>
    public static void Save(Call call, string file, CheckRecording recording)
    {
        if (file != "-")
        {
            FileText.WriteAll(call.Surroundings, file, recording.Save);
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
