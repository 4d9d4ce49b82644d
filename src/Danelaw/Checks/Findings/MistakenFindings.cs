using Danelaw.Tlsa;
using Danelaw.Tlsa.Guessing;

namespace Danelaw.Checks.Findings;

/// <summary>Records that are mistakes, recognised and named: the digest of nothing, or of another thing than clients take it of.</summary>
internal static class MistakenFindings
{
    /// <summary>Private keys in the DNS: whatever else is wrong, a new key comes first.</summary>
    internal static IEnumerable<Finding> OfLostKeys(HostSubject subject) => Of(subject, subject.IsPrivateKey);

    /// <summary>The others.</summary>
    internal static IEnumerable<Finding> Of(HostSubject subject) => Of(subject, report => !subject.IsPrivateKey(report));

    private static IEnumerable<Finding> Of(HostSubject subject, Func<RecordReport, bool> which)
    {
        var owner = Say.Owner(subject.Facts.Dns);

        // What was recognised is wrong; whether it stops anybody depends on the others.
        var gravity = subject.Report.Records.Any(report => report.State == RecordState.Matching) ? Severity.Warning : Severity.Error;
        foreach (var group in subject.Report.Records.Where(report => subject.Mistakes.ContainsKey(report.Record) && which(report)).GroupBy(report => subject.Mistakes[report.Record]))
        {
            var guess = group.Key;
            var some = RecordWords.Of(group);
            var text = $"{some.Subject} {some.Verb("is", "are")} {guess.What}";
            var right = subject.IsKeyLost ? ": the record of the new key, for a private key stands in the DNS." : guess.Right is { } record ? $":\n{Say.Line(subject.Facts.Dns, record)}" : Lines(subject);
            var (isStopping, then) = Consequences(subject, guess, group);
            yield return guess.Kind switch
            {
                GuessKind.Nothing => new(FindingCodes.TlsaEmptyDigest, Severity.Error, owner, $"{text}. No certificate has it, so {some.Verb("it matches", "they match")} nothing and never will.{then}",
                    $"Make the record again, and look why what made it had nothing to read (a wrong path, a key of a kind that it does not know, a right that it lacks){right}"),
                GuessKind.PrivateKey => new(FindingCodes.TlsaPrivateKey, Severity.Error, owner, $"{text}, for everybody to read: whoever has it can pass as this server.",
                    "Take the record out, make a new key and a new certificate, have the old certificate revoked, and publish the digest of the new public key:\ndanelaw tlsa create CERTIFICATE.pem"),
                GuessKind.OtherThing => new(FindingCodes.TlsaWrongDigest, isStopping ? Severity.Error : gravity, owner, $"{text}. That is not what {subject.Audience.They} compare, so {some.Verb("it matches", "they match")} nothing.{then}",
                    $"Publish in {some.Verb("its", "their")} place{right}"),
            };
        }
    }

    /// <summary>What follows from the mistake and from nothing else is told with it, by its code, and not a second time.</summary>
    private static (bool IsStopping, string Then) Consequences(HostSubject subject, Guess guess, IEnumerable<RecordReport> records)
    {
        var then = "";
        if (records.FirstOrDefault(report => report.Usability != Usability.Usable) is { } unusable) then += $" Nor can it be used: {RecordFindings.Why(unusable.Usability)} ({FindingCodes.TlsaUnusable}).";
        var places = subject.Report.Endpoints.Where(endpoint => subject.CauseOf(endpoint) is { } cause && cause == guess)
            .Select(endpoint => endpoint.Observation.Target.Address.Address.ToString()).Distinct().ToArray();
        if (places.Length == 0) return (false, then);
        return (true, $"{then} So nothing matches what {subject.Place} shows at {Say.List(places)} ({FindingCodes.TlsaMismatch}): {subject.Audience.They} that check {subject.Audience.Refuse}.");
    }

    private static string Lines(HostSubject subject) => subject.LinesForServedKeys() is { Length: > 0 } lines ? $", for what is served now:\n{lines}" : " what danelaw tlsa create makes of the certificate.";
}
