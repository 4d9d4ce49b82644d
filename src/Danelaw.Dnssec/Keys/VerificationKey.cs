using System.Diagnostics.CodeAnalysis;

namespace Danelaw.Dnssec.Keys;

/// <summary>
/// A DNSKEY's public key, imported once and then used for any number of signatures. This class is the seam behind which
/// the cryptographic libraries stand: OpenSSL's libcrypto for RSA and ECDSA on Linux, .NET elsewhere, NSec for Ed25519, BouncyCastle for Ed448.
/// </summary>
/// <remarks>
/// Instances never change what they accept, and <see cref="Verify"/> may be called by many threads at once: the native keys behind it are only
/// read (OpenSSL, CNG and libsodium allow that; a test holds us to it). They are not disposable on purpose: a cache may drop a
/// key while another thread still verifies with it, and the native handle's finalizer frees it when the last user is gone.
/// </remarks>
public abstract class VerificationKey
{
    private protected VerificationKey(SecurityAlgorithm algorithm) => Algorithm = algorithm;

    /// <summary>The algorithm that the key was imported for; a signature by another algorithm never verifies (RFC 4035 §5.3.1).</summary>
    public SecurityAlgorithm Algorithm { get; }

    /// <summary>Imports the public key field of a DNSKEY. Never throws on foreign octets.</summary>
    /// <param name="algorithm">The DNSKEY's algorithm.</param>
    /// <param name="publicKey">The public key field: RFC 3110 §2 for RSA, RFC 6605 §4 for ECDSA, RFC 8080 §3 for EdDSA.</param>
    /// <param name="key">The imported key; null when refused.</param>
    /// <returns>
    /// False when the algorithm is not supported (<see cref="SecurityAlgorithms.IsSupported"/> tells which), or the octets are no
    /// key of it: wrong length, a point off the curve, an RSA modulus outside 512 to 4096 bits (1024 to 4096 for RSA/SHA-512,
    /// RFC 5702 §2), an even modulus, or an exponent that is even, below 3 or above 64 bits.
    /// </returns>
    public static bool TryImport(SecurityAlgorithm algorithm, ReadOnlySpan<byte> publicKey, [NotNullWhen(true)] out VerificationKey? key)
    {
        key = algorithm switch
        {
            SecurityAlgorithm.RsaSha1 or SecurityAlgorithm.RsaSha1Nsec3Sha1 or SecurityAlgorithm.RsaSha256 or SecurityAlgorithm.RsaSha512
                => RsaVerificationKey.Import(algorithm, publicKey),
            SecurityAlgorithm.EcdsaP256Sha256 or SecurityAlgorithm.EcdsaP384Sha384 => EcdsaVerificationKey.Import(algorithm, publicKey),
            SecurityAlgorithm.Ed25519 => Ed25519VerificationKey.Import(publicKey),
            SecurityAlgorithm.Ed448 => Ed448VerificationKey.Import(publicKey),
            _ => null,
        };
        return key is not null;
    }

    /// <summary>Whether the signature over the data was made by this key's owner. Never throws on foreign octets.</summary>
    /// <param name="data">What was signed: for an RRset, the octets of RFC 4034 §3.1.8.1.</param>
    /// <param name="signature">The signature field of the RRSIG.</param>
    /// <returns>False for every doubt: a wrong length, a value out of range, a mismatch.</returns>
    public abstract bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
}
