using Danelaw.Certificates;
using Danelaw.Dns.Records;
using Danelaw.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Checks.Findings;

/// <summary>
/// Records of usage 2 that name the server's own certificate. RFC 6698 §2.1.1 lets a certificate be its own trust anchor (decision 0050); OpenSSL takes that usage for issuers alone, and so do the
/// senders that are built with it.
/// </summary>
internal static class OwnAuthorityFindings
{
    internal static IEnumerable<Finding> Of(HostSubject subject)
    {
        TlsaRecord[] matching = [.. subject.Report.Records.Where(report => report.State == RecordState.Matching).Select(report => report.Record)];
        if (!matching.Any(record => record.Usage == TlsaUsage.DaneTa)) yield break;
        var told = new HashSet<TlsaRecord>();
        foreach (var endpoint in subject.Report.Endpoints)
        {
            if (endpoint.Observation is not { Outcome: ProbeOutcome.Completed, Chain: [var der, .. var issuers] } || !Certificate.TryRead(der, out var own)) continue;

            // A copy of it, or another of the same key and name, is no issuer either.
            Certificate[] above = [.. issuers.Select(issuer => Certificate.TryRead(issuer, out var read) ? read : null).OfType<Certificate>().Where(issuer => issuer.PublicKey != own.PublicKey || issuer.Subject != own.Subject)];

            // Any other record that matches is enough. A bare key that signed the certificate is taken, even its own (2 1 0, decision 0050).
            if (matching.Any(record => record.Usage == TlsaUsage.DaneTa ? record is { Selector: TlsaSelector.PublicKey, Matching: TlsaMatching.Full } || above.Any(record.Matches) : record.Matches(own))) continue;
            foreach (var record in matching.Where(record => record.Usage == TlsaUsage.DaneTa && record.Matches(own) && told.Add(record)))
            {
                yield return new(FindingCodes.TlsaLeafAsAuthority, Severity.Warning, Say.Owner(subject.Facts.Dns),
                    $"The record {Say.Short(record)} names the server's own certificate as an authority. That is allowed (RFC 6698 §2.1.1), and OpenSSL looks for usage 2 among issuers alone: to Postfix, and whatever else is built with it, nothing matches, and mail is deferred.",
                    RecordFindings.Publish(subject, "Pin the server's own key by usage 3, and take this record out"));
            }
        }
    }
}
