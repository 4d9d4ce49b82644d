using System.Formats.Asn1;
using System.Security.Cryptography;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>The families of signatures that are known here. Closed.</summary>
internal enum SignatureFamily
{
    Unknown = 0,
    RsaPkcs1,
    RsaPss,
    Ecdsa,
    Ed25519,
    Ed448,
}

/// <summary>What an AlgorithmIdentifier of a signature says (RFC 3279, RFC 4055, RFC 5758, RFC 8410).</summary>
/// <param name="Family">The family.</param>
/// <param name="Hash">The digest; not set for Edwards curves.</param>
/// <param name="SaltLength">Octets of salt, for RSASSA-PSS.</param>
internal readonly record struct SignatureScheme(SignatureFamily Family, HashAlgorithmName Hash, int SaltLength)
{
    private static readonly Asn1Tag HashTag = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag MaskTag = new(TagClass.ContextSpecific, 1, isConstructed: true);
    private static readonly Asn1Tag SaltTag = new(TagClass.ContextSpecific, 2, isConstructed: true);
    private static readonly Asn1Tag TrailerTag = new(TagClass.ContextSpecific, 3, isConstructed: true);

    /// <summary>Whether somebody else could have made two documents with one digest: MD5 and SHA-1 (RFC 6151, RFC 9155).</summary>
    public bool IsTooWeak => Hash == HashAlgorithmName.MD5 || Hash == HashAlgorithmName.SHA1;

    /// <summary>Reads an AlgorithmIdentifier.</summary>
    /// <returns>The scheme; of the unknown family when it is not understood.</returns>
    public static SignatureScheme Read(ReadOnlySpan<byte> identifier)
    {
        var outer = new DerReader(identifier);
        if (!outer.TryReadSequence(out var parts) || !parts.TryReadOid(out var oid)) return default;
        switch (ObjectIdentifiers.ToText(oid))
        {
            case "1.2.840.113549.1.1.4": return new(SignatureFamily.RsaPkcs1, HashAlgorithmName.MD5, 0);
            case "1.2.840.113549.1.1.5" or "1.3.14.3.2.29": return new(SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA1, 0);
            case "1.2.840.113549.1.1.11": return new(SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA256, 0);
            case "1.2.840.113549.1.1.12": return new(SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA384, 0);
            case "1.2.840.113549.1.1.13": return new(SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA512, 0);
            case "1.2.840.10045.4.1": return new(SignatureFamily.Ecdsa, HashAlgorithmName.SHA1, 0);
            case "1.2.840.10045.4.3.2": return new(SignatureFamily.Ecdsa, HashAlgorithmName.SHA256, 0);
            case "1.2.840.10045.4.3.3": return new(SignatureFamily.Ecdsa, HashAlgorithmName.SHA384, 0);
            case "1.2.840.10045.4.3.4": return new(SignatureFamily.Ecdsa, HashAlgorithmName.SHA512, 0);
            case "1.3.101.112": return new(SignatureFamily.Ed25519, default, 0);
            case "1.3.101.113": return new(SignatureFamily.Ed448, default, 0);
            case "1.2.840.113549.1.1.10": return parts.TryReadAny(out _, out var parameters, out _) && TryReadPss(parameters, out var scheme) ? scheme : default;
            default: return default;
        }
    }

    /// <summary>Whether a key is of the kind that makes such signatures; false where either is not known.</summary>
    /// <param name="publicKey">The SubjectPublicKeyInfo.</param>
    public bool Fits(Octets publicKey)
    {
        if (!PublicKeyInfo.TryRead(publicKey.Span, out var info)) return false;
        return ObjectIdentifiers.ToText(info.Algorithm) switch
        {
            "1.2.840.113549.1.1.1" => Family is SignatureFamily.RsaPkcs1 or SignatureFamily.RsaPss,
            "1.2.840.113549.1.1.10" => Family == SignatureFamily.RsaPss,
            ObjectIdentifiers.EcPublicKey => Family == SignatureFamily.Ecdsa,
            "1.3.101.112" => Family == SignatureFamily.Ed25519,
            "1.3.101.113" => Family == SignatureFamily.Ed448,
            _ => false,
        };
    }

    /// <summary>Reads RSASSA-PSS-params (RFC 4055 §3.1). The mask's digest must be the same as the message's, as RFC 4055 recommends and everybody does.</summary>
    public static bool TryReadPss(ReadOnlySpan<byte> parameters, out SignatureScheme scheme)
    {
        scheme = default;
        var hash = HashAlgorithmName.SHA1;
        var mask = HashAlgorithmName.SHA1;
        var saltLength = 20;
        var trailer = 1;
        var outer = new DerReader(parameters);
        if (!outer.TryReadSequence(out var parts) || !outer.IsAtEnd) return false;
        if (parts.Follows(HashTag) && (!parts.TryReadInside(HashTag, out var hashPart) || !TryReadHash(ref hashPart, out hash))) return false;
        if (parts.Follows(MaskTag) && (!parts.TryReadInside(MaskTag, out var maskPart) || !TryReadMask(ref maskPart, out mask))) return false;
        if (parts.Follows(SaltTag) && (!parts.TryReadInside(SaltTag, out var saltPart) || !saltPart.TryReadCount(Asn1Tag.Integer, out saltLength))) return false;
        if (parts.Follows(TrailerTag) && (!parts.TryReadInside(TrailerTag, out var trailerPart) || !trailerPart.TryReadCount(Asn1Tag.Integer, out trailer))) return false;
        if (!parts.IsAtEnd || mask != hash || trailer != 1) return false;
        scheme = new(SignatureFamily.RsaPss, hash, saltLength);
        return true;
    }

    private static bool TryReadMask(ref DerReader reader, out HashAlgorithmName hash)
    {
        hash = default;

        // id-mgf1, with the digest's AlgorithmIdentifier as its parameter.
        return reader.TryReadSequence(out var identifier) && identifier.TryReadOid(out var oid) && ObjectIdentifiers.ToText(oid) == "1.2.840.113549.1.1.8" && TryReadHash(ref identifier, out hash);
    }

    private static bool TryReadHash(ref DerReader reader, out HashAlgorithmName hash)
    {
        hash = default;
        if (!reader.TryReadSequence(out var identifier) || !identifier.TryReadOid(out var oid)) return false;
        hash = ObjectIdentifiers.ToText(oid) switch
        {
            "1.3.14.3.2.26" => HashAlgorithmName.SHA1,
            "2.16.840.1.101.3.4.2.1" => HashAlgorithmName.SHA256,
            "2.16.840.1.101.3.4.2.2" => HashAlgorithmName.SHA384,
            "2.16.840.1.101.3.4.2.3" => HashAlgorithmName.SHA512,
            _ => default,
        };
        return hash != default;
    }
}
