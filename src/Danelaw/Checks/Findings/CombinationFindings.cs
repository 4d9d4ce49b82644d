using System.Globalization;
using Danelaw.Dns.Records;
using Danelaw.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Checks.Findings;

/// <summary>Combinations of usage, selector and matching type that do not match what is served now, and digests that some keys have and others have not (RFC 7671 §8).</summary>
internal static class CombinationFindings
{
    private const string Rule = "each usage, selector and matching type that is published must match what is served now (RFC 7671 §8)";

    /// <summary>R54, R56, R57: whoever honours this combination alone finds no match.</summary>
    internal static Finding Missing(HostSubject subject, Combination combination)
    {
        var some = RecordWords.Of(combination.Records);
        var verdict = combination.Missing[0].Judge(combination.Parameters);
        var why = combination.Parameters.Usage is TlsaUsage.DaneTa or TlsaUsage.PkixTa ? $" {char.ToUpperInvariant(verdict.Explanation[0])}{verdict.Explanation[1..]}." : "";
        var text = combination.IsNowhere
            ? $"{some.Subject} {some.Verb("matches", "match")} nothing that is served, nor does any other with the same parameters; {Rule}.{why}"
            : $"No record {combination.Parameters.Parameters} matches what {Where(subject, combination)}; {Rule}, and for every key.{why}";
        return new(FindingCodes.TlsaCombination, Severity.Warning, Say.Owner(subject.Facts.Dns), text, Mend(subject, combination, some, verdict));
    }

    /// <summary>R58, RFC 7671 §8.3, §9: a digest is published for every key or for none. What is served has both here; a key to come, or of another server, has not.</summary>
    internal static IEnumerable<Finding> OfDigests(HostSubject subject, IReadOnlyCollection<Combination> combinations)
    {
        foreach (var weaker in combinations.Where(one => one.Parameters.Matching == TlsaMatching.Sha256))
        {
            var stronger = combinations.FirstOrDefault(one => one.Parameters.Matching == TlsaMatching.Sha512 && one.Parameters.Usage == weaker.Parameters.Usage && one.Parameters.Selector == weaker.Parameters.Selector);
            if (stronger is null || !weaker.Missing.IsEmpty || !stronger.Missing.IsEmpty || weaker.Records.Length == stronger.Records.Length) continue;
            var isStrongerMissing = weaker.Records.Length > stronger.Records.Length;
            yield return new(FindingCodes.TlsaDigestGap, Severity.Warning, Say.Owner(subject.Facts.Dns),
                string.Create(CultureInfo.InvariantCulture, $"There {(weaker.Records.Length == 1 ? "is 1 record" : $"are {weaker.Records.Length} records")} {weaker.Parameters.Parameters} and {stronger.Records.Length} {stronger.Parameters.Parameters}, so some key has one digest and not the other. ")
                + (isStrongerMissing
                    ? $"{subject.Audience.TheyFirst} that know SHA-512 look at no weaker digest beside it (RFC 7671 §9): once that key is served, they {subject.Audience.Refuse}."
                    : $"{subject.Audience.TheyFirst} need not know SHA-512 (RFC 7671 §2): once that key is served, those that do not {subject.Audience.Refuse}."),
                isStrongerMissing ? $"Publish {stronger.Parameters.Parameters} for every key in the set, or take all records {stronger.Parameters.Parameters} out (RFC 7671 §8.3)." : $"Publish {weaker.Parameters.Parameters} for every key in the set.");
        }
    }

    private static string Where(HostSubject subject, Combination combination) => Say.List(combination.Missing.Select(chain =>
    {
        var endpoints = subject.Report.Endpoints.Where(chain.IsShownBy).ToArray();
        return $"{subject.Name} shows at {Say.List(endpoints.Select(endpoint => endpoint.Observation.Target.Address.Address.ToString()).Distinct())}, {LeafKey.NameOf(endpoints[0].Algorithm)}";
    }));

    private static string Mend(HostSubject subject, Combination combination, RecordWords some, DaneVerdict verdict)
    {
        var take = combination.IsNowhere ? $"Take {some.Verb("it", "them")} out" : $"Take the records {combination.Parameters.Parameters} out";
        if (combination.Parameters.Usage is TlsaUsage.DaneTa or TlsaUsage.PkixTa)
        {
            return verdict.Reason switch
            {
                DaneReason.AnchorNotInChain => $"{take}, or append the authority's certificate, even a self-signed root, to the file that the server sends its chain from (RFC 7672 §3.1.2).",
                DaneReason.NoRecordMatches or DaneReason.NoPath => $"{take}. The record of an authority whose chain is still to come is published once that chain is served, and not before (RFC 7671 §8.2).",
                _ => $"{take}, or serve a chain for which {some.Verb("it holds", "they hold")}.",
            };
        }

        // Whole certificates and keys are too long to be copied from here.
        if (combination.Parameters.Matching == TlsaMatching.Full) return $"{take}.";
        var lines = combination.Missing
            .Select(chain => TlsaRecord.TryCreate(chain.Certificates[0], combination.Parameters.Usage, combination.Parameters.Selector, combination.Parameters.Matching, out var record, out _) ? Say.Line(subject.Facts.Dns, record) : "")
            .Where(line => line.Length > 0).Distinct();
        return $"{take}, or publish beside {(combination.IsNowhere ? some.Verb("it", "them") : "them")}, for what is served now (RFC 7671 §8.4: new parameters for the current key first):\n{string.Join('\n', lines)}";
    }
}
