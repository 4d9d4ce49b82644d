using Danelaw.Certificates;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Checks.Findings;

/// <summary>Records that pin an intermediate of a public authority, which chooses by itself from which of them the next certificate comes.</summary>
internal static class IssuerPinFindings
{
    internal static IEnumerable<Finding> Of(HostSubject subject)
    {
        var chains = subject.Report.Endpoints.SelectMany(endpoint => endpoint.Observation.Chain.Skip(1)).Distinct().ToArray();
        foreach (var report in subject.Report.Records.Where(report => report.State != RecordState.Unusable && report.Record.Usage is TlsaUsage.DaneTa or TlsaUsage.PkixTa))
        {
            if (Find(report.Record, chains) is not { } issuer) continue;
            var pin = $"The record {Say.Short(report.Record)} pins {issuer.Name} of {issuer.Authority}";
            yield return issuer.IsRetired
                ? new(FindingCodes.TlsaIssuerRetired, Severity.Warning, Say.Owner(subject.Facts.Dns),
                    $"{pin}. {issuer.Prospect}: {(report.State == RecordState.Matching ? "the next certificate comes from another, and the record then matches nothing" : "it matches nothing that is served, and will match nothing")}.",
                    Mend(subject))
                : new(FindingCodes.TlsaIssuerPinned, Severity.Warning, Say.Owner(subject.Facts.Dns),
                    $"{pin}. {issuer.Prospect}. When the next certificate comes from another, this record matches nothing.",
                    Mend(subject));
        }
    }

    private static string Mend(HostSubject subject) => RecordFindings.Publish(subject, "Pin the server's own key, which a renewal can keep, and take this record out");

    /// <summary>By the certificate where the server sends it, or by its key, which every certificate of the issuer has.</summary>
    private static KnownIssuer? Find(TlsaRecord record, Dns.Octets[] sent)
    {
        if (record is { Selector: TlsaSelector.PublicKey, Matching: TlsaMatching.Sha256 } && IssuerCatalogue.FindByKey(record.Data) is { } known) return known;
        foreach (var der in sent)
            if (Certificate.TryRead(der, out var certificate) && record.Matches(certificate) && CertificateSummary.TryRead(der, out var summary) && IssuerCatalogue.Find(summary) is { } issuer) return issuer;
        return null;
    }
}
