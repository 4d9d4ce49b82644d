using System.Security.Cryptography;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Records;

namespace Danelaw.Tlsa;

public readonly partial record struct TlsaRecord
{
    /// <summary>Makes the record that a certificate matches (RFC 6698 §2.1).</summary>
    /// <param name="certificate">The certificate in DER.</param>
    /// <param name="usage">The usage, 0 to 3.</param>
    /// <param name="selector">The selector, 0 or 1.</param>
    /// <param name="matching">The matching type, 0 to 2.</param>
    /// <param name="record">The record, or the default on failure.</param>
    /// <param name="fault">Why it cannot be made, as a phrase without full stop; empty on success.</param>
    public static bool TryCreate(Octets certificate, TlsaUsage usage, TlsaSelector selector, TlsaMatching matching, out TlsaRecord record, out string fault)
    {
        record = default;
        if (!TryCheck(usage, selector, matching, out fault)) return false;
        if (Certificate.TryRead(certificate, out var read)) return TryFill(Select(read, selector), usage, selector, matching, out record, out fault);
        fault = "these octets are not one X.509 certificate in DER";
        return false;
    }

    /// <summary>Makes the record that a public key matches: selector 1.</summary>
    /// <param name="publicKey">The SubjectPublicKeyInfo in DER.</param>
    /// <param name="usage">The usage, 0 to 3.</param>
    /// <param name="matching">The matching type, 0 to 2.</param>
    /// <param name="record">The record, or the default on failure.</param>
    /// <param name="fault">Why it cannot be made, as a phrase without full stop; empty on success.</param>
    public static bool TryCreateFromKey(Octets publicKey, TlsaUsage usage, TlsaMatching matching, out TlsaRecord record, out string fault)
    {
        record = default;
        if (!TryCheck(usage, TlsaSelector.PublicKey, matching, out fault)) return false;
        if (PublicKeyInfo.IsWellFormed(publicKey.Span)) return TryFill(publicKey, usage, TlsaSelector.PublicKey, matching, out record, out fault);
        fault = "these octets are not one SubjectPublicKeyInfo in DER";
        return false;
    }

    /// <summary>Whether the certificate is the one that the record means: byte by byte, or by its digest (R39). Says nothing of usage or validity.</summary>
    internal bool Matches(Certificate certificate) => MatchesSelected(Select(certificate, Selector).Span);

    /// <summary>Whether the public key is the one that the record means (selector 1).</summary>
    internal bool MatchesKey(Octets publicKey) => Selector == TlsaSelector.PublicKey && MatchesSelected(publicKey.Span);

    private bool MatchesSelected(ReadOnlySpan<byte> selected)
    {
        // The digest of nothing is published by mistake (TLSA-EMPTY-DIGEST): nothing must ever match it, whatever forgot to look for a key.
        if (selected.IsEmpty) return false;
        Span<byte> digest = stackalloc byte[SHA512.HashSizeInBytes];
        return Matching switch
        {
            TlsaMatching.Full => Data.Span.SequenceEqual(selected),
            TlsaMatching.Sha256 => Data.Span.SequenceEqual(digest[..SHA256.HashData(selected, digest)]),
            TlsaMatching.Sha512 => Data.Span.SequenceEqual(digest[..SHA512.HashData(selected, digest)]),
            _ => false,
        };
    }

    /// <summary>The data of a record that means a certificate or its key.</summary>
    internal static Octets DataOf(Certificate certificate, TlsaSelector selector, TlsaMatching matching) => DataOf(Select(certificate, selector), matching);

    private static Octets DataOf(Octets selected, TlsaMatching matching) => matching switch
    {
        TlsaMatching.Sha256 => new(SHA256.HashData(selected.Span)),
        TlsaMatching.Sha512 => new(SHA512.HashData(selected.Span)),
        _ => selected,
    };

    private static Octets Select(Certificate certificate, TlsaSelector selector) => selector == TlsaSelector.Certificate ? certificate.Der : certificate.PublicKey;

    private static bool TryFill(Octets selected, TlsaUsage usage, TlsaSelector selector, TlsaMatching matching, out TlsaRecord record, out string fault)
    {
        record = default;
        fault = "";
        if (matching == TlsaMatching.Full && selected.Length > MaximumDataLength)
        {
            fault = $"with matching type 0 the data would have {selected.Length} octets; a record has room for {MaximumDataLength}";
            return false;
        }

        record = new(usage, selector, matching, DataOf(selected, matching));
        return true;
    }

    private static bool TryCheck(TlsaUsage usage, TlsaSelector selector, TlsaMatching matching, out string fault)
    {
        fault = "";
        if (usage is not (TlsaUsage.PkixTa or TlsaUsage.PkixEe or TlsaUsage.DaneTa or TlsaUsage.DaneEe)) fault = $"there is no usage {(byte)usage}: 0 is PKIX-TA, 1 PKIX-EE, 2 DANE-TA, 3 DANE-EE";
        else if (selector is not (TlsaSelector.Certificate or TlsaSelector.PublicKey)) fault = $"there is no selector {(byte)selector}: 0 is the certificate, 1 the public key";
        else if (matching is not (TlsaMatching.Full or TlsaMatching.Sha256 or TlsaMatching.Sha512)) fault = $"there is no matching type {(byte)matching}: 0 is the full data, 1 SHA-256, 2 SHA-512";
        return fault.Length == 0;
    }
}
