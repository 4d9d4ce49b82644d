using System.Formats.Asn1;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>A request for a certificate (PKCS #10, RFC 2986).</summary>
internal static class CertificateSigningRequest
{
    /// <summary>Takes the public key out, once its own signature is seen to be right.</summary>
    /// <param name="der">The request.</param>
    /// <param name="publicKey">The SubjectPublicKeyInfo as it stands there; empty on failure.</param>
    /// <param name="fault">What is wrong, as a phrase; empty on success.</param>
    public static bool TryReadKey(Octets der, out Octets publicKey, out string fault)
    {
        publicKey = default;
        fault = "it is a certificate request that cannot be read";
        var outer = new DerReader(der.Span);
        if (!outer.TryReadSequence(out var parts) || !outer.IsAtEnd) return false;
        if (!parts.TryRead(Asn1Tag.Sequence, out var signed, out var content) || !parts.TryRead(Asn1Tag.Sequence, out var algorithm, out _) || !parts.TryReadBitString(out var signature) || !parts.IsAtEnd) return false;
        var info = new DerReader(content);
        if (!info.TryRead(Asn1Tag.Integer, out _) || !info.TryRead(Asn1Tag.Sequence, out _) || !info.TryRead(Asn1Tag.Sequence, out var key, out _) || !PublicKeyInfo.IsWellFormed(key)) return false;
        using var imported = CertificateKey.Import(key);
        fault = imported.CheckOwn(algorithm, signed, signature) switch
        {
            SignatureCheck.Valid or SignatureCheck.TooWeak => "",
            SignatureCheck.NotSupported => "it is a certificate request with a key or signature of a kind that is not known here",
            SignatureCheck.Invalid or SignatureCheck.NotChecked => "it is a certificate request whose signature is not by its own key (RFC 2986 §4.2): it is damaged, or somebody has put another key in",
        };
        if (fault.Length == 0) publicKey = Octets.Copy(key);
        return fault.Length == 0;
    }
}
