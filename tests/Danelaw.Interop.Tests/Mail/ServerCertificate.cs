using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Danelaw.Interop.Tests.Mail;

/// <summary>A certificate with its key, made for one test run.</summary>
internal sealed class ServerCertificate
{
    private readonly X509Certificate2 _certificate;

    private ServerCertificate(X509Certificate2 certificate, ServerCertificate? issuer)
    {
        _certificate = certificate;
        Issuer = issuer;
    }

    public ServerCertificate? Issuer { get; }

    public string Pem => _certificate.ExportCertificatePem() + "\n";

    private string KeyPem => ((AsymmetricAlgorithm?)_certificate.GetECDsaPrivateKey() ?? _certificate.GetRSAPrivateKey()!).ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>Key, certificate and, unless left out, what issued it: the file that a server reads.</summary>
    public string ChainPem(bool withIssuers = true)
    {
        var text = KeyPem + Pem;
        if (withIssuers) for (var issuer = Issuer; issuer is not null; issuer = issuer.Issuer) text += issuer.Pem;
        return text;
    }

    /// <summary>The certificate without its key, and what issued it.</summary>
    public string PublicPem() => Pem + Issuer?.PublicPem();

    /// <summary>A TLSA record's data for it, computed here and not by what is tested.</summary>
    public string Tlsa(int usage, int selector, int matching)
    {
        var selected = selector == 0 ? _certificate.RawData : _certificate.PublicKey.ExportSubjectPublicKeyInfo();
        var data = matching switch { 0 => selected, 1 => SHA256.HashData(selected), _ => SHA512.HashData(selected) };
        return string.Create(CultureInfo.InvariantCulture, $"{usage} {selector} {matching} {Convert.ToHexString(data)}");
    }

    public static ServerCertificate Root(string name) => Make(name, null, ECDsa.Create(ECCurve.NamedCurves.nistP256), isAuthority: true, [], -400, 4000);

    public ServerCertificate IssueAuthority(string name) => Make(name, this, ECDsa.Create(ECCurve.NamedCurves.nistP256), isAuthority: true, [], -300, 3000);

    /// <summary>A server's certificate.</summary>
    /// <param name="names">The DNS names that it bears.</param>
    /// <param name="rsa">An RSA key rather than P-256.</param>
    /// <param name="from">Days from today to its first.</param>
    /// <param name="to">Days from today to its last.</param>
    public ServerCertificate IssueServer(IReadOnlyList<string> names, bool rsa = false, int from = -30, int to = 300) =>
        Make(names[0], this, rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256), isAuthority: false, names, from, to);

    /// <summary>One that issued itself.</summary>
    public static ServerCertificate SelfSigned(string name, bool rsa = false) =>
        Make(name, null, rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256), isAuthority: false, [name], -30, 300);

    private static ServerCertificate Make(string name, ServerCertificate? issuer, AsymmetricAlgorithm key, bool isAuthority, IReadOnlyList<string> names, int from, int to)
    {
        var now = TimeProvider.System.GetUtcNow();
        var subject = new X500DistinguishedName($"CN={name}");
        var request = key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(isAuthority ? X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign : X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (issuer is not null) request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer._certificate, true, false));
        if (names.Count > 0)
        {
            var alternatives = new SubjectAlternativeNameBuilder();
            foreach (var each in names) alternatives.AddDnsName(each);
            request.CertificateExtensions.Add(alternatives.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        }
        var generator = issuer is null
            ? key is RSA own ? X509SignatureGenerator.CreateForRSA(own, RSASignaturePadding.Pkcs1) : X509SignatureGenerator.CreateForECDsa((ECDsa)key)
            : X509SignatureGenerator.CreateForECDsa(issuer._certificate.GetECDsaPrivateKey()!);
        var bare = request.Create(issuer?._certificate.SubjectName ?? subject, generator, now.AddDays(from), now.AddDays(to), RandomNumberGenerator.GetBytes(12));
        return new ServerCertificate(key is RSA withRsa ? bare.CopyWithPrivateKey(withRsa) : bare.CopyWithPrivateKey((ECDsa)key), issuer);
    }
}
