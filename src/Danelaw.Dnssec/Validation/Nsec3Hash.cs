using Danelaw.Dns.Names;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Validation;

/// <summary>The hash of a name for NSEC3 (RFC 5155 §5).</summary>
internal static class Nsec3Hash
{
    internal const int Length = Sha1Block.HashLength;

    private const int MaximumSalt = 255;

    /// <summary>Hashes the canonical name with salt, then hashes that with salt as often as told.</summary>
    /// <param name="name">The name.</param>
    /// <param name="salt">0 to 255 octets.</param>
    /// <param name="iterations">Additional rounds.</param>
    /// <param name="hash">Takes <see cref="Length"/> octets.</param>
    internal static void Compute(DomainName name, ReadOnlySpan<byte> salt, int iterations, Span<byte> hash)
    {
        Span<byte> buffer = stackalloc byte[Sha1Block.PaddedLength(DomainName.MaximumLength + MaximumSalt)];
        var wire = name.Wire;
        for (var i = 0; i < wire.Length; i++) buffer[i] = wire[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(wire[i] | 0x20) : wire[i];
        salt.CopyTo(buffer[wire.Length..]);
        var padded = buffer[..Sha1Block.PaddedLength(wire.Length + salt.Length)];
        Sha1Block.Pad(padded, wire.Length + salt.Length);
        Sha1Block.Hash(padded, hash);
        if (iterations == 0) return;

        padded = buffer[..Sha1Block.PaddedLength(Length + salt.Length)];
        salt.CopyTo(padded[Length..]);
        Sha1Block.Pad(padded, Length + salt.Length);
        hash[..Length].CopyTo(padded);
        for (var i = 1; i < iterations; i++) Sha1Block.Hash(padded, padded);
        Sha1Block.Hash(padded, hash);
    }
}
