using Danelaw.Checks;

namespace Danelaw.Cli.Running;

/// <summary>Shows how far checks have come. May be used by several threads.</summary>
/// <param name="voice">Where to.</param>
/// <param name="isSeveral">Whether there may be more than one target.</param>
internal sealed class CheckSteps(Voice voice, bool isSeveral)
{
    private int _done;

    /// <summary>How many checks are done.</summary>
    public int Done => _done;

    /// <summary>Shows the steps of one check.</summary>
    public IProgress<CheckProgress> Of(CheckTarget target) => new Steps(this, target.Text);

    /// <summary>Counts a check that is done.</summary>
    public void CountOne() => Interlocked.Increment(ref _done);

    private void Show(string target, CheckProgress step)
    {
        if (isSeveral)
        {
            voice.Progress($"{_done} checked, now {target}");
            return;
        }

        var count = step.Total > 0 ? $" ({step.Done} of {step.Total} done)" : "";
        voice.Progress(step.Stage switch
        {
            CheckStage.FindingHosts => $"{target}: looking for its servers",
            CheckStage.LookingUp => $"{target}: looking up addresses and TLSA records{count}",
            CheckStage.Probing => $"{target}: talking to its servers{count}",
            CheckStage.Done => $"{target}: judging",
        });
    }

    /// <summary>At once and in order, unlike the framework's own.</summary>
    private sealed class Steps(CheckSteps all, string target) : IProgress<CheckProgress>
    {
        public void Report(CheckProgress value) => all.Show(target, value);
    }
}
