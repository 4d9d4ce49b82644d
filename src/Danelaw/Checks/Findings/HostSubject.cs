using Danelaw.Verification;

namespace Danelaw.Checks.Findings;

/// <summary>One host with all that is known of it.</summary>
internal sealed record HostSubject(CheckEvidence Evidence, HostFacts Facts, HostReport Report, CheckOptions Options, DateTimeOffset Now)
{
    // A host with more keys has another trouble than these lines.
    private const int MostLines = 8;

    internal string Name => Say.Name(Report.Name);

    internal Audience Audience => Audience.Of(Facts.Lead.Protocol);

    /// <summary>Whose rules hold there.</summary>
    internal ServiceKind Service => Facts.Lead.Kind;

    /// <summary>3 1 1 lines for every key that was shown, each once, RSA and ECDSA alike.</summary>
    internal string LinesForServedKeys() => string.Join('\n', ServedKeys().Take(MostLines).Select(record => Say.Line(Facts.Dns, record)));

    internal IEnumerable<Tlsa.TlsaRecord> ServedKeys()
    {
        foreach (var leaf in Report.Endpoints.Where(endpoint => endpoint.Observation.Outcome == Probes.ProbeOutcome.Completed && !endpoint.Observation.Chain.IsEmpty).Select(endpoint => endpoint.Observation.Chain[0]).Distinct())
            if (Say.TryRecommend(leaf, out var record)) yield return record;
        foreach (var key in RawKeys.Proven(Facts)) yield return Say.Recommend(key);
    }
}
