using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Tests.Probes;

/// <summary>What comes after the last octet.</summary>
public enum HostileEnd
{
    Closed,
    Silent,
}

/// <summary>A server that lets time pass before each thing it says. Only it moves the clock, so every run is the same.</summary>
public sealed class HostileStream : Stream
{
    private readonly byte[][] _replies;
    private readonly bool _byOctet;
    private readonly TimeSpan _pause;
    private readonly HostileEnd _end;
    private readonly TimeSpan _endPause;
    private int _reply;
    private int _at;

    /// <summary>Octets one at a time when there is a pause, as many as are taken otherwise.</summary>
    public HostileStream(byte[] octets, HostileEnd end, TimeSpan pause)
    {
        _replies = [octets];
        _byOctet = pause > TimeSpan.Zero;
        _pause = pause;
        _endPause = pause;
        _end = end;
    }

    /// <summary>Whole replies, one after the pause each.</summary>
    public HostileStream(byte[][] replies, TimeSpan pause, HostileEnd end = HostileEnd.Closed, TimeSpan endPause = default)
    {
        _replies = replies;
        _pause = pause;
        _end = end;
        _endPause = endPause;
    }

    public FakeTimeProvider Clock { get; } = new();

    /// <summary>How many octets were handed out.</summary>
    public int Given { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_reply < _replies.Length && _at == _replies[_reply].Length)
        {
            _reply++;
            _at = 0;
        }

        if (_reply == _replies.Length)
        {
            if (_end == HostileEnd.Closed) return 0;
            while (!cancellationToken.IsCancellationRequested) Clock.Advance(_endPause);
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (_pause > TimeSpan.Zero && (_byOctet || _at == 0)) Clock.Advance(_pause);
        cancellationToken.ThrowIfCancellationRequested();
        await Task.CompletedTask;
        var count = _byOctet ? 1 : Math.Min(buffer.Length, _replies[_reply].Length - _at);
        _replies[_reply].AsMemory(_at, count).CopyTo(buffer);
        _at += count;
        Given += count;
        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
