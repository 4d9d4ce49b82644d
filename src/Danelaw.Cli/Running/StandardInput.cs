namespace Danelaw.Cli.Running;

/// <summary>The process's standard input.</summary>
internal static class StandardInput
{
    private const string Descriptors = "/proc/self/fd";

    /// <summary>
    /// Opens it. Where it was closed when the process began (<c>&lt;&amp;-</c>), the runtime has taken its number for a pipe of its own, by which signals come: whoever read there would wait for
    /// ever, and take away the signals that are to end it. Then it is empty.
    /// </summary>
    public static Stream Open() => IsClosed() ? Stream.Null : Console.OpenStandardInput();

    private static bool IsClosed()
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            if (Target("0") is not { } input) return true;

            // A pipe from elsewhere has its other end, the one that is written to, elsewhere; the runtime may have copied the end that is read.
            return input.StartsWith("pipe:", StringComparison.Ordinal)
                && Directory.EnumerateFileSystemEntries(Descriptors).Select(path => Path.GetFileName(path)).Any(name => name is not ("0" or "1" or "2") && Target(name) == input && IsWritten(name));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Without /proc nobody can tell.
            return false;
        }

        // open(2): the last two bits of the flags, which stand there in octal digits, are 0 for reading alone.
        static bool IsWritten(string name) =>
            File.ReadLines($"/proc/self/fdinfo/{name}").FirstOrDefault(line => line.StartsWith("flags:", StringComparison.Ordinal)) is { } flags && ((flags[^1] - '0') & 3) != 0;

        static string? Target(string name) => new FileInfo($"{Descriptors}/{name}").LinkTarget;
    }
}
