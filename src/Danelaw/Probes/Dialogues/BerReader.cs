namespace Danelaw.Probes.Dialogues;

/// <summary>
/// Walks BER elements as LDAP restricts them (RFC 4511 §5.1): lengths are definite, in the short form or the long one, which need not be the shortest.
/// Tags are of one octet. Every read is a question; foreign octets never throw, and no slice leaves the octets.
/// </summary>
internal ref struct BerReader(ReadOnlySpan<byte> octets)
{
    /// <summary>The most octets of a length in the long form: more are never needed.</summary>
    internal const int MaximumLengthOctets = 4;

    // X.690 §8.1.2.4: all ones mean that the tag goes on, which no tag of LDAP does.
    private const byte TagGoesOn = 0x1f;

    private ReadOnlySpan<byte> _rest = octets;

    /// <summary>Whether everything has been read.</summary>
    internal readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Reads one element of any tag.</summary>
    internal bool TryReadAny(out byte tag, out ReadOnlySpan<byte> content)
    {
        tag = 0;
        content = default;
        if (_rest.Length < 2 || (_rest[0] & TagGoesOn) == TagGoesOn || !TryGetLengthOctets(_rest[1], out var more)) return false;
        var start = 2 + more;
        if (_rest.Length < start || !TryReadLength(_rest[1..start], out var length) || length > _rest.Length - start) return false;
        tag = _rest[0];
        content = _rest.Slice(start, length);
        _rest = _rest[(start + length)..];
        return true;
    }

    /// <summary>Reads one element of a tag.</summary>
    internal bool TryRead(byte tag, out ReadOnlySpan<byte> content)
    {
        content = default;
        return !_rest.IsEmpty && _rest[0] == tag && TryReadAny(out _, out content);
    }

    /// <summary>Reads a number, INTEGER or ENUMERATED as the tag says, that is not negative and fits.</summary>
    internal bool TryReadCount(byte tag, out int value)
    {
        value = 0;
        if (!TryRead(tag, out var content) || content.Length is 0 or > sizeof(int) || (content[0] & 0x80) != 0) return false;

        // X.690 §8.3.2: a number has no octet too many.
        if (content.Length > 1 && content[0] == 0 && (content[1] & 0x80) == 0) return false;
        foreach (var octet in content) value = (value << 8) | octet;
        return true;
    }

    /// <summary>How many octets of length follow the first one.</summary>
    /// <returns>Whether it is the beginning of a definite length that can be.</returns>
    internal static bool TryGetLengthOctets(byte first, out int more)
    {
        more = first < 0x80 ? 0 : first & 0x7f;

        // RFC 4511 §5.1: 80 would begin the indefinite form.
        return first != 0x80 && more <= MaximumLengthOctets;
    }

    /// <summary>Reads the octets of a length, the first one and those that follow it.</summary>
    internal static bool TryReadLength(ReadOnlySpan<byte> octets, out int length)
    {
        length = 0;
        if (octets.IsEmpty || !TryGetLengthOctets(octets[0], out var more) || octets.Length != 1 + more) return false;
        var value = more == 0 ? octets[0] : 0L;
        foreach (var octet in octets[1..]) value = (value << 8) | octet;
        if (value > int.MaxValue) return false;
        length = (int)value;
        return true;
    }
}
