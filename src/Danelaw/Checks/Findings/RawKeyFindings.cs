using Danelaw.Certificates;
using Danelaw.Discovery;
using Danelaw.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Checks.Findings;

/// <summary>What asking for a raw public key told (RFC 7250).</summary>
internal static class RawKeyFindings
{
    /// <summary>That nobody was asked, and why.</summary>
    internal static IEnumerable<Finding> Of(HostSubject subject)
    {
        if (!subject.Options.RawPublicKey || subject.Report.Endpoints.IsEmpty || RawKeys.MayBeAskedFor(subject.Facts.Dns, subject.Service)) yield break;
        yield return new(FindingCodes.TlsRawKeyNotAsked, Severity.Note, subject.Name,
            subject.Facts.Dns.TlsaState == TlsaState.Secure
                ? $"{subject.Name} was not asked for a raw public key: none of its TLSA records is a usable 3 1 x, and no other can match one (RFC 7671 §5.1)."
                : $"{subject.Name} was not asked for a raw public key: it has no secure TLSA records, and nothing else could say whose the key is.",
            "To offer raw public keys, publish a record 3 1 1 of the key.");
    }

    /// <summary>A raw public key, held against the records.</summary>
    internal static IEnumerable<Finding> Of(HostSubject subject, EndpointReport endpoint, string where)
    {
        if (endpoint.Verdict is not { IsMatch: false } verdict) yield break;
        var who = subject.Audience;
        var key = endpoint.Observation.RawPublicKey;
        var records = Say.List(subject.Report.Records.Where(record => record.Usability == Usability.Usable && DaneVerifier.IsForRawKeys(record.Record)).Select(record => Say.Short(record.Record)));
        yield return new(FindingCodes.TlsaMismatch, Severity.Error, subject.Name,
            $"{where} shows a raw public key ({CertificateSummary.DescribeKey(key)}) that does not satisfy its TLSA records for keys ({records}): {verdict.Explanation}. {who.TheyFirst} that ask for raw public keys {who.Refuse} there.",
            subject.IsKeyLost ? "Serve a new key: a private key stands in the DNS."
                : $"See first whether this key is yours, by the file that the server reads:\n{subject.Compare} --raw-public-key\nIf it is not, somebody is in between. If it is, serve the key of the certificate, or publish the record of this one beside those that others need:\n{Say.Line(subject.Facts.Dns, Say.Recommend(key))}");
    }

    /// <summary>That there is none.</summary>
    internal static Finding NotOffered(HostSubject subject, Observation seen, string where) => new(FindingCodes.TlsRawKeyNotOffered, Severity.Note, subject.Name,
        $"{where} shows no raw public key: {seen.Detail}. Whoever asks for one and takes certificates too is shown its certificate.", "");

    /// <summary>That those who take certificates alone get nothing.</summary>
    internal static Finding Alone(HostSubject subject, Observation seen, string where)
    {
        var who = subject.Audience;
        return new(FindingCodes.TlsRawKeyAlone, subject.Service == ServiceKind.Smtp ? Severity.Error : Severity.Warning, subject.Name,
            $"{where} has a raw public key that matches, and nothing to show to whoever asks for a certificate: {seen.Detail}. {who.TheyFirst} that do not know raw public keys, which are nearly all, {who.Cannot} there.",
            "Give the server a certificate beside the raw public key, over the same key: one record 3 1 1 then serves both. A self-signed certificate will do.");
    }
}
