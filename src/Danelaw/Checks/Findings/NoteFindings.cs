using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Validation;
using Danelaw.Servers;

namespace Danelaw.Checks.Findings;

/// <summary>What the validator noticed on the way.</summary>
internal static class NoteFindings
{
    internal static IEnumerable<Finding> Of(TargetSubject subject)
    {
        foreach (var (answer, note) in subject.Evidence.Lookups.SelectMany(answer => answer.Notes.Select(note => (answer, note))))
        {
            var zone = Say.Name(note.Zone);
            if (note.Code == FindingCodes.DnssecSha1 && answer.Trust.FirstOrDefault(link => link.Zone == note.Zone) is { } link && IsOfDigestAlone(link))
            {
                var lines = DelegationJudge.Lines(note.Zone, [.. link.Keys!.Data]);
                yield return new(note.Code, Severity.Warning, zone, $"The DS records of {zone} have only SHA-1 digests (digest type 1), which RFC 9905 retires.",
                    $"Publish a DS record of digest type 2 (SHA-256) in the parent zone, and take the old one out two TTLs later; the keys of {zone} can stay.{(lines.Length == 0 ? "" : $" It is:\n{lines}")}");
                continue;
            }

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

    /// <summary>Whether the zone signs with something better, and only the zone above rests on SHA-1.</summary>
    private static bool IsOfDigestAlone(TrustLink link) =>
        link is { Keys: not null, KeySignature: { } signature, DelegationSigners: { } signers } && !SecurityAlgorithms.UsesSha1(signature.Algorithm)
        && signers.Data.All(ds => !DsData.TryRead(ds, out var view) || (DigestAlgorithm)view.DigestType == DigestAlgorithm.Sha1);
}
