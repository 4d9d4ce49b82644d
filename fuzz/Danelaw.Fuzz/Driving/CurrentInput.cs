using System.IO.MemoryMappedFiles;

namespace Danelaw.Fuzz.Driving;

/// <summary>A file that always holds the input at hand, without a call for it: it outlives the process. Four octets of length, then the input.</summary>
internal sealed unsafe class CurrentInput : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _octets;

    internal CurrentInput(string path, int maximumLength)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, maximumLength + 4);
        _view = _file.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _octets);
    }

    internal void Keep(ReadOnlySpan<byte> input)
    {
        *(int*)_octets = input.Length;
        input.CopyTo(new Span<byte>(_octets + 4, input.Length));
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
