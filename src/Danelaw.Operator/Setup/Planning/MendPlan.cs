using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Changes;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Setup.Planning;

/// <summary>Sorts the mends of an audit: those of servers come before the records, those of sending after the resolver.</summary>
internal static class MendPlan
{
    private static readonly string[] SendingParameters = ["ignore_mx_lookup_error", "disable_dns_lookups"];

    /// <summary>What doctor's own mends of the servers come to; null where there is none.</summary>
    internal static SetupStep? Servers(SetupFacts facts)
    {
        var findings = Mended(facts.Report).Where(finding => !finding.Mend.Changes.Any(IsSending)).ToArray();
        ImmutableArray<Change> changes = [.. findings.SelectMany(finding => finding.Mend.Changes).Distinct()];
        return changes.IsEmpty ? null : new(SetupStage.Servers, "Mend what keeps senders away",
            "A sender that knows DANE delivers over TLS to a server that shows the right key, or not at all: what hides or weakens TLS here has to go before a record is published.")
        {
            Findings = [.. findings],
            Changes = changes,
            Reloads = Reloads(changes),
            Proof = "each port completes a TLS handshake, with the key of its chain file",
            Undo = "the settings as they were",
        };
    }

    /// <summary>What doctor's mends of sending come to; null where there is none.</summary>
    internal static SetupStep? Outbound(SetupFacts facts)
    {
        var findings = Mended(facts.Report).Where(finding => finding.Mend.Changes.Any(IsSending)).ToArray();
        ImmutableArray<Change> changes = [.. findings.SelectMany(finding => finding.Mend.Changes).Distinct()];
        return changes.IsEmpty ? null : new(SetupStage.Outbound, "Send with DANE",
            "Postfix then looks for TLSA records of every server that it delivers to. Where there are some, it delivers over TLS and to the right key only, or keeps the mail and tries again; to all others as before.")
        {
            Findings = [.. findings],
            Changes = changes,
            Reloads = Reloads(changes),
            Proof = "the resolver was seen to validate, and doctor finds nothing that switches DANE off",
            Undo = "the settings as they were",
        };
    }

    /// <summary>The findings that neither a mend nor another step takes care of.</summary>
    internal static ImmutableArray<AuditFinding> Left(SetupFacts facts, SetupOptions options, ImmutableArray<SetupStep> steps, IReadOnlySet<string> moved)
    {
        var stages = steps.Select(step => step.Stage).ToHashSet();
        var done = steps.SelectMany(step => step.Changes).ToHashSet();
        var left = facts.Report.Findings.Where(finding => finding.Severity != Severity.Note && !IsDone(finding)).ToArray();

        // Records at the ports of mail programs are right once setup is told to make them.
        var ports = options.Ports.Union(left.Select(OtherPort).OfType<int>()).Order();
        return [.. left.Select(finding => OtherPort(finding) is null ? finding : finding with { Mend = new($"danelaw setup --ports {string.Join(',', ports)} makes these records too.") })];

        int? OtherPort(AuditFinding finding) =>
            finding.Code is FindingCodes.TlsaOnlySha512 or FindingCodes.TlsaTtlLong && DomainName.TryParse(finding.Subject, out var owner, out _) && TlsaOwner.TryRead(owner, out var port, out _, out _) && !options.Ports.Contains(port) ? port : null;

        bool IsDone(AuditFinding finding) => finding.Mend.Changes.Any(done.Contains) || finding.Code switch
        {
            AuditCodes.PostfixTwoFiles or AuditCodes.PostfixNoCertificate or AuditCodes.PostfixSniNoDefault => moved.Any(subject => subject.StartsWith("postfix", StringComparison.Ordinal)),
            AuditCodes.TlsChainOrder or AuditCodes.TlsKeyMismatch or AuditCodes.TlsFileUnusable or AuditCodes.AcmeLiveFolder => moved.Contains(finding.Subject),

            // A chain file of its own keeps the client from the server; that nothing brings the next key there is a remark of its own.
            AuditCodes.AcmeRenewal => true,
            AuditCodes.AcmeKeyChanges => stages.Contains(SetupStage.Chains) || stages.Contains(SetupStage.Rollover),
            AuditCodes.ResolverNotValidating or AuditCodes.ResolverRemote or AuditCodes.ResolverSilent or AuditCodes.ResolverTrustAd or AuditCodes.PostfixChrootResolver => stages.Contains(SetupStage.Resolver),
            AuditCodes.PostfixTransportUnused => stages.Contains(SetupStage.Outbound),
            AuditCodes.TlsNotReloaded => stages.Contains(SetupStage.Chains) || stages.Contains(SetupStage.Servers),
            FindingCodes.TlsaNone or AuditCodes.TlsaDenialCached or FindingCodes.TlsaOnlySha512 or FindingCodes.TlsaTtlLong => steps.SelectMany(step => step.Records).Any(record => RecordPlan.Text(record.Owner).Equals(finding.Subject.TrimEnd('.'), StringComparison.OrdinalIgnoreCase)),
            FindingCodes.TlsaMismatch or FindingCodes.TlsaUnmatched => stages.Contains(SetupStage.Records),
            FindingCodes.TlsStartTlsMissing or FindingCodes.TlsStartTlsRefused => stages.Contains(SetupStage.Servers) || stages.Contains(SetupStage.Chains),
            _ => false,
        };
    }

    private static IEnumerable<AuditFinding> Mended(DoctorReport report) =>
        report.Findings.Where(finding => finding.Severity != Severity.Note && !finding.Mend.Changes.IsEmpty && finding.Code is not AuditCodes.ResolverTrustAd);

    private static bool IsSending(Change change) => change switch
    {
        Change.SetParameter set => IsSending(set.Name),
        Change.RemoveParameter remove => IsSending(remove.Name),
        Change.SetServiceOption option => IsSending(option.Name),
        _ => false,
    };

    private static bool IsSending(string name) => name.StartsWith("smtp_", StringComparison.Ordinal) || name.StartsWith("lmtp_", StringComparison.Ordinal) || SendingParameters.Contains(name);

    private static ImmutableArray<ServiceReload> Reloads(ImmutableArray<Change> changes) =>
    [
        .. changes.Select(ServiceReload? (change) => change switch
        {
            Change.SetParameter set => new ServiceReload(ManagedService.Postfix, set.Directory),
            Change.RemoveParameter remove => new(ManagedService.Postfix, remove.Directory),
            Change.SetServiceOption option => new(ManagedService.Postfix, option.Directory),
            { Path: var path } => HostReader.DovecotFiles.FirstOrDefault(file => path.StartsWith(file[..(file.LastIndexOf('/') + 1)], StringComparison.Ordinal)) is { } file ? new(ManagedService.Dovecot, file) : null,
        }).OfType<ServiceReload>().Distinct(),
    ];
}
