using System.Formats.Asn1;

namespace Danelaw.Certificates;

/// <summary>Walks DER elements within octets. Every read is a question; foreign octets never throw, and no slice leaves the octets.</summary>
internal ref struct DerReader(ReadOnlySpan<byte> octets)
{
    private ReadOnlySpan<byte> _rest = octets;

    /// <summary>Octets that were read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Whether everything has been read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Whether the next element has this tag, constructed or not as the tag says.</summary>
    public readonly bool Follows(Asn1Tag tag) => !_rest.IsEmpty && Asn1Tag.TryDecode(_rest, out var next, out _) && next == tag;

    /// <summary>Reads one element of any tag: all its octets, and its content.</summary>
    public bool TryReadAny(out Asn1Tag tag, out ReadOnlySpan<byte> element, out ReadOnlySpan<byte> content)
    {
        element = default;
        content = default;
        if (!AsnDecoder.TryReadEncodedValue(_rest, AsnEncodingRules.DER, out tag, out var offset, out var length, out var consumed)) return false;
        element = _rest[..consumed];
        content = _rest.Slice(offset, length);
        _rest = _rest[consumed..];
        Position += consumed;
        return true;
    }

    /// <summary>Reads one element of a tag: its content.</summary>
    public bool TryRead(Asn1Tag tag, out ReadOnlySpan<byte> content) => TryRead(tag, out _, out content);

    /// <summary>Reads one element of a tag: all its octets, and its content.</summary>
    public bool TryRead(Asn1Tag tag, out ReadOnlySpan<byte> element, out ReadOnlySpan<byte> content)
    {
        element = default;
        content = default;
        return Follows(tag) && TryReadAny(out _, out element, out content);
    }

    /// <summary>Reads a SEQUENCE and gives a reader of what is in it.</summary>
    public bool TryReadSequence(out DerReader inside) => TryReadInside(Asn1Tag.Sequence, out inside);

    /// <summary>Reads a constructed element and gives a reader of what is in it.</summary>
    public bool TryReadInside(Asn1Tag tag, out DerReader inside)
    {
        var read = TryRead(tag, out var content);
        inside = new(content);
        return read;
    }

    /// <summary>Reads a BIT STRING of whole octets.</summary>
    public bool TryReadBitString(out ReadOnlySpan<byte> octets)
    {
        octets = default;
        if (!TryRead(Asn1Tag.PrimitiveBitString, out var content) || content.IsEmpty || content[0] != 0) return false;
        octets = content[1..];
        return true;
    }

    /// <summary>Reads an OBJECT IDENTIFIER: its encoded content, by which identifiers are compared.</summary>
    public bool TryReadOid(out ReadOnlySpan<byte> oid) => TryRead(Asn1Tag.ObjectIdentifier, out oid) && !oid.IsEmpty;

    /// <summary>Reads a BOOLEAN. Any octet but zero is true: old authorities wrote 1 where DER wants 255.</summary>
    public bool TryReadBoolean(out bool value)
    {
        value = false;
        if (!TryRead(Asn1Tag.Boolean, out var content) || content.Length != 1) return false;
        value = content[0] != 0;
        return true;
    }

    /// <summary>Reads an INTEGER of the tag that is not negative and fits; greater ones read as the greatest number.</summary>
    public bool TryReadCount(Asn1Tag tag, out int value)
    {
        value = 0;
        if (!TryRead(tag, out var content) || content.IsEmpty || (content[0] & 0x80) != 0) return false;
        foreach (var octet in content)
        {
            if (value > int.MaxValue >> 8)
            {
                value = int.MaxValue;
                return true;
            }

            value = (value << 8) | octet;
        }

        return true;
    }
}
