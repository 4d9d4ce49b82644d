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
        if (ssl is { Value: "no" })
        {
            findings.Error(AuditCodes.DovecotTlsOff, "dovecot", ssl.Place, "ssl = no: mail programs cannot use TLS, and passwords travel in clear.", "ssl = required (doc.dovecot.org, SSL configuration).", new Change.ReplaceWords(ssl.Place.File, ssl.Place.Line, "no", "required"));
        }
    }
}
