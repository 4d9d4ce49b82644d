using Danelaw.Checks;

namespace Danelaw.Cli.Rendering.Reports;

/// <summary>Where the reports of checks go, and the exit codes that belong to it. May be used by several threads.</summary>
internal interface ICheckSink
{
    /// <summary>The exit code of one report.</summary>
    int CodeOf(CheckReport report);

    /// <summary>Tells a report.</summary>
    void Tell(CheckReport report);

    /// <summary>Tells what is told last.</summary>
    /// <param name="code">The worst exit code of the reports.</param>
    /// <param name="now">The time that was judged at.</param>
    /// <returns>The exit code of the whole.</returns>
    int End(int code, DateTimeOffset now);
}
