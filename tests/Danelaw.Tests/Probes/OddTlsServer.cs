using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using Certificate = Org.BouncyCastle.Tls.Certificate;
using CertificateRequest = Org.BouncyCastle.Tls.CertificateRequest;

namespace Danelaw.Tests.Probes;

/// <summary>A TLS server that does what SslStream's would not: any list of certificates, an RSA and an ECDSA key side by side, versions that are retired.</summary>
public sealed class OddTlsServer : DefaultTlsServer
{
    private readonly BcTlsCrypto _crypto;

    public OddTlsServer()
        : base(new BcTlsCrypto(new SecureRandom())) => _crypto = (BcTlsCrypto)Crypto;

    public ProtocolVersion[] Versions { get; init; } = [ProtocolVersion.TLSv12];

    public X509Certificate2? Rsa { get; init; }

    public X509Certificate2? Ecdsa { get; init; }

    /// <summary>What is sent after the leaf.</summary>
    public IReadOnlyList<byte[]> Rest { get; init; } = [];

    public static LoopbackServer Start(Func<OddTlsServer> make) => new(async (stream, socket) =>
    {
        await Task.Run(() =>
        {
            var protocol = new TlsServerProtocol(stream);
            try
            {
                protocol.Accept(make());
                var buffer = new byte[1024];
                while (protocol.ReadApplicationData(buffer, 0, buffer.Length) > 0)
                {
                }
            }
            catch (TlsException)
            {
                // What the client makes of it is the test's matter. What it says meanwhile is read, or the connection would be reset and our last word with it.
                socket.Shutdown(SocketShutdown.Send);
                while (socket.Receive(new byte[1024]) > 0)
                {
                }
            }
        });
    });

    protected override ProtocolVersion[] GetSupportedVersions() => Versions;

    /// <summary>The cipher suites, when not those of the keys.</summary>
    public int[]? Suites { get; init; }

    protected override int[] GetSupportedCipherSuites() => Suites ??
    [
        .. IsTls13 ? new[] { CipherSuite.TLS_AES_128_GCM_SHA256 } : [],
        .. Ecdsa is null ? Array.Empty<int>() : [CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA],
        .. Rsa is null ? Array.Empty<int>() : [CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA],
    ];

    /// <summary>The group by which it exchanges keys with suites of DHE; null for one of its library's.</summary>
    public DHGroup? Group { get; init; }

    public override TlsDHConfig GetDHConfig() => Group is null ? base.GetDHConfig() : new(Group);

    /// <summary>Whether it asks the client for a certificate.</summary>
    public bool AsksCertificate { get; init; }

    /// <summary>Whether it refuses a client that has none.</summary>
    public bool DemandsCertificate { get; init; }

    public override CertificateRequest? GetCertificateRequest()
    {
        if (!AsksCertificate && !DemandsCertificate) return null;
        SignatureAndHashAlgorithm[] algorithms = [new(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa)];
        return m_context.ServerVersion.Equals(ProtocolVersion.TLSv13) ? new(TlsUtilities.EmptyBytes, algorithms, null, null) : new([ClientCertificateType.ecdsa_sign], algorithms, null);
    }

    public override void NotifyClientCertificate(Certificate clientCertificate)
    {
        if (DemandsCertificate) throw new TlsFatalAlert(m_context.ServerVersion.Equals(ProtocolVersion.TLSv13) ? AlertDescription.certificate_required : AlertDescription.handshake_failure);
    }

    /// <summary>Whether it shows what it has, whatever it is asked for.</summary>
    public bool IsHeedless { get; init; }

    /// <summary>The alert by which it says, in TLS 1.3, that it has no key of the kind that it is asked for.</summary>
    public short WithoutKey { get; init; } = AlertDescription.handshake_failure;

    public override TlsCredentials GetCredentials()
    {
        if (!m_context.ServerVersion.Equals(ProtocolVersion.TLSv13)) return base.GetCredentials();
        var offered = m_context.SecurityParameters.ClientSigAlgs;
        if (Ecdsa is not null && (IsHeedless || TlsUtilities.ContainsSignatureAlgorithm(offered, new(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa)))) return Signer(Ecdsa, isRsa: false);
        if (Rsa is not null && (IsHeedless || TlsUtilities.ContainsSignatureAlgorithm(offered, SignatureAndHashAlgorithm.rsa_pss_rsae_sha256))) return Signer(Rsa, isRsa: true);
        throw new TlsFatalAlert(WithoutKey);
    }

    protected override TlsCredentialedSigner GetECDsaSignerCredentials() => Signer(Ecdsa!, isRsa: false);

    protected override TlsCredentialedSigner GetRsaSignerCredentials() => Signer(Rsa!, isRsa: true);

    private bool IsTls13 => Versions.Contains(ProtocolVersion.TLSv13);

    private BcDefaultTlsCredentialedSigner Signer(X509Certificate2 leaf, bool isRsa)
    {
        TlsCertificate[] list = [.. Rest.Prepend(leaf.RawData).Select(der => Crypto.CreateCertificate(der))];
        var is13 = m_context.ServerVersion.Equals(ProtocolVersion.TLSv13);
        var certificate = is13 ? new Certificate(TlsUtilities.EmptyBytes, [.. list.Select(one => new CertificateEntry(one, null))]) : new Certificate(list);
        SignatureAndHashAlgorithm? algorithm = null;
        if (is13) algorithm = SignatureScheme.GetSignatureAndHashAlgorithm(isRsa ? SignatureScheme.rsa_pss_rsae_sha256 : SignatureScheme.ecdsa_secp256r1_sha256);
        else if (m_context.ServerVersion.Equals(ProtocolVersion.TLSv12)) algorithm = new(HashAlgorithm.sha256, isRsa ? SignatureAlgorithm.rsa : SignatureAlgorithm.ecdsa);
        return new(new TlsCryptoParameters(m_context), _crypto, Key(leaf, isRsa), certificate, algorithm);
    }

    private static AsymmetricKeyParameter Key(X509Certificate2 leaf, bool isRsa) =>
        PrivateKeyFactory.CreateKey(isRsa ? leaf.GetRSAPrivateKey()!.ExportPkcs8PrivateKey() : leaf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKey());
}
