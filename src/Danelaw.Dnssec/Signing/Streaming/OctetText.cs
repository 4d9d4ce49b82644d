using System.Text;

namespace Danelaw.Dnssec.Signing.Streaming;

/// <summary>Gathers text of ASCII as octets; used again for the next batch. Zone files are written in ASCII.</summary>
internal sealed class OctetText : TextWriter
{
    private byte[] _octets = new byte[64 << 10];
    private int _length;

    public override Encoding Encoding => Encoding.ASCII;

    internal ReadOnlySpan<byte> Written => _octets.AsSpan(0, _length);

    internal void Clear() => _length = 0;

    public override void Write(char value) => Write([value]);

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (_octets.Length - _length < buffer.Length) Array.Resize(ref _octets, Math.Max(_octets.Length * 2, _length + buffer.Length));
        Ascii.FromUtf16(buffer, _octets.AsSpan(_length), out var written);
        if (written != buffer.Length) throw new InvalidOperationException("a zone file is written in ASCII");
        _length += written;
    }
}
