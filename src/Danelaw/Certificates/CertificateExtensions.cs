using System.Collections.Immutable;
using System.Formats.Asn1;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>The extensions of a certificate that a path's rules need (RFC 5280 §4.2).</summary>
internal sealed class CertificateExtensions
{
    private static readonly Asn1Tag PermittedTag = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag MinimumTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag ExcludedTag = new(TagClass.ContextSpecific, 1, isConstructed: true);

    private CertificateExtensions()
    {
    }

    /// <summary>What cannot be read, as a phrase; null when everything could.</summary>
    public string? Fault { get; private set; }

    /// <summary>The first critical extension that is not known here; null when there is none.</summary>
    public string? UnknownCritical { get; private set; }

    /// <summary>Whether basic constraints are there at all.</summary>
    public bool HasBasicConstraints { get; private set; }

    /// <summary>Whether basic constraints call the subject an authority.</summary>
    public bool IsAuthority { get; private set; }

    /// <summary>How many authorities may follow below; null without such a limit.</summary>
    public int? PathLength { get; private set; }

    /// <summary>The key usage; null when the extension is absent.</summary>
    public KeyUsages? KeyUsage { get; private set; }

    /// <summary>The purposes of the extended key usage; null when the extension is absent.</summary>
    public ImmutableArray<string>? Purposes { get; private set; }

    /// <summary>Whether Netscape's old list of kinds is there and has no TLS servers on it.</summary>
    public bool IsForOthersByNetscape { get; private set; }

    /// <summary>The subject's alternative names; null when the extension is absent.</summary>
    public ImmutableArray<GeneralName>? AlternativeNames { get; private set; }

    /// <summary>The subtrees in which names must lie; null when the extension is absent.</summary>
    public NameConstraints? NameConstraints { get; private set; }

    /// <summary>The content of the subject key identifier (RFC 5280 §4.2.1.2), unread; empty when the extension is absent. A hint for whoever builds a path.</summary>
    public Octets SubjectKeyIdentifier { get; private set; }

    /// <summary>The content of the authority key identifier (RFC 5280 §4.2.1.1), unread; empty when the extension is absent. A hint for whoever builds a path.</summary>
    public Octets AuthorityKeyIdentifier { get; private set; }

    /// <summary>Reads the Extensions of a certificate.</summary>
    public static CertificateExtensions Read(Certificate certificate)
    {
        var extensions = new CertificateExtensions();
        if (!certificate.Extensions.IsEmpty) extensions.ReadList(certificate.Extensions);

        // RFC 5280 §4.1.2.1, §4.1.2.9: the version is 1, 2 or 3, and extensions stand only in version 3.
        if (certificate.Version == 0) extensions.Fault = "its version is unknown";
        else if (certificate.Version < 3 && !certificate.Extensions.IsEmpty) extensions.Fault = "extensions stand in a certificate of an older version";
        return extensions;
    }

    private void ReadList(Octets octets)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var outer = new DerReader(octets.Span);
        if (!outer.TryReadSequence(out var list))
        {
            Fault = "its extensions cannot be read";
            return;
        }

        while (!list.IsAtEnd)
        {
            var isCritical = false;
            if (!list.TryReadSequence(out var extension)
                || !extension.TryReadOid(out var oid)
                || (extension.Follows(Asn1Tag.Boolean) && !extension.TryReadBoolean(out isCritical))
                || !extension.TryRead(Asn1Tag.PrimitiveOctetString, out var value)
                || !extension.IsAtEnd)
            {
                Fault = "its extensions cannot be read";
                return;
            }

            // RFC 5280 §4.2: never two of one kind.
            var name = ObjectIdentifiers.ToText(oid);
            if (!seen.Add(name)) Fault = $"it has two extensions {name}";
            else Read(name, isCritical, value);
        }
    }

    private void Read(string oid, bool isCritical, ReadOnlySpan<byte> value)
    {
        switch (oid)
        {
            case ObjectIdentifiers.BasicConstraints:
                if (!TryReadBasicConstraints(value)) Fault = "its basic constraints cannot be read";
                break;
            case ObjectIdentifiers.KeyUsage:
                if (!TryReadKeyUsage(value)) Fault = "its key usage cannot be read";
                break;
            case ObjectIdentifiers.ExtendedKeyUsage:
                if (!TryReadPurposes(value)) Fault = "its extended key usage cannot be read";
                break;
            case ObjectIdentifiers.SubjectAlternativeName:
                if (GeneralName.TryReadAll(value, out var names)) AlternativeNames = names;
                else Fault = "its alternative names cannot be read";
                break;
            case ObjectIdentifiers.NameConstraints:
                if (!TryReadNameConstraints(value)) Fault = "its name constraints cannot be read";
                break;
            case ObjectIdentifiers.NetscapeCertificateType:
                // The second bit is SSL servers; what cannot be read says nothing.
                IsForOthersByNetscape = new DerReader(value).TryRead(Asn1Tag.PrimitiveBitString, out var kinds) && (kinds.Length < 2 || (kinds[1] & 0x40) == 0);
                break;
            // Policies bind nobody who asks for none, and revocation is not asked for here: known, and without effect (as in OpenSSL).
            case ObjectIdentifiers.CertificatePolicies or ObjectIdentifiers.PolicyMappings or ObjectIdentifiers.InhibitAnyPolicy
                or ObjectIdentifiers.PolicyConstraints or ObjectIdentifiers.CrlDistributionPoints:
                break;
            case ObjectIdentifiers.SubjectKeyIdentifier:
                SubjectKeyIdentifier = Octets.Copy(value);
                goto default;
            case ObjectIdentifiers.AuthorityKeyIdentifier:
                AuthorityKeyIdentifier = Octets.Copy(value);
                goto default;
            default:
                // RFC 5280 §4.2: a critical extension that is not understood makes the certificate unusable.
                if (isCritical) UnknownCritical ??= oid;
                break;
        }
    }

    private bool TryReadBasicConstraints(ReadOnlySpan<byte> value)
    {
        HasBasicConstraints = true;
        var outer = new DerReader(value);
        if (!outer.TryReadSequence(out var parts) || !outer.IsAtEnd) return false;
        var isAuthority = false;
        if (parts.Follows(Asn1Tag.Boolean) && !parts.TryReadBoolean(out isAuthority)) return false;
        if (parts.Follows(Asn1Tag.Integer))
        {
            if (!parts.TryReadCount(Asn1Tag.Integer, out var length)) return false;
            PathLength = length;
        }

        IsAuthority = isAuthority;
        return parts.IsAtEnd;
    }

    private bool TryReadKeyUsage(ReadOnlySpan<byte> value)
    {
        var outer = new DerReader(value);
        if (!outer.TryRead(Asn1Tag.PrimitiveBitString, out var content) || !outer.IsAtEnd || content.IsEmpty || content[0] > 7) return false;
        var usage = KeyUsages.None;
        if (content.Length > 1) usage = (KeyUsages)content[1];
        KeyUsage = usage;
        return true;
    }

    private bool TryReadPurposes(ReadOnlySpan<byte> value)
    {
        var outer = new DerReader(value);
        if (!outer.TryReadSequence(out var list) || !outer.IsAtEnd) return false;
        var purposes = ImmutableArray.CreateBuilder<string>();
        while (!list.IsAtEnd)
        {
            if (!list.TryReadOid(out var oid)) return false;
            purposes.Add(ObjectIdentifiers.ToText(oid));
        }

        Purposes = purposes.ToImmutable();
        return true;
    }

    private bool TryReadNameConstraints(ReadOnlySpan<byte> value)
    {
        var outer = new DerReader(value);
        if (!outer.TryReadSequence(out var parts) || !outer.IsAtEnd) return false;
        if (!TryReadSubtrees(ref parts, PermittedTag, out var permitted) || !TryReadSubtrees(ref parts, ExcludedTag, out var excluded) || !parts.IsAtEnd) return false;
        NameConstraints = new(permitted, excluded);
        return true;
    }

    private static bool TryReadSubtrees(ref DerReader parts, Asn1Tag tag, out ImmutableArray<GeneralName> subtrees)
    {
        subtrees = [];
        if (!parts.Follows(tag)) return true;
        if (!parts.TryReadInside(tag, out var list)) return false;
        var read = ImmutableArray.CreateBuilder<GeneralName>();
        while (!list.IsAtEnd)
        {
            // RFC 5280 §4.2.1.10: the minimum is zero, a maximum is not used.
            if (!list.TryReadSequence(out var subtree) || !GeneralName.TryRead(ref subtree, out var name)) return false;
            if (subtree.Follows(MinimumTag) && (!subtree.TryReadCount(MinimumTag, out var minimum) || minimum != 0)) return false;
            if (!subtree.IsAtEnd) return false;
            read.Add(name);
        }

        subtrees = read.ToImmutable();
        return true;
    }
}

/// <summary>The first eight bits of the key usage extension (RFC 5280 §4.2.1.3).</summary>
[Flags]
internal enum KeyUsages
{
    None = 0,
    DigitalSignature = 0x80,
    KeyEncipherment = 0x20,
    KeyAgreement = 0x08,
    CertificateSigning = 0x04,
}
