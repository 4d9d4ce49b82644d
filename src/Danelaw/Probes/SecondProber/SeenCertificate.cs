using System.Security.Cryptography;
using Danelaw.Certificates;
using Danelaw.Dns;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using HouseCertificate = Danelaw.Certificates.Certificate;
using TlsScheme = Org.BouncyCastle.Tls.SignatureScheme;

namespace Danelaw.Probes.SecondProber;

/// <summary>
/// A certificate, or a raw public key (RFC 7250), exactly as it was sent. BouncyCastle's own refuses odd ones before anybody has seen them; of this one it learns nothing but whether a
/// signature is that of its key, and that is found by the house's keys (docs/decisions/0260).
/// </summary>
/// <param name="encoded">The octets, DER or not.</param>
/// <param name="isRawKey">Whether they are a SubjectPublicKeyInfo, and no certificate.</param>
internal sealed class SeenCertificate(Octets encoded, bool isRawKey) : TlsCertificate
{
    private readonly Octets _key = FindKey(encoded, isRawKey);

    /// <summary>The octets as sent.</summary>
    internal Octets Encoded => encoded;

    /// <summary>Whether it is a raw public key.</summary>
    internal bool IsRawKey => isRawKey;

    /// <summary>Whether this handshake can be finished by nobody but who holds the key: it has signed, or a secret was encrypted to it. Only the Finished of the server then proves the latter.</summary>
    internal bool IsBound { get; private set; }

    /// <summary>Whether the public key could be found at all.</summary>
    internal bool IsReadable => _key.Length > 0;

    // Nothing here is judged by these; null has BouncyCastle leave out what it would do with them.
    public BigInteger? SerialNumber => null;

    public string? SigAlgOid => null;

    public Tls13Verifier CreateVerifier(int signatureScheme) => new Verifier(this, signatureScheme, isTls13: true);

    public TlsVerifier CreateVerifier(short signatureAlgorithm) => new Verifiers12(this);

    public TlsEncryptor CreateEncryptor(int tlsCertificateRole) => new Encryptor(this);

    public byte[] GetEncoded() => encoded.Span.ToArray();

    public byte[]? GetExtension(DerObjectIdentifier extensionOid) => null;

    public Asn1Encodable? GetSigAlgParams() => null;

    public short GetLegacySignatureAlgorithm() => -1;

    public bool SupportsSignatureAlgorithm(short signatureAlgorithm) => false;

    public bool SupportsSignatureAlgorithmCA(short signatureAlgorithm) => false;

    public TlsCertificate CheckUsageInRole(int tlsCertificateRole) => this;

    private static Octets FindKey(Octets encoded, bool isRawKey)
    {
        if (isRawKey) return PublicKeyInfo.IsWellFormed(encoded.Span) ? encoded : default;
        return HouseCertificate.TryRead(encoded, out var certificate) ? certificate.PublicKey : default;
    }

    private bool Verify(int scheme, bool isTls13, byte[] data, byte[] signature)
    {
        if (!SignatureOffers.TryFit(scheme, isTls13, _key.Span, out var house)) return false;
        using var key = CertificateKey.Import(_key.Span);
        if (!key.Verify(house, data, signature)) return false;
        IsBound = true;
        return true;
    }

    /// <summary>RFC 8446 §4.4.3, and RFC 5246 §7.4.3: the signature over what was said, or over the server's ephemeral key.</summary>
#pragma warning disable CA1001 // A memory stream holds nothing to let go of.
    private sealed class Verifier(SeenCertificate certificate, int scheme, bool isTls13, byte[]? signature = null) : Tls13Verifier, TlsStreamVerifier
    {
#pragma warning restore CA1001
        private readonly MemoryStream _signed = new();

        public Stream Stream => _signed;

        public bool VerifySignature(byte[] signature) => certificate.Verify(scheme, isTls13, _signed.ToArray(), signature);

        public bool IsVerified() => signature is not null && VerifySignature(signature);
    }

    private sealed class Verifiers12(SeenCertificate certificate) : TlsVerifier
    {
        // RFC 5246 §4.7: from TLS 1.2 on a signature says its scheme; earlier versions are not spoken here.
        public TlsStreamVerifier GetStreamVerifier(DigitallySigned digitallySigned) =>
            new Verifier(certificate, digitallySigned.Algorithm is { } algorithm ? TlsScheme.From(algorithm) : 0, isTls13: false, digitallySigned.Signature);

        public bool VerifyRawSignature(DigitallySigned digitallySigned, byte[] hash) => false;
    }

    /// <summary>RFC 5246 §7.4.7.1: the secret that only the key's owner can read.</summary>
    private sealed class Encryptor(SeenCertificate certificate) : TlsEncryptor
    {
        public byte[] Encrypt(byte[] input, int inOff, int length)
        {
            if (RsaCertificateKey.IsEverybodys(certificate._key.Span)) throw new TlsFatalAlert(AlertDescription.decrypt_error);
            try
            {
                using var rsa = RSA.Create();
                rsa.ImportSubjectPublicKeyInfo(certificate._key.Span, out _);
                var secret = rsa.Encrypt(input.AsSpan(inOff, length), RSAEncryptionPadding.Pkcs1);
                certificate.IsBound = true;
                return secret;
            }
            catch (CryptographicException exception)
            {
                throw new TlsFatalAlert(AlertDescription.bad_certificate, exception);
            }
        }
    }
}
