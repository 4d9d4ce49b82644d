using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Processes;

/// <summary>What .NET has no name for: the time since boot, the owner of a file, a folder on the disk, the end of this process.</summary>
internal static unsafe partial class Posix
{
    private const int BootTimeClock = 7, ReadOnly = 0, Directory = 0x10000, CloseOnExec = 0x80000, Kill = 9, Writing = 2, NoSuchProcess = 3;
    private const long TicksPerSecond = 10_000_000;

    /// <summary>The time since this boot, sleep included (CLOCK_BOOTTIME), and the boot.</summary>
    internal static Uptime ReadUptime()
    {
        TimeSpec time;
        if (ClockGetTime(BootTimeClock, &time) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        return new(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), TimeSpan.FromTicks((time.Seconds * TicksPerSecond) + (time.Nanoseconds / 100)));
    }

    /// <summary>Sees that a folder's entries are on the disk.</summary>
    internal static void FlushFolder(string folder)
    {
        // O_DIRECTORY has another number on 64-bit ARM.
        var directory = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : Directory;
        var handle = Open(folder, ReadOnly | directory | CloseOnExec);
        if (handle < 0) throw new IOException($"the folder {folder} cannot be opened: {Reason()}");
        try
        {
            if (FSync(handle) != 0) throw new IOException($"the folder {folder} cannot be written to the disk: {Reason()}");
        }
        finally
        {
            _ = Close(handle);
        }
    }

    /// <summary>Gives a file to a user and a group; what is already so is left alone.</summary>
    internal static void GiveTo(string path, uint user, uint group)
    {
        if (ChangeOwner(path, user, group) != 0) throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{path} cannot be given to user {user} and group {group}: {Reason()}"));
    }

    /// <summary>The number of a group; null when there is none of that name.</summary>
    internal static uint? FindGroup(string name)
    {
        if (uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        foreach (var line in File.ReadLines("/etc/group"))
        {
            var parts = line.Split(':');
            if (parts.Length >= 3 && parts[0] == name && uint.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out number)) return number;
        }

        return null;
    }

    /// <summary>Why this process may not write to a file or folder; null when it may.</summary>
    internal static string? FindWritingFault(string path) => Access(path, Writing) == 0 ? null : Reason();

    /// <summary>Ends this process at once, as nothing can prevent.</summary>
    internal static void Die() => _ = SendSignal(Environment.ProcessId, Kill);

    /// <summary>Whether a process is there, also one of another user's that /proc does not show (ProtectProc=).</summary>
    internal static bool IsAlive(int process) => SendSignal(process, 0) == 0 || Marshal.GetLastPInvokeError() != NoSuchProcess;

    private static string Reason() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int ClockGetTime(int clock, TimeSpec* time);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
