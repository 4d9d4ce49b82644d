using Danelaw.Cli.Options;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Rendering.Reports;

/// <summary>Tells results as text, each as it comes.</summary>
/// <param name="voice">Where to.</param>
/// <param name="output">How much, and in what style.</param>
/// <param name="isStrict">Whether warnings count.</param>
/// <param name="isSeveral">Whether there may be more than one result.</param>
internal sealed class TextSink(Voice voice, Output output, bool isStrict, bool isSeveral) : ICheckSink
{
    public int CodeOf(ToldCheck check) => ExitCode.Of(check, isStrict);

    public void Tell(CheckResult result)
    {
        var page = new Page(output.Style);
        if (result.Report is { } report) CheckText.Write(page, report, output);
        else foreach (var line in result.Text.TrimEnd('\n').Split('\n')) page.Line(0, line);
        if (isSeveral && !output.IsQuiet) page.Gap();
        voice.Result(page.ToUtf8());
    }

    public int End(int code, DateTimeOffset now) => code;
}
