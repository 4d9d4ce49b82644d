using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Checks.Findings;

/// <summary>What a certificate that was shown tells, held against the records.</summary>
internal static class CertificateFindings
{
    internal static IEnumerable<Finding> Of(HostSubject subject, EndpointReport[] endpoints, string where)
    {
        var chain = endpoints[0].Observation.Chain;
        if (endpoints[0].Verdict is not { } verdict || chain.IsEmpty) return [];
        if (subject.CauseOf(endpoints[0]) is not null) return [];
        return verdict.IsMatch ? [.. OfAnchor(subject, endpoints, chain, verdict, where), .. OfDates(subject, chain, verdict, where)] : [Refused(subject, endpoints, chain, verdict, where)];
    }

    /// <summary>R60, R44: a key alone has neither name nor dates, and clients are only advised to build on one whose certificate is not sent.</summary>
    private static IEnumerable<Finding> OfAnchor(HostSubject subject, EndpointReport[] endpoints, ImmutableArray<Octets> chain, DaneVerdict verdict, string where)
    {
        if (verdict.Record is not { Usage: TlsaUsage.DaneTa, Selector: TlsaSelector.PublicKey, Matching: TlsaMatching.Full } record) yield break;
        if (chain.Any(sent => Certificate.TryRead(sent, out var certificate) && record.Matches(certificate))) yield break;

        // Another record that matches there carries those who do not.
        if (subject.Report.Records.Any(other => other.Record != record && other.Matches.Any(match => endpoints.Any(endpoint => !match.IsRawPublicKey && match.Algorithm == endpoint.Algorithm && match.Address.Equals(endpoint.Observation.Target.Address))))) yield break;
        yield return new(FindingCodes.TlsAnchorMissing, Severity.Warning, subject.Name,
            $"{where} matches by {Say.Short(record)} alone, the bare key of an authority whose certificate is not sent. Clients are only advised to build on such a key (RFC 7671 §5.2.3): to {subject.Audience.They} that do not, nothing matches, and they refuse.",
            "Append the certificate of the authority, even a self-signed root, to the file that the server sends its chain from (RFC 7672 §3.1.2)" + (Say.TryRecommend(chain[0], out var own) && !subject.IsKeyLost ? $", or publish a record of the server's own key:\n{Say.Line(subject.Facts.Dns, own)}" : "."));
    }

    private static Finding Refused(HostSubject subject, EndpointReport[] endpoints, ImmutableArray<Octets> chain, DaneVerdict verdict, string where)
    {
        var who = subject.Audience;
        var shown = $"{where} shows {Key(endpoints[0].Algorithm)}";
        var records = Say.List(subject.Report.Records.Where(record => record.Usability == Usability.Usable).Select(record => Say.Short(record.Record)));
        var isReadable = Say.TryRecommend(chain[0], out var record);
        var line = isReadable ? Say.Line(subject.Facts.Dns, record) : "";
        return verdict.Reason switch
        {
            DaneReason.Expired or DaneReason.NotYetValid => new(FindingCodes.TlsExpired, Severity.Error, subject.Name,
                $"{shown}: {verdict.Explanation}. Under such a record dates count, so {who.They} that check {who.Refuse}.",
                OrItsRecord(subject, Renew(chain[0], verdict.Reason, subject.Now), "If that takes time, a record of the key helps, because DANE-EE ignores dates", line)),
            DaneReason.NameMismatch => new(FindingCodes.TlsNameMismatch, Severity.Error, subject.Name,
                $"{shown}: {verdict.Explanation}. Under such a record names count, so {who.They} that check {who.Refuse}.",
                OrItsRecord(subject, $"Get a certificate with the name {Say.Name(subject.Report.TlsaBase)}.", "Or publish a record of the key, for which names do not count", line)),
            DaneReason.AnchorNotInChain => new(FindingCodes.TlsAnchorMissing, Severity.Error, subject.Name,
                $"{shown}: {verdict.Explanation}. {who.TheyFirst} that check {who.Refuse}.",
                OrItsRecord(subject, "Append the certificate of the authority, even a self-signed root, to the file that the server sends its chain from (RFC 7672 §3.1.2).", "Or publish a record of the key", line)),
            DaneReason.OnlyWeakerDigestMatches => new(FindingCodes.TlsaMismatch, Severity.Error, subject.Name,
                $"{shown}: {verdict.Explanation}. {who.TheyFirst} that prefer the stronger digest {who.Refuse}.",
                "Publish the digests of one key together: a SHA-512 record for every key that has a SHA-256 record, or none at all."),
            DaneReason.NoRecordMatches => new(FindingCodes.TlsaMismatch, Severity.Error, subject.Name,
                $"{shown} that none of its TLSA records matches. Served is {(isReadable ? Say.Short(record) : "a key that cannot be read")}, published {(subject.Report.Records.Length == 1 ? "is" : "are")} {records}. {who.TheyFirst} that check {who.Refuse} there.",
                Publish(subject, line)),
            DaneReason.LimitReached => new(FindingCodes.TlsUntested, Severity.Warning, subject.Name,
                $"{shown}, and whether a record matches was not found out: {verdict.Explanation}.",
                "Send the server's own certificate and each issuer's once, and nothing else."),
            _ => new(FindingCodes.TlsaMismatch, Severity.Error, subject.Name,
                $"{shown} and does not satisfy its TLSA records ({records}): {verdict.Explanation}. {who.TheyFirst} that check {who.Refuse} there.",
                OrItsRecord(subject, "Serve the right chain again: the server's own certificate first, then each issuer's.", "If only the record is at fault, publish one of the key", line)),
        };
    }

    /// <summary>A way that does without a record of the key that was shown, and that record as the other one. Any leaf of a stranger may be refused for such a reason.</summary>
    private static string OrItsRecord(HostSubject subject, string mend, string how, string line) =>
        line.Length == 0 || subject.IsKeyLost ? mend : $"{mend} {how}, if it is yours: see that first, by the file that the server reads.\n{subject.Compare}\n{line}\nIf the key is not yours, somebody is in between.";

    /// <summary>A record that some other key or address still needs must stay where it is.</summary>
    private static string Publish(HostSubject subject, string line)
    {
        if (subject.IsKeyLost) return "Make a new key and publish its record: a private key stands in the DNS, and whoever has read it can show this one as well.";
        var first = $"See first whether this key is yours, by the file that the server reads:\n{subject.Compare}\nIf it is not, somebody is in between.";
        if (line.Length == 0) return first;
        return subject.Report.Records.Any(record => record.State == RecordState.Matching)
            ? $"{first} If it is, add its record, and keep the one that matches: another key or address of the host needs it.\n{line}\nThe set without it may be cached for as long as its TTL."
            : $"{first} If it is, publish its record:\n{line}\nThe old record may be cached for as long as its TTL. If that is too long, serve again the key that it means.";
    }

    /// <summary>What ends a fault of dates: the server's own certificate may be sound, and an issuer's not; one that has not begun wants no renewal.</summary>
    private static string Renew(Octets leaf, DaneReason reason, DateTimeOffset now) =>
        reason == DaneReason.NotYetValid ? "It was installed too early, or the clock of whoever issued it is wrong: put back the one before until then, or have it issued anew, and reload the server."
        : TryReadDates(leaf, out var dates) && dates.NotAfter >= now ? "Install a renewed chain, for it is an issuer's certificate that has ended and the server's own has not, and reload the server."
        : "Install a renewed certificate and reload the server.";

    private static IEnumerable<Finding> OfDates(HostSubject subject, ImmutableArray<Octets> chain, DaneVerdict verdict, string where)
    {
        if (verdict.Record?.Usage == TlsaUsage.DaneEe)
        {
            // R41: DANE-EE ignores dates, so this stops nothing; senders without DANE may look at them.
            if (!TryReadDates(chain[0], out var dates)) yield break;
            if (dates.NotAfter < subject.Now)
                yield return new(FindingCodes.TlsExpired, Severity.Note, subject.Name, $"The certificate of {where} ended on {Day(dates.NotAfter)}. DANE-EE ignores dates; others, such as senders by MTA-STS, do not.", "Install a renewed certificate, with the same key or after the next key's record has been public for two TTLs.");
            else if (subject.Now < dates.NotBefore)
                yield return new(FindingCodes.TlsExpired, Severity.Note, subject.Name, $"The certificate of {where} is not valid before {Day(dates.NotBefore)}. DANE-EE ignores dates; others, such as senders by MTA-STS, do not.", "Compare the clocks of this machine and of whoever issued it; if they are right, have it issued anew, with the same key.");
            yield break;
        }

        // The whole path must be valid, so the certificate that ends first ends it, be it an authority's.
        if (verdict.End is not { } end || end.Time - subject.Now > subject.Options.ExpiresSoon) yield break;
        var ending = end.Depth == 0 ? $"The certificate of {where}" : $"The authority {end.Label}, which vouches for {where},";
        yield return new(FindingCodes.TlsExpiresSoon, Severity.Warning, subject.Name,
            $"{ending} ends on {Day(end.Time)}. The record is {Say.Short(verdict.Record ?? default)}, under which dates count: from then on {subject.Audience.They} that check {subject.Audience.Refuse}.",
            end.Depth == 0 ? "Renew it and reload the server." : "Get the authority's renewed certificate, or one from another authority, into the chain that the server sends. If the record will not match it, first publish one that does, for two TTLs.");
    }

    private static string Key(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.Any => "a key",
        KeyAlgorithm.Rsa or KeyAlgorithm.Ecdsa or KeyAlgorithm.Eddsa => LeafKey.NameOf(algorithm),
    };

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A foreign certificate's dates may be unreadable; then nothing is said of them.</summary>
    private static bool TryReadDates(Octets der, out Validity dates)
    {
        dates = default;
        return Certificate.TryRead(der, out var certificate) && Validity.TryRead(certificate.Validity.Span, out dates);
    }
}
