using System.Collections.Immutable;
using Danelaw.Servers;

namespace Danelaw.Checks.Findings;

/// <summary>One target with all that is known of it.</summary>
internal sealed record TargetSubject(CheckEvidence Evidence, ImmutableArray<HostReport> Reports, CheckOptions Options, DateTimeOffset Now)
{
    /// <summary>The name servers of the zones on the way.</summary>
    internal ImmutableArray<ServerReport> Zones { get; init; } = [];

    /// <summary>The reports on the hosts to which mail goes.</summary>
    internal ImmutableArray<HostReport> MailReports => Evidence.OfMail(Reports);

    internal IEnumerable<HostSubject> Hosts => Evidence.Hosts.Zip(Reports, (facts, report) => new HostSubject(Evidence, facts, report, Options, Now) { All = Reports, Zones = Zones });
}
