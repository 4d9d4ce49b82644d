using Danelaw.Operator.Audit.Dovecot;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>What Dovecot's configuration says of TLS.</summary>
internal static class DovecotFindings
{
    /// <summary>What doveconf takes without a look, and a Dovecot that is asked for TLS then does not (2.3, 2.4: ssl_min_protocol).</summary>
    private static readonly string[] Versions = ["ANY", "LATEST", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

    internal static void Add(DovecotText text, FindingList findings)
    {
        foreach (var fault in text.Faults) findings.Error(AuditCodes.DovecotSyntax, "dovecot", fault.Place, $"Dovecot does not read this: {fault.Text}.", "Mend the line; doveconf tells whether it is read.");
        if (DovecotConfiguration.Get(text, "ssl_min_protocol") is { Value.Length: > 0 } least && !Versions.Contains(least.Value))
            findings.Error(AuditCodes.DovecotSyntax, "dovecot", least.Place, $"Dovecot does not know ssl_min_protocol = {least.Value}: it starts, and then serves nobody TLS.", "ssl_min_protocol = TLSv1.2");
        var ssl = DovecotConfiguration.Get(text, "ssl");
        if (ssl is not { Value: "no" }) return;

        // A Dovecot that only delivers mail and checks passwords for Postfix has no mail programs to serve, and on loopback nobody listens in: a proxy or a webmail of this host is what speaks there.
        if (DovecotConfiguration.OpenPorts(text).IsEmpty) return;
        findings.Warning(AuditCodes.DovecotTlsOff, "dovecot", ssl.Place, "ssl = no: mail programs cannot use TLS, and passwords travel in clear.",
            $"{(DovecotConfiguration.Uses(text).Any(use => use.Name.Length == 0) ? "" : "Give it a certificate and its key first (ssl_cert and ssl_key, from 2.4 on ssl_server_cert_file and ssl_server_key_file), then ")}ssl = yes (doc.dovecot.org, SSL configuration); ssl = required once nobody depends on plain text. danelaw setup leaves that to you.");
    }
}
