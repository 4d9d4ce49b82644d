using System.Collections.Immutable;
using Danelaw.Dns;

namespace Danelaw.Operator.Audit.Files;

/// <summary>
/// The files of a host below a folder of this machine: <c>/</c> for the machine itself, any other for a backup, a container's file
/// system or a disk that is mounted. Links are followed as that host would follow them: an absolute target begins at the folder, and
/// nothing leads out of it. Only reads.
/// </summary>
public sealed class HostFiles
{
    /// <summary>The most octets that are read of one file: 16 MiB.</summary>
    public const int MaximumLength = 16 * 1024 * 1024;

    /// <summary>The most names that are listed: far more than a mail host has, and less than keeps a reader busy for long.</summary>
    private const long MaximumNames = 2_000_000;

    /// <summary>As many links as Linux follows on one path.</summary>
    private const int MaximumLinks = 40;

    private readonly string _root;
    private readonly CancellationToken _cancellationToken;
    private long _octets, _names;

    /// <summary>The files below a folder.</summary>
    /// <param name="root">The folder.</param>
    public HostFiles(string root)
        : this(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)) is var full && full == "/" ? "" : full, CancellationToken.None)
    {
    }

    private HostFiles(string root, CancellationToken cancellationToken) => (_root, _cancellationToken) = (root, cancellationToken);

    /// <summary>The most octets that are read in all, after which every file is too large: 1 GiB.</summary>
    internal long MaximumTotal { get; init; } = 1024L * 1024 * 1024;

    /// <summary>Whether this is the machine itself.</summary>
    public bool IsLive => _root.Length == 0;

    /// <summary>The same files for a piece of work that can be ended: then each look throws. Its limits count for it alone.</summary>
    /// <param name="cancellationToken">Ends the work.</param>
    public HostFiles Until(CancellationToken cancellationToken) => new(_root, cancellationToken) { MaximumTotal = MaximumTotal };

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path on that host; one that is not absolute names nothing.</param>
    /// <exception cref="OperationCanceledException">The work was ended.</exception>
    public HostFile Read(string path)
    {
        var (file, kind) = Find(path);
        if (kind != FileKind.Regular) return file;
        if (_octets > MaximumTotal) return file with { State = FileState.TooLarge };
        try
        {
            using var stream = File.OpenRead(_root + file.RealPath);
            var buffer = new MemoryStream();
            var piece = new byte[64 * 1024];
            for (var read = stream.Read(piece); read > 0; read = stream.Read(piece))
            {
                buffer.Write(piece, 0, read);
                _octets += read;
                if (buffer.Length > MaximumLength) return file with { State = FileState.TooLarge };
            }

            return file with { State = FileState.Read, Content = new Octets(buffer.ToArray()) };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return file with { State = failure is FileNotFoundException or DirectoryNotFoundException ? FileState.Missing : FileState.Unseen };
        }
    }

    /// <summary>Says what stands at a path, without its content: of a file the state is then <see cref="FileState.Read"/> with no octets.</summary>
    /// <param name="path">The path on that host, absolute.</param>
    public HostFile Look(string path)
    {
        var (file, kind) = Find(path);
        return kind == FileKind.Regular ? file with { State = FileState.Read } : file;
    }

    /// <summary>The names in a folder, in ordinal order.</summary>
    /// <param name="path">The folder's path on that host, absolute.</param>
    /// <param name="folder">What stands there: the list is whole only where this is a folder.</param>
    public ImmutableArray<string> List(string path, out HostFile folder)
    {
        (folder, var kind) = Find(path);
        if (kind != FileKind.Folder) return [];
        try
        {
            var names = _names > MaximumNames ? [] : Directory.EnumerateFileSystemEntries(_root + folder.RealPath).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal).ToImmutableArray();
            _names += names.Length;
            if (_names > MaximumNames) folder = folder with { State = FileState.Unseen };
            return names;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            folder = folder with { State = FileState.Unseen };
            return [];
        }
    }

    /// <summary>Whether every folder on the way to a file lets anybody pass.</summary>
    /// <param name="path">The file's real path on that host.</param>
    public bool IsOpenToOthers(string path) => ClosedFolder(path, null) is null;

    /// <summary>The first folder on the way to a file, from the file up, that lets neither anybody nor a group pass; null where there is none.</summary>
    /// <param name="path">The file's real path on that host.</param>
    /// <param name="group">The group; null for none.</param>
    internal string? ClosedFolder(string path, uint? group)
    {
        ArgumentNullException.ThrowIfNull(path);
        for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (FileStatus.Of(_root + path[..end], out var owner) != FileKind.Folder || owner is null || ((owner.Mode & UnixFileMode.OtherExecute) == 0 && !(owner.GroupId == group && (owner.Mode & UnixFileMode.GroupExecute) != 0))) return path[..end];
        }

        return null;
    }

    /// <summary>When a file was last written to; null where that cannot be seen.</summary>
    /// <param name="file">The file, as it was looked at.</param>
    internal DateTimeOffset? ChangedAt(HostFile file)
    {
        try
        {
            return File.Exists(_root + file.RealPath) ? new DateTimeOffset(File.GetLastWriteTimeUtc(_root + file.RealPath), TimeSpan.Zero) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Where a path of that host is on this machine, no link followed.</summary>
    /// <param name="path">The path on that host, absolute.</param>
    public string Here(string path) => _root + path;

    private (HostFile File, FileKind Kind) Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        _cancellationToken.ThrowIfCancellationRequested();

        // Configurations name such files, and there are none of them: none and DISABLED, what a variable should have begun, a path with a NUL.
        if (path is not ['/', ..] || path.Contains('\0')) return (new() { Path = path, State = FileState.Missing, RealPath = path, Trail = [path] }, FileKind.Missing);
        var trail = ImmutableArray.CreateBuilder<string>();
        trail.Add(path);
        var parts = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var current = new List<string>();
        var links = 0;
        var kind = FileKind.Folder;
        FileOwner? owner = null;
        if (parts.Count == 0) kind = FileStatus.Of(_root.Length == 0 ? "/" : _root, out owner);
        while (parts.TryPop(out var part))
        {
            if (part == ".") continue;
            if (part == "..")
            {
                // As in a root folder: above it is itself.
                if (current.Count > 0) current.RemoveAt(current.Count - 1);
                continue;
            }

            var here = "/" + string.Join('/', current.Append(part));
            kind = FileStatus.Of(_root + here, out owner);
            if (kind == FileKind.Link)
            {
                var target = new FileInfo(_root + here).LinkTarget;
                if (target is null || ++links > MaximumLinks) return (Make(FileState.Missing, here), FileKind.Missing);
                if (target is ['/', ..]) current.Clear();
                foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse()) parts.Push(step);
                trail.Add("/" + string.Join('/', current.Concat(parts)));
                kind = FileKind.Folder;
                continue;
            }

            current.Add(part);
            if (kind == FileKind.Folder || parts.Count == 0) continue;
            return (Make(kind == FileKind.Unseen ? FileState.Unseen : FileState.Missing, here), FileKind.Missing);
        }

        var end = "/" + string.Join('/', current);
        if (trail[^1] != end) trail.Add(end);
        var state = kind switch
        {
            FileKind.Unseen or FileKind.Regular => FileState.Unseen,
            FileKind.Missing or FileKind.Link => FileState.Missing,
            FileKind.Folder => FileState.Folder,
            FileKind.Other => FileState.Special,
        };
        return (Make(state, end), kind);

        HostFile Make(FileState state, string end) => new() { Path = path, State = state, RealPath = end, Trail = trail.ToImmutable(), Owner = owner };
    }
}
