using Danelaw.Operator.Publishing.ZoneFiles;

namespace Danelaw.Cli.Running;

/// <summary>A file that is written beside its place and put there in one step when it is whole, so that nobody ever sees half of it. <c>-</c> is standard output, and devices and pipes are written as they are.</summary>
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
            if (FileOwnership.IsDevice(full)) return new(new FileStream(full, FileMode.Open, FileAccess.Write), null, null, isShared: false);
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

    /// <summary>Sees that all of it is on the disk, and puts it in its place with the permission bits, owner and group of what stood there.</summary>
    /// <returns>False where the owner or group could not be kept: this user may not give files away.</returns>
    public async Task<bool> CommitAsync(CancellationToken cancellationToken)
    {
        await Stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (_path is null) return true;
        var file = (FileStream)Stream;
        file.Flush(flushToDisk: true);
        var isKept = FileOwnership.TryTakeAfter(file.SafeFileHandle, _path);
        await file.DisposeAsync().ConfigureAwait(false);
        File.Move(_beside!, _path, overwrite: true);
        return isKept;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isShared) return;
        try
        {
            await Stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ArgumentOutOfRangeException)
        {
            // A limit of the file's size is the latter. What could not be written before, and was told, cannot be written now; what is not committed is given up anyway.
        }
        finally
        {
            if (_beside is not null) File.Delete(_beside);
        }
    }
}
