using Danelaw.Checks;
using Danelaw.Cli.Options;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Rendering.Reports;

/// <summary>Tells reports as text, each as it comes.</summary>
/// <param name="voice">Where to.</param>
/// <param name="output">How much, and in what style.</param>
/// <param name="isStrict">Whether warnings count.</param>
/// <param name="isSeveral">Whether there may be more than one report.</param>
internal sealed class TextSink(Voice voice, Output output, bool isStrict, bool isSeveral) : ICheckSink
{
    public int CodeOf(CheckReport report) => ExitCode.Of(report, isStrict);

    public void Tell(CheckReport report)
    {
        var page = new Page(output.Style);
        CheckText.Write(page, report, output);
        if (isSeveral && !output.IsQuiet) page.Gap();
        voice.Result(page.ToUtf8());
    }

    public int End(int code, DateTimeOffset now) => code;
}
