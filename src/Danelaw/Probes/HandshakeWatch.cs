using System.Buffers.Binary;
using System.Text;

namespace Danelaw.Probes;

/// <summary>
/// A stream that reads along what the server sends first: the version that it chose, a fatal alert, or words that are no TLS at all.
/// The names of TLS come from the octets themselves, not from the texts of a library.
/// </summary>
/// <param name="inner">The connection.</param>
internal sealed class HandshakeWatch(Stream inner) : Stream
{
    /// <summary>The most octets of a connection from where TLS begins. A chain of 200 certificates takes a fifth of it; without a limit a server can go on for as long as there is time.</summary>
    private const int MaximumOctets = 512 * 1024;

    private const int ChangeCipherSpec = 20;
    private const int Alert = 21;
    private const int Fatal = 2;
    private const int Handshake = 22;
    private const int ApplicationData = 23;
    private const int ServerHello = 2;

    // Enough for the first records up to the ServerHello or an alert; what follows does not change what is known.
    private readonly byte[] _head = new byte[512];
    private int _length;
    private int _received;

    /// <summary>Whether the server has sent more than it may.</summary>
    internal bool IsOverLimit => _received > MaximumOctets;

    /// <summary>Whether the server has sent anything.</summary>
    internal bool HasData => _length > 0;

    /// <summary>Whether the first octets can be no TLS record (RFC 8446 §5.1).</summary>
    internal bool IsNoTls => _length > 0 && (_head[0] is < ChangeCipherSpec or > ApplicationData || (_length > 1 && _head[1] != 3));

    /// <summary>The first octets, of a server that speaks no TLS.</summary>
    internal ReadOnlySpan<byte> Head => _head.AsSpan(0, Math.Min(_length, 120));

    /// <summary>The same as text.</summary>
    internal string Words => Encoding.Latin1.GetString(Head).Trim();

    /// <summary>The version of the ServerHello in clear, such as 0x0301; TLS 1.3 says 0x0303 here. 0 without one.</summary>
    internal int ServerVersion => Find().Version;

    /// <summary>The description of an alert in clear (RFC 8446 §6.2); -1 without one.</summary>
    internal int AlertDescription => Find().Alert;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = IsOverLimit ? 0 : await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _received += count;
        if (IsOverLimit) throw new IOException("the server sent more than the limit");
        var kept = Math.Min(count, _head.Length - _length);
        buffer.Span[..kept].CopyTo(_head.AsSpan(_length));
        _length += kept;
        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Walks the records in clear: content type, version, length, then a handshake message or an alert.</summary>
    private (int Version, int Alert) Find()
    {
        var version = 0;
        var at = 0;
        while (at + 5 < _length)
        {
            var type = _head[at];
            var length = BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(at + 3));
            var body = _head.AsSpan(at + 5, Math.Min(length, _length - at - 5));

            // A warning, such as unrecognized_name, does not end a handshake: what comes after it does.
            if (type == Alert && length == 2 && body.Length == 2 && body[0] == Fatal) return (version, body[1]);
            if (type is not (Alert or Handshake)) break;
            if (version == 0 && type == Handshake && body.Length >= 6 && body[0] == ServerHello) version = BinaryPrimitives.ReadUInt16BigEndian(body[4..]);
            at += 5 + length;
        }

        return (version, -1);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
