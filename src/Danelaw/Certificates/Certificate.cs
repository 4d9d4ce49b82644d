using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>
/// The frame of an X.509 certificate (RFC 5280 §4.1): its parts as slices of the octets that were sent, nothing re-encoded. What stands
/// in dates, names and extensions is read only where it matters, so that a certificate which is odd elsewhere can still be matched.
/// </summary>
internal sealed class Certificate
{
    private static readonly Asn1Tag VersionTag = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 3, isConstructed: true);

    private Certificate(Octets der) => Der = der;

    /// <summary>The whole certificate, as sent.</summary>
    public Octets Der { get; }

    /// <summary>What is signed.</summary>
    public Octets ToBeSigned { get; private set; }

    /// <summary>The signature's AlgorithmIdentifier, outside of what is signed.</summary>
    public Octets SignatureAlgorithm { get; private set; }

    /// <summary>The signature's AlgorithmIdentifier, within what is signed.</summary>
    public Octets InnerSignatureAlgorithm { get; private set; }

    /// <summary>The signature; empty when the BIT STRING is not of whole octets.</summary>
    public Octets Signature { get; private set; }

    /// <summary>The serial number: the content of its INTEGER.</summary>
    public Octets SerialNumber { get; private set; }

    /// <summary>The issuer's Name.</summary>
    public Octets Issuer { get; private set; }

    /// <summary>The subject's Name.</summary>
    public Octets Subject { get; private set; }

    /// <summary>The Validity.</summary>
    public Octets Validity { get; private set; }

    /// <summary>The SubjectPublicKeyInfo, as sent (R39).</summary>
    public Octets PublicKey { get; private set; }

    /// <summary>The Extensions: the SEQUENCE within the explicit tag; empty when there are none.</summary>
    public Octets Extensions { get; private set; }

    /// <summary>The version as the certificate says: 1, 2 or 3; 0 for anything else.</summary>
    public int Version { get; private set; }

    /// <summary>Reads the frame.</summary>
    /// <param name="der">One certificate in DER; shared, not copied.</param>
    /// <param name="certificate">The certificate, or null.</param>
    /// <returns>False when the octets are not exactly one frame of a certificate.</returns>
    public static bool TryRead(Octets der, [NotNullWhen(true)] out Certificate? certificate)
    {
        var read = new Certificate(der);
        certificate = read.TryReadFrame() ? read : null;
        return certificate is not null;
    }

    private bool TryReadFrame()
    {
        var outer = new DerReader(Der.Span);
        if (!outer.TryReadSequence(out var parts) || !outer.IsAtEnd) return false;
        if (!parts.TryRead(Asn1Tag.Sequence, out var toBeSigned, out var content)
            || !parts.TryRead(Asn1Tag.Sequence, out var algorithm, out _)
            || !parts.TryRead(Asn1Tag.PrimitiveBitString, out var signature)
            || !parts.IsAtEnd) return false;
        ToBeSigned = Part(toBeSigned);
        SignatureAlgorithm = Part(algorithm);
        if (signature.Length > 1 && signature[0] == 0) Signature = Part(signature[1..]);
        return TryReadToBeSigned(new DerReader(content));
    }

    private bool TryReadToBeSigned(DerReader parts)
    {
        Version = 1;
        if (parts.TryReadInside(VersionTag, out var version))
            Version = version.TryReadCount(Asn1Tag.Integer, out var number) && version.IsAtEnd && number <= 2 ? number + 1 : 0;
        if (!parts.TryRead(Asn1Tag.Integer, out var serial)
            || !parts.TryRead(Asn1Tag.Sequence, out var algorithm, out _)
            || !parts.TryRead(Asn1Tag.Sequence, out var issuer, out _)
            || !parts.TryRead(Asn1Tag.Sequence, out var validity, out _)
            || !parts.TryRead(Asn1Tag.Sequence, out var subject, out _)
            || !parts.TryRead(Asn1Tag.Sequence, out var publicKey, out _)) return false;
        InnerSignatureAlgorithm = Part(algorithm);
        SerialNumber = Part(serial);
        Issuer = Part(issuer);
        Validity = Part(validity);
        Subject = Part(subject);
        PublicKey = Part(publicKey);
        if (!PublicKeyInfo.IsWellFormed(publicKey)) return false;

        // Two unique identifiers of 1992 may stand here, [1] and [2], both implicit; nothing uses them.
        for (var number = 1; number <= 2; number++)
            if (parts.Follows(new(TagClass.ContextSpecific, number)) && !parts.TryReadAny(out _, out _, out _)) return false;
        if (parts.TryReadInside(ExtensionsTag, out var extensions))
        {
            if (!extensions.TryRead(Asn1Tag.Sequence, out var list, out _) || !extensions.IsAtEnd) return false;
            Extensions = Part(list);
        }

        return parts.IsAtEnd;
    }

    /// <summary>The same octets as a slice of the certificate's.</summary>
    private Octets Part(ReadOnlySpan<byte> part)
    {
        Der.Span.Overlaps(part, out var offset);
        return Der.Slice(offset, part.Length);
    }
}
