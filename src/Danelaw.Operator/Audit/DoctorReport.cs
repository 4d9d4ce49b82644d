using System.Collections.Immutable;

namespace Danelaw.Operator.Audit;

/// <summary>A domain that the host takes mail for, and one of its MX hosts.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Mx">The MX host; null where none was found.</param>
/// <param name="Base">The TLSA base domain in use; null without an MX host.</param>
/// <param name="Verdict">The verdict on that host for that domain, in lower case, as <c>check</c> gives it.</param>
public sealed record DomainRow(string Domain, string? Mx, string? Base, string Verdict);

/// <summary>What <c>danelaw doctor</c> tells.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="Findings">What was found, the gravest first.</param>
/// <param name="Unseen">What could not be seen.</param>
/// <param name="Domains">The domains that it takes mail for, grouped by MX host.</param>
/// <param name="HasMailServer">Whether there is a mail server at all.</param>
public sealed record DoctorReport(string Host, ImmutableArray<AuditFinding> Findings, ImmutableArray<Unseen> Unseen, ImmutableArray<DomainRow> Domains, bool HasMailServer);
