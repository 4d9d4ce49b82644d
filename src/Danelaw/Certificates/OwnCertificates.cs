using System.Collections.Immutable;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>
/// Tells which certificates of a PEM file are a server's own: those whose private keys stand beside them, and those of no authority that issued none of the others.
/// Signatures are not looked at: whoever wrote the file owns the keys.
/// </summary>
internal static class OwnCertificates
{
    /// <summary>Private keys, and certificates of somebody's own, that a file may hold. A server has one for each kind.</summary>
    public const int Maximum = 32;

    /// <summary>The certificates of a file by the keys that they belong to.</summary>
    /// <param name="file">The file as it is, with one certificate at least.</param>
    /// <param name="keys">The public halves of the private keys in it.</param>
    /// <param name="content">What comes of it; nothing on failure.</param>
    public static bool TrySplit(CertificateFile file, IReadOnlyList<Octets> keys, out KeySourceContent content)
    {
        content = new();
        var certificates = new List<PathCertificate>();
        foreach (var der in file.Certificates.Distinct())
            if (PathCertificate.TryRead(der, out var certificate)) certificates.Add(certificate);
        var keyed = keys.ToHashSet();
        ImmutableArray<CertificateFile> strays = [.. keys.Distinct().Where(key => !certificates.Exists(certificate => certificate.Frame.PublicKey == key)).Select(CertificateFile.OfKey)];

        // A certificate that issued itself issued its namesakes no more than they issued it.
        var issuers = certificates.Where(certificate => !certificate.IsSelfIssued).Select(certificate => certificate.Issuer).ToHashSet();
        var own = certificates.Where(certificate => keyed.Contains(certificate.Frame.PublicKey) || (!certificate.Extensions.IsAuthority && !issuers.Contains(certificate.Subject))).ToHashSet();
        if (own.Count > Maximum) return false;
        if (own.Count == 0)
        {
            content = new() { Parts = [file, .. strays], HasStrayKey = !strays.IsEmpty };
            return true;
        }

        var isInOrder = own.Contains(certificates[0]);
        var others = certificates.Where(certificate => !own.Contains(certificate)).ToArray();

        // Beside their keys chains stand as a server sends them, one behind the other; of certificates alone the order says nothing.
        var parts = certificates.Where(own.Contains).Select(leaf => CertificateFile.OfChain([leaf.Frame.Der, .. (isInOrder && keyed.Count > 0 ? Behind(leaf) : others).Select(other => other.Frame.Der)], isOwn: keyed.Contains(leaf.Frame.PublicKey)));
        content = new() { Parts = [.. parts, .. strays], IsInOrder = isInOrder, HasStrayKey = !strays.IsEmpty };
        return true;

        IEnumerable<PathCertificate> Behind(PathCertificate leaf) => certificates.SkipWhile(certificate => certificate != leaf).Skip(1).TakeWhile(certificate => !own.Contains(certificate));
    }
}
