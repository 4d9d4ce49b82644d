using System.Collections.Immutable;
using System.Net;
using Danelaw.Checks;
using Danelaw.Dns.Names;

namespace Danelaw.Servers;

/// <summary>How one address of a name server fares.</summary>
/// <param name="Host">The name server.</param>
/// <param name="Address">The address.</param>
/// <param name="Faults">The codes of what is wrong with it, of <see cref="FindingCodes"/>; empty when nothing is.</param>
/// <param name="Probes">What it was asked.</param>
public sealed record ServerRow(DomainName Host, IPAddress Address, ImmutableArray<string> Faults, ImmutableArray<ServerProbe> Probes)
{
    /// <summary>What is wrong with it.</summary>
    internal ImmutableArray<ServerFinding> Findings { get; init; } = [];

    /// <summary>Whether this machine could ask it at all.</summary>
    public bool IsAsked => Probes.Any(probe => !probe.IsNotAsked);

    /// <summary>The serial of its copy of the zone; null when it has told none.</summary>
    public uint? Serial => Probes.FirstOrDefault(probe => probe is { Question: ServerQuestion.Soa, Serial: not null })?.Serial;
}

/// <summary>What a survey of a zone's servers found.</summary>
/// <param name="Evidence">What it rests on.</param>
/// <param name="Rows">Address by address.</param>
/// <param name="Findings">What is wrong, the gravest first, with what to do.</param>
public sealed record ServerReport(ServerEvidence Evidence, ImmutableArray<ServerRow> Rows, ImmutableArray<Finding> Findings)
{
    /// <summary>Whether some server answers wrongly or not at all.</summary>
    public bool HasErrors => Findings.Any(finding => finding.Severity == Severity.Error);
}
