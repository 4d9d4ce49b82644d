using Danelaw.Dns;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Tls.Crypto;

namespace Danelaw.Tests.Probes;

/// <summary>Octets that a server of BouncyCastle's shows for a certificate, whatever they are.</summary>
public sealed class ShownCertificate(Octets octets) : TlsCertificate
{
    public BigInteger? SerialNumber => null;

    public string? SigAlgOid => null;

    public byte[] GetEncoded() => octets.ToArray();

    public TlsEncryptor CreateEncryptor(int tlsCertificateRole) => throw new NotSupportedException();

    public TlsVerifier CreateVerifier(short signatureAlgorithm) => throw new NotSupportedException();

    public Tls13Verifier CreateVerifier(int signatureScheme) => throw new NotSupportedException();

    public byte[]? GetExtension(DerObjectIdentifier extensionOid) => null;

    public Asn1Encodable? GetSigAlgParams() => null;

    public short GetLegacySignatureAlgorithm() => -1;

    public bool SupportsSignatureAlgorithm(short signatureAlgorithm) => true;

    public bool SupportsSignatureAlgorithmCA(short signatureAlgorithm) => true;

    public TlsCertificate CheckUsageInRole(int tlsCertificateRole) => this;
}
