using System.Globalization;
using System.Runtime.InteropServices;

namespace Danelaw.Fuzz.Driving;

/// <summary>
/// The other end of afl-fuzz: its fork server's protocol (AFL++ 4), spoken by one process that never forks. Inputs come and edges go through shared memory, so that
/// a run costs two small reads and two small writes.
/// </summary>
/// <remarks>
/// An exception is told to afl-fuzz as SIGABRT, and the process goes on. What ends the process (a stack overflow, an input without end, for which
/// <see cref="Watchdog"/> ends it) leaves its input in the file <c>current</c>; <c>fuzz/run</c> keeps that as a finding and begins again.
/// </remarks>
internal static unsafe partial class AflServer
{
    private const int Control = 198;
    private const int Status = 199;
    private const int OptionsEnabled = unchecked((int)0x80000001);
    private const int OptionMapSize = 0x40000000;
    private const int OptionSharedInput = 0x01000000;
    private const int Aborted = 6;

    /// <summary>Serves until afl-fuzz closes its pipe.</summary>
    /// <param name="target">What to run.</param>
    /// <param name="folder">Where <c>current</c> and <c>findings.log</c> go; inputs in its sub-folder <c>warm</c> run first, so that everything is compiled and loaded.</param>
    internal static int Run(FuzzTarget target, string folder)
    {
        var warm = Path.Combine(folder, "warm");
        for (var i = 0; i < 3 && Directory.Exists(warm); i++)
            foreach (var file in Replay.Files(warm)) Replay.Try(target, File.ReadAllBytes(file));

        if (Attach("__AFL_SHM_ID") is not { } map || Attach("__AFL_SHM_FUZZ_ID") is not { } input)
        {
            Console.Error.WriteLine("serve: this runs under afl-fuzz (-i, -o and without -f)");
            return 2;
        }

        // We say what we can; afl-fuzz answers that inputs come through shared memory.
        Send(OptionsEnabled | OptionMapSize | ((Coverage.MapSize - 1) << 1) | OptionSharedInput);
        if (Receive() is not { } agreed || (agreed & OptionSharedInput) == 0) return 1;

        using var current = new CurrentInput(Path.Combine(folder, "current"), target.MaximumLength);
        using var log = new StreamWriter(Path.Combine(folder, "findings.log"), append: true) { AutoFlush = true };
        var watchdog = new Watchdog(Path.Combine(folder, "cpu"));
        Coverage.Use((byte*)map);
        while (Receive() is not null)
        {
            Send(Environment.ProcessId);
            var octets = new ReadOnlySpan<byte>((byte*)input + 4, (int)Math.Min(*(uint*)input, (uint)target.MaximumLength)).ToArray();
            current.Keep(octets);
            watchdog.Begin();
            Coverage.Resume();
            var finding = Replay.Try(target, octets);
            watchdog.End();
            if (finding is not null) log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(octets)} {finding.GetType().Name}: {finding.Message}"));
            Send(finding is null ? 0 : Aborted);
        }

        return 0;
    }

    private static nint? Attach(string variable)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var id)) return null;
        var memory = AttachMemory(id, 0, 0);
        return memory == -1 ? null : memory;
    }

    private static void Send(int value)
    {
        if (Write(Status, &value, sizeof(int)) != sizeof(int)) Environment.Exit(0);
    }

    private static int? Receive()
    {
        int value;
        return Read(Control, &value, sizeof(int)) == sizeof(int) ? value : null;
    }

    [LibraryImport("libc", EntryPoint = "shmat")]
    private static partial nint AttachMemory(int id, nint address, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, void* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, void* buffer, nint count);
}
