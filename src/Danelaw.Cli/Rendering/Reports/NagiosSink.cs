using Danelaw.Cli.Running;

namespace Danelaw.Cli.Rendering.Reports;

/// <summary>Keeps the checks, and tells them at the end in one line, as a monitor wants them.</summary>
/// <param name="voice">Where to.</param>
internal sealed class NagiosSink(Voice voice) : ICheckSink
{
    private readonly Lock _lock = new();
    private readonly List<ToldCheck> _kept = [];

    public int CodeOf(ToldCheck check) => NagiosLine.CodeOf(check);

    public void Tell(CheckResult result)
    {
        lock (_lock) _kept.Add(result.Told);
    }

    public int End(int code, DateTimeOffset now)
    {
        _kept.Sort((left, right) => string.CompareOrdinal(left.Target, right.Target));
        voice.Result(NagiosLine.Of(_kept, now));

        // A monitor whose list went empty must not go on saying that all is well.
        return _kept.Count == 0 ? NagiosLine.UnknownCode : _kept.Aggregate(0, (worst, check) => NagiosLine.Worse(worst, CodeOf(check)));
    }
}
