using Danelaw.Dns;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Certificates;

/// <summary>
/// A public key of a certificate or record, imported once: RSA and ECDSA by .NET, Ed25519 and Ed448 through the seam of
/// <see cref="VerificationKey"/>. Foreign octets never throw here.
/// </summary>
internal abstract class CertificateKey : IDisposable
{
    /// <summary>Whether the key is understood.</summary>
    public virtual bool IsKnown => true;

    /// <summary>Whether the key is too small to prove anything (docs/decisions/0050).</summary>
    public virtual bool IsTooWeak => false;

    /// <summary>What checking one signature costs, in units of work (docs/decisions/0294).</summary>
    public virtual int CostOf(SignatureScheme scheme) => 0;

    /// <summary>Imports a SubjectPublicKeyInfo.</summary>
    /// <returns>The key; one that is not understood verifies nothing.</returns>
    public static CertificateKey Import(ReadOnlySpan<byte> publicKey)
    {
        if (!PublicKeyInfo.TryRead(publicKey, out var info)) return UnknownKey.Instance;
        CertificateKey? key = ObjectIdentifiers.ToText(info.Algorithm) switch
        {
            "1.2.840.113549.1.1.1" => RsaCertificateKey.Import(info.Key, null),
            "1.2.840.113549.1.1.10" => ImportPssKey(info),
            "1.2.840.10045.2.1" => EcdsaCertificateKey.Import(info.Parameters, info.Key),
            "1.3.101.112" => EdwardsKey.Import(SecurityAlgorithm.Ed25519, info),
            "1.3.101.113" => EdwardsKey.Import(SecurityAlgorithm.Ed448, info),
            _ => null,
        };
        return key ?? UnknownKey.Instance;
    }

    /// <summary>Whether a key is too small to prove anything: of a server too, OpenSSL refuses such a one at its security level 1, which Postfix asks for under DANE.</summary>
    /// <param name="publicKey">The SubjectPublicKeyInfo.</param>
    public static bool IsTooWeakKey(Octets publicKey)
    {
        using var key = Import(publicKey.Span);
        return key.IsTooWeak;
    }

    /// <summary>Checks the signature of a certificate with this key.</summary>
    /// <param name="signed">The certificate that the key's owner may have signed.</param>
    public SignatureCheck Check(Certificate signed)
    {
        // RFC 5280 §4.1.1.2: the algorithm inside what is signed must be the one outside.
        if (signed.SignatureAlgorithm != signed.InnerSignatureAlgorithm) return SignatureCheck.Invalid;
        var scheme = SignatureScheme.Read(signed.SignatureAlgorithm.Span);
        if (scheme.Family == SignatureFamily.Unknown || !IsKnown) return SignatureCheck.NotSupported;
        if (!Verify(scheme, signed.ToBeSigned.Span, signed.Signature.Span)) return SignatureCheck.Invalid;
        return scheme.IsTooWeak || IsTooWeak ? SignatureCheck.TooWeak : SignatureCheck.Valid;
    }

    /// <summary>Whether this key made the signature; false for a scheme of another kind of key.</summary>
    public abstract bool Verify(SignatureScheme scheme, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Checks a signature that this key is said to have made, as that of a request (RFC 2986 §4.2).</summary>
    /// <param name="algorithm">The AlgorithmIdentifier.</param>
    /// <param name="data">What is signed.</param>
    /// <param name="signature">The signature.</param>
    public SignatureCheck CheckOwn(ReadOnlySpan<byte> algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var scheme = SignatureScheme.Read(algorithm);
        if (scheme.Family == SignatureFamily.Unknown || !IsKnown) return SignatureCheck.NotSupported;
        return Verify(scheme, data, signature) ? SignatureCheck.Valid : SignatureCheck.Invalid;
    }

    private static RsaCertificateKey? ImportPssKey(PublicKeyInfo info)
    {
        // RFC 4055 §1.2: without parameters the key may be used with any, otherwise with these alone.
        if (info.Parameters.IsEmpty) return RsaCertificateKey.Import(info.Key, new(SignatureFamily.RsaPss, default, 0));
        return SignatureScheme.TryReadPss(info.Parameters, out var only) ? RsaCertificateKey.Import(info.Key, only) : null;
    }

    private sealed class UnknownKey : CertificateKey
    {
        public static readonly UnknownKey Instance = new();

        public override bool IsKnown => false;

        public override void Dispose()
        {
        }

        public override bool Verify(SignatureScheme scheme, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => false;
    }

    private sealed class EdwardsKey(VerificationKey key) : CertificateKey
    {
        // RFC 8410 §3: the parameters are absent, the key is that of RFC 8032 as it is.
        public static EdwardsKey? Import(SecurityAlgorithm algorithm, PublicKeyInfo info) =>
            info.Parameters.IsEmpty && VerificationKey.TryImport(algorithm, info.Key, out var key) ? new(key) : null;

        public override int CostOf(SignatureScheme scheme) => key.Algorithm == SecurityAlgorithm.Ed25519 ? 10 : 40;

        public override void Dispose()
        {
            // A verification key is freed by its finalizer.
        }

        public override bool Verify(SignatureScheme scheme, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
            scheme.Family == (key.Algorithm == SecurityAlgorithm.Ed25519 ? SignatureFamily.Ed25519 : SignatureFamily.Ed448) && key.Verify(data, signature);
    }
}
