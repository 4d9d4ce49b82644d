using Danelaw.Dns.Names;

namespace Danelaw.Operator.Rollover.Settings;

/// <summary>Files of settings name commands that root runs: whoever may write to one could have his own run (docs/decisions/0231).</summary>
public static class SettingsFile
{
    /// <summary>Why a file is not used: others than its owner may write to it.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="mode">Its permission bits.</param>
    /// <param name="mend">What to do about it; empty where it may be used.</param>
    /// <returns>A phrase; null where it may be used.</returns>
    public static string? FindFault(string path, UnixFileMode mode, out string mend)
    {
        ArgumentNullException.ThrowIfNull(path);
        var isOpen = (mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;
        mend = isOpen ? $"look at what stands in it, then: chmod go-w {ShellWord.Quote(path)}" : "";
        return isOpen ? $"{path} names commands that are run, and others than its owner may write to it" : null;
    }
}
