using NSec.Cryptography;

namespace Danelaw.Dnssec.Keys;

/// <summary>Ed25519 (15), RFC 8080, by libsodium.</summary>
internal sealed class Ed25519VerificationKey : VerificationKey
{
    private readonly PublicKey _publicKey;

    private Ed25519VerificationKey(PublicKey publicKey)
        : base(SecurityAlgorithm.Ed25519) => _publicKey = publicKey;

    internal static Ed25519VerificationKey? Import(ReadOnlySpan<byte> field) =>
        // RFC 8080 §3: 32 octets, as RFC 8032 §5.1.5 encodes the point.
        PublicKey.TryImport(SignatureAlgorithm.Ed25519, field, KeyBlobFormat.RawPublicKey, out var publicKey) && publicKey is not null
            ? new Ed25519VerificationKey(publicKey)
            : null;

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureAlgorithm.Ed25519.SignatureSize && SignatureAlgorithm.Ed25519.Verify(_publicKey, data, signature);
}
