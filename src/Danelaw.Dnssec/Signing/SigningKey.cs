using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Signing;

/// <summary>
/// A private key with the DNSKEY that belongs to it. This class is the seam behind which the cryptographic libraries stand: .NET for RSA
/// and ECDSA, NSec for Ed25519, BouncyCastle for Ed448. Immutable; <see cref="Sign"/> may be called by many threads at once.
/// </summary>
/// <remarks>Nothing prints the private part but <see cref="PrivateKeyFile.Write"/>. Keys are not disposable, as <see cref="VerificationKey"/> is not: the native handle's finalizer frees it.</remarks>
public abstract class SigningKey
{
    /// <summary>Bits of the RSA keys that are generated unless another size is asked for.</summary>
    public const int DefaultRsaBits = 2048;

    private readonly Octets _dnskey;

    private protected SigningKey(SecurityAlgorithm algorithm, DnskeyFlags flags, ReadOnlySpan<byte> publicKey)
    {
        Algorithm = algorithm;
        Flags = flags;
        PublicKey = Octets.Copy(publicKey);
        // RFC 4034 §2.1.2: the protocol field is 3.
        var dnskey = new DnskeyData((ushort)flags, 3, (byte)algorithm, PublicKey);
        _dnskey = dnskey.ToOctets();
        KeyTag = dnskey.KeyTag();
    }

    /// <summary>The algorithm.</summary>
    public SecurityAlgorithm Algorithm { get; }

    /// <summary>The flags of its DNSKEY.</summary>
    public DnskeyFlags Flags { get; }

    /// <summary>The public key field of its DNSKEY (RFC 3110 §2, RFC 6605 §4, RFC 8080 §3).</summary>
    public Octets PublicKey { get; }

    /// <summary>The key tag (RFC 4034 Appendix B). It changes with the flags.</summary>
    public ushort KeyTag { get; }

    /// <summary>Octets of each signature.</summary>
    public abstract int SignatureLength { get; }

    /// <summary>Makes a new key from the system's randomness.</summary>
    /// <param name="algorithm">A supported one (<see cref="SecurityAlgorithms.IsSupported"/>).</param>
    /// <param name="flags">256 for a zone signing key, 257 for a key signing or a combined one.</param>
    /// <param name="rsaBits">For RSA: bits of the modulus, 1024 to 4096, by default 2048; otherwise ignored.</param>
    /// <exception cref="ArgumentOutOfRangeException">The algorithm is not supported, or the size is out of range.</exception>
    public static SigningKey Generate(SecurityAlgorithm algorithm, DnskeyFlags flags = DnskeyFlags.Zone, int rsaBits = DefaultRsaBits)
    {
        switch (algorithm)
        {
            case SecurityAlgorithm.RsaSha1 or SecurityAlgorithm.RsaSha1Nsec3Sha1 or SecurityAlgorithm.RsaSha256 or SecurityAlgorithm.RsaSha512:
                ArgumentOutOfRangeException.ThrowIfLessThan(rsaBits, 1024);
                ArgumentOutOfRangeException.ThrowIfGreaterThan(rsaBits, RsaPublicKeyFormat.MaximumModulusBits);
                return RsaSigningKey.Generate(algorithm, flags, rsaBits);
            case SecurityAlgorithm.EcdsaP256Sha256 or SecurityAlgorithm.EcdsaP384Sha384:
                return EcdsaSigningKey.Generate(algorithm, flags);
            case SecurityAlgorithm.Ed25519:
                return Ed25519SigningKey.Generate(flags);
            case SecurityAlgorithm.Ed448:
                return Ed448SigningKey.Generate(flags);
            default:
                throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "signatures of this algorithm cannot be made");
        }
    }

    /// <summary>Signs octets.</summary>
    /// <param name="data">For an RRset the octets of RFC 4034 §3.1.8.1.</param>
    /// <returns>The signature field of an RRSIG, <see cref="SignatureLength"/> octets.</returns>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        var signature = new byte[SignatureLength];
        SignInto(data, signature);
        return signature;
    }

    /// <summary>Signs octets into a buffer of exactly <see cref="SignatureLength"/> octets.</summary>
    internal abstract void SignInto(ReadOnlySpan<byte> data, Span<byte> signature);

    /// <summary>The same key with other flags, such as REVOKE; its tag changes.</summary>
    /// <param name="flags">The flags.</param>
    public abstract SigningKey WithFlags(DnskeyFlags flags);

    /// <summary>RDATA of its DNSKEY record (RFC 4034 §2.1).</summary>
    public Octets ToDnskey() => _dnskey;

    /// <summary>RDATA of a DS record that names it (RFC 4034 §5.1).</summary>
    /// <param name="owner">The zone.</param>
    /// <param name="digest">SHA-1 (1), SHA-256 (2, the default) or SHA-384 (4).</param>
    /// <exception cref="ArgumentOutOfRangeException">The digest type is not supported.</exception>
    public Octets ToDs(DomainName owner, DigestAlgorithm digest = DigestAlgorithm.Sha256) => DelegationSigner.Create(owner, _dnskey, digest);

    /// <summary>The algorithm and the key tag, as operators name a key; nothing of the private part.</summary>
    public override string ToString() => $"{SecurityAlgorithms.ToText(Algorithm)}/{KeyTag}";
}
