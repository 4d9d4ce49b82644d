namespace Danelaw.Cli.Rendering.Reports;

/// <summary>Tells nothing, because something else stands in standard output; the exit codes are those of whoever would have told it.</summary>
/// <param name="silenced">Whose exit codes.</param>
internal sealed class SilentSink(ICheckSink silenced) : ICheckSink
{
    public int CodeOf(ToldCheck check) => silenced.CodeOf(check);

    public void Tell(CheckResult result)
    {
    }

    public int End(int code, DateTimeOffset now) => code;
}
