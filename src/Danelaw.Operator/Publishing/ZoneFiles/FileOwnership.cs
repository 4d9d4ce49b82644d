using System.Runtime.InteropServices;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Processes;
using Microsoft.Win32.SafeHandles;

namespace Danelaw.Operator.Publishing.ZoneFiles;

/// <summary>What .NET cannot do with files: give them away, and make a rename last.</summary>
public static partial class FileOwnership
{
    /// <summary>Gives a file that was written beside another, and is to take its place, that one's permission bits, owner and group. Nothing is done where no file stands there.</summary>
    /// <param name="file">The new file.</param>
    /// <param name="path">The path of the one that it takes the place of; not a link.</param>
    /// <returns>False where this user may not give the file away: then it has the permission bits alone.</returns>
    /// <exception cref="IOException">The permission bits cannot be set.</exception>
    public static bool TryTakeAfter(SafeFileHandle file, string path)
    {
        if (OperatingSystem.IsWindows() || FileStatus.Of(path, out var owner) != FileKind.Regular || owner is null) return true;

        // The owner first: to give a file away takes its set-ID bits.
        var isGiven = TryGive(file, owner);
        File.SetUnixFileMode(file, owner.Mode);
        return isGiven;
    }

    /// <summary>Whether a path leads to a device, a pipe or a socket: what is written there goes into it, and nothing can take its place.</summary>
    /// <param name="path">The path; links are followed.</param>
    /// <returns>False also where nothing is there, or it may not be seen; elsewhere than on Linux for what does not stand in <c>/dev</c>.</returns>
    public static bool IsDevice(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.StartsWith("/dev/", StringComparison.Ordinal) || (OperatingSystem.IsLinux() && FileStatus.LeadsToDevice(path));
    }

    /// <summary>Gives a file that was just made to the owner and group of another.</summary>
    /// <returns>False where this user may not.</returns>
    internal static bool TryGive(SafeFileHandle file, FileOwner owner) => TryGive(file, owner.UserId, owner.GroupId);

    /// <summary>The same; <see cref="uint.MaxValue"/> leaves one as it is.</summary>
    internal static bool TryGive(SafeFileHandle file, uint user, uint group) => ChangeOwner(file, user, group) == 0;

    /// <summary>Makes a file that was just put in its place stay there when power fails, as far as the file system can.</summary>
    /// <param name="path">Its path.</param>
    public static void FlushFolderOf(string path)
    {
        if (OperatingSystem.IsWindows() || Path.GetDirectoryName(path) is not { } folder) return;
        try
        {
            Posix.FlushFolder(folder);
        }
        catch (IOException)
        {
            // It is in its place all the same.
        }
    }

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);
}
