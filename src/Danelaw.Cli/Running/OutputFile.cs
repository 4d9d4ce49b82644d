using Danelaw.Operator.Publishing.ZoneFiles;

namespace Danelaw.Cli.Running;

/// <summary>A file that is written beside its place and put there in one step when it is whole, so that nobody ever sees half of it. <c>-</c> is standard output, and devices and pipes are written as they are.</summary>
internal sealed class OutputFile : IDisposable
{
    private const int BufferLength = 1 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite, OthersToo = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly string? _path;
    private readonly string? _beside;
    private readonly bool _isShared, _isSecret;

    private OutputFile(Stream stream, string? path, string? beside, bool isShared, bool isSecret) => (Stream, _path, _beside, _isShared, _isSecret) = (stream, path, beside, isShared, isSecret);

    public Stream Stream { get; }

    /// <summary>Opens it.</summary>
    /// <param name="surroundings">The folder and the standard output.</param>
    /// <param name="path">The file's name, or <c>-</c>.</param>
    /// <param name="isSecret">Whether only its owner may read it, from the moment on at which it exists, whoever might read what stood there.</param>
    /// <exception cref="MisuseException">It cannot be written there.</exception>
    public static OutputFile Create(Surroundings surroundings, string path, bool isSecret = false)
    {
        FileText.RequirePlace(surroundings, path);
        if (path == "-") return new(surroundings.Output, null, null, isShared: true, isSecret);
        var full = Path.GetFullPath(path, surroundings.Folder);
        try
        {
            if (FileOwnership.IsDevice(full)) return new(new FileStream(full, FileMode.Open, FileAccess.Write), null, null, isShared: false, isSecret);
            // A link stays a link: what it points to is replaced.
            if (File.Exists(full) && File.ResolveLinkTarget(full, returnFinalTarget: true) is { Exists: true } target) full = target.FullName;
            var beside = $"{full}.{Environment.ProcessId}.new";

            // Of an earlier process with the same number; its mode may be another.
            File.Delete(beside);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = BufferLength };
            if (isSecret && !OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            return new(new FileStream(beside, options), full, beside, isShared: false, isSecret);
        }
        catch (Exception exception) when (IsFault(exception))
        {
            throw Unwritable(path, exception);
        }
    }

    /// <summary>Writes a whole file.</summary>
    /// <param name="surroundings">The folder and the standard output.</param>
    /// <param name="path">The file's name, or <c>-</c>.</param>
    /// <param name="write">Writes what it holds.</param>
    /// <param name="isForOthers">Whether other users are to read a new file, whatever the mask of this process says.</param>
    /// <exception cref="MisuseException">It cannot be written; what stood there is as it was.</exception>
    public static void WriteAll(Surroundings surroundings, string path, Action<Stream> write, bool isForOthers = false)
    {
        using var file = Create(surroundings, path);
        try
        {
            write(file.Stream);
            file.Commit(isForOthers);
        }
        catch (Exception exception) when (IsFault(exception))
        {
            throw Unwritable(path, exception);
        }
    }

    /// <summary>Writes a file that only its owner may read.</summary>
    /// <param name="surroundings">The folder and the standard output.</param>
    /// <param name="path">The file's name, or <c>-</c>.</param>
    /// <param name="text">What it holds.</param>
    /// <param name="mayReplace">Whether one that is there may go; a device or pipe is written without leave.</param>
    /// <returns>False when there is one, and it may not.</returns>
    /// <exception cref="MisuseException">It cannot be written; nothing of the secret stays behind.</exception>
    public static bool TryWriteSecret(Surroundings surroundings, string path, string text, bool mayReplace)
    {
        using var file = Create(surroundings, path, isSecret: true);
        try
        {
            file.Stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Commit(mayReplace: mayReplace);
            return true;
        }
        catch (IOException) when (!mayReplace && File.Exists(file._path))
        {
            return false;
        }
        catch (Exception exception) when (IsFault(exception))
        {
            throw Unwritable(path, exception);
        }
    }

    /// <summary>Sees that all of it is on the disk, and puts it in its place with the permission bits, owner and group of what stood there.</summary>
    /// <param name="isForOthers">Whether other users are to read a new file, whatever the mask of this process says.</param>
    /// <param name="mayReplace">Whether one that is there may go.</param>
    /// <returns>False where the owner or group could not be kept: this user may not give files away.</returns>
    /// <exception cref="IOException">It cannot be done, or there is one that may not go.</exception>
    public bool Commit(bool isForOthers = false, bool mayReplace = true)
    {
        Stream.Flush();
        if (_path is null) return true;
        var file = (FileStream)Stream;
        file.Flush(flushToDisk: true);
        if (isForOthers && !OperatingSystem.IsWindows()) File.SetUnixFileMode(file.SafeFileHandle, OthersToo);
        var isKept = _isSecret || FileOwnership.TryTakeAfter(file.SafeFileHandle, _path);
        file.Dispose();
        File.Move(_beside!, _path, mayReplace);
        FileOwnership.FlushFolderOf(_path);
        return isKept;
    }

    public void Dispose()
    {
        if (_isShared) return;
        try
        {
            Stream.Dispose();
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

    private static bool IsFault(Exception exception) => exception is IOException and not BrokenPipeException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static MisuseException Unwritable(string path, Exception exception) => new($"cannot write {path}: {FileText.Reason(exception)}");
}
