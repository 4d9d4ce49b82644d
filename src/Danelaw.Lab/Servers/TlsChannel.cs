using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace Danelaw.Lab.Servers;

/// <summary>The server's end of a TLS connection over a stream: BouncyCastle does the records, this moves the octets without holding a thread.</summary>
internal sealed class TlsChannel : Stream
{
    private const int BufferLength = 16 * 1024;

    private readonly Stream _transport;
    private readonly TlsServerProtocol _protocol = new();
    private readonly byte[] _buffer = new byte[BufferLength];

    private TlsChannel(Stream transport) => _transport = transport;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Carries out the handshake.</summary>
    /// <param name="transport">The connection; it stays the caller's.</param>
    /// <param name="personality">What to show.</param>
    /// <param name="early">Octets that have been read from the connection already.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when the handshake failed; the alert has then been sent.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    internal static async Task<TlsChannel?> AcceptAsync(Stream transport, TlsPersonality personality, ReadOnlyMemory<byte> early, CancellationToken cancellationToken)
    {
        var channel = new TlsChannel(transport);
        channel._protocol.Accept(new LabTlsServer(new BcTlsCrypto(new SecureRandom()), personality));
        var isUsable = early.IsEmpty || channel.Offer(early);
        while (isUsable && channel._protocol.IsHandshaking)
        {
            await channel.FlushAsync(cancellationToken).ConfigureAwait(false);
            isUsable = await channel.ReceiveAsync(cancellationToken).ConfigureAwait(false);
        }

        await channel.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (isUsable) return channel;
        await channel.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_protocol.GetAvailableInputBytes() == 0)
        {
            var isUsable = !_protocol.IsClosed && await ReceiveAsync(cancellationToken).ConfigureAwait(false);
            await FlushAsync(cancellationToken).ConfigureAwait(false);
            if (!isUsable && _protocol.GetAvailableInputBytes() == 0) return 0;
        }

        var taken = new byte[Math.Min(buffer.Length, _protocol.GetAvailableInputBytes())];
        var count = _protocol.ReadInput(taken, 0, taken.Length);
        taken.AsMemory(0, count).CopyTo(buffer);
        return count;
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
            var count = _protocol.ReadOutput(_buffer, 0, _buffer.Length);
            await _transport.WriteAsync(_buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Says close_notify.</summary>
    internal async Task CloseAsync(CancellationToken cancellationToken)
    {
        _protocol.Close();
        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override void Flush() => throw new NotSupportedException("this stream is asynchronous");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("this stream is asynchronous");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("this stream is asynchronous");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <returns>False when the other side has closed, or TLS has failed.</returns>
    private async Task<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        var count = await _transport.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
        if (count > 0) return Offer(_buffer.AsMemory(0, count));
        _protocol.CloseInput();
        return false;
    }

    private bool Offer(ReadOnlyMemory<byte> octets)
    {
        try
        {
            _protocol.OfferInput(octets.ToArray());
            return true;
        }
        catch (IOException)
        {
            // A TLS fault, ours on purpose or the client's: BouncyCastle has the alert ready, and the connection is over.
            return false;
        }
    }
}
