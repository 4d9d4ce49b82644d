namespace Danelaw.Cli.Running;

/// <summary>A file that is written beside its place and put there in one step when it is whole, so that nobody ever sees half of it. <c>-</c> is standard output, and devices are written as they are.</summary>
internal sealed class OutputFile : IAsyncDisposable
{
    private const int BufferLength = 1 << 20;

    private readonly string? _path;
    private readonly string? _beside;
    private readonly bool _isShared;

    private OutputFile(Stream stream, string? path, string? beside, bool isShared) => (Stream, _path, _beside, _isShared) = (stream, path, beside, isShared);

    public Stream Stream { get; }

    /// <summary>Opens it.</summary>
    /// <exception cref="MisuseException">It cannot be written there.</exception>
    public static OutputFile Create(Surroundings surroundings, string path)
    {
        FileText.RequirePlace(surroundings, path);
        if (path == "-") return new(surroundings.Output, null, null, isShared: true);
        var full = Path.GetFullPath(path, surroundings.Folder);
        try
        {
            if (full.StartsWith("/dev/", StringComparison.Ordinal)) return new(new FileStream(full, FileMode.Open, FileAccess.Write), null, null, isShared: false);
            // A link stays a link: what it points to is replaced.
            if (File.Exists(full) && File.ResolveLinkTarget(full, returnFinalTarget: true) is { Exists: true } target) full = target.FullName;
            var beside = $"{full}.{Environment.ProcessId}.new";
            var stream = new FileStream(beside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = BufferLength });
            return new(stream, full, beside, isShared: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new MisuseException($"cannot write {path}: {FileText.Reason(exception)}");
        }
    }

    /// <summary>Sees that all of it is on the disk, and puts it in its place with the mode of what stood there.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await Stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (_path is null) return;
        ((FileStream)Stream).Flush(flushToDisk: true);
        if (!OperatingSystem.IsWindows() && File.Exists(_path)) File.SetUnixFileMode(_beside!, File.GetUnixFileMode(_path));
        await Stream.DisposeAsync().ConfigureAwait(false);
        File.Move(_beside!, _path, overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isShared) return;
        await Stream.DisposeAsync().ConfigureAwait(false);
        if (_beside is not null) File.Delete(_beside);
    }
}
