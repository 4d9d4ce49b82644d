using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Danelaw.Lab.Authority;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using HashAlgorithm = Org.BouncyCastle.Tls.HashAlgorithm;

namespace Danelaw.Lab.Servers;

/// <summary>TLS 1.2 and 1.3 with the certificates exactly as they are given, which .NET's own server does not do: it builds chains of its own.</summary>
internal sealed class LabTlsServer(BcTlsCrypto crypto, TlsPersonality personality) : DefaultTlsServer(crypto)
{
    private static readonly int[] ModernSuites =
        [CipherSuite.TLS_AES_128_GCM_SHA256, CipherSuite.TLS_AES_256_GCM_SHA384, CipherSuite.TLS_CHACHA20_POLY1305_SHA256];

    private static readonly int[] EcdsaSuites =
        [CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256];

    private static readonly int[] RsaSuites =
        [CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256];

    private bool IsTls13 => TlsUtilities.IsTlsV13(m_context);

    public override ProtocolVersion GetServerVersion() =>
        personality.RefusesHandshakes ? throw new TlsFatalAlert(AlertDescription.internal_error) : base.GetServerVersion();

    public override TlsCredentials GetCredentials()
    {
        // RFC 4492 §5.4: before TLS 1.2 an ECDSA key signs SHA-1, and nothing is said of it.
        if (personality.Versions == TlsVersions.Only11) return Credentials(personality.Identities[0], new Scheme(null, HashAlgorithmName.SHA1));
        var offered = m_context.SecurityParameters.ClientSigAlgs ?? [];
        foreach (var identity in Identities())
        {
            if (!Fits(identity.Certificate.KeyKind)) continue;
            foreach (var scheme in Schemes(identity.Certificate.KeyKind))
                if (offered.Contains(scheme.Algorithm!)) return Credentials(identity, scheme);
        }

        throw new TlsFatalAlert(AlertDescription.handshake_failure);
    }

    protected override ProtocolVersion[] GetSupportedVersions() => personality.Versions switch
    {
        TlsVersions.Modern => ProtocolVersion.TLSv13.DownTo(ProtocolVersion.TLSv12),
        TlsVersions.Only13 => ProtocolVersion.TLSv13.Only(),
        TlsVersions.Only11 => ProtocolVersion.TLSv11.Only(),
    };

    protected override int[] GetSupportedCipherSuites()
    {
        var kinds = personality.Identities.Select(identity => identity.Certificate.KeyKind).ToHashSet();
        var (hasRsa, hasOthers) = (kinds.Contains(LabKeyKind.Rsa2048), kinds.Any(kind => kind != LabKeyKind.Rsa2048));
        if (personality.Versions == TlsVersions.Only11) return [CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA];
        return TlsUtilities.GetSupportedCipherSuites(Crypto, [.. ModernSuites, .. hasOthers ? EcdsaSuites : [], .. hasRsa ? RsaSuites : []]);
    }

    // RFC 6066 §3: an unknown name is no error; the default chain is shown (R63).
    private ImmutableArray<TlsIdentity> Identities()
    {
        foreach (var name in m_context.SecurityParameters.ClientServerNames ?? [])
        {
            if (name.NameType == NameType.host_name && personality.ByServerName.TryGetValue(Encoding.ASCII.GetString(name.NameData).ToLowerInvariant(), out var identities))
                return identities;
        }

        return personality.Identities;
    }

    private bool Fits(LabKeyKind kind) => m_context.SecurityParameters.KeyExchangeAlgorithm switch
    {
        KeyExchangeAlgorithm.ECDHE_RSA => kind == LabKeyKind.Rsa2048,
        KeyExchangeAlgorithm.ECDHE_ECDSA => kind != LabKeyKind.Rsa2048,
        _ => true,
    };

    private Scheme[] Schemes(LabKeyKind kind) => kind switch
    {
        LabKeyKind.P256 => [new(new(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa), HashAlgorithmName.SHA256)],
        LabKeyKind.P384 => [new(new(HashAlgorithm.sha384, SignatureAlgorithm.ecdsa), HashAlgorithmName.SHA384)],
        LabKeyKind.Ed25519 => [new(SignatureAndHashAlgorithm.ed25519, HashAlgorithmName.SHA512)],
        // RFC 8446 §4.2.3: PKCS #1 signatures have no place in TLS 1.3.
        LabKeyKind.Rsa2048 when IsTls13 => [Pss],
        LabKeyKind.Rsa2048 => [Pss, new(new(HashAlgorithm.sha256, SignatureAlgorithm.rsa), HashAlgorithmName.SHA256)],
    };

    private static Scheme Pss => new(SignatureAndHashAlgorithm.rsa_pss_rsae_sha256, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);

    private LabCredentials Credentials(TlsIdentity identity, Scheme scheme)
    {
        var entries = identity.Sent.Select(certificate => new CertificateEntry(Crypto.CreateCertificate(certificate.ToArray()), null)).ToArray();
        return new LabCredentials(identity.Certificate.Key, scheme, new Certificate(IsTls13 ? [] : null, entries));
    }

    private sealed record Scheme(SignatureAndHashAlgorithm? Algorithm, HashAlgorithmName Hash, RSASignaturePadding? Padding = null);

#pragma warning disable CA1001 // A memory stream holds nothing to let go of.
    private sealed class LabCredentials(LabKey key, Scheme scheme, Certificate certificate) : TlsCredentialedSigner, TlsStreamSigner
    {
#pragma warning restore CA1001
        private readonly MemoryStream _signed = new();

        public Certificate Certificate => certificate;

        public SignatureAndHashAlgorithm? SignatureAndHashAlgorithm => scheme.Algorithm;

        public Stream Stream => _signed;

        public byte[] GetSignature() => key.Sign(_signed.ToArray(), scheme.Hash, scheme.Padding ?? RSASignaturePadding.Pkcs1);

        public TlsStreamSigner GetStreamSigner() => this;

        public byte[] GenerateRawSignature(byte[] hash) => throw new InvalidOperationException("the stream signer is used");
    }
}
