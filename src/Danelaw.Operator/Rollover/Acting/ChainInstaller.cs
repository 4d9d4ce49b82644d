using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Processes;
using Danelaw.Operator.Publishing.ZoneFiles;
using Danelaw.Operator.Rollover.Settings;

namespace Danelaw.Operator.Rollover.Acting;

/// <summary>Puts a chain into its file in one rename, so that no server ever reads half of one. Doing it twice is doing it once.</summary>
/// <param name="faults">Where a test kills.</param>
/// <param name="flush">Sees that a folder's entries are on the disk; null for the kernel's way.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class ChainInstaller(FaultPoints faults, Action<string>? flush = null)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Installs.</summary>
    /// <param name="settings">Which file, and who may read it.</param>
    /// <param name="pem">Its content.</param>
    /// <returns>Why power that fails now may bring the old file back, as a sentence; null where it cannot.</returns>
    /// <exception cref="IOException">It could not be done; the file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    internal string? Install(ChainSettings settings, ReadOnlySpan<byte> pem)
    {
        // A link stays a link: what it points to is replaced.
        var path = new FileInfo(settings.File).LinkTarget is null ? settings.File : File.ResolveLinkTarget(settings.File, returnFinalTarget: true)!.FullName;
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);

            // Whatever mask the unit has: a group that may read the file has to come to it.
            if (settings.Group is not null) File.SetUnixFileMode(folder, OwnerOnly | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        FileStatus.Of(path, out var owner);
        RefuseSharedFolder(folder, settings.File, owner);
        if (path != settings.File) RefuseSharedFolder(Path.GetDirectoryName(settings.File)!, settings.File, owner);
        uint? group = settings.Group is null ? null : Posix.FindGroup(settings.Group) ?? throw new IOException($"there is no group {settings.Group}, which is to read {settings.File}");
        faults.Reach("before-install");
        var aside = Path.Combine(folder, $".{Path.GetFileName(path)}.danelaw-new");
        File.Delete(aside);
        try
        {
            using (var stream = new FileStream(aside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly, BufferSize = 0 }))
            {
                stream.Write(pem[..(pem.Length / 2)]);
                faults.Reach("install-half-written");
                stream.Write(pem[(pem.Length / 2)..]);

                // Attributes and mode first: who has given a file away may not set it any more without more rights than this needs.
                if (owner is not null) ExtendedAttributes.Copy(path, aside, isNeeded: name => name == ExtendedAttributes.AccessList);
                File.SetUnixFileMode(stream.SafeFileHandle, ModeOf(owner, settings.Group is not null));
                if ((owner, group) is not (null, null) && !FileOwnership.TryGive(stream.SafeFileHandle, owner?.UserId ?? uint.MaxValue, group ?? owner?.GroupId ?? uint.MaxValue))
                    throw new IOException($"owner and group of {settings.File} cannot be kept: {Marshal.GetLastPInvokeErrorMessage()}");
                stream.Flush(flushToDisk: true);
            }

            faults.Reach("install-written");
            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }

        faults.Reach("install-renamed");
        string? unsure = null;
        try
        {
            (flush ?? Posix.FlushFolder)(folder);
        }
        catch (IOException fault)
        {
            // It is in its place all the same, and its server is to read it.
            unsure = $"{settings.File} holds its new chain, and may hold the old one again when power fails: {fault.Message}";
        }

        faults.Reach("after-install");
        return unsure;
    }

    /// <summary>Whoever may write to the folder of a chain file may put another in its place, or a link, and would be given the key by root (docs/decisions/0236).</summary>
    private static void RefuseSharedFolder(string folder, string file, FileOwner? owner)
    {
        if (!Environment.IsPrivilegedProcess || FileStatus.Of(folder, out var its) != FileKind.Folder || its is null) return;
        var isOthers = (its.Mode & UnixFileMode.OtherWrite) != 0 || ((its.Mode & UnixFileMode.GroupWrite) != 0 && its.GroupId != 0) || (its.UserId != 0 && its.UserId != owner?.UserId);
        if (isOthers) throw new IOException($"others than root and the owner of {file} may write to {folder}, and could have the key given to themselves: chown root {folder}; chmod go-w {folder}");
    }

    /// <summary>The mode that stood there, and never one that lets anybody read; a group that is named may read.</summary>
    private static UnixFileMode ModeOf(FileOwner? owner, bool hasGroup)
    {
        const UnixFileMode Allowed = OwnerOnly | UnixFileMode.GroupRead;
        if (hasGroup) return OwnerOnly | UnixFileMode.GroupRead;
        return owner is null ? OwnerOnly : (owner.Mode & Allowed) | OwnerOnly;
    }
}
