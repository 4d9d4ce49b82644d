namespace Danelaw.Operator.Audit.Files;

/// <summary>Keeps files that include one another from being read without end: none within itself, none too deep, not too many in all, nor too much.</summary>
internal sealed class Inclusions
{
    private const int MaximumDepth = 16, MaximumFiles = 2_000, MaximumOctets = 64 * 1024 * 1024;

    private readonly List<string> _open = [];
    private int _count;
    private long _octets;

    /// <summary>Begins a file.</summary>
    /// <param name="file">What was read of it.</param>
    /// <param name="fault">Why it is not read, as a phrase; empty on success.</param>
    /// <returns>False where it is not to be read; then there is nothing to leave.</returns>
    internal bool TryEnter(HostFile file, out string fault)
    {
        fault = _open.Contains(file.RealPath) ? $"{file.RealPath} includes itself"
            : _open.Count >= MaximumDepth ? "files include one another too deeply"
            : _count >= MaximumFiles ? "too many files are included"
            : _octets + file.Content.Length > MaximumOctets ? "the files that are included are too large in all"
            : "";
        if (fault.Length > 0) return false;
        _count++;
        _octets += file.Content.Length;
        _open.Add(file.RealPath);
        return true;
    }

    /// <summary>Ends the file that was begun last.</summary>
    internal void Leave() => _open.RemoveAt(_open.Count - 1);
}
