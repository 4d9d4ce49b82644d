using System.Collections.Immutable;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>Certificates that are trusted as they are. Used for PKIX usages only (RFC 7671 §5.3, §5.4), never for DANE-TA. Immutable.</summary>
public sealed partial class TrustStore
{
    private readonly ILookup<DistinguishedName, PathCertificate> _bySubject;
    private readonly HashSet<Octets> _octets;

    /// <summary>Makes a store of certificates in DER; what is no certificate is left out.</summary>
    /// <param name="certificates">The certificates; doubles are kept once.</param>
    public TrustStore(IEnumerable<Octets> certificates)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        _octets = [];
        var kept = ImmutableArray.CreateBuilder<PathCertificate>();
        foreach (var der in certificates)
            if (!_octets.Contains(der) && PathCertificate.TryRead(der, out var certificate) && _octets.Add(der)) kept.Add(certificate);
        _bySubject = kept.ToLookup(certificate => certificate.Subject);
    }

    /// <summary>How many certificates are in the store.</summary>
    public int Count => _octets.Count;

    /// <summary>The certificates in DER, in the order of their octets.</summary>
    internal IEnumerable<Octets> Encoded => _octets.Order(Comparer<Octets>.Create((left, right) => left.Span.SequenceCompareTo(right.Span)));

    /// <summary>Whether the very certificate is in the store.</summary>
    internal bool Contains(Octets der) => _octets.Contains(der);

    /// <summary>The certificates of a subject.</summary>
    internal IEnumerable<PathCertificate> Of(DistinguishedName subject) => _bySubject[subject];

    /// <summary>Every certificate.</summary>
    internal IEnumerable<PathCertificate> All => _bySubject.SelectMany(group => group);
}
