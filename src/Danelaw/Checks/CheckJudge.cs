using System.Collections.Immutable;
using Danelaw.Checks.Findings;

namespace Danelaw.Checks;

/// <summary>Evidence in, report out. Pure: the same evidence at the same moment gives the same report.</summary>
internal static class CheckJudge
{
    /// <param name="evidence">What was gathered.</param>
    /// <param name="options">What judges.</param>
    /// <param name="now">When certificates must be valid.</param>
    /// <param name="caller">Ends it in the middle. There is no time limit: the work is counted, so that it is the same every time.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal static CheckReport Judge(CheckEvidence evidence, CheckOptions options, DateTimeOffset now, CancellationToken caller)
    {
        var judge = new HostJudge(options, now, caller);
        ImmutableArray<HostReport> hosts = [.. evidence.Hosts.Select(judge.Judge)];
        var (verdict, reason) = DomainJudge.Judge(evidence, hosts);
        var zones = evidence.Servers?.Judge(now) ?? [];
        return new()
        {
            Target = evidence.Target.Text,
            Verdict = verdict,
            Reason = reason,
            Explanation = Explanations.Of(evidence, hosts, options, verdict, reason),
            Services = [.. evidence.Services.Select(service => new ServiceReport(service.Protocol, evidence.Hosts.Any(host => host.Lead.Route is null && host.Lead.Protocol == service.Protocol), service.Srv))],
            Hosts = hosts,
            Findings = FindingWriter.Write(new(evidence, hosts, options, now) { Zones = zones }),
            Zones = zones,
            ServerTour = evidence.Servers,
            Lookups = [.. evidence.Lookups],
        };
    }
}
