using Danelaw.Checks;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Rendering.Reports;

/// <summary>Tells reports as JSON, an object a line, each as it comes.</summary>
/// <param name="voice">Where to.</param>
/// <param name="isStrict">Whether warnings count.</param>
internal sealed class JsonSink(Voice voice, bool isStrict) : ICheckSink
{
    public int CodeOf(CheckReport report) => ExitCode.Of(report, isStrict);

    public void Tell(CheckReport report) => voice.Result(CheckJson.Document(report));

    public int End(int code, DateTimeOffset now) => code;
}
