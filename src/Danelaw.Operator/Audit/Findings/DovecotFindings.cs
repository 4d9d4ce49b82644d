using Danelaw.Operator.Audit.Dovecot;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>What Dovecot's configuration says of TLS.</summary>
internal static class DovecotFindings
{
    internal static void Add(DovecotText text, FindingList findings)
    {
        foreach (var fault in text.Faults) findings.Error(AuditCodes.DovecotSyntax, "dovecot", fault.Place, $"Dovecot does not read this: {fault.Text}.", "Mend the line; doveconf tells whether it is read.");
        var ssl = DovecotConfiguration.Get(text, "ssl");
        if (ssl is not { Value: "no" }) return;

        // A Dovecot that only delivers mail and checks passwords for Postfix has no mail programs to serve.
        if (DovecotConfiguration.Ports(text).IsEmpty) return;
        const string Said = "ssl = no: mail programs cannot use TLS, and passwords travel in clear.";
        if (DovecotConfiguration.Uses(text).Any(use => use.Name.Length == 0)) findings.Error(AuditCodes.DovecotTlsOff, "dovecot", ssl.Place, Said, "ssl = required (doc.dovecot.org, SSL configuration).", new Change.ReplaceWords(ssl.Place.File, ssl.Place.Line, "no", "required"));
        else findings.Error(AuditCodes.DovecotTlsOff, "dovecot", ssl.Place, Said, "Give it a certificate and its key first (ssl_cert and ssl_key, from 2.4 on ssl_server_cert_file and ssl_server_key_file), then ssl = required (doc.dovecot.org, SSL configuration).");
    }
}
