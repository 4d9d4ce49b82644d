using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Danelaw.Dns.Tests.Transports;

/// <summary>A certificate that vouches for itself.</summary>
internal static class TestCertificate
{
    public static X509Certificate2 For(string? dnsName = null, IPAddress? address = null) => For(dnsName, address, DateTimeOffset.UnixEpoch.AddYears(30), DateTimeOffset.UnixEpoch.AddYears(120));

    public static X509Certificate2 For(string? dnsName, IPAddress? address, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=resolver", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (dnsName is not null) names.AddDnsName(dnsName);
        if (address is not null) names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(notBefore, notAfter);
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    public static Octets Der(this X509Certificate2 certificate) => new(certificate.RawData);
}
