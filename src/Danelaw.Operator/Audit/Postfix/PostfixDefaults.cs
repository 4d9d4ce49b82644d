using System.Collections.Frozen;

namespace Danelaw.Operator.Audit.Postfix;

/// <summary>
/// The defaults of the parameters that DANE depends on, for hosts whose own <c>postconf -d</c> cannot be asked. Source: postconf(5) of
/// Postfix 3.4 to 3.11.
/// </summary>
internal static class PostfixDefaults
{
    private static readonly FrozenDictionary<string, string> Common = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["compatibility_level"] = "0",
        ["default_database_type"] = "hash",
        ["default_transport"] = "smtp",
        ["disable_dns_lookups"] = "no",
        ["ignore_mx_lookup_error"] = "no",
        ["inet_interfaces"] = "all",
        ["inet_protocols"] = "all",
        ["multi_instance_enable"] = "no",
        ["mydestination"] = "$myhostname, localhost.$mydomain, localhost",
        ["myorigin"] = "$myhostname",
        ["postscreen_discard_ehlo_keywords"] = "$smtpd_discard_ehlo_keywords",
        ["postscreen_discard_ehlo_keyword_address_maps"] = "$smtpd_discard_ehlo_keyword_address_maps",
        ["postscreen_enforce_tls"] = "$smtpd_enforce_tls",
        ["postscreen_tls_security_level"] = "$smtpd_tls_security_level",
        ["postscreen_use_tls"] = "$smtpd_use_tls",
        ["queue_directory"] = "/var/spool/postfix",
        ["relay_domains"] = "${{$compatibility_level} <level {2} ? {$mydestination} : {}}",
        ["relay_transport"] = "relay",
        ["smtp_enforce_tls"] = "no",
        ["smtp_host_lookup"] = "dns",
        ["smtp_tls_chain_files"] = "",
        ["smtp_tls_dane_insecure_mx_policy"] = "dane",
        ["smtp_tls_security_level"] = "",
        ["smtp_tls_wrappermode"] = "no",
        ["smtp_use_tls"] = "no",
        ["smtpd_enforce_tls"] = "no",
        ["smtpd_tls_auth_only"] = "no",
        ["smtpd_tls_dkey_file"] = "$smtpd_tls_dcert_file",
        ["smtpd_tls_eckey_file"] = "$smtpd_tls_eccert_file",
        ["smtpd_tls_key_file"] = "$smtpd_tls_cert_file",
        ["smtpd_tls_wrappermode"] = "no",
        ["smtpd_use_tls"] = "no",
        ["tlsproxy_tls_chain_files"] = "$smtpd_tls_chain_files",
        ["tlsproxy_tls_cert_file"] = "$smtpd_tls_cert_file",
        ["tlsproxy_tls_key_file"] = "$smtpd_tls_key_file",
        ["tlsproxy_tls_dcert_file"] = "$smtpd_tls_dcert_file",
        ["tlsproxy_tls_dkey_file"] = "$smtpd_tls_dkey_file",
        ["tlsproxy_tls_eccert_file"] = "$smtpd_tls_eccert_file",
        ["tlsproxy_tls_eckey_file"] = "$smtpd_tls_eckey_file",
        ["virtual_alias_domains"] = "$virtual_alias_maps",
        ["virtual_alias_maps"] = "$virtual_maps",
        ["virtual_mailbox_domains"] = "$virtual_mailbox_maps",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The default of a parameter in a release.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="version">The release; null where it is not known, then that of 3.7.</param>
    /// <returns>The value, not expanded; null for a parameter that is not in the table, or has none.</returns>
    internal static string? Of(string name, PostfixVersion? version) => name switch
    {
        "smtpd_tls_protocols" or "smtpd_tls_mandatory_protocols" or "smtp_tls_protocols" or "smtp_tls_mandatory_protocols" =>
            version is { } known && !known.IsAtLeast(3, 6) ? "!SSLv2, !SSLv3" : ">=TLSv1",
        "smtp_tls_dane_insecure_mx_policy" when version is { } known && HasWrongInsecureMxPolicy(known) => "${{$smtp_tls_security_level} == {dane} ? {dane} : {may}}",
        "smtp_tls_security_level" when version is { } known && known.IsAtLeast(3, 11) => "${{$compatibility_level} <level {3.11} ? {} : {may}}",
        _ => Common.GetValueOrDefault(name),
    };

    /// <summary>
    /// Whether <c>smtp_tls_dane_insecure_mx_policy</c> falls to <c>may</c> where the level comes from a policy table: from 3.6 on, mended
    /// in 3.6.17, 3.7.13, 3.8.8, 3.9.2 and 3.10.0.
    /// </summary>
    /// <param name="version">The release.</param>
    internal static bool HasWrongInsecureMxPolicy(PostfixVersion version) =>
        version.IsAtLeast(3, 6) && !version.Has(new(3, 10, 0), new(3, 6, 17), new(3, 7, 13), new(3, 8, 8), new(3, 9, 2));
}
