using System.Globalization;
using Danelaw.Discovery;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Checks.Findings;

/// <summary>What the TLSA lookups and the set of records tell.</summary>
internal static class RecordFindings
{
    /// <summary>Exchange Online was seen not to cope with more than about a dozen.</summary>
    private const int ManyRecords = 12;

    /// <summary>What fits into one datagram that is not fragmented (RFC 9715 §3.1), less a signature and the question.</summary>
    private const int LargeSet = 1000;

    /// <summary>Owner, type, class, TTL and lengths of one record in a message.</summary>
    private const int RecordOverhead = 15;

    /// <summary>RFC 7671 §13: short enough for an unplanned change of keys; an hour is what operators agree on.</summary>
    private static readonly TimeSpan LongTimeToLive = TimeSpan.FromHours(1);

    internal static IEnumerable<Finding> Of(HostSubject subject) => subject.Facts.Dns.TlsaState switch
    {
        TlsaState.Failed => OfFailure(subject),
        TlsaState.None => OfAbsence(subject),
        TlsaState.Insecure => [Insecure(subject, subject.Facts.Dns.TlsaAnswers.Last(answer => answer.Records is not null))],

        // Below insecure SRV records they may be secure themselves; what they are worth is told there.
        TlsaState.NotAsked when !subject.Facts.Lead.IsSecure => [],
        TlsaState.NotAsked => subject.Facts.UnusedTlsa is { Records: not null } unused ? [Insecure(subject, unused)] : [],
        TlsaState.Secure => [.. MistakenFindings.OfLostKeys(subject), .. OfSet(subject), .. OfParameters(subject), .. MistakenFindings.Of(subject), .. UnmatchedFindings.Of(subject)],
    };

    /// <summary>What to publish for the keys that are served.</summary>
    internal static string Publish(HostSubject subject, string how)
    {
        var lines = subject.LinesForServedKeys();
        return lines.Length == 0 ? how + "." : $"{how}, for what is served now:\n{lines}";
    }

    private static IEnumerable<Finding> OfFailure(HostSubject subject)
    {
        var answer = subject.Facts.Dns.TlsaAnswer!;
        yield return new(FindingCodes.TlsaLookupFailed, Severity.Error, Say.Name(answer.Question.Name),
            $"The TLSA records of {subject.Name} cannot be had: {LookupWords.Of(answer)}. {LookupWords.Consequence(answer, subject.Options, subject.Name, $"{subject.Audience.TheyFirst} that know DANE do not connect to {subject.Name} at all (RFC 7672 §2.2).")}",
            LookupWords.Mend(answer, subject.Options, subject.Zones));
    }

    private static IEnumerable<Finding> OfAbsence(HostSubject subject)
    {
        // Behind a secure alias into an unsigned zone, the missing signature is the first thing to mend and is told elsewhere.
        if (subject.Facts.Dns.AddressState != AddressState.Secure) yield break;

        // Records at a name that nobody meant would mend nothing.
        if (NameFindings.IsDoubled(subject)) yield break;
        var lines = subject.LinesForServedKeys();
        if (Say.TlsaAlias(subject.Facts.Dns) is { FinalName: var end } alias)
        {
            yield return new(FindingCodes.TlsaNone, Severity.Warning, Say.Owner(subject.Facts.Dns),
                $"{subject.Name} has no TLSA records: {Say.Owner(subject.Facts.Dns)} is an alias of {Say.Name(end)}, {(alias.IsNameError ? "which does not exist" : "where there are none")}.",
                lines.Length > 0 ? $"Lead the alias to where the records stand, or take it out and publish them in its place, or publish them where it leads, for what is served now:\n{lines}" : "Lead the alias to where the records stand, or take it out and publish them in its place.");
            yield break;
        }

        if (subject.Facts.Dns.TlsaAnswer is { Reason: Dnssec.Resolution.LookupReason.TooManyIterations } costly)
        {
            yield return new(FindingCodes.TlsaNone, Severity.Warning, Say.Owner(subject.Facts.Dns),
                $"{subject.Name} has no TLSA records, and the proof of that counts for nothing: {LookupWords.WhyInsecure(costly)}. Many resolvers refuse such a zone from lower counts on, and its mail with it (RFC 9276 §3.2).",
                $"{LookupWords.Secure(costly, costly.FinalName, subject.Evidence, subject.Options)} {Publish(subject, "Then publish TLSA records")}");
            yield break;
        }

        yield return new(FindingCodes.TlsaNone, Severity.Warning, Say.Owner(subject.Facts.Dns),
            $"{subject.Name} has no TLSA records, though its zone is signed: everything else that DANE needs is there.",
            lines.Length > 0
                ? $"Publish, for what is served now:\n{lines}\nKeep the key at each renewal, or publish the next key's record two TTLs before the key is used."
                : "Publish a record 3 1 1 for the key that the server shows: danelaw tlsa create CERTIFICATE.pem");
    }

    private static Finding Insecure(HostSubject subject, Dnssec.Resolution.Answer answer) => new(FindingCodes.TlsaInsecure, Severity.Warning, Say.Name(answer.Question.Name),
        $"{subject.Name} has TLSA records, but they are not secure{(answer.IsAlias ? $", for {Say.Name(answer.Question.Name)} is an alias of {Say.Name(answer.FinalName)}" : "")}: {LookupWords.WhyInsecure(answer)}. Nobody uses them.",
        $"{LookupWords.Secure(answer, answer.FinalName, subject.Evidence, subject.Options)} The records themselves can stay.");

    private static IEnumerable<Finding> OfSet(HostSubject subject)
    {
        var dns = subject.Facts.Dns;
        var owner = Say.Owner(dns);
        var usable = subject.Report.Records.Where(record => record.Usability == Usability.Usable).Select(record => record.Record).ToArray();
        if (usable.Length > 0 && usable.All(record => record.Matching == TlsaMatching.Sha512))
        {
            yield return new(FindingCodes.TlsaOnlySha512, Severity.Warning, owner,
                $"All TLSA records of {subject.Name} are SHA-512 digests, which clients need not know; to those that do not, no record is usable and nobody is authenticated (RFC 7671 §2).",
                Publish(subject, "Publish SHA-256 digests of the same keys beside them"));
        }

        if (dns.Records.Length > ManyRecords || dns.Records.Sum(record => record.Data.Length + RecordOverhead) > LargeSet)
        {
            yield return new(FindingCodes.TlsaSetLarge, Severity.Warning, owner,
                string.Create(CultureInfo.InvariantCulture, $"{subject.Name} has {dns.Records.Length} TLSA records. Such a set needs TCP or fragments, and some large senders take no more than a dozen records."),
                "Take out the records that match nothing served and nothing to come; use digests (matching type 1) instead of whole certificates.");
        }

        if (CacheTimes.Of(dns) is { } times && times.Longest > LongTimeToLive)
        {
            var what = times.IsAlias ? $"The alias at {Say.Name(times.Owner)}, which leads to the TLSA records of {subject.Name}," : $"The TLSA records of {subject.Name}";
            yield return new(FindingCodes.TlsaTtlLong, Severity.Warning, owner,
                string.Create(CultureInfo.InvariantCulture, $"{what} may be kept for {times.Longest.TotalSeconds:0} seconds. If a key must change in a hurry, {subject.Audience.They} that have the old records {subject.Audience.Refuse} for so long."),
                $"Set the TTL of the {(times.IsAlias ? "alias" : "TLSA records")} to 3600 or less (RFC 7671 §13). As it is, a lost key could be replaced for everybody by {Say.Moment(times.GoneBy(subject.Now))}, and a next key whose record is published now may be used from {Say.Moment(times.SafeFrom(subject.Now))} on.");
        }
    }

    /// <summary>Records of one fault are one finding, however many there are.</summary>
    private static IEnumerable<Finding> OfParameters(HostSubject subject)
    {
        var owner = Say.Owner(subject.Facts.Dns);
        var reports = subject.Report.Records;
        var gravity = reports.Any(report => report.Usability == Usability.Usable) ? Severity.Warning : Severity.Error;

        // To put a good record in the place of a private key would be to go on with that key, which is told first.
        // What a mistake made of a record is told with the mistake.
        foreach (var group in reports.Where(report => report.Usability != Usability.Usable && !subject.Mistakes.ContainsKey(report.Record)).GroupBy(report => report.Usability).OrderBy(group => group.Key))
        {
            var some = RecordWords.Of(group);
            yield return group.Key == Usability.UsageNotForSmtp
                ? new(FindingCodes.TlsaPkixUsage, gravity, owner,
                    $"{some.Subject} {some.Verb("has", "have")} {Usages(group)} nothing between mail servers (RFC 7672 §3.1.3): senders pass {some.Verb("it", "them")} over.",
                    Publish(subject, $"Publish DANE-EE records (usage 3) in {some.Verb("its", "their")} place"))
                : new(FindingCodes.TlsaUnusable, gravity, owner,
                    $"{some.Subject} cannot be used: {Why(group.Key)}.",
                    Publish(subject, $"Publish good records in {some.Verb("its", "their")} place"));
        }

        var whole = reports.Where(report => report.Usability == Usability.Usable && report.Record is { Usage: TlsaUsage.DaneEe or TlsaUsage.PkixEe, Selector: TlsaSelector.Certificate }).ToArray();
        if (whole.Length > 0)
        {
            var some = RecordWords.Of(whole);
            yield return new(FindingCodes.TlsaSelectorCertificate, Severity.Warning, owner,
                $"{some.Subject} {some.Verb("means", "mean")} the whole certificate (selector 0), so each renewal breaks {some.Verb("it", "them")}, even one that keeps the key.",
                Publish(subject, $"Publish records of the key (selector 1) beside {some.Verb("it", "them")}, and take {some.Verb("it", "them")} out two TTLs later"));
        }

        var full = reports.Where(report => report.Usability == Usability.Usable && report.Record.Matching == TlsaMatching.Full).ToArray();
        if (full.Length > 0)
        {
            var some = RecordWords.Of(full);
            yield return new(FindingCodes.TlsaFullData, Severity.Note, owner,
                string.Create(CultureInfo.InvariantCulture, $"{some.Subject} {some.Verb("holds a whole certificate or key", "hold whole certificates or keys")}, {full.Sum(report => report.Record.Data.Length)} octets; that makes large answers (RFC 7671 §10.1.1)."),
                "Unless the anchor must come from the DNS, publish SHA-256 digests (matching type 1) instead.");
        }
    }

    private static string Usages(IEnumerable<RecordReport> records) => records.Select(report => (byte)report.Record.Usage).Distinct().Order().ToArray() switch
    {
        [var only] => string.Create(CultureInfo.InvariantCulture, $"usage {only}, which means"),
        var several => $"usage {string.Join(" or ", several)}, which mean",
    };

    internal static string Why(Usability usability) => usability switch
    {
        Usability.UnknownUsage => "there is no such usage",
        Usability.UnknownSelector => "there is no such selector",
        Usability.UnknownMatching => "there is no such matching type",
        Usability.WrongDigestLength => "the digest has the wrong length, so it was cut or it is of something else",
        Usability.MalformedData => "the data is neither a certificate nor a key",
        Usability.UsageNotForSmtp => "its usage means nothing between mail servers",
        Usability.Usable => "",
    };
}
