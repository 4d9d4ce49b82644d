using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Certificates;
using Danelaw.Discovery;
using Danelaw.Dns;
using Danelaw.Dns.Records;

namespace Danelaw.Checks.Findings;

/// <summary>What is weak or odd in the certificates that were shown, whether or not it decides anything under the records of today.</summary>
internal static class CertificateQualityFindings
{
    /// <summary>What one TLS record takes (RFC 8446 §5.1).</summary>
    private const int LargeChain = 1 << 14;

    /// <summary>What a server sends may be long; nobody reads more of it.</summary>
    private const int MostCertificates = 20;

    private const int MostWords = 6;

    internal static IEnumerable<Finding> Of(HostSubject subject) =>
        subject.Report.Endpoints.Where(endpoint => !endpoint.Observation.Chain.IsEmpty).GroupBy(endpoint => endpoint.Observation.Chain, ServedChain.ByContent.Comparer)
            .SelectMany(group => Of(new Shown(subject, [.. group])));

    private static IEnumerable<Finding> Of(Shown shown)
    {
        foreach (var finding in OfEncoding(shown)) yield return finding;
        foreach (var finding in OfStrength(shown)) yield return finding;
        foreach (var finding in OfList(shown)) yield return finding;
    }

    private static IEnumerable<Finding> OfEncoding(Shown shown)
    {
        if (!shown.IsReadable)
        {
            yield return shown.Tell(FindingCodes.TlsCertificateUnreadable, shown.Subject.Facts.Dns.TlsaState == TlsaState.Secure ? Severity.Error : Severity.Warning,
                $"{shown.Where} shows something for its certificate that cannot be read: it {CertificateOddities.Of(shown.Chain[0])[0]}. So no key of it can be found, and no record can match it.",
                "Make the certificate anew, by another program than that which made this one; openssl x509 -in FILE -noout -text says what OpenSSL reads of it.");
        }

        string[] odd = [.. shown.Certificates.Where(certificate => certificate.Index > 0 || shown.IsReadable).SelectMany(certificate => CertificateOddities.Of(certificate.Encoded).Select(words => $"{certificate.Name} {words}"))];
        if (odd.Length > 0)
            yield return shown.Tell(FindingCodes.TlsCertificateOdd, Severity.Warning, $"{shown.Where} shows certificates that are not as RFC 5280 wants them: {Say.List(odd, MostWords)}. Some programs pass over that, others refuse the connection.", "Have the certificate issued anew.");
    }

    private static IEnumerable<Finding> OfStrength(Shown shown)
    {
        string[] small = [.. shown.Readable.Where(certificate => KeySize.IsSmall(certificate.Read!.Frame.PublicKey)).Select(certificate => $"{certificate.Name} has one of {CertificateSummary.DescribeKey(certificate.Read!.Frame.PublicKey)}")];
        var isRefused = shown.Readable.Any(certificate => certificate.Index == 0 && CertificateKey.IsTooWeakKey(certificate.Read!.Frame.PublicKey));
        if (small.Length > 0)
            yield return shown.Tell(FindingCodes.TlsKeySmall, isRefused ? Severity.Error : Severity.Warning, $"{shown.Where} shows {(small.Length == 1 ? "a key that is too small" : "keys that are too small")}: {Say.List(small, MostWords)}. RSA wants 2048 bits at least, and a curve 224 (RFC 9325 §4.5); {(isRefused ? "OpenSSL, and Postfix by it under DANE, refuses RSA below 1024 bits whatever the record says" : "some programs refuse less")}.", "Make a new key: P-256, or RSA of 2048 bits or more. Publish its record two TTLs before the server uses it.");

        // What an authority signed itself with proves nothing, and harms nothing.
        string[] weak = [.. shown.Readable.Where(certificate => (certificate.Index == 0 || !certificate.Read!.IsSelfIssued) && SignatureScheme.Read(certificate.Read!.Frame.SignatureAlgorithm.Span).IsTooWeak)
            .Select(certificate => $"{certificate.Name} is signed with {(SignatureScheme.Read(certificate.Read!.Frame.SignatureAlgorithm.Span).Hash == System.Security.Cryptography.HashAlgorithmName.MD5 ? "MD5" : "SHA-1")}")];
        if (weak.Length > 0)
        {
            yield return shown.Tell(FindingCodes.TlsSignatureWeak, shown.IsKeyAlone ? Severity.Note : Severity.Warning,
                $"{shown.Where}: {Say.List(weak, MostWords)}, by which others can forge it. {(shown.IsKeyAlone ? "Under a record of the key (usage 3) no signature counts, so nothing in DANE rests on it; others refuse it." : "No record of an authority (usage 0 or 2) and no client without DANE can rely on it.")}",
                "Have the certificate issued anew, signed with SHA-256; the key may stay.");
        }
    }

    private static IEnumerable<Finding> OfList(Shown shown)
    {
        var severity = shown.IsKeyAlone ? Severity.Note : Severity.Warning;
        string[] stray = [.. shown.Readable.Where(certificate => certificate.Index > 0).Select(shown.Stray).OfType<string>()];
        if (stray.Length > 0)
            yield return shown.Tell(FindingCodes.TlsChainOrder, severity, $"{shown.Where} sends its chain out of order: {Say.List(stray, MostWords)}. Each certificate should be followed by its issuer (RFC 8446 §4.4.2); not everybody sorts them.", "Put the server's own certificate first, then its issuer, and so on, and leave out what does not belong to the chain.");
        var octets = shown.Chain.Sum(certificate => certificate.Length);
        if (octets > LargeChain)
        {
            yield return shown.Tell(FindingCodes.TlsChainLarge, Severity.Note,
                string.Create(CultureInfo.InvariantCulture, $"{shown.Where} sends {shown.Chain.Length} certificates of {octets} octets. Each connection carries them, and one TLS record does not take them (RFC 8446 §5.1)."),
                "Send the server's own certificate and what issued it, and nothing else.");
        }
    }

    /// <summary>One chain, and where it was shown.</summary>
    private sealed class Shown
    {
        private readonly ImmutableArray<EndpointReport> _endpoints;

        internal Shown(HostSubject subject, ImmutableArray<EndpointReport> endpoints)
        {
            _endpoints = endpoints;
            Subject = subject;
            Certificates = [.. Chain.Take(MostCertificates).Select((encoded, index) => new SentCertificate(index, encoded))];
        }

        internal HostSubject Subject { get; }

        internal ImmutableArray<Octets> Chain => _endpoints[0].Observation.Chain;

        internal ImmutableArray<SentCertificate> Certificates { get; }

        internal IEnumerable<SentCertificate> Readable => Certificates.Where(certificate => certificate.Read is not null);

        internal string Where => $"{Subject.Name} at {Say.List(_endpoints.Select(endpoint => endpoint.Observation.Target.Address.Address.ToString()).Distinct())}";

        internal bool IsReadable => Certificates[0].Read is not null;

        /// <summary>Whether what matches is a record of the server's own key or certificate, beside which nothing else counts (R41).</summary>
        internal bool IsKeyAlone => _endpoints.All(endpoint => endpoint.Verdict is { IsMatch: true, Record.Usage: TlsaUsage.DaneEe });

        internal Finding Tell(string code, Severity severity, string text, string mend) => new(code, severity, Subject.Name, text, mend);

        /// <summary>What is wrong with the place of a certificate; null when it issued the one before it.</summary>
        internal string? Stray(SentCertificate certificate)
        {
            var before = Certificates[..certificate.Index];
            if (before.FirstOrDefault(other => other.Encoded == certificate.Encoded) is { } same) return $"{certificate.Name} is {same.Name} again";
            if (before[^1].Read is not { } above || above.Issuer.Equals(certificate.Read!.Subject)) return null;
            return $"{certificate.Name} did not issue the one before it";
        }
    }

    /// <summary>A certificate at its place in a chain.</summary>
    private sealed class SentCertificate(int index, Octets encoded)
    {
        internal int Index => index;

        internal Octets Encoded => encoded;

        internal PathCertificate? Read { get; } = PathCertificate.TryRead(encoded, out var read) ? read : null;

        internal string Name => index == 0 ? "the server's own" : string.Create(CultureInfo.InvariantCulture, $"number {index + 1}{(Read is null ? "" : ", " + Read.Label + ",")}");
    }
}
