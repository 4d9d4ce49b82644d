using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Tlsa;

/// <summary>The owner names of what belongs to a mailbox: SMIMEA (RFC 8162 §3) and OPENPGPKEY (RFC 7929 §3).</summary>
public static class MailboxOwner
{
    /// <summary>Octets of the digest that make the first label.</summary>
    private const int DigestLength = 28;

    /// <summary>Makes the owner name: the digest of the local part, a label for the type, and the domain.</summary>
    /// <param name="mailbox">The address, such as <c>hugh@example.com</c>; the local part may be quoted (RFC 5322 §3.4.1), and keeps its case.</param>
    /// <param name="type">SMIMEA or OPENPGPKEY.</param>
    /// <param name="owner">The owner name, or the root on failure.</param>
    /// <param name="fault">What is wrong, as a phrase; empty on success.</param>
    /// <exception cref="ArgumentOutOfRangeException">No other type has such owners.</exception>
    public static bool TryFor(string mailbox, RecordType type, out DomainName owner, out string fault)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        var label = type switch
        {
            RecordType.SMIMEA => "_smimecert"u8,
            RecordType.OPENPGPKEY => "_openpgpkey"u8,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "its owners are not made of mailboxes"),
        };
        owner = default;
        if (!TrySplit(mailbox, out var local, out var domain, out fault)) return false;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(local, digest);
        var first = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(digest[..DigestLength]));
        if (domain.TryPrepend(label, out var below) && below.TryPrepend(first, out owner)) return true;
        fault = "with the labels before it the domain is longer than the 255 octets that a name may have";
        return false;
    }

    /// <summary>Takes an address apart: the octets that its local part stands for, and the domain.</summary>
    internal static bool TrySplit(string mailbox, out byte[] local, out DomainName domain, out string fault)
    {
        local = [];
        domain = default;
        var at = mailbox.LastIndexOf('@');
        if (at < 0)
        {
            fault = "there is no @ in it";
            return false;
        }

        var host = mailbox[(at + 1)..].Trim();
        if (IsLiteral(host)) fault = "what stands behind the @ is an address, and records stand under names";
        else if (host.AsSpan().IndexOfAny(":/[]") >= 0 || !DomainName.TryFromUserInput(host, out domain, out _) || domain.IsRoot) fault = "what stands behind the @ is no domain name";
        else if (!TryUnquote(mailbox[..at], out var text)) fault = "its local part has a quote or comment that is not closed, or characters that need quotes";
        else if (text.Length == 0) fault = "there is nothing before the @";
        else if (!TryEncode(text, out local, out fault)) return false;
        return fault.Length == 0;
    }

    /// <summary>RFC 5321 §4.1.3, and an address without the brackets that it should have.</summary>
    private static bool IsLiteral(string host) => host is ['[', .., ']'] || (host.Count(character => character == '.') == 3 && host.All(character => char.IsAsciiDigit(character) || character == '.'));

    /// <summary>RFC 8162 §3, RFC 7929 §3: comments and blanks around dots, quotes and backslashes are taken away; case is kept.</summary>
    private static bool TryUnquote(string local, out string text)
    {
        var kept = new StringBuilder(local.Length);
        var (comments, isQuoted) = (0, false);
        for (var i = 0; i < local.Length; i++)
        {
            var character = local[i];
            if (character == '\\' && (isQuoted || comments > 0))
            {
                if (++i < local.Length && comments == 0) kept.Append(local[i]);
            }
            else if (comments > 0)
            {
                comments += character switch { '(' => 1, ')' => -1, _ => 0 };
            }
            else if (character == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted && character == '(')
            {
                comments = 1;
            }
            else if (!isQuoted && character is ' ' or '\t')
            {
                // RFC 5322 §3.4.1: blanks stand before, behind, and around dots, and nowhere else.
                var rest = local.AsSpan(i).TrimStart(" \t");
                if (kept.Length > 0 && kept[^1] != '.' && !rest.IsEmpty && rest[0] is not ('.' or '(')) break;
            }
            else if (!isQuoted && (character is '<' or '>' or '@' or ',' or ';' or ':' or '[' or ']' or '\\' or ')' || char.IsControl(character)))
            {
                isQuoted = true;
                break;
            }
            else
            {
                kept.Append(character);
            }

            if (i + 1 < local.Length) continue;
            text = kept.ToString();
            return comments == 0 && !isQuoted;
        }

        text = "";
        return local.Length == 0;
    }

    /// <summary>UTF-8 of Normalization Form C, as both RFCs recommend. Where the runtime composes nothing (InvariantGlobalization), text that may want it is refused: its digest would be another's.</summary>
    private static bool TryEncode(string text, out byte[] octets, out string fault)
    {
        octets = [];
        fault = "its local part is no Unicode text";
        try
        {
            octets = new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text.Normalize(NormalizationForm.FormC));
        }
        catch (ArgumentException)
        {
            return false;
        }

        var composes = "u\u0308".Normalize(NormalizationForm.FormC).Length == 1;
        fault = !composes && text.EnumerateRunes().Any(IsCombining) ? "its local part has combining characters, which are not composed here: write it in composed letters (Unicode Normalization Form C)" : "";
        return fault.Length == 0;
    }

    private static bool IsCombining(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark || rune.Value is >= 0x1100 and <= 0x11FF;
}
