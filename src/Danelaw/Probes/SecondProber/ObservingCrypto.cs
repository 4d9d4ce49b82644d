using Danelaw.Dns;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace Danelaw.Probes.SecondProber;

/// <summary>BouncyCastle's cryptography, but for certificates and raw public keys, which are kept as they are sent.</summary>
internal sealed class ObservingCrypto() : BcTlsCrypto(new SecureRandom())
{
    public override TlsCertificate CreateCertificate(short type, byte[] encoding) => type switch
    {
        CertificateType.X509 => new SeenCertificate(Octets.Copy(encoding), isRawKey: false),
        CertificateType.RawPublicKey => new SeenCertificate(Octets.Copy(encoding), isRawKey: true),
        _ => throw new TlsFatalAlert(AlertDescription.unsupported_certificate),
    };
}
