using Danelaw.Dns.Names;

namespace Danelaw.Dnssec.Keys;

/// <summary>The hash of names in NSEC3 records (RFC 5155 §5); SHA-1 is the only algorithm there is (1).</summary>
public static class Nsec3Hash
{
    /// <summary>Octets of a hash.</summary>
    public const int Length = Sha1Block.HashLength;

    /// <summary>The number of the hash algorithm SHA-1 (RFC 5155 §11).</summary>
    public const byte Sha1Algorithm = 1;

    /// <summary>Further iterations above which no chain is made or followed here: validators refuse such a zone or call it insecure (RFC 9276 §3.2).</summary>
    internal const int MostIterations = 500;

    /// <summary>Hashes a name: IH(salt, x, 0) = H(x | salt), IH(salt, x, k) = H(IH(salt, x, k-1) | salt).</summary>
    /// <param name="name">The name; its case does not matter.</param>
    /// <param name="iterations">How many times more than once. The work grows with it: whoever takes it from the wire limits it first.</param>
    /// <param name="salt">The salt, at most 255 octets.</param>
    /// <param name="hash">Where the 20 octets go.</param>
    /// <exception cref="ArgumentException">The salt is too long, or the hash does not fit.</exception>
    public static void Compute(DomainName name, int iterations, ReadOnlySpan<byte> salt, Span<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(salt.Length, byte.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(hash.Length, Length);

        Span<byte> buffer = stackalloc byte[Sha1Block.PaddedLength(DomainName.MaximumLength + byte.MaxValue)];
        name.ToCanonical().Wire.CopyTo(buffer);
        var message = name.Length + salt.Length;
        salt.CopyTo(buffer[name.Length..]);
        var padded = buffer[..Sha1Block.PaddedLength(message)];
        Sha1Block.Pad(padded, message);
        Sha1Block.Hash(padded, hash);
        if (iterations == 0) return;

        message = Length + salt.Length;
        padded = buffer[..Sha1Block.PaddedLength(message)];
        salt.CopyTo(padded[Length..]);
        Sha1Block.Pad(padded, message);
        hash[..Length].CopyTo(padded);
        for (var i = 0; i < iterations; i++) Sha1Block.Hash(padded, padded);
        padded[..Length].CopyTo(hash);
    }

    /// <summary>The owner name of the NSEC3 record with a hash: its base32hex digits as one label below the zone (RFC 5155 §3).</summary>
    /// <param name="hash">The 20 octets.</param>
    /// <param name="zone">The zone's apex.</param>
    /// <param name="owner">The owner, or the root on failure.</param>
    /// <returns>False when the name would have more than 255 octets.</returns>
    public static bool TryToOwner(ReadOnlySpan<byte> hash, DomainName zone, out DomainName owner)
    {
        Span<byte> label = stackalloc byte[Base32Hex.EncodedLength(Length)];
        Base32Hex.Encode(hash[..Length], label);
        return zone.TryPrepend(label, out owner);
    }
}
