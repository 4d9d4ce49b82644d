namespace Danelaw.Operator.Audit.Files;

/// <summary>Keeps files that include one another from being read without end: none within itself, none too deep, not too many in all.</summary>
internal sealed class Inclusions
{
    private const int MaximumDepth = 16, MaximumFiles = 2_000;

    private readonly List<string> _open = [];
    private int _count;

    /// <summary>Begins a file.</summary>
    /// <param name="realPath">Its real path.</param>
    /// <param name="fault">Why it is not read, as a phrase; empty on success.</param>
    /// <returns>False where it is not to be read; then there is nothing to leave.</returns>
    internal bool TryEnter(string realPath, out string fault)
    {
        fault = _open.Contains(realPath) ? $"{realPath} includes itself"
            : _open.Count >= MaximumDepth ? "files include one another too deeply"
            : _count >= MaximumFiles ? "too many files are included"
            : "";
        if (fault.Length > 0) return false;
        _count++;
        _open.Add(realPath);
        return true;
    }

    /// <summary>Ends the file that was begun last.</summary>
    internal void Leave() => _open.RemoveAt(_open.Count - 1);
}
