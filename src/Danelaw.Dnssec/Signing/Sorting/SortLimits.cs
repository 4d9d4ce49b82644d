namespace Danelaw.Dnssec.Signing.Sorting;

/// <summary>How much memory sorting may take before it uses a file.</summary>
/// <param name="ChunkLength">Octets that are sorted at once.</param>
/// <param name="ChunksKept">How many sorted chunks stay in memory; two more are at work.</param>
/// <param name="Folder">Where the file stands, which nobody else may read and which has no name once it is open.</param>
internal sealed record SortLimits(int ChunkLength, int ChunksKept, string Folder)
{
    /// <summary>64 MiB and what is at work; the folder for temporary files (TMPDIR).</summary>
    internal static SortLimits Default => new(8 << 20, 8, Path.GetTempPath());
}
