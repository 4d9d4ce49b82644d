using System.Globalization;
using Danelaw.Dns.Names;

namespace Danelaw.Dns.Records.Text;

/// <summary>Gathers the text of a record; used again for the next one.</summary>
internal sealed class TextBuilder
{
    private char[] _buffer = new char[512];

    internal int Length { get; private set; }

    internal ReadOnlySpan<char> Written => _buffer.AsSpan(0, Length);

    internal void Clear() => Length = 0;

    internal void CutAt(int length) => Length = length;

    internal Span<char> Reserve(int length)
    {
        if (_buffer.Length - Length < length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + length));
        return _buffer.AsSpan(Length, length);
    }

    internal void Advance(int length) => Length += length;

    internal void Add(char character)
    {
        Reserve(1)[0] = character;
        Length++;
    }

    internal void Add(ReadOnlySpan<char> text)
    {
        text.CopyTo(Reserve(text.Length));
        Length += text.Length;
    }

    internal void AddNumber(ulong number)
    {
        if (number < 10)
        {
            Add((char)('0' + (int)number));
            return;
        }

        number.TryFormat(Reserve(20), out var written, default, CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>An uncompressed name, checked before, with its closing dot.</summary>
    internal void AddName(Octets data, int start)
    {
        if (DomainName.TryFromWire(data, start, out var name)) AddName(name);
    }

    internal void AddName(DomainName name) => Length += name.Format(Reserve(DomainName.MaximumTextLength));

    internal void AddHex(ReadOnlySpan<byte> octets)
    {
        Convert.TryToHexStringLower(octets, Reserve(octets.Length * 2), out var written);
        Length += written;
    }

    internal void AddBase64(ReadOnlySpan<byte> octets)
    {
        Convert.TryToBase64Chars(octets, Reserve((octets.Length + 2) / 3 * 4), out var written);
        Length += written;
    }

    /// <summary>Octets between quotes (RFC 1035 §5.1).</summary>
    internal void AddQuoted(ReadOnlySpan<byte> octets)
    {
        Add('"');
        AddEscaped(octets);
        Add('"');
    }

    /// <summary>Octets as they stand between quotes: blanks as they are, what is not printable as <c>\DDD</c>.</summary>
    internal void AddEscaped(ReadOnlySpan<byte> octets)
    {
        foreach (var octet in octets)
        {
            if (octet is (byte)'"' or (byte)'\\') Add('\\');
            if (octet is >= 0x20 and < 0x7F)
            {
                Add((char)octet);
                continue;
            }

            var escape = Reserve(4);
            escape[0] = '\\';
            escape[1] = (char)('0' + (octet / 100));
            escape[2] = (char)('0' + (octet / 10 % 10));
            escape[3] = (char)('0' + (octet % 10));
            Length += 4;
        }
    }

    public override string ToString() => new(Written);
}
