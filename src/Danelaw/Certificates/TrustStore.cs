using System.Collections.Immutable;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>Certificates that are trusted as they are. Used for PKIX usages only (RFC 7671 §5.3, §5.4), never for DANE-TA.</summary>
public sealed class TrustStore
{
    /// <summary>Makes a store of certificates in DER; what is no certificate is left out.</summary>
    /// <param name="certificates">The certificates; doubles are kept once.</param>
    public TrustStore(IEnumerable<Octets> certificates)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        var kept = ImmutableArray.CreateBuilder<Certificate>();
        var seen = new HashSet<Octets>();
        foreach (var der in certificates)
            if (seen.Add(der) && Certificate.TryRead(der, out var certificate)) kept.Add(certificate);
        Certificates = kept.ToImmutable();
    }

    /// <summary>How many certificates are in the store.</summary>
    public int Count => Certificates.Length;

    internal ImmutableArray<Certificate> Certificates { get; }
}
