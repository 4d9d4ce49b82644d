using System.Runtime.InteropServices;
using Danelaw.Operator.Audit.Files;
using Microsoft.Win32.SafeHandles;

namespace Danelaw.Operator.Publishing.ZoneFiles;

/// <summary>What .NET cannot do with files: give them away, and make a rename last.</summary>
internal static partial class FileOwnership
{
    private const int ReadOnly = 0, CloseOnExec = 0x80000;

    /// <summary>Gives a file that was just made to the owner and group of another.</summary>
    /// <returns>False where this user may not.</returns>
    internal static bool TryGive(SafeFileHandle file, FileOwner owner) => TryGive(file, owner.UserId, owner.GroupId);

    /// <summary>The same; <see cref="uint.MaxValue"/> leaves one as it is.</summary>
    internal static bool TryGive(SafeFileHandle file, uint user, uint group) => ChangeOwner(file, user, group) == 0;

    /// <summary>Makes what was renamed in a folder outlast a loss of power.</summary>
    internal static void FlushFolder(string folder)
    {
        var handle = Open(folder, ReadOnly | CloseOnExec);
        if (handle < 0) return;
        _ = Flush(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
