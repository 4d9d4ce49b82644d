namespace Danelaw.Checks.Findings;

/// <summary>What the validator noticed on the way.</summary>
internal static class NoteFindings
{
    internal static IEnumerable<Finding> Of(TargetSubject subject)
    {
        foreach (var note in subject.Evidence.Lookups.SelectMany(answer => answer.Notes))
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
