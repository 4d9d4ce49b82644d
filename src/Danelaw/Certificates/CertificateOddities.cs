using System.Collections.Immutable;
using System.Formats.Asn1;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>What is odd in a certificate's octets: things that some programs refuse and others pass over. They decide nothing. Pure; foreign octets never throw.</summary>
internal static class CertificateOddities
{
    /// <summary>RFC 5280 §4.1.2.2: a serial number has no more octets.</summary>
    private const int LongestSerial = 20;

    /// <summary>More elements than the largest certificate in use has: strangers choose how much there is to walk through.</summary>
    private const int MostElements = 20_000;

    /// <summary>Everything that is odd, each a phrase whose subject is the certificate; empty for one as RFC 5280 wants it.</summary>
    internal static ImmutableArray<string> Of(Octets encoded)
    {
        if (!PathCertificate.TryRead(encoded, out var certificate)) return [IsOnlyBer(encoded.Span) ? "is encoded in BER, where DER is wanted" : "is none: its octets have not the frame of one"];
        return [.. OfFrame(certificate.Frame), .. OfContent(certificate)];
    }

    private static IEnumerable<string> OfFrame(Certificate frame)
    {
        if (!IsDer(frame.Der.Span)) yield return "holds parts that are not in DER";
        if (SerialFault(frame) is { } serial) yield return serial;
        if (frame.SignatureAlgorithm != frame.InnerSignatureAlgorithm) yield return "names one signature algorithm within what is signed and another beside it";
        if (frame.Signature.IsEmpty) yield return "has no signature of whole octets";
        if (!Validity.TryRead(frame.Validity.Span, out var dates)) yield return "has dates that are not written as RFC 5280 wants them";
        else if (dates.NotAfter < dates.NotBefore) yield return "ends before it begins";
        if (PublicKeyInfo.TryRead(frame.PublicKey.Span, out var key) && KeyFault(key) is { } fault) yield return fault;
    }

    private static IEnumerable<string> OfContent(PathCertificate certificate)
    {
        var extensions = certificate.Extensions;
        if (extensions.Fault is { } fault) yield return "is not as it should be: " + fault;
        if (extensions.UnknownCritical is { } unknown) yield return $"has the critical extension {unknown}, which hardly anybody knows";
        if (IsEmptyName(certificate.Frame.Issuer)) yield return "does not name its issuer";
        if (IsEmptyName(certificate.Frame.Subject) && extensions.AlternativeNames is null or []) yield return "names nobody: it has neither a subject nor alternative names";
    }

    private static string? SerialFault(Certificate frame)
    {
        var serial = frame.SerialNumber.Span;
        if (serial.IsEmpty) return "has a serial number that cannot be read";
        if ((serial[0] & 0x80) != 0) return "has a negative serial number";
        if (serial.Length > LongestSerial) return "has a serial number of more than 20 octets";
        return serial.ContainsAnyExcept((byte)0) ? null : "has the serial number 0";
    }

    private static string? KeyFault(PublicKeyInfo key)
    {
        if (ObjectIdentifiers.ToText(key.Algorithm) != ObjectIdentifiers.EcPublicKey) return null;
        if (key.Parameters.IsEmpty || key.Parameters[0] != 6) return "spells the curve of its key out in place of naming it (RFC 5480 §2.1.1)";
        return key.Key.IsEmpty || key.Key[0] != 4 ? "has the point of its key compressed" : null;
    }

    /// <summary>An empty SEQUENCE.</summary>
    private static bool IsEmptyName(Octets name) => name.Length <= 2;

    /// <summary>Whether the octets are one element in BER, with whatever in it.</summary>
    private static bool IsOnlyBer(ReadOnlySpan<byte> octets)
    {
        try
        {
            return AsnDecoder.TryReadEncodedValue(octets, AsnEncodingRules.BER, out var tag, out _, out _, out var consumed) && consumed == octets.Length && tag.HasSameClassAndValue(Asn1Tag.Sequence) && !IsDer(octets);
        }
        catch (AsnContentException)
        {
            // Of an indefinite length the end is looked for, and what stands before it may be nothing at all.
            return false;
        }
    }

    /// <summary>Whether every length, number and truth value, down to the last, is written as DER wants (X.690 §10, §8.3.2, §11.1).</summary>
    private static bool IsDer(ReadOnlySpan<byte> octets)
    {
        // Where to go on: constructed elements are entered, all others passed over.
        var left = new Stack<(int Start, int End)>();
        left.Push((0, octets.Length));
        var seen = 0;
        while (left.TryPop(out var part))
        {
            for (var at = part.Start; at < part.End;)
            {
                if (++seen > MostElements) return true;
                if (!AsnDecoder.TryReadEncodedValue(octets[at..part.End], AsnEncodingRules.DER, out var tag, out var offset, out var length, out var consumed)) return false;
                if (tag.IsConstructed) left.Push((at + offset, at + offset + length));
                else if (!IsDer(tag, octets.Slice(at + offset, length))) return false;
                at += consumed;
            }
        }

        return true;
    }

    private static bool IsDer(Asn1Tag tag, ReadOnlySpan<byte> content)
    {
        if (tag == Asn1Tag.Boolean) return content is [0 or 0xFF];
        if (tag == Asn1Tag.Integer) return content.Length == 1 || (content.Length > 1 && content[0] switch { 0 => (content[1] & 0x80) != 0, 0xFF => (content[1] & 0x80) == 0, _ => true });
        return true;
    }
}
