using System.Globalization;
using Danelaw.Discovery;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Checks.Findings;

/// <summary>What the TLSA lookups and records tell.</summary>
internal static class RecordFindings
{
    /// <summary>Exchange Online was seen not to cope with more than about a dozen.</summary>
    private const int ManyRecords = 12;

    /// <summary>RFC 9715 §3.1, the size that resolvers take without fragments; the rest of a message with a signature needs some of it.</summary>
    private const int LargeSet = 1000;

    /// <summary>RFC 7671 §13: short enough for an unplanned change of keys; an hour is what operators agree on.</summary>
    private const uint LongTimeToLive = 3600;

    internal static IEnumerable<Finding> Of(HostSubject subject)
    {
        var dns = subject.Facts.Dns;
        return dns.TlsaState switch
        {
            TlsaState.Failed => OfFailure(subject),
            TlsaState.None => OfAbsence(subject),
            TlsaState.Insecure => [Insecure(subject, dns.TlsaAnswers.Last(answer => answer.Records is not null))],
            TlsaState.NotAsked => subject.Facts.UnusedTlsa is { Records: not null } unused ? [Insecure(subject, unused)] : [],
            TlsaState.Secure => [.. OfSet(subject), .. OfEach(subject)],
        };
    }

    private static IEnumerable<Finding> OfFailure(HostSubject subject)
    {
        var answer = subject.Facts.Dns.TlsaAnswer!;
        yield return new(FindingCodes.TlsaLookupFailed, Severity.Error, Say.Name(answer.Question.Name),
            $"The TLSA records of {subject.Name} cannot be had: {LookupWords.Of(answer)}. Senders that know DANE do not connect to {subject.Name} at all (RFC 7672 §2.2).",
            LookupWords.Mend(answer));
    }

    private static IEnumerable<Finding> OfAbsence(HostSubject subject)
    {
        // Behind a secure alias into an unsigned zone, the missing signature is the first thing to mend and is told elsewhere.
        if (subject.Facts.Dns.AddressState != AddressState.Secure) yield break;
        var lines = subject.LinesForServedKeys();
        yield return new(FindingCodes.TlsaNone, Severity.Warning, Say.Owner(subject.Facts.Dns),
            $"{subject.Name} has no TLSA records, though its zone is signed: everything else that DANE needs is there.",
            lines.Length > 0
                ? $"Publish, for what is served now:\n{lines}\nKeep the key at each renewal, or publish the next key's record two TTLs before the key is used."
                : $"Publish a record 3 1 1 for the key that the server shows: danelaw tlsa create CERTIFICATE.pem");
    }

    private static Finding Insecure(HostSubject subject, Dnssec.Resolution.Answer answer) => new(FindingCodes.TlsaInsecure, Severity.Warning, Say.Name(answer.Question.Name),
        $"{subject.Name} has TLSA records, but they are not secure: {LookupWords.WhyInsecure(answer)}. No sender uses them.",
        $"{LookupWords.Secure(answer, answer.FinalName)} The records themselves can stay.");

    private static IEnumerable<Finding> OfSet(HostSubject subject)
    {
        var dns = subject.Facts.Dns;
        var owner = Say.Owner(dns);
        var usable = subject.Report.Records.Where(record => record.Usability == Usability.Usable).Select(record => record.Record).ToArray();
        if (usable.Length > 0 && usable.All(record => record.Matching == TlsaMatching.Sha512))
        {
            yield return new(FindingCodes.TlsaOnlySha512, Severity.Warning, owner,
                $"All TLSA records of {subject.Name} are SHA-512 digests, which clients need not know; to those that do not, no record is usable and nobody is authenticated (RFC 7671 §2).",
                Publish(subject, "Publish SHA-256 digests in their place"));
        }

        if (dns.Records.Length > ManyRecords || dns.Records.Sum(record => record.Data.Length + 15) > LargeSet)
        {
            yield return new(FindingCodes.TlsaSetLarge, Severity.Warning, owner,
                string.Create(CultureInfo.InvariantCulture, $"{subject.Name} has {dns.Records.Length} TLSA records. Such a set needs TCP or fragments, and some large senders take no more than a dozen records."),
                "Take out the records that match nothing served and nothing to come; use digests (matching type 1) instead of whole certificates.");
        }

        if (dns.TlsaAnswer?.Records is { TimeToLive: > LongTimeToLive } set)
        {
            yield return new(FindingCodes.TlsaTtlLong, Severity.Warning, owner,
                string.Create(CultureInfo.InvariantCulture, $"The TLSA records of {subject.Name} may be kept for {set.TimeToLive} seconds. If a key must change in a hurry, senders that have the old records refuse to deliver for so long."),
                "Set the TTL of the TLSA records to 3600 or less (RFC 7671 §13).");
        }
    }

    private static IEnumerable<Finding> OfEach(HostSubject subject)
    {
        var owner = Say.Owner(subject.Facts.Dns);
        var reports = subject.Report.Records;
        var isAnyUsable = reports.Any(report => report.Usability == Usability.Usable);
        var pkix = reports.Where(report => report.Usability == Usability.UsageNotForSmtp).Select(report => Say.Short(report.Record)).ToArray();
        if (pkix.Length > 0)
        {
            yield return new(FindingCodes.TlsaPkixUsage, isAnyUsable ? Severity.Warning : Severity.Error, owner,
                $"{(pkix.Length == 1 ? "The record" : "The records")} {Say.List(pkix)} {(pkix.Length == 1 ? "has" : "have")} usage 0 or 1, which mean nothing between mail servers (RFC 7672 §3.1.3): senders pass {(pkix.Length == 1 ? "it" : "them")} over.",
                Publish(subject, $"Publish DANE-EE records (usage 3) in {(pkix.Length == 1 ? "its" : "their")} place"));
        }

        foreach (var report in reports)
        {
            var record = report.Record;
            if (report.Usability == Usability.UsageNotForSmtp) continue;
            if (report.Usability != Usability.Usable)
            {
                yield return new(FindingCodes.TlsaUnusable, isAnyUsable ? Severity.Warning : Severity.Error, owner,
                    $"The record {Say.Short(record)} cannot be used: {Why(report.Usability)}.",
                    Publish(subject, "Publish good records in its place"));
                continue;
            }

            if (record is { Usage: TlsaUsage.DaneEe or TlsaUsage.PkixEe, Selector: TlsaSelector.Certificate })
            {
                yield return new(FindingCodes.TlsaSelectorCertificate, Severity.Warning, owner,
                    $"The record {Say.Short(record)} means the whole certificate (selector 0), so each renewal breaks it, even one that keeps the key.",
                    Publish(subject, "Publish records of the key (selector 1) beside it, and take it out two TTLs later"));
            }

            if (record.Matching == TlsaMatching.Full)
            {
                yield return new(FindingCodes.TlsaFullData, Severity.Note, owner,
                    string.Create(CultureInfo.InvariantCulture, $"The record {Say.Short(record)} holds {record.Data.Length} octets, a whole {(record.Selector == TlsaSelector.Certificate ? "certificate" : "key")}; that makes large answers (RFC 7671 §10.1.1)."),
                    "Unless the anchor must come from the DNS, publish a SHA-256 digest (matching type 1) in its place.");
            }

            if (Unmatched(subject, report, owner) is { } unmatched) yield return unmatched;
        }
    }

    /// <summary>A record that matches nothing served. Whether something could be seen at all decides whether that means anything.</summary>
    private static Finding? Unmatched(HostSubject subject, RecordReport report, string owner)
    {
        if (report.State is RecordState.Matching or RecordState.Unusable) return null;
        if (!subject.Report.Endpoints.Any(endpoint => endpoint.Observation.Outcome == Probes.ProbeOutcome.Completed)) return null;

        // Where nothing matches at all, the endpoint's own finding has said so, with every record by name.
        if (!subject.Report.Records.Any(other => other.State == RecordState.Matching) && report.State == RecordState.Other) return null;
        var record = Say.Short(report.Record);
        if (report.State == RecordState.Next)
            return new(FindingCodes.TlsaUnmatched, Severity.Note, owner, $"The record {record} is that of the certificate or key to come.", "Use the new key two TTLs after the record was published, not before.");
        if (report.State == RecordState.Stale)
            return new(FindingCodes.TlsaUnmatched, Severity.Warning, owner, $"The record {record} matches neither what is served nor what is to come.", $"Take it out:\n{Say.Line(subject.Facts.Dns, report.Record)}");

        // RFC 7671 §8: of every combination of parameters one record must match what is served now.
        var hasMatchingSibling = subject.Report.Records.Any(other => other.State == RecordState.Matching
            && (other.Record.Usage, other.Record.Selector, other.Record.Matching) == (report.Record.Usage, report.Record.Selector, report.Record.Matching));
        return hasMatchingSibling
            ? new(FindingCodes.TlsaUnmatched, Severity.Note, owner, $"The record {record} matches nothing that is served: it is that of the next key, or of an old one.", "If it is old, take it out. If it is the next one, --next FILE tells the check so.")
            : new(FindingCodes.TlsaUnmatched, Severity.Warning, owner, $"The record {record} matches nothing that is served, nor does any other with the parameters {report.Record.Parameters}; each combination that is published must match now (RFC 7671 §8).", "Take it out, or serve what it means.");
    }

    private static string Publish(HostSubject subject, string how)
    {
        var lines = subject.LinesForServedKeys();
        return lines.Length == 0 ? how + "." : $"{how}, for what is served now:\n{lines}";
    }

    private static string Why(Usability usability) => usability switch
    {
        Usability.UnknownUsage => "there is no such usage",
        Usability.UnknownSelector => "there is no such selector",
        Usability.UnknownMatching => "there is no such matching type",
        Usability.WrongDigestLength => "its digest has the wrong length, so it was cut or it is of something else",
        Usability.MalformedData => "its data is neither a certificate nor a key",
        Usability.UsageNotForSmtp => "its usage means nothing between mail servers",
        Usability.Usable => "",
    };
}
