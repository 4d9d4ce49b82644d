using System.Collections.Immutable;
using System.Text;
using Danelaw.Dns.Names;

namespace Danelaw.Certificates;

/// <summary>Host names as certificates present them, and whether one stands for a name that is looked for (RFC 7672 §3.2.3, RFC 9525 §6.3).</summary>
internal static class HostNames
{
    /// <summary>Whether a certificate bears one of the names.</summary>
    /// <param name="certificate">The server's certificate; its extensions must have been readable.</param>
    /// <param name="references">The names that count.</param>
    /// <param name="allowsCommonName">Whether the subject's common name counts when no DNS name is there: for SMTP (RFC 7672 §3.2.3), never elsewhere (RFC 9525 §2).</param>
    public static bool IsBorne(PathCertificate certificate, ImmutableArray<DomainName> references, bool allowsCommonName)
    {
        foreach (var presented in PresentedBy(certificate, allowsCommonName))
            foreach (var reference in references)
                if (Matches(presented.Span, reference)) return true;
        return false;
    }

    /// <summary>The names that count, in order, as the certificate has them. Foreign octets.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> PresentedBy(PathCertificate certificate, bool allowsCommonName)
    {
        var hasDns = false;
        foreach (var name in certificate.Extensions.AlternativeNames ?? [])
        {
            if (name.Kind != GeneralNameKind.Dns) continue;
            hasDns = true;
            yield return name.Content.Memory;
        }

        // RFC 7672 §3.2.3: the common name only where there is no DNS name at all.
        if (hasDns || !allowsCommonName) yield break;
        foreach (var (oid, text) in certificate.Subject.Attributes)
            if (oid == ObjectIdentifiers.CommonName && LooksLikeOne(text)) yield return Encoding.ASCII.GetBytes(text);
    }

    /// <summary>Whether a presented name stands for a name that is looked for.</summary>
    /// <param name="presented">The octets as the certificate has them.</param>
    /// <param name="reference">The name that is looked for, A-labels.</param>
    public static bool Matches(ReadOnlySpan<byte> presented, DomainName reference)
    {
        Span<byte> text = stackalloc byte[DomainName.MaximumLength];
        if (!TryWrite(reference, text, out var length)) return false;
        ReadOnlySpan<byte> host = text[..length];
        if (Ascii.EqualsIgnoreCase(presented, host)) return true;

        // RFC 7672 §3.2.3: the asterisk is the whole first label and stands for exactly one label. As in OpenSSL at least two
        // labels must follow: nobody holds a whole top-level domain.
        var dot = host.IndexOf((byte)'.');
        return dot > 0 && presented.StartsWith("*."u8) && host[(dot + 1)..].Contains((byte)'.') && Ascii.EqualsIgnoreCase(presented[1..], host[dot..]);
    }

    /// <summary>Whether the octets are those of a host name, a leading dot or wildcard label allowed.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> octets)
    {
        foreach (var octet in octets)
            if (!char.IsAsciiLetterOrDigit((char)octet) && octet is not ((byte)'.' or (byte)'-' or (byte)'_' or (byte)'*')) return false;
        return true;
    }

    /// <summary>Whether a common name has the form of a host name; others are names of people or things.</summary>
    public static bool LooksLikeOne(string text) => text.Length is > 0 and <= DomainName.MaximumLength && Ascii.IsValid(text) && IsPlain(Encoding.ASCII.GetBytes(text));

    /// <summary>Writes a name as certificates spell it, without the closing dot; false for the root and for names that no certificate can spell.</summary>
    private static bool TryWrite(DomainName name, Span<byte> text, out int length)
    {
        length = 0;
        for (var i = 0; i < name.LabelCount; i++)
        {
            var label = name.GetLabel(i);
            if (!IsPlain(label) || label.ContainsAny((byte)'.', (byte)'*')) return false;
            if (i > 0) text[length++] = (byte)'.';
            label.CopyTo(text[length..]);
            length += label.Length;
        }

        return length > 0;
    }

    /// <summary>A name as sentences have it: without its closing dot.</summary>
    public static string Show(DomainName name) => name.IsRoot ? "." : name.ToString()[..^1];
}
