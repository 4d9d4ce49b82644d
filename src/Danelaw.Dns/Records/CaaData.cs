namespace Danelaw.Dns.Records;

/// <summary>RDATA of CAA (RFC 8659 §4.1).</summary>
/// <param name="Flags">The flags; the uppermost bit is "issuer critical".</param>
/// <param name="Tag">The property tag: letters and digits of ASCII, at least one; compared without regard to case.</param>
/// <param name="Value">The value; may be empty.</param>
public readonly record struct CaaData(byte Flags, Octets Tag, Octets Value)
{
    /// <summary>Whether a certification authority that does not know the tag must not issue.</summary>
    public bool IsCritical => (Flags & 0x80) != 0;

    /// <summary>Reads RDATA, sharing its octets.</summary>
    /// <param name="data">The RDATA.</param>
    /// <param name="view">What it says; the default on failure.</param>
    /// <returns>False when the octets are not exactly these fields.</returns>
    public static bool TryRead(Octets data, out CaaData view)
    {
        view = default;
        if (!RecordData.IsWellFormed(RecordType.CAA, data.Span)) return false;
        int tagLength = data.Span[1];
        view = new(data.Span[0], data.Slice(2, tagLength), data.Slice(2 + tagLength));
        return true;
    }
}
