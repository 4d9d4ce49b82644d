namespace Danelaw.Testing.Peers;

/// <summary>A folder of a test's own, readable by the users that servers change to, removed at the end.</summary>
public sealed class TestFolder : IDisposable
{
    public TestFolder(string name)
    {
        Root = Directory.CreateTempSubdirectory($"danelaw-{name}-").FullName;
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
