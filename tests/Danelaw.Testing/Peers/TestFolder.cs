namespace Danelaw.Testing.Peers;

/// <summary>A folder of a test's own, readable by the users that servers change to, removed at the end.</summary>
public sealed class TestFolder : IDisposable
{
    /// <param name="name">What its path has in it.</param>
    /// <param name="isInMemory">Whether it is kept in memory where that can be had: what writes through to the disk all the time then does not wait for it.</param>
    public TestFolder(string name, bool isInMemory = false)
    {
        Root = isInMemory && Directory.Exists("/dev/shm") ? Directory.CreateDirectory($"/dev/shm/danelaw-{name}-{Guid.NewGuid():N}").FullName : Directory.CreateTempSubdirectory($"danelaw-{name}-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Root, (UnixFileMode)0b111_101_101);
    }

    /// <summary>The folder's absolute path.</summary>
    public string Root { get; }

    /// <summary>The absolute path of something in the folder; folders above it are made.</summary>
    public string this[string relative]
    {
        get
        {
            var path = Path.Combine(Root, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return path;
        }
    }

    /// <summary>Writes a text file and gives its path.</summary>
    public string Write(string relative, string text)
    {
        var path = this[relative];
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Gives a file permission bits, such as <c>0b110_000_000</c> for its owner alone.</summary>
    public static void SetMode(string path, int mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, (UnixFileMode)mode);
    }

    public void Dispose()
    {
        try { Directory.Delete(Root, recursive: true); }
        catch (IOException) { /* a server on its way out may still write; the folder is a temporary one */ }
    }
}
