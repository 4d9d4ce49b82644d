using Danelaw.Cli.Running;

namespace Danelaw.Cli.Rendering.Reports;

/// <summary>Tells results as JSON, an object a line, each as it comes.</summary>
/// <param name="voice">Where to.</param>
/// <param name="isStrict">Whether warnings count.</param>
internal sealed class JsonSink(Voice voice, bool isStrict) : ICheckSink
{
    public int CodeOf(ToldCheck check) => ExitCode.Of(check, isStrict);

    public void Tell(CheckResult result) => voice.Result(result.Document);

    public int End(int code, DateTimeOffset now) => code;
}
