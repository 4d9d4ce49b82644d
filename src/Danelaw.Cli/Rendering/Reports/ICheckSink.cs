namespace Danelaw.Cli.Rendering.Reports;

/// <summary>Where the results of checks go, and the exit codes that belong to it. May be used by several threads.</summary>
internal interface ICheckSink
{
    /// <summary>The exit code of one check.</summary>
    int CodeOf(ToldCheck check);

    /// <summary>Tells a result.</summary>
    void Tell(CheckResult result);

    /// <summary>Tells what is told last.</summary>
    /// <param name="code">The worst exit code of the results.</param>
    /// <param name="now">The time that was judged at.</param>
    /// <returns>The exit code of the whole.</returns>
    int End(int code, DateTimeOffset now);
}
