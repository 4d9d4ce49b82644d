using System.Diagnostics;
using System.Security.Cryptography;

namespace Danelaw.Dnssec.Keys;

/// <summary>The hash that each RSA algorithm signs.</summary>
internal static class RsaHash
{
    /// <summary>What libcrypto calls the hash, as a C string.</summary>
    internal static ReadOnlySpan<byte> CName(SecurityAlgorithm algorithm) => algorithm switch
    {
        SecurityAlgorithm.RsaSha1 or SecurityAlgorithm.RsaSha1Nsec3Sha1 => "SHA1\0"u8,
        SecurityAlgorithm.RsaSha256 => "SHA256\0"u8,
        SecurityAlgorithm.RsaSha512 => "SHA512\0"u8,
        _ => throw new UnreachableException($"{algorithm} is not an RSA algorithm"),
    };

    /// <summary>Hashes the data into the buffer (64 octets suffice) and returns the part written.</summary>
    internal static ReadOnlySpan<byte> Compute(SecurityAlgorithm algorithm, ReadOnlySpan<byte> data, Span<byte> buffer, out HashAlgorithmName name)
    {
        switch (algorithm)
        {
            case SecurityAlgorithm.RsaSha1 or SecurityAlgorithm.RsaSha1Nsec3Sha1:
                name = HashAlgorithmName.SHA1;
#pragma warning disable CA5350 // Old zones are signed so (RFC 3110); callers may refuse them (RFC 9905).
                return buffer[..SHA1.HashData(data, buffer)];
#pragma warning restore CA5350
            case SecurityAlgorithm.RsaSha256:
                name = HashAlgorithmName.SHA256;
                return buffer[..SHA256.HashData(data, buffer)];
            case SecurityAlgorithm.RsaSha512:
                name = HashAlgorithmName.SHA512;
                return buffer[..SHA512.HashData(data, buffer)];
            default:
                throw new UnreachableException($"{algorithm} is not an RSA algorithm");
        }
    }
}
