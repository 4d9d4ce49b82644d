using Microsoft.Win32.SafeHandles;

namespace Danelaw.Dnssec.Signing.Sorting;

/// <summary>
/// Sorts any number of entries by their keys, octet by octet, in bounded memory: chunks are sorted by another thread while more come, and those for which there
/// is no room wait in a file. Equal keys keep the order in which they were added.
/// </summary>
internal sealed class OctetSorter(SortLimits limits) : IDisposable
{
    private readonly List<SortedRun> _runs = [];
    private readonly Stack<SortChunk> _spare = new();
    private SortChunk? _chunk;
    private Task _sorting = Task.CompletedTask;
    private SafeFileHandle? _file;
    private long _fileLength;
    private int _kept;

    /// <summary>How many entries were added.</summary>
    internal long Count { get; private set; }

    /// <summary>Whether a file had to be used.</summary>
    internal bool UsesFile => _file is not null;

    internal void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> payload)
    {
        Count++;
        _chunk ??= new(limits.ChunkLength);
        if (_chunk.TryAdd(key, payload)) return;
        if (_chunk.Count > 0) Seal(_chunk);
        _chunk ??= NewChunk();
        if (_chunk.TryAdd(key, payload)) return;
        // It is larger than a chunk.
        var own = new SortChunk(SortChunk.HeadLength + key.Length + payload.Length);
        own.TryAdd(key, payload);
        Seal(own);
    }

    /// <summary>Ends adding, and goes through all entries in order.</summary>
    internal SortedEntries Sort()
    {
        if (_chunk is { Count: > 0 }) Seal(_chunk);
        Wait();
        return new SortedEntries(_runs);
    }

    public void Dispose()
    {
        try
        {
            Wait();
        }
        catch (IOException)
        {
            // Nobody wants the result any more.
        }

        _file?.Dispose();
    }

    private SortChunk NewChunk() => _spare.TryPop(out var spare) ? spare : new SortChunk(limits.ChunkLength);

    /// <summary>Gives a chunk to the other thread, once that has done with the one before.</summary>
    private void Seal(SortChunk chunk)
    {
        Wait();
        if (chunk == _chunk) _chunk = null;
        if (_kept < limits.ChunksKept)
        {
            _kept++;
            _runs.Add(new MemoryRun(chunk));
            _sorting = Task.Run(chunk.Sort);
            return;
        }

        _file ??= OpenFile();
        _runs.Add(new FileRun(_file, _fileLength, chunk.Length));
        var (file, start) = (_file, _fileLength);
        _fileLength += chunk.Length;
        _chunk ??= NewChunk();
        _sorting = Task.Run(() => Spill(chunk, file, start));
    }

    private void Spill(SortChunk chunk, SafeFileHandle file, long start)
    {
        chunk.Sort();
        var buffer = new byte[256 << 10];
        var filled = 0;
        for (var i = 0; i < chunk.Count; i++)
        {
            var entry = chunk.EntryOf(i);
            if (buffer.Length - filled < entry.Length) Flush();
            if (entry.Length > buffer.Length)
            {
                RandomAccess.Write(file, entry, start);
                start += entry.Length;
                continue;
            }

            entry.CopyTo(buffer.AsSpan(filled));
            filled += entry.Length;
        }

        Flush();
        if (chunk.Capacity != limits.ChunkLength) return;
        chunk.Clear();
        _spare.Push(chunk);

        void Flush()
        {
            RandomAccess.Write(file, buffer.AsSpan(0, filled), start);
            start += filled;
            filled = 0;
        }
    }

    private void Wait() => _sorting.GetAwaiter().GetResult();

    private SafeFileHandle OpenFile()
    {
        var path = Path.Combine(limits.Folder, $"danelaw-sort-{Path.GetRandomFileName()}");
        if (OperatingSystem.IsWindows()) return File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        using var stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite, BufferSize = 0 });
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        // Without a name it is gone with the process, however that ends.
        File.Delete(path);
        return file;
    }
}
