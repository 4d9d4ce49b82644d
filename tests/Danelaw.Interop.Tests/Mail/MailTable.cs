using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Mail;

/// <summary>One row of the interop table: what Danelaw must say of a domain, and what each peer says.</summary>
/// <param name="Domain">The mail domain.</param>
/// <param name="Danelaw">Our verdict, by the RFCs.</param>
/// <param name="Finding">The code of the finding that says why; null for none.</param>
/// <param name="Finger">posttls-finger's; null where it passes or refuses as the order of addresses falls.</param>
/// <param name="Danetool">danetool's, likewise.</param>
/// <param name="SClient">That of <c>openssl s_client</c>, which is given the records as though they were secure.</param>
/// <param name="Difference">Where a peer differs from the RFC, and the section; null when all agree.</param>
internal sealed record MailRow(string Domain, string Danelaw, string? Finding, DaneSays? Finger, DaneSays? Danetool, DaneSays SClient, string? Difference = null);

/// <summary>The table of mail domains, cell by cell.</summary>
internal static class MailTable
{
    public const DaneSays Verified = DaneSays.Verified, Refused = DaneSays.Refused, Unusable = DaneSays.Unusable, NoDane = DaneSays.NoDane, Failed = DaneSays.LookupFailed, NoTls = DaneSays.NoTls, Nothing = DaneSays.Nothing;

    public static IReadOnlyList<MailRow> Rows { get; } =
    [
        new("right.post.nsec", "verified", null, Verified, Verified, Verified),
        new("right.post.nsec3", "verified", null, Verified, Verified, Verified),
        new("right.post.optout", "unprotected", "MX-INSECURE", NoDane, NoDane, Verified, "s_client is given records that no DNSSEC vouches for (RFC 7672 §2.2)"),
        new("wrong.post.nsec", "failing", "TLSA-MISMATCH", Refused, Refused, Refused),
        new("sha512.post.nsec", "verified", "TLSA-ONLY-SHA512", Verified, Verified, Verified),
        new("whole-certificate.post.nsec", "verified", "TLSA-SELECTOR-CERT", Verified, Verified, Verified),
        new("full-key.post.nsec", "verified", "TLSA-FULL-DATA", Verified, Verified, Verified),
        new("rolling.post.nsec", "verified", "TLSA-UNMATCHED", Verified, Verified, Verified),
        new("agility.post.nsec", "failing", "TLSA-MISMATCH", Refused, Verified, Refused, "danetool has no digest agility (RFC 7671 §9)"),
        new("expired-ee.post.nsec", "verified", "TLS-EXPIRED", Verified, Verified, Verified),
        new("expired-ta.post.nsec", "failing", "TLS-EXPIRED", Refused, Refused, Refused),
        new("wrong-name-ee.post.nsec", "verified", null, Verified, Verified, Verified),
        new("wrong-name-ta.post.nsec", "failing", "TLS-NAME-MISMATCH", Refused, Verified, Refused, "danetool checks no names (RFC 7672 §3.1.2)"),
        new("domain-name-ta.post.nsec", "verified", null, Verified, Verified, Refused, "s_client takes one name, not the mail domain as well (RFC 7672 §3.2.2)"),
        new("anchored.post.nsec", "verified", null, Verified, Verified, Verified),
        new("anchored-root.post.nsec", "verified", null, Verified, Verified, Verified),
        new("anchor-absent.post.nsec", "failing", "TLS-ANCHOR-MISSING", Refused, Nothing, Refused, "danetool comes to no verdict on a chain of one certificate (RFC 7671 §5.2)"),
        new("anchor-in-dns.post.nsec", "verified", "TLSA-FULL-DATA", Verified, Nothing, Verified, "danetool comes to no verdict on a chain of one certificate (RFC 7671 §5.2.2)"),
        new("anchor-key-in-dns.post.nsec", "verified", "TLSA-FULL-DATA", Verified, Nothing, Verified, "danetool comes to no verdict on a chain of one certificate (RFC 7671 §5.2.3)"),
        new("pkix-only.post.nsec", "partial", "TLSA-PKIX-USAGE", Unusable, Verified, Refused, "danetool and s_client honour usage 1 for SMTP (RFC 7672 §3.1.3)"),
        new("short-digest.post.nsec", "partial", "TLSA-WRONG-DIGEST", Unusable, Refused, Unusable, "danetool takes a malformed record for a mismatch (RFC 6698 §4.1: unusable)"),
        new("no-tlsa.post.nsec", "unprotected", "TLSA-NONE", NoDane, NoDane, Nothing),
        new("alias.post.nsec", "verified", "MX-ALIAS", Verified, Verified, Verified),
        new("no-starttls.post.nsec", "failing", "TLS-STARTTLS-MISSING", NoTls, NoTls, NoTls),
        new("no-starttls-no-tlsa.post.nsec", "unprotected", "TLSA-NONE", NoTls, NoTls, Nothing),
        new("nobody.post.nsec", "undetermined", "TLS-UNTESTED", Nothing, Nothing, Nothing),
        new("two-mx.post.nsec", "partial", "MX-SOME-UNPROTECTED", Verified, Verified, Verified, "a peer meets the first MX host; the second, without TLSA, is where an attacker sends the mail (RFC 7672 §2.2.1)"),
        new("implicit-mx.post.nsec", "verified", null, Verified, Verified, Verified),
        new("null-mx.post.nsec", "unprotected", "MX-NULL", Nothing, NoDane, Nothing),
        new("tls13.post.nsec", "verified", null, Verified, Verified, Verified),
        new("tls10.post.nsec", "failing", "TLS-VERSION-OLD", Nothing, Verified, Nothing, "danetool speaks TLS 1.0 (RFC 8996); the others' handshake fails"),
        new("sni.post.nsec", "verified", null, Verified, Verified, Verified),
        new("dual-both.post.nsec", "verified", null, Verified, Verified, Verified),
        new("dual-ecdsa.post.nsec", "failing", "TLSA-MISMATCH", Verified, Refused, Verified, "a client sees one key of two: OpenSSL's the ECDSA, GnuTLS's the RSA one (RFC 7672 §8.1)"),
        new("dual-rsa.post.nsec", "failing", "TLSA-MISMATCH", Refused, Verified, Refused, "a client sees one key of two: OpenSSL's the ECDSA, GnuTLS's the RSA one (RFC 7672 §8.1)"),
        new("dual13-both.post.nsec", "verified", null, Verified, Verified, Verified),
        new("dual13-ecdsa.post.nsec", "failing", "TLSA-MISMATCH", Verified, Refused, Verified, "a client sees one key of two: OpenSSL's the ECDSA, GnuTLS's the RSA one (RFC 7672 §8.1)"),
        new("dual13-rsa.post.nsec", "failing", "TLSA-MISMATCH", Refused, Verified, Refused, "a client sees one key of two: OpenSSL's the ECDSA, GnuTLS's the RSA one (RFC 7672 §8.1)"),
        new("second-wrong.post.nsec", "failing", "TLSA-MISMATCH", null, null, Verified, "a peer meets one address of two, so it passes or refuses as the order falls (RFC 7672 §2.2)"),
        new("six.post.nsec", "verified", null, Verified, Verified, Verified),
        new("six-wrong.post.nsec", "failing", "TLSA-MISMATCH", null, null, Verified, "a peer meets one address of two, so it passes or refuses as the order falls (RFC 7672 §2.2)"),
        new("post.spoilt.nsec", "undetermined", "TLSA-LOOKUP-FAILED", Failed, Failed, Verified, "s_client is given records whose signature is broken (RFC 7672 §2.1.1)"),
    ];
}
