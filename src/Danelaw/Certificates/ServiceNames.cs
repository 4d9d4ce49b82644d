using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Text;
using Danelaw.Dns.Names;

namespace Danelaw.Certificates;

/// <summary>A service of a domain, as a client that found it by SRV records looks for it in a certificate.</summary>
/// <param name="Domain">The domain that is served, never the target of the SRV record.</param>
/// <param name="Services">The service's names in SRV owners, the underscore left out.</param>
/// <param name="IsXmpp">Whether an XmppAddr of the domain counts.</param>
internal sealed record ServiceReference(DomainName Domain, ImmutableArray<string> Services, bool IsXmpp);

/// <summary>Services as certificates present them: SRV-ID (RFC 4985) and XmppAddr (RFC 6120 §13.7.1.4). Foreign octets; what is not exactly one of the two is none.</summary>
internal static class ServiceNames
{
    private static readonly Asn1Tag ValueTag = new(TagClass.ContextSpecific, 0, isConstructed: true);

    /// <summary>Whether a certificate bears a name of the service that the constraints of its issuers let it bear.</summary>
    /// <param name="certificate">The server's certificate; its extensions must have been readable.</param>
    /// <param name="reference">The service.</param>
    /// <param name="issuers">Those above it.</param>
    public static bool IsBorne(PathCertificate certificate, ServiceReference reference, ReadOnlySpan<PathCertificate> issuers)
    {
        foreach (var name in certificate.Extensions.AlternativeNames ?? [])
            if (Matches(name, reference) && IsPermitted(reference, issuers)) return true;
        return false;
    }

    /// <summary>Whether a name is one of the service.</summary>
    public static bool Matches(GeneralName name, ServiceReference reference)
    {
        if (name.Kind != GeneralNameKind.OtherName || !TryReadOther(name.Content.Span, out var oid, out var text)) return false;
        return oid switch
        {
            ObjectIdentifiers.DnsSrv => IsSrv(text, reference),
            ObjectIdentifiers.XmppAddress => reference.IsXmpp && IsDomain(text, reference.Domain),
            _ => false,
        };
    }

    /// <summary>RFC 5280 §4.2.1.6: type-id and [0] EXPLICIT value, and nothing else. RFC 4985 §2: IA5String; RFC 6120 §13.7.1.4: UTF8String.</summary>
    private static bool TryReadOther(ReadOnlySpan<byte> content, out string oid, out string text)
    {
        (oid, text) = ("", "");
        var other = new DerReader(content);
        if (!other.TryReadOid(out var identifier) || !other.TryReadInside(ValueTag, out var inside) || !other.IsAtEnd) return false;
        oid = ObjectIdentifiers.ToText(identifier);
        var isSrv = oid == ObjectIdentifiers.DnsSrv;
        if (!inside.TryRead(new(isSrv ? UniversalTagNumber.IA5String : UniversalTagNumber.UTF8String), out var octets) || !inside.IsAtEnd) return false;
        if (octets.Length > DomainName.MaximumLength * 4 || (isSrv ? !Ascii.IsValid(octets) : !System.Text.Unicode.Utf8.IsValid(octets))) return false;
        text = Encoding.UTF8.GetString(octets);
        return true;
    }

    /// <summary><c>_Service.Name</c>. A name with a wildcard would be every domain's; RFC 4985 knows none.</summary>
    private static bool IsSrv(string text, ServiceReference reference)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot > 1 && text[0] == '_' && reference.Services.Contains(text[1..dot], StringComparer.OrdinalIgnoreCase) && IsDomain(text[(dot + 1)..], reference.Domain);
    }

    /// <summary>The domain in letters of a language or as A-labels; a mailbox or resource of it (RFC 6120 §13.7.1.2.2) is somebody else.</summary>
    private static bool IsDomain(string text, DomainName domain)
    {
        foreach (var character in text)
            if (char.IsAscii(character) && !char.IsAsciiLetterOrDigit(character) && character is not ('.' or '-' or '_')) return false;
        return text.Length > 0 && text[^1] != '.' && DomainName.TryFromUserInput(text, out var name, out _) && !name.IsRoot && name == domain;
    }

    /// <summary>
    /// An authority that may speak for some domains alone may not speak for others in another form of name: constraints on DNS names bind here too, though RFC 4985 §4 has a form of its own
    /// (which, being an otherName, refuses whatever it might mean).
    /// </summary>
    private static bool IsPermitted(ServiceReference reference, ReadOnlySpan<PathCertificate> issuers)
    {
        var name = new GeneralName(GeneralNameKind.Dns, new(Encoding.ASCII.GetBytes(reference.Domain.ToString()[..^1])));
        foreach (var issuer in issuers)
            if (issuer.Extensions.NameConstraints is { } constraints && constraints.FindViolation(name) is not null) return false;
        return true;
    }
}
