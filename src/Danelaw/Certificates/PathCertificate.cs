using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>A certificate that may stand in a path: its frame, and what else it says once somebody asks.</summary>
internal sealed class PathCertificate(Certificate certificate)
{
    private DistinguishedName? _subject;
    private DistinguishedName? _issuer;
    private CertificateExtensions? _extensions;

    /// <summary>Reads a certificate's frame.</summary>
    public static bool TryRead(Octets der, [NotNullWhen(true)] out PathCertificate? certificate)
    {
        certificate = Certificate.TryRead(der, out var frame) ? new(frame) : null;
        return certificate is not null;
    }

    /// <summary>The frame.</summary>
    public Certificate Frame { get; } = certificate;

    /// <summary>The subject's name.</summary>
    public DistinguishedName Subject => _subject ??= DistinguishedName.Read(Frame.Subject);

    /// <summary>The issuer's name.</summary>
    public DistinguishedName Issuer => _issuer ??= DistinguishedName.Read(Frame.Issuer);

    /// <summary>The extensions.</summary>
    public CertificateExtensions Extensions => _extensions ??= CertificateExtensions.Read(Frame);

    /// <summary>Whether subject and issuer are the same (RFC 5280 §3.2); says nothing of the signature.</summary>
    public bool IsSelfIssued => Subject.Equals(Issuer);

    /// <summary>What people call it: a quoted part of its subject's name. Foreign text.</summary>
    public string Label
    {
        get
        {
            foreach (var (oid, text) in Subject.Attributes)
                if (oid == ObjectIdentifiers.CommonName) return text.Length <= 100 ? $"\"{text}\"" : $"\"{text[..100]}…\"";
            return $"\"{Subject}\"";
        }
    }
}
