using System.Runtime.CompilerServices;

namespace Danelaw.Testing;

/// <summary>Where this checkout is, so that tests can read the data, documents and sources that stand in it.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>Danelaw.slnx</c>.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory) ?? FindRoot(SourceFolder()) ?? throw new DirectoryNotFoundException("Danelaw.slnx stands in no folder above the tests");

    /// <summary>A file or folder of <c>tests/Corpora</c>.</summary>
    public static string Corpus(params string[] parts) => Path.Combine([Root, "tests", "Corpora", .. parts]);

    /// <summary>Whether a path lies in a folder that the compiler made.</summary>
    public static bool IsBuildOutput(string path) => path.Contains("/obj/", StringComparison.Ordinal) || path.Contains("/bin/", StringComparison.Ordinal);

    private static string? FindRoot(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Danelaw.slnx"))) return folder;
        return null;
    }

    private static string? SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path);
}
