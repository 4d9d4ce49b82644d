using System.Runtime.InteropServices;

namespace Danelaw.Operator.Audit.Files;

/// <summary>What kind of thing a path names, without following it.</summary>
internal enum FileKind
{
    /// <summary>It may not be seen.</summary>
    Unseen,

    /// <summary>Nothing is there.</summary>
    Missing,

    /// <summary>A file.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link.</summary>
    Link,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>The file system's word on a path: .NET tells permission bits but neither owner nor group.</summary>
internal static unsafe partial class FileStatus
{
    private const int CurrentFolder = -100, NoFollow = 0x100, NoAutomount = 0x800;
    private const uint BasicStatus = 0x7ff;
    private const int NotPermitted = 1, NoSuchEntry = 2, AccessDenied = 13, NotAFolder = 20;

    /// <summary>Looks at a path.</summary>
    /// <param name="path">The path in this machine's own terms.</param>
    /// <param name="owner">Permission bits, owner and group; null unless something is there and seen.</param>
    internal static FileKind Of(string path, out FileOwner? owner)
    {
        owner = null;
        Status status;
        if (StatX(CurrentFolder, path, NoFollow | NoAutomount, BasicStatus, &status) != 0)
        {
            return Marshal.GetLastPInvokeError() switch
            {
                NoSuchEntry or NotAFolder => FileKind.Missing,
                AccessDenied or NotPermitted => FileKind.Unseen,
                _ => FileKind.Unseen,
            };
        }

        owner = new((UnixFileMode)(status.Mode & 0xfff), status.UserId, status.GroupId);
        return (status.Mode & 0xf000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Folder,
            0xa000 => FileKind.Link,
            _ => FileKind.Other,
        };
    }

    /// <summary>What tells one file or folder from every other of this machine, by whatever path it is reached; null where nothing is there or may be seen.</summary>
    /// <param name="path">The path in this machine's own terms.</param>
    internal static (ulong Number, uint Major, uint Minor)? IdentityOf(string path)
    {
        Status status;
        return StatX(CurrentFolder, path, NoFollow | NoAutomount, BasicStatus, &status) == 0 ? (status.Number, status.DeviceMajor, status.DeviceMinor) : null;
    }

    /// <summary>Whether a path leads, links followed, to something that is neither file nor folder: a device, a pipe, a socket.</summary>
    internal static bool LeadsToDevice(string path)
    {
        Status status;
        return StatX(CurrentFolder, path, NoAutomount, BasicStatus, &status) == 0 && (status.Mode & 0xf000) is not (0x8000 or 0x4000);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Status* status);

    /// <summary>struct statx of the kernel, the same on every architecture; what is not named here is not read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(20)]
        public uint UserId;

        [FieldOffset(24)]
        public uint GroupId;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Number;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
