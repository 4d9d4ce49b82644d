using Danelaw.Certificates;
using Danelaw.Dns.Records;
using Danelaw.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification.Paths;

namespace Danelaw.Checks.Findings;

/// <summary>
/// Issuers that a record names and a path leads to, but not the one path that OpenSSL builds: where an issuer was cross-signed, two of one name were sent, or a certificate names another than its issuer
/// (decision 0050).
/// </summary>
internal static class FirstPathFindings
{
    /// <summary>What looking at one host may cost beside its verdict: a hundred signatures of RSA.</summary>
    private const int Work = 8192;

    internal static IEnumerable<Finding> Of(HostSubject subject)
    {
        TlsaRecord[] matching = [.. subject.Report.Records.Where(report => report.State == RecordState.Matching).Select(report => report.Record)];
        if (!matching.Any(record => record.Usage == TlsaUsage.DaneTa)) yield break;
        var signatures = new SignatureMemory(new(Work));
        var told = new HashSet<(TlsaRecord Record, string Why)>();
        foreach (var endpoint in subject.Report.Endpoints)
        {
            // The server's own certificate as its authority, at depth 0, is told of elsewhere.
            if (endpoint is not { Verdict: { IsMatch: true, Depth: > 0, Record: { Usage: TlsaUsage.DaneTa } record }, Observation: { Outcome: ProbeOutcome.Completed, Chain: [var leaf, ..] chain } }
                || !Certificate.TryRead(leaf, out var own) || matching.Any(other => other.Usage == TlsaUsage.DaneEe && other.Matches(own))
                || FirstPath.WhyPassedBy(chain, matching, subject.Now, signatures) is not { } why || !told.Add((record, why))) continue;
            yield return new(FindingCodes.TlsaPathPassedBy, Severity.Warning, Say.Owner(subject.Facts.Dns),
                $"A path leads to what {Say.Short(record)} names, and OpenSSL does not find it: {why}. To Postfix, and whatever else is built with it, nothing matches, and mail is deferred.",
                RecordFindings.Publish(subject, "Let the server send the certificates of that path alone, each issued by the very next one; or pin the server's own key by usage 3"));
        }
    }
}
