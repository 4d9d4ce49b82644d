using System.Collections.Immutable;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Checks.Findings;

/// <summary>Writes what was found, each with its mend: the gravest first, otherwise in the order of the walk. Pure.</summary>
internal static class FindingWriter
{
    internal static ImmutableArray<Finding> Write(CheckEvidence evidence, ImmutableArray<HostReport> hosts, CheckOptions options, DateTimeOffset now)
    {
        var findings = new List<Finding>();
        findings.AddRange(RouteFindings.Of(evidence, hosts, options));
        for (var i = 0; i < hosts.Length; i++)
        {
            var subject = new HostSubject(evidence, evidence.Hosts[i], hosts[i], options, now);
            findings.AddRange(NameFindings.Of(subject));
            findings.AddRange(RecordFindings.Of(subject));
            findings.AddRange(EndpointFindings.Of(subject));
        }

        findings.AddRange(Notes(evidence.Lookups));
        return [.. findings.Distinct().OrderByDescending(finding => finding.Severity)];
    }

    /// <summary>What the validator noticed on the way.</summary>
    private static IEnumerable<Finding> Notes(IEnumerable<Answer> lookups)
    {
        foreach (var note in lookups.SelectMany(answer => answer.Notes))
        {
            var zone = Say.Name(note.Zone);
            yield return note.Code switch
            {
                FindingCodes.DnssecSha1 => new(note.Code, Severity.Warning, zone, note.Text, $"Roll {zone} to algorithm 13 (ECDSA P-256) and a DS with digest type 2 (SHA-256)."),
                FindingCodes.DnssecAlgorithmUnused => new(note.Code, Severity.Warning, zone, note.Text, $"Sign {zone} with every algorithm of its DS records, or take the DS records of the unused one out of the parent."),
                FindingCodes.DnssecNegativeAnchor => new(note.Code, Severity.Warning, zone, note.Text, "Run the check again without --negative-anchor to see what others see."),
                FindingCodes.DnssecAnchorUnsupported => new(note.Code, Severity.Warning, zone, note.Text, "Give an anchor with an algorithm and a digest that are supported."),
                _ => new(note.Code, Severity.Note, zone, note.Text, ""),
            };
        }
    }
}

/// <summary>One host with all that is known of it.</summary>
internal sealed record HostSubject(CheckEvidence Evidence, HostFacts Facts, HostReport Report, CheckOptions Options, DateTimeOffset Now)
{
    // A host with more keys has another trouble than these lines.
    private const int MostLines = 8;

    internal string Name => Say.Name(Report.Name);

    internal Audience Audience => Evidence.Audience;

    /// <summary>3 1 1 lines for every key that was shown, each once, RSA and ECDSA alike.</summary>
    internal string LinesForServedKeys() => string.Join('\n', ServedKeys().Take(MostLines).Select(record => Say.Line(Facts.Dns, record)));

    internal IEnumerable<Tlsa.TlsaRecord> ServedKeys()
    {
        foreach (var leaf in Report.Endpoints.Where(endpoint => endpoint.Observation.Outcome == Probes.ProbeOutcome.Completed && !endpoint.Observation.Chain.IsEmpty).Select(endpoint => endpoint.Observation.Chain[0]).Distinct())
            if (Say.TryRecommend(leaf, out var record)) yield return record;
    }
}
