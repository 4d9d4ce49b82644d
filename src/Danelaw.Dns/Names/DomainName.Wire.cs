namespace Danelaw.Dns.Names;

public readonly partial struct DomainName
{
    /// <summary>Reads exactly one uncompressed name; octets after it make it no name.</summary>
    /// <param name="wire">The wire form, with the final zero octet; copied.</param>
    /// <param name="name">The name, or the root on failure.</param>
    /// <returns>False for anything but one name of at most 255 octets without compression pointers.</returns>
    public static bool TryFromWire(ReadOnlySpan<byte> wire, out DomainName name)
    {
        name = default;
        if (!TryMeasure(wire, out var length, out var labels) || length != wire.Length) return false;
        if (labels > 0) name = new(wire.ToArray(), 0, length, labels);
        return true;
    }

    /// <summary>Reads the uncompressed name that starts at a place within octets, sharing them.</summary>
    internal static bool TryFromWire(Octets octets, int start, out DomainName name)
    {
        name = default;
        if (unchecked((uint)start) > (uint)octets.Length || !TryMeasure(octets.Span[start..], out var length, out var labels)) return false;
        if (labels > 0) name = new(octets.Array!, octets.Offset + start, length, labels);
        return true;
    }

    /// <summary>Finds the end of the uncompressed name that the octets begin with.</summary>
    internal static bool TryMeasure(ReadOnlySpan<byte> wire, out int length, out int labels)
    {
        length = 0;
        labels = 0;
        var limit = Math.Min(wire.Length, MaximumLength);
        while (length < limit)
        {
            var label = wire[length];
            if (label == 0)
            {
                length++;
                return true;
            }

            // RFC 1035 §4.1.4, RFC 6891 §5: the two upper bits mark pointers and reserved label types; only plain labels stand here.
            if (label > MaximumLabelLength) return false;
            length += label + 1;
            labels++;
        }

        return false;
    }
}
