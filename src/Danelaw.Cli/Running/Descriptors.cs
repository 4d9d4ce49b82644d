using System.Runtime.InteropServices;

namespace Danelaw.Cli.Running;

/// <summary>A process that may open no more files fails where nobody foresaw it, even in loading its own parts: that is told as what it is.</summary>
internal static class Descriptors
{
    /// <summary>EMFILE and ENFILE, alike on Linux and macOS.</summary>
    private const int ProcessHasNone = 24, MachineHasNone = 23;

    public const string Mend = "let the process open more files (ulimit -n 4096 in the shell, LimitNOFILE=4096 in a systemd unit), or have fewer targets in flight (--concurrency)";

    /// <summary>Whether an exception comes of that: it says so, a part of .NET or of ours could not be loaded although it is there, or no file can be opened now.</summary>
    public static bool AreUsedUp(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
            if (IsRefusal(inner)) return true;
        try
        {
            using var file = File.OpenHandle("/dev/null");
            return false;
        }
        catch (IOException refused)
        {
            return IsRefusal(refused);
        }
        catch (Exception other) when (other is UnauthorizedAccessException or NotSupportedException)
        {
            return false;
        }
    }

    private static bool IsRefusal(Exception exception) => exception switch
    {
        FileNotFoundException { FileName: { } name } => IsPart(name.Split(',')[0] + ".dll"),
        FileLoadException { FileName: { } name } => IsPart(name.Split(',')[0] + ".dll"),
        IOException => exception.HResult is ProcessHasNone or MachineHasNone,
        _ => false,
    };

    private static bool IsPart(string file) => File.Exists(Path.Combine(AppContext.BaseDirectory, file)) || File.Exists(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), file));
}
