using System.Collections.Immutable;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Verification.Paths;

/// <summary>
/// The one path that OpenSSL builds of what a server sent, and whether it leads to what a record of usage 2 names. Above each certificate stands the first that bears its issuer's name, does not contradict
/// its key identifier, has a key of the signature's kind and whose dates hold, or else the one that ends last; OpenSSL does not come back to take another. RFC 5280 §6 leaves to each how it finds a path; <see cref="PathSearch"/> finds every one.
/// </summary>
internal static class FirstPath
{
    /// <summary>Why the first path does not lead to what any of the records means, although another may.</summary>
    /// <param name="chain">What the server sent, its own certificate first.</param>
    /// <param name="records">Records of usage 2; others are passed over.</param>
    /// <param name="now">The time at which the certificates should be valid.</param>
    /// <param name="signatures">Checks the links.</param>
    /// <returns>A clause for people, with foreign text; null where the path does lead there, or where nothing is known.</returns>
    public static string? WhyPassedBy(ImmutableArray<Octets> chain, IEnumerable<TlsaRecord> records, DateTimeOffset now, SignatureMemory signatures)
    {
        TlsaRecord[] anchors = [.. records.Where(record => record.Usage == TlsaUsage.DaneTa)];
        var pool = Read(chain, anchors);
        if (pool.Count == 0) return null;
        var path = Build(pool, now);
        for (var at = 1; at < path.Length; at++)
        {
            if (signatures.Check(path[at - 1].Frame, path[at].Frame.PublicKey) != SignatureCheck.Valid) return signatures.IsCutShort ? null : $"it takes {path[at].Label} for the issuer of {path[at - 1].Label}, the first that bears the name, and another's key has signed";
            if (anchors.Any(record => record.Matches(path[at].Frame))) return null;
        }

        // A bare key is tried on the highest of the path.
        var top = path[^1];
        if (anchors.Any(record => record is { Selector: TlsaSelector.PublicKey, Matching: TlsaMatching.Full } && signatures.Check(top.Frame, record.Data) == SignatureCheck.Valid) || signatures.IsCutShort) return null;
        var other = pool.FirstOrDefault(one => !path.Contains(one) && one.Subject.Equals(top.Issuer));
        return IsTakenForOwnIssuer(top) && other is not null ? $"subject and issuer of {top.Label} are the same name, and no key identifier tells them apart, so it takes it for one that issued itself"
            : other is not null ? $"{top.Label} names another certificate of its issuer (authority key identifier) than the one that is sent"
            : path.Length > 1 ? $"it takes the first certificate that bears an issuer's name, and that way ends at {top.Label}"
            : null;
    }

    private static List<PathCertificate> Read(ImmutableArray<Octets> chain, TlsaRecord[] anchors)
    {
        var pool = new List<PathCertificate>();
        foreach (var der in chain.Take(ChainJudge.MaximumCertificates))
        {
            if (PathCertificate.TryRead(der, out var sent)) pool.Add(sent);
            else if (pool.Count == 0) return [];
        }

        // What a record carries need not be sent: it is looked for before what was.
        foreach (var record in anchors)
            if (record is { Selector: TlsaSelector.Certificate, Matching: TlsaMatching.Full } && PathCertificate.TryRead(record.Data, out var carried)) pool.Insert(1, carried);
        return pool;
    }

    private static ImmutableArray<PathCertificate> Build(List<PathCertificate> pool, DateTimeOffset now)
    {
        var path = ImmutableArray.CreateBuilder<PathCertificate>();
        for (var at = pool[0]; at is not null; at = IsTakenForOwnIssuer(at) ? null : IssuerOf(at, pool, path, now)) path.Add(at);
        return path.ToImmutable();
    }

    private static PathCertificate? IssuerOf(PathCertificate signed, List<PathCertificate> pool, IEnumerable<PathCertificate> path, DateTimeOffset now)
    {
        PathCertificate? best = null;
        var end = DateTimeOffset.MinValue;
        foreach (var issuer in pool.Where(one => !path.Contains(one) && MayHaveIssued(one, signed)))
        {
            if (!Validity.TryRead(issuer.Frame.Validity.Span, out var dates)) continue;
            if (dates.NotBefore <= now && now <= dates.NotAfter) return issuer;
            if (best is null || dates.NotAfter > end) (best, end) = (issuer, dates.NotAfter);
        }

        return best;
    }

    private static bool MayHaveIssued(PathCertificate issuer, PathCertificate signed) =>
        issuer.Subject.Equals(signed.Issuer) && !KeyIdentifiers.AreContradicting(signed, issuer) && SignatureScheme.Read(signed.Frame.SignatureAlgorithm.Span).Fits(issuer.Frame.PublicKey);

    /// <summary>OpenSSL looks at the names, the key identifiers and the kind of key; whether the signature is its own it does not ask.</summary>
    private static bool IsTakenForOwnIssuer(PathCertificate certificate) =>
        certificate.IsSelfIssued && !KeyIdentifiers.AreContradicting(certificate, certificate) && SignatureScheme.Read(certificate.Frame.SignatureAlgorithm.Span).Fits(certificate.Frame.PublicKey);
}
