using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Danelaw.Dns;

namespace Danelaw.Lab.Authority;

/// <summary>A small certificate authority: issues roots, intermediates and servers' certificates, sound and odd.</summary>
/// <param name="now">The lab's time, from which every lifetime is counted.</param>
public sealed class CertificateAuthority(DateTimeOffset now)
{
    private int _serial;

    /// <summary>Issues a certificate with a key of its own.</summary>
    /// <param name="order">What it is to be.</param>
    public LabCertificate Issue(CertificateOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        return Issue(order, LabKey.Generate(order.KeyKind));
    }

    /// <summary>Issues a certificate for the key of another one, as a renewal that keeps its key does.</summary>
    /// <param name="order">What it is to be.</param>
    /// <param name="sameKeyAs">Whose key.</param>
    public LabCertificate Issue(CertificateOrder order, LabCertificate sameKeyAs)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(sameKeyAs);
        return Issue(order, sameKeyAs.Key);
    }

    internal LabCertificate Issue(CertificateOrder order, LabKey key)
    {
        var request = key.ToRequest(Subject(order.Name));
        if (order.IsAuthority)
        {
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, order.PathLength is not null, order.PathLength ?? 0, critical: true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        }
        else
        {
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        }

        if (order.DnsNames.Length > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var name in order.DnsNames) names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
        }

        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var issuer = order.Issuer;
        if (issuer is not null) request.CertificateExtensions.Add(AuthorityKeyIdentifier(issuer));

        var (notBefore, notAfter) = (now + order.ValidFrom, now + order.ValidFor);
        using var certificate = request.Create(Subject(issuer?.Name ?? order.Name), (issuer?.Key ?? key).ToGenerator(), notBefore, notAfter, NextSerial());
        return new LabCertificate(order.Name, key, new Octets(certificate.RawData), new Octets(request.PublicKey.ExportSubjectPublicKeyInfo()), issuer);
    }

    private static X500DistinguishedName Subject(string name)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(name);
        return builder.Build();
    }

    private static X509AuthorityKeyIdentifierExtension AuthorityKeyIdentifier(LabCertificate issuer)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(issuer.Der.Span);
        var subjectKey = certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single();
        return X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(subjectKey);
    }

    // Counted, so that the same lab bears the same numbers; RFC 5280 §4.1.2.2 wants them positive and one of a kind.
    private byte[] NextSerial()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(0x0DA9E000 + Interlocked.Increment(ref _serial));
        return writer.Encode()[2..];
    }
}
