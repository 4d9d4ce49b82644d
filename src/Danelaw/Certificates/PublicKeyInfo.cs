namespace Danelaw.Certificates;

/// <summary>The parts of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).</summary>
internal ref struct PublicKeyInfo
{
    /// <summary>The encoded content of the algorithm's object identifier.</summary>
    public ReadOnlySpan<byte> Algorithm;

    /// <summary>The algorithm's parameters, all their octets; empty when absent.</summary>
    public ReadOnlySpan<byte> Parameters;

    /// <summary>The key, without the BIT STRING around it.</summary>
    public ReadOnlySpan<byte> Key;

    /// <summary>Whether the octets are exactly one SubjectPublicKeyInfo, of whatever algorithm.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> octets) => TryRead(octets, out _);

    /// <summary>Reads exactly one SubjectPublicKeyInfo.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out PublicKeyInfo info)
    {
        info = default;
        var outer = new DerReader(octets);
        if (!outer.TryReadSequence(out var parts) || !outer.IsAtEnd) return false;
        if (!parts.TryReadSequence(out var identifier) || !parts.TryReadBitString(out info.Key) || !parts.IsAtEnd) return false;
        if (!identifier.TryReadOid(out info.Algorithm)) return false;
        return identifier.IsAtEnd || (identifier.TryReadAny(out _, out info.Parameters, out _) && identifier.IsAtEnd);
    }
}
