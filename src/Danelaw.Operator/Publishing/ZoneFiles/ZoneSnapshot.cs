namespace Danelaw.Operator.Publishing.ZoneFiles;

/// <summary>The octets of a zone's files at one moment. Each is read once, so that what was judged is what is edited.</summary>
internal sealed class ZoneSnapshot
{
    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _octets = new(StringComparer.Ordinal);

    /// <summary>The file itself, links followed, whatever name the zone has for it.</summary>
    /// <exception cref="IOException">It cannot be followed.</exception>
    internal string PathOf(string file)
    {
        if (!_paths.TryGetValue(file, out var path)) _paths.Add(file, path = ZoneFileStore.PathOf(file));
        return path;
    }

    /// <summary>Opens a file as it was at the first time.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal Stream Open(string file)
    {
        var path = PathOf(file);
        if (!_octets.TryGetValue(path, out var octets)) _octets.Add(path, octets = ZoneFileStore.Read(path));
        return new MemoryStream(octets, writable: false);
    }

    /// <summary>The lines of a file that was opened.</summary>
    /// <param name="path">The file, links followed.</param>
    internal ZoneText Text(string path) => ZoneText.Of(path, _octets[path]);

    /// <summary>The same with some files as they are to become.</summary>
    internal ZoneSnapshot With(IEnumerable<ZoneText> drafts)
    {
        var snapshot = new ZoneSnapshot();
        foreach (var (file, path) in _paths) snapshot._paths.Add(file, path);
        foreach (var (path, octets) in _octets) snapshot._octets.Add(path, octets);
        foreach (var draft in drafts) snapshot._octets[draft.Path] = draft.ToOctets();
        return snapshot;
    }
}
