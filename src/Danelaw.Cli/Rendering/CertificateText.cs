using System.Collections.Immutable;
using System.Security.Cryptography;
using Danelaw.Certificates;
using Danelaw.Dns;

namespace Danelaw.Cli.Rendering;

/// <summary>A certificate in words. What cannot be read of an odd one is empty; nothing here judges.</summary>
/// <param name="Subject">As in RFC 4514.</param>
/// <param name="Issuer">As in RFC 4514.</param>
/// <param name="NotBefore">The first second of its validity.</param>
/// <param name="NotAfter">The last one.</param>
/// <param name="Key">The kind of key and its size.</param>
/// <param name="Names">The DNS names that it bears.</param>
/// <param name="CertificateSha256">The data of a record x 0 1.</param>
/// <param name="PublicKeySha256">The data of a record x 1 1.</param>
internal sealed record CertificateText(string Subject, string Issuer, DateTimeOffset? NotBefore, DateTimeOffset? NotAfter, string Key, ImmutableArray<string> Names, string CertificateSha256, string PublicKeySha256)
{
    public static CertificateText Read(Octets der)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(der.Span));
        return CertificateSummary.TryRead(der, out var read)
            ? new(read.Subject, read.Issuer, read.NotBefore, read.NotAfter, read.KeyAlgorithm, read.DnsNames, digest, Convert.ToHexStringLower(SHA256.HashData(read.PublicKey.Span)))
            : new("", "", null, null, "", [], digest, "");
    }
}
