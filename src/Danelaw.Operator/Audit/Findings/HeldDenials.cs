using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Publishing.Propagation;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>
/// Tells a record that is not there from one that a cache does not know yet: a resolver goes on denying, for as long as the zone's own answer said, what was published a moment ago
/// (RFC 2308 §5). What the authoritative servers say counts.
/// </summary>
internal sealed class HeldDenials
{
    private readonly Dictionary<DomainName, Denial> _denials = [];

    internal HeldDenials(NetworkFacts network)
    {
        foreach (var answer in network.Domains.SelectMany(domain => domain.Report.Hosts).Select(mx => mx.TlsaAnswer))
        {
            if (answer is not { Security: Security.Secure, Records: null }) continue;
            var owner = answer.Question.Name;
            var held = _denials.GetValueOrDefault(owner)?.Held ?? 0;
            _denials[owner] = new(Math.Max(held, answer.TimeToLive), [.. network.Served.Where(view => view.Owner == owner)]);
        }
    }

    private sealed record Denial(uint Held, ImmutableArray<AuthoritativeView> Views)
    {
        internal ImmutableArray<AuthoritativeView> Having => [.. Views.Where(view => view is { IsSecure: true, Records.IsEmpty: false })];

        internal ImmutableArray<AuthoritativeView> Lacking => [.. Views.Where(view => view is not { IsSecure: true, Records.IsEmpty: false })];
    }

    /// <summary>A finding as it is told: where a server has the records that a resolver denies, that is what was found.</summary>
    internal Finding Tell(Finding finding)
    {
        if (finding.Code != FindingCodes.TlsaNone || _denials.FirstOrDefault(pair => DomainNames.Text(pair.Key).Equals(finding.Subject.TrimEnd('.'), StringComparison.OrdinalIgnoreCase)) is not { Key: var owner, Value: { } denial } || denial.Having.IsEmpty) return finding;
        var time = Duration.Say(TimeSpan.FromSeconds(denial.Held));
        var held = $"your resolver still holds the denial of before, for {time} at most";
        return denial.Lacking.IsEmpty
            ? new(AuditCodes.TlsaDenialCached, Severity.Warning, finding.Subject, $"{DomainNames.Text(owner)} is published, at every name server of its zone, but {held}. So may others: until then some senders deliver as before, without DANE.", $"There is nothing to do but to wait. After {time} danelaw doctor sees whether the servers match.")
            : new(AuditCodes.TlsaDenialCached, Severity.Warning, finding.Subject, $"{DomainNames.Text(owner)} is published at {Names(denial.Having)}, and was not seen at {Names(denial.Lacking)}; {held}.", "Wait until every name server has it (danelaw publish does), and see to a server that goes on without: it does not follow its primary.");
    }

    private static string Names(ImmutableArray<AuthoritativeView> views) => string.Join(", ", views.Select(view => view.Server).Distinct().Take(4));
}
