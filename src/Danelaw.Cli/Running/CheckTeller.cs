using Danelaw.Checks;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Rendering;

namespace Danelaw.Cli.Running;

/// <summary>Tells the reports of checks as they come, and what exit code they amount to. May be used by several threads.</summary>
/// <param name="call">The call.</param>
/// <param name="isNagios">Whether one line is to be told at the end.</param>
/// <param name="isStrict">Whether warnings count.</param>
/// <param name="isSeveral">Whether there may be more than one target.</param>
internal sealed class CheckTeller(Call call, bool isNagios, bool isStrict, bool isSeveral)
{
    private const int NagiosUnknown = 3;

    private readonly Lock _lock = new();
    private readonly List<CheckReport> _kept = [];
    private int _done;

    /// <summary>How many reports were told.</summary>
    public int Count => _done;

    /// <summary>The exit code of one report.</summary>
    public static int CodeOf(CheckReport report, bool isStrict) => report.Verdict switch
    {
        CheckVerdict.Verified => isStrict && report.Findings.Any(finding => finding.Severity != Severity.Note) ? ExitCode.Bad : ExitCode.Good,
        CheckVerdict.Failing or CheckVerdict.Partial => ExitCode.Bad,
        CheckVerdict.Undetermined or CheckVerdict.Unreachable => ExitCode.Undetermined,
        CheckVerdict.Unprotected => isStrict && report.Findings.Any(finding => finding.Severity != Severity.Note) ? ExitCode.Bad : ExitCode.Unprotected,
    };

    /// <summary>The exit code of one report by the options given.</summary>
    public int CodeOf(CheckReport report) => isNagios ? NagiosLine.CodeOf(report) : CodeOf(report, isStrict);

    /// <summary>Shows the steps of one check.</summary>
    public IProgress<CheckProgress> ProgressOf(CheckTarget target) => new Steps(this, target.Text);

    /// <summary>Tells a report.</summary>
    /// <returns>Its exit code.</returns>
    public int Tell(CheckReport report)
    {
        Interlocked.Increment(ref _done);
        if (isNagios)
        {
            lock (_lock) _kept.Add(report);
        }
        else if (call.Output.IsJson)
        {
            call.Voice.Result(CheckJson.Document(report));
        }
        else
        {
            var page = new Page(call.Output.Style);
            CheckText.Write(page, report, call.Output);
            if (isSeveral && !call.Output.IsQuiet) page.Gap();
            call.Voice.Result(page.ToUtf8());
        }

        return CodeOf(report, isStrict);
    }

    /// <summary>Tells what is told last.</summary>
    /// <param name="code">The worst exit code.</param>
    /// <param name="now">The time that was judged at.</param>
    /// <returns>The exit code of the whole.</returns>
    public int End(int code, DateTimeOffset now)
    {
        if (!isNagios) return code;
        _kept.Sort((left, right) => string.CompareOrdinal(left.Target, right.Target));
        call.Voice.Result(NagiosLine.Of(_kept, now));

        // A monitor whose list went empty must not go on saying that all is well.
        return _kept.Count == 0 ? NagiosUnknown : _kept.Aggregate(0, (worst, report) => NagiosLine.Worse(worst, NagiosLine.CodeOf(report)));
    }

    private void Show(string target, CheckProgress step)
    {
        if (isSeveral)
        {
            call.Voice.Progress($"{_done} checked, now {target}");
            return;
        }

        var count = step.Total > 0 ? $" ({step.Done} of {step.Total} done)" : "";
        call.Voice.Progress(step.Stage switch
        {
            CheckStage.FindingHosts => $"{target}: looking for its mail servers",
            CheckStage.LookingUp => $"{target}: looking up addresses and TLSA records{count}",
            CheckStage.Probing => $"{target}: talking to its servers{count}",
            CheckStage.Done => $"{target}: judging",
        });
    }

    /// <summary>At once and in order, unlike the framework's own.</summary>
    private sealed class Steps(CheckTeller teller, string target) : IProgress<CheckProgress>
    {
        public void Report(CheckProgress value) => teller.Show(target, value);
    }
}
