using Danelaw.Checks;
using Danelaw.Cli.Rendering.Reports;

namespace Danelaw.Cli.Running;

/// <summary>How the command ends, as documented; a program may rely on these numbers.</summary>
internal static class ExitCode
{
    /// <summary>Verified, answered, matched, done.</summary>
    public const int Good = 0;

    /// <summary>Failing, bogus, no match, refused.</summary>
    public const int Bad = 1;

    /// <summary>Misuse: a bad option, a file that cannot be read, written or parsed.</summary>
    public const int Misuse = 2;

    /// <summary>It could not be determined.</summary>
    public const int Undetermined = 3;

    /// <summary>There is no DANE to check.</summary>
    public const int Unprotected = 4;

    /// <summary>A fault of ours (EX_SOFTWARE).</summary>
    public const int Fault = 70;

    /// <summary>Its terminal went away, as shells say it: 128 and SIGHUP.</summary>
    public const int HungUp = 129;

    /// <summary>Interrupted from the keyboard, as shells say it: 128 and SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>The reader of our output went away: 128 and SIGPIPE.</summary>
    public const int BrokenPipe = 141;

    /// <summary>Ended by SIGTERM: 128 and 15.</summary>
    public const int Terminated = 143;

    private static ReadOnlySpan<int> WorstFirst => [Fault, Misuse, Bad, Undetermined, Unprotected, Good];

    /// <summary>Of several targets the worst, in the order 1, 3, 4, 0; misuse and our own faults before all.</summary>
    public static int Worse(int left, int right) => WorstFirst.IndexOf(left) <= WorstFirst.IndexOf(right) ? left : right;

    /// <summary>The exit code of a check, which is that of its verdict; where it is strict, errors and warnings count beside it (docs/decisions/0292).</summary>
    public static int Of(ToldCheck check, bool isStrict) => check.Verdict switch
    {
        CheckVerdict.Verified => isStrict && check.HasWarning ? Bad : Good,
        CheckVerdict.Failing or CheckVerdict.Partial => Bad,
        CheckVerdict.Undetermined or CheckVerdict.Unreachable => Undetermined,
        CheckVerdict.Unprotected => isStrict && check.HasWarning ? Bad : Unprotected,
    };
}
