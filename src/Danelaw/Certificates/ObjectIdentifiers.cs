using System.Globalization;
using System.Text;

namespace Danelaw.Certificates;

/// <summary>Object identifiers as dotted decimals, so that they can be named in a switch and told to people.</summary>
internal static class ObjectIdentifiers
{
    public const string CommonName = "2.5.4.3";
    public const string EmailAddress = "1.2.840.113549.1.9.1";
    public const string SubjectKeyIdentifier = "2.5.29.14";
    public const string AuthorityKeyIdentifier = "2.5.29.35";
    public const string SubjectAlternativeName = "2.5.29.17";
    public const string BasicConstraints = "2.5.29.19";
    public const string NameConstraints = "2.5.29.30";
    public const string CertificatePolicies = "2.5.29.32";
    public const string PolicyMappings = "2.5.29.33";
    public const string PolicyConstraints = "2.5.29.36";
    public const string InhibitAnyPolicy = "2.5.29.54";
    public const string KeyUsage = "2.5.29.15";
    public const string ExtendedKeyUsage = "2.5.29.37";
    public const string CrlDistributionPoints = "2.5.29.31";
    public const string NetscapeCertificateType = "2.16.840.1.113730.1.1";
    public const string EcPublicKey = "1.2.840.10045.2.1";
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    public const string XmppAddress = "1.3.6.1.5.5.7.8.5";
    public const string DnsSrv = "1.3.6.1.5.5.7.8.7";
    public const string MailProtection = "1.3.6.1.5.5.7.3.4";
    public const string AnyPurpose = "2.5.29.37.0";

    /// <summary>The dotted form of an identifier's encoded content; an identifier with a part above 64 bits, or cut short, is told in hexadecimal digits.</summary>
    public static string ToText(ReadOnlySpan<byte> content)
    {
        var text = new StringBuilder();
        ulong part = 0;
        for (var i = 0; i < content.Length; i++)
        {
            if (part > ulong.MaxValue >> 7 || (i == content.Length - 1 && (content[i] & 0x80) != 0)) return Convert.ToHexStringLower(content);
            part = (part << 7) | (content[i] & 0x7FU);
            if ((content[i] & 0x80) != 0) continue;
            if (text.Length == 0)
            {
                // ITU-T X.690 §8.19.4: the first two parts share a number.
                var first = Math.Min(part / 40, 2);
                text.Append(CultureInfo.InvariantCulture, $"{first}.{part - (first * 40)}");
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $".{part}");
            }

            part = 0;
        }

        return text.ToString();
    }
}
