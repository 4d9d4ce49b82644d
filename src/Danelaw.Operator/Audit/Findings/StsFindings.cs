using System.Globalization;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Operator.Audit.Beside;
using Danelaw.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>
/// MTA-STS beside DANE (RFC 8461). A domain without it is told nothing: DANE needs none. One that has it must keep both: where they disagree,
/// mail of some senders stops, or a failure of DANE is hidden by those who do not look at it.
/// </summary>
/// <param name="roots">The authorities of the web that senders trust; null where they are not known.</param>
/// <param name="now">The time.</param>
internal sealed class StsFindings(TrustStore? roots, DateTimeOffset now)
{
    private static readonly TimeSpan ShortAge = TimeSpan.FromDays(1), FairAge = TimeSpan.FromDays(7);

    private readonly List<Told> _told = [];
    private readonly Dictionary<(DomainName Host, Octets Leaf), string> _doubts = [];

    /// <summary>Judges all domains; those of which the same holds share a finding.</summary>
    internal static void Add(NetworkFacts network, TrustStore? roots, DateTimeOffset now, FindingList findings, ICollection<Unseen> unseen)
    {
        var judge = new StsFindings(roots, now);
        var failed = new List<DomainName>();
        foreach (var domain in network.Domains)
        {
            if (domain.Beside is not { } beside) continue;
            if (beside.Sts.IsFailure) failed.Add(domain.Name);
            else judge.Judge(domain, beside);
        }

        if (failed.Count > 0) unseen.Add(new($"the MTA-STS record of {DomainNames.List(failed)}", $"the lookup of _mta-sts.{DomainNames.Text(failed[0])} failed; danelaw lookup --trace tells where"));
        foreach (var group in judge._told.GroupBy(told => (told.Code, told.Severity, told.Key)))
        {
            var names = group.Select(told => told.Domain).ToArray();
            var first = group.First();
            findings.Add(first.Code, first.Severity, DomainNames.Subject(names), null, first.Text + (names.Length > 1 ? $" The same holds for {DomainNames.List(names.Skip(1))}." : ""), first.Mend);
        }
    }

    private void Judge(DomainFacts domain, BesideFacts beside)
    {
        var record = StsRecord.Of(beside.Sts);
        var name = DomainNames.Text(domain.Name);
        if (record.Fault.Length > 0)
        {
            Tell(AuditCodes.StsRecord, Severity.Warning, domain, record.Fault, $"The TXT record at _mta-sts.{name} is none of MTA-STS: {record.Fault}. Senders take it that there is no policy (RFC 8461 §3.1).",
                $"_mta-sts.{name}. IN TXT \"v=STSv1; id={now.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}\"");
        }

        if (record.Fields.IsEmpty || beside.Policy.Outcome == PolicyOutcome.NotAsked) return;
        if (beside.Policy.Outcome != PolicyOutcome.Fetched)
        {
            TellUnfetched(domain, name, beside.Policy);
        }
        else if (!StsPolicy.TryRead(beside.Policy.Text, out var policy, out var fault))
        {
            Tell(AuditCodes.StsPolicy, Severity.Warning, domain, fault, $"The MTA-STS policy of {name} cannot be used: {fault}. Senders take it that there is none (RFC 8461 §3.2).", $"Mend https://mta-sts.{name}/.well-known/mta-sts.txt, then change the id of the TXT record at _mta-sts.{name}.");
        }
        else
        {
            JudgePolicy(domain, name, policy);
        }
    }

    private void TellUnfetched(DomainFacts domain, string name, PolicyFetch fetch)
    {
        // The name of its own server stands in what is told of one domain, and must not part it from others of the same fault.
        var isTrust = fetch.Outcome == PolicyOutcome.NotTrusted;
        Tell(isTrust ? AuditCodes.StsCertificate : AuditCodes.StsUnreachable, Severity.Warning, domain, fetch.Detail.Replace(name, "", StringComparison.Ordinal),
            $"There is a record of MTA-STS at _mta-sts.{name}, and its policy at https://mta-sts.{name}/.well-known/mta-sts.txt cannot be had: {fetch.Detail} (RFC 8461 §3.3). Senders go on without it, or with an old one that they have kept.",
            isTrust ? $"Give mta-sts.{name} a certificate for just that name, from an authority of the web; DANE does not help here." : $"See that the policy can be fetched (curl -v https://mta-sts.{name}/.well-known/mta-sts.txt), or take the record at _mta-sts.{name} out.");
    }

    private void JudgePolicy(DomainFacts domain, string name, StsPolicy policy)
    {
        if (policy.Mode == StsMode.None)
        {
            Tell(AuditCodes.StsMode, Severity.Note, domain, "none", $"The MTA-STS policy of {name} has mode none: it asks nothing of anybody.", $"When max_age has passed since it was so, take policy and record out (RFC 8461 §8.3).");
            return;
        }

        var isEnforced = policy.Mode == StsMode.Enforce;
        if (!isEnforced) Tell(AuditCodes.StsMode, Severity.Note, domain, "testing", $"The MTA-STS policy of {name} has mode testing: senders report what would fail, and deliver all the same.", "mode: enforce, once the reports are clean; then change the id of the record.");
        if (isEnforced && policy.MaximumAge < FairAge)
        {
            Tell(AuditCodes.StsMaximumAge, policy.MaximumAge < ShortAge ? Severity.Warning : Severity.Note, domain, policy.MaximumAge.ToString(),
                string.Create(CultureInfo.InvariantCulture, $"The MTA-STS policy of {name} is kept for {(long)policy.MaximumAge.TotalSeconds} s only: who keeps a sender from the policy for so long has done away with it (RFC 8461 §3.2 expects weeks)."), "max_age: 1209600 (two weeks), or more.");
        }

        var hosts = domain.Report.Hosts.Where(mx => !mx.Name.IsRoot).ToArray();
        var severity = isEnforced ? Severity.Error : Severity.Warning;
        if (hosts.Where(mx => !policy.Names(mx.Name)).Select(mx => DomainNames.Text(mx.Name)).ToArray() is { Length: > 0 } missing)
        {
            var all = string.Join(", ", missing);
            Tell(AuditCodes.StsMx, severity, domain, all, $"The MTA-STS policy of {name} does not name {all}, to which its MX records lead: {(isEnforced ? "senders that know MTA-STS deliver nothing there, those that know DANE too among them" : "with mode enforce senders would deliver nothing there")} (RFC 8461 §4.1).",
                string.Join('\n', [.. missing.Select(host => $"mx: {host}"), $"into https://mta-sts.{name}/.well-known/mta-sts.txt; then change the id of the TXT record at _mta-sts.{name}."]));
        }

        foreach (var mx in hosts.Where(mx => policy.Names(mx.Name)))
        {
            if (DoubtOf(mx) is { Length: > 0 } doubt)
            {
                Tell(AuditCodes.StsMxCertificate, severity, domain, DomainNames.Text(mx.Name) + doubt,
                    $"The MTA-STS policy of {name} names {DomainNames.Text(mx.Name)}, whose certificate does not pass there: {doubt}. DANE does not ask for that; senders that know MTA-STS {(isEnforced ? "deliver nothing" : "would deliver nothing with mode enforce")} (RFC 8461 §4.2).",
                    $"Either a certificate for {DomainNames.Text(mx.Name)} from an authority of the web, rolled as danelaw rollover does; or mode: none in the policy, and DANE alone.");
            }

            // RFC 8461 §2: MTA-STS must not stand in for a DANE that fails. Who knows MTA-STS alone cannot see that it does.
            if (mx.Verdict == CheckVerdict.Failing)
            {
                Tell(AuditCodes.StsHidesDane, Severity.Warning, domain, DomainNames.Text(mx.Name),
                    $"DANE fails at {DomainNames.Text(mx.Name)}, and the MTA-STS policy of {name} lets senders that know only that deliver there all the same: mail goes on arriving from some, and that it stops from others is easily overlooked. Senders that know both must not deliver (RFC 8461 §2).",
                    "Mend what fails (it is told above); TLSRPT reports tell of it: danelaw explain TLSRPT-NONE.");
            }
        }
    }

    /// <summary>Why senders of MTA-STS would not take the certificate of a host, as a phrase; empty where they would, or it was not seen.</summary>
    private string DoubtOf(HostReport mx)
    {
        if (roots is null || mx.TlsaBase != mx.Name) return "";
        foreach (var endpoint in mx.Endpoints)
        {
            if (endpoint.Observation is not { Outcome: ProbeOutcome.Completed, Chain: [var leaf, ..] chain }) continue;
            if (!_doubts.TryGetValue((mx.Name, leaf), out var doubt))
            {
                // PKIX-EE of the very certificate matches just where PKIX itself is content (RFC 6698 §2.1.1).
                var verdict = TlsaRecord.TryCreate(leaf, TlsaUsage.PkixEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, out var record, out _)
                    ? DaneVerifier.Judge(chain, [record], new DanePolicy { Service = ServiceKind.Other, ReferenceNames = [mx.Name], Roots = roots }, now)
                    : null;
                doubt = verdict is null || verdict.IsMatch ? "" : Phrase(verdict.Reason);
                _doubts.Add((mx.Name, leaf), doubt);
            }

            if (doubt.Length > 0) return doubt;
        }

        return "";
    }

    private static string Phrase(DaneReason reason) => reason switch
    {
        DaneReason.NotTrusted or DaneReason.NoPath or DaneReason.AnchorNotInChain => "no authority of the machine's store vouches for it",
        DaneReason.NameMismatch => "it does not bear the host's name",
        DaneReason.Expired => "it, or one above it, has expired",
        DaneReason.NotYetValid => "it, or one above it, is not yet valid",
        DaneReason.LimitReached => "",
        _ => $"PKIX does not accept it ({reason})",
    };

    private void Tell(string code, Severity severity, DomainFacts domain, string key, string text, string mend) => _told.Add(new(code, severity, domain.Name, key, text, mend));

    /// <summary>Something that holds for a domain; the key is the same for all of which the same holds.</summary>
    private sealed record Told(string Code, Severity Severity, DomainName Domain, string Key, string Text, string Mend);
}
