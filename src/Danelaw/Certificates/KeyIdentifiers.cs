using System.Formats.Asn1;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>By what a certificate tells its own key and its issuer's from others of the same name (RFC 5280 §4.2.1.1, §4.2.1.2). Hints for whoever builds a path: they prove nothing. Foreign octets never throw.</summary>
internal static class KeyIdentifiers
{
    private static readonly Asn1Tag KeyIdentifierTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag IssuerTag = new(TagClass.ContextSpecific, 1, isConstructed: true);
    private static readonly Asn1Tag SerialTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag DirectoryNameTag = new(TagClass.ContextSpecific, 4, isConstructed: true);

    /// <summary>Whether a certificate names another key, or another certificate, than that of an issuer: OpenSSL builds no path over such a link.</summary>
    /// <param name="signed">The certificate that names its issuer.</param>
    /// <param name="issuer">One that bears the issuer's name.</param>
    internal static bool AreContradicting(PathCertificate signed, PathCertificate issuer)
    {
        if (!new DerReader(signed.Extensions.AuthorityKeyIdentifier.Span).TryReadSequence(out var parts)) return false;
        var hasOwn = new DerReader(issuer.Extensions.SubjectKeyIdentifier.Span).TryRead(Asn1Tag.PrimitiveOctetString, out var own);
        if (parts.TryRead(KeyIdentifierTag, out var key) && hasOwn && !key.SequenceEqual(own)) return true;
        var hasIssuer = parts.TryReadInside(IssuerTag, out var names);
        if (parts.TryRead(SerialTag, out var serial) && !serial.SequenceEqual(issuer.Frame.SerialNumber.Span)) return true;
        while (hasIssuer && names.TryReadAny(out var kind, out _, out var name))
            if (kind == DirectoryNameTag) return !DistinguishedName.Read(Octets.Copy(name)).Equals(issuer.Issuer);
        return false;
    }
}
