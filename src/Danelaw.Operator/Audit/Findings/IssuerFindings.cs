using System.Collections.Immutable;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Dns.Records;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>Issuers of public authorities: whoever pins one depends on the authority's choice of the next.</summary>
internal static class IssuerFindings
{
    private const string OwnKey = "Pin the server's own key: danelaw tlsa create makes 3 1 1.";

    /// <param name="facts">A chain.</param>
    /// <param name="records">The TLSA records that are published for this host's services.</param>
    /// <param name="findings">Where to add.</param>
    internal static void Add(ChainFacts facts, ImmutableArray<TlsaRecord> records, FindingList findings)
    {
        foreach (var block in facts.Blocks)
        {
            if (block.Summary is not { } certificate || IssuerCatalogue.Find(certificate) is not { } issuer) continue;
            var pin = records.Where(record => record.Usage is TlsaUsage.DaneTa or TlsaUsage.PkixTa && IsOf(record, block)).Select(record => $"{(byte)record.Usage} {(byte)record.Selector} {(byte)record.Matching}").FirstOrDefault();
            if (issuer.IsRetired)
            {
                findings.Add(AuditCodes.AcmeIssuerRetired, pin is null ? Severity.Warning : Severity.Error, facts.Use.Subject, block.Place,
                    $"{issuer.Prospect}: the next certificate comes from another one, and {(pin is null ? "a TLSA record 2 x x that pins this one" : $"the published TLSA record {pin}, which pins this one,")} then matches nothing.", OwnKey);
            }
            else if (pin is not null)
            {
                findings.Warning(AuditCodes.AcmeIssuerPinned, facts.Use.Subject, block.Place,
                    $"The published TLSA record {pin} pins {issuer.Name} of {issuer.Authority}. {issuer.Prospect}. When the next certificate comes from another, this record matches nothing.", OwnKey);
            }
        }
    }

    private static bool IsOf(TlsaRecord record, ChainBlock block) => TlsaRecord.TryCreate(block.Object.Data, record.Usage, record.Selector, record.Matching, out var made, out _) && made == record;
}
