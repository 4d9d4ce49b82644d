namespace Danelaw.Cli.Running;

/// <summary>Files that the user names, where <c>-</c> is standard input; what goes wrong with them is said in a few words.</summary>
internal static class FileText
{
    /// <summary>What to do about a file that this user may not read: keys, and the folders of ACME clients, are root's.</summary>
    public const string AsRoot = "run it as root (sudo), or as a user who may read it";

    /// <summary>No file that we read as a whole needs to be larger.</summary>
    private const int MaximumLength = 256 << 20;

    private const UnixFileMode OthersToo = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Reads the whole file.</summary>
    /// <param name="surroundings">The folder and the standard input.</param>
    /// <param name="path">The file's name, or <c>-</c>.</param>
    /// <param name="maximumLength">Octets, at most <see cref="MaximumLength"/>.</param>
    /// <exception cref="MisuseException">It cannot be read, or is larger.</exception>
    public static byte[] ReadAll(Surroundings surroundings, string path, int maximumLength = MaximumLength)
    {
        using var stream = Open(surroundings, path);
        using var octets = new MemoryStream();
        var buffer = new byte[81920];
        try
        {
            int count;
            while ((count = stream.Read(buffer)) > 0)
            {
                if (octets.Length + count > maximumLength) throw new MisuseException($"{Shown(path)} is larger than {maximumLength} octets");
                octets.Write(buffer, 0, count);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, exception);
        }

        return octets.ToArray();
    }

    /// <summary>Opens the file for reading.</summary>
    /// <exception cref="MisuseException">It cannot be opened.</exception>
    public static Stream Open(Surroundings surroundings, string path)
    {
        if (path.Length == 0) throw new MisuseException("a file name is empty");
        if (path == "-") return surroundings.Input;
        try
        {
            var full = Path.GetFullPath(path, surroundings.Folder);
            if (Directory.Exists(full)) throw new MisuseException($"cannot read {Shown(path)}: it is a folder");
            return new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(path, exception);
        }
    }

    private static MisuseException Unreadable(string path, Exception exception) =>
        new($"cannot read {Shown(path)}: {Reason(exception)}", exception is UnauthorizedAccessException ? AsRoot : null);

    /// <summary>Sees that a file could stand there, before the work that is to fill it.</summary>
    /// <exception cref="MisuseException">It is a folder, or its folder does not exist.</exception>
    public static void RequirePlace(Surroundings surroundings, string path)
    {
        if (path.Length == 0) throw new MisuseException("a file name is empty");
        if (path == "-") return;
        var full = Path.GetFullPath(path, surroundings.Folder);
        if (Directory.Exists(full)) throw new MisuseException($"cannot write {path}: it is a folder");
        if (Path.GetDirectoryName(full) is { } folder && !Directory.Exists(folder)) throw new MisuseException($"cannot write {path}: there is no folder {folder}");
    }

    /// <summary>Whether somebody other than its owner may read or change the file.</summary>
    public static bool IsOpenToOthers(string path) => !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & OthersToo) != 0;

    /// <summary>The file's name for people.</summary>
    public static string Shown(string path) => path == "-" ? "standard input" : path;

    /// <summary>Why a file could not be read or written, in a few words, lower case, no full stop.</summary>
    public static string Reason(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "permission denied",
        PathTooLongException => "the name is too long",
        ArgumentOutOfRangeException => "the file may not grow so large here",
        _ => Lower(exception.Message.Split(" : ")[0].TrimEnd('.')),
    };

    private static string Lower(string text) => text.Length > 1 && char.IsLower(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;
}
