using Org.BouncyCastle.Tls;

namespace Danelaw.Probes.SecondProber;

/// <summary>The client's end of a TLS connection over a stream: BouncyCastle does the records, this moves the octets without holding a thread.</summary>
/// <param name="transport">The connection.</param>
internal sealed class BouncyStream(Stream transport) : Stream
{
    private const int BufferLength = 16 * 1024;

    private readonly TlsClientProtocol _protocol = new();
    private readonly byte[] _buffer = new byte[BufferLength];

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Shakes hands, to its end.</summary>
    /// <exception cref="TlsException">TLS has failed; the alert has been sent.</exception>
    /// <exception cref="IOException">The connection broke, or was closed.</exception>
    internal async Task HandshakeAsync(ObservingClient client, CancellationToken cancellationToken)
    {
        _protocol.Connect(client);
        await SendAsync(cancellationToken).ConfigureAwait(false);
        while (!client.IsComplete)
        {
            var count = await transport.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
            if (count == 0) throw new EndOfStreamException();
            try
            {
                _protocol.OfferInput(_buffer, 0, count);
            }
            finally
            {
                // The next flight, the Finished after which all is over, or the alert.
                await SendAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A server that has closed hears nothing more, and what it said before is still to be read: the alert that tells why, for one.</summary>
    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // Reading comes to the same end.
        }
    }

    /// <summary>Says close_notify.</summary>
    internal Task ShutdownAsync()
    {
        _protocol.Close();
        return FlushAsync(CancellationToken.None);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_protocol.GetAvailableInputBytes() == 0)
        {
            if (_protocol.IsClosed) return 0;
            var count = await transport.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
            if (count == 0) return 0;
            _protocol.OfferInput(_buffer, 0, count);
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        var taken = new byte[Math.Min(buffer.Length, _protocol.GetAvailableInputBytes())];
        _protocol.ReadInput(taken, 0, taken.Length);
        taken.CopyTo(buffer);
        return taken.Length;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _protocol.WriteApplicationData(buffer.Span);
        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        while (_protocol.GetAvailableOutputBytes() > 0)
        {
            var octets = new byte[_protocol.GetAvailableOutputBytes()];
            var count = _protocol.ReadOutput(octets, 0, octets.Length);
            await transport.WriteAsync(octets.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }
    }

    public override void Flush() => throw new NotSupportedException("this stream is asynchronous");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("this stream is asynchronous");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("this stream is asynchronous");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) transport.Dispose();
        base.Dispose(disposing);
    }
}
