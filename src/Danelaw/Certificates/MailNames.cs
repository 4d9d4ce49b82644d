using System.Text;

namespace Danelaw.Certificates;

/// <summary>Mailboxes as certificates present them (RFC 8550 §3).</summary>
internal static class MailNames
{
    /// <summary>Whether a certificate bears a mailbox: as an alternative name, or in its subject where it has no such name.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="mailbox">The mailbox. Its local part counts as it is written, its domain in whatever case.</param>
    public static bool IsBorne(PathCertificate certificate, string mailbox)
    {
        var hasMail = false;
        foreach (var name in certificate.Extensions.AlternativeNames ?? [])
        {
            if (name.Kind != GeneralNameKind.Mail) continue;
            hasMail = true;
            if (IsSame(Encoding.ASCII.GetString(name.Content.Span), mailbox)) return true;
        }

        return !hasMail && certificate.Subject.Attributes.Any(attribute => attribute.Oid == ObjectIdentifiers.EmailAddress && IsSame(attribute.Text, mailbox));
    }

    private static bool IsSame(string presented, string mailbox)
    {
        var (left, right) = (presented.LastIndexOf('@'), mailbox.LastIndexOf('@'));
        return left >= 0 && left == right && presented.AsSpan(0, left).SequenceEqual(mailbox.AsSpan(0, right)) && presented.AsSpan(left).Equals(mailbox.AsSpan(right), StringComparison.OrdinalIgnoreCase);
    }
}
