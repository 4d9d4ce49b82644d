namespace Danelaw.Operator.Processes;

/// <summary>Finds programs that an operator has named (docs/decisions/0236). .NET itself would look beside this program and in the current folder first: whoever may write there would choose what root runs.</summary>
internal static class ProgramSearch
{
    /// <summary>Where a system keeps its programs.</summary>
    private static readonly string[] Folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>Where programs are looked for, in this order. An empty entry of PATH, and one that is relative, mean the current folder.</summary>
    internal static IEnumerable<string> Places => Folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(folder => folder.StartsWith('/'))).Distinct();

    /// <summary>The path of a program; null when there is none.</summary>
    /// <param name="program">Its path, or a name without a slash.</param>
    internal static string? Find(string program)
    {
        if (program.Contains('/', StringComparison.Ordinal)) return File.Exists(program) ? Path.GetFullPath(program) : null;
        return Places.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
    }
}
