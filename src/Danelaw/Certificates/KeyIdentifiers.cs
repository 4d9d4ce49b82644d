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
    internal static bool AreContradicting(Certificate signed, Certificate issuer)
    {
        if (Find(signed, ObjectIdentifiers.AuthorityKeyIdentifier) is not { } named || !new DerReader(named.Span).TryReadSequence(out var parts)) return false;
        if (parts.TryRead(KeyIdentifierTag, out var key) && OwnOf(issuer) is { } own && !key.SequenceEqual(own.Span)) return true;
        var hasIssuer = parts.TryReadInside(IssuerTag, out var names);
        if (parts.TryRead(SerialTag, out var serial) && !serial.SequenceEqual(issuer.SerialNumber.Span)) return true;
        while (hasIssuer && names.TryReadAny(out var kind, out _, out var name))
            if (kind == DirectoryNameTag) return !DistinguishedName.Read(Octets.Copy(name)).Equals(DistinguishedName.Read(issuer.Issuer));
        return false;
    }

    private static Octets? OwnOf(Certificate certificate) =>
        Find(certificate, ObjectIdentifiers.SubjectKeyIdentifier) is { } value && new DerReader(value.Span).TryRead(Asn1Tag.PrimitiveOctetString, out var own) ? Octets.Copy(own) : null;

    private static Octets? Find(Certificate certificate, string wanted)
    {
        if (certificate.Extensions.IsEmpty || !new DerReader(certificate.Extensions.Span).TryReadSequence(out var list)) return null;
        while (!list.IsAtEnd)
        {
            if (!list.TryReadSequence(out var extension) || !extension.TryReadOid(out var oid)) return null;
            if (extension.Follows(Asn1Tag.Boolean) && !extension.TryReadBoolean(out _)) return null;
            if (!extension.TryRead(Asn1Tag.PrimitiveOctetString, out var value)) return null;
            if (ObjectIdentifiers.ToText(oid) == wanted) return Octets.Copy(value);
        }

        return null;
    }
}
