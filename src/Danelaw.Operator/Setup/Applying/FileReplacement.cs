using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Processes;

namespace Danelaw.Operator.Setup.Applying;

/// <summary>
/// Replaces files whole: written aside in the same folder, owner, mode and extended attributes given, brought to the disk, then put in place in one step.
/// Whoever reads sees the old file or the new one. All paths are this machine's own, links followed already.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static partial class FileReplacement
{
    /// <summary>Where a file is written first: beside it, by a name that begins with a dot, so that no server takes it for one of the files of a folder that it reads.</summary>
    internal static string AsideOf(string path) => $"{Path.GetDirectoryName(path)}/.{Path.GetFileName(path)}.danelaw-new";

    private const int Busy = 16;

    /// <summary>Writes a file aside.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="content">What it is to hold.</param>
    /// <param name="owner">Who may do what with it.</param>
    /// <exception cref="IOException">It cannot be written; nothing is left behind.</exception>
    internal static void Prepare(string path, ReadOnlySpan<byte> content, FileOwner owner)
    {
        var aside = AsideOf(path);
        File.Delete(aside);
        try
        {
            using (var stream = new FileStream(aside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
                stream.Write(content);
                SetOwner(aside, owner);
                if (File.Exists(path)) ExtendedAttributes.Copy(path, aside);
                File.SetUnixFileMode(stream.SafeFileHandle, owner.Mode);
                stream.Flush(flushToDisk: true);
            }
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    /// <summary>Puts a file that was written aside in its place.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="IOException">It cannot be put there.</exception>
    internal static void Commit(string path)
    {
        if (Rename(AsideOf(path), path) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Busy) throw new IOException($"cannot replace {path}: {Marshal.GetPInvokeErrorMessage(error)}");

            // A file that is mounted by itself, as a container's resolv.conf, cannot be replaced: it is written where it is.
            var content = File.ReadAllBytes(AsideOf(path));
            using (var stream = new FileStream(path, FileMode.Open, FileAccess.Write))
            {
                stream.SetLength(0);
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Delete(AsideOf(path));
        }

        Posix.FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Takes away what was written aside and not put in place.</summary>
    /// <param name="path">The file's path.</param>
    internal static void Forget(string path) => Delete(AsideOf(path));

    /// <summary>Takes a file away.</summary>
    /// <param name="path">Its path.</param>
    internal static void Remove(string path)
    {
        Delete(path);
        if (Path.GetDirectoryName(path) is { } folder && Directory.Exists(folder)) Posix.FlushFolder(folder);
    }

    /// <summary>A file whose folder is away is away as well, which <see cref="File.Delete(string)"/> takes for a failure.</summary>
    private static void Delete(string path)
    {
        if (Directory.Exists(Path.GetDirectoryName(path))) File.Delete(path);
    }

    private static void SetOwner(string path, FileOwner owner)
    {
        if (FileStatus.Of(path, out var now) == FileKind.Regular && now is not null && now.UserId == owner.UserId && now.GroupId == owner.GroupId) return;
        Posix.GiveTo(path, owner.UserId, owner.GroupId);
    }

    [LibraryImport("libc", EntryPoint = "rename", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Rename(string from, string to);
}
