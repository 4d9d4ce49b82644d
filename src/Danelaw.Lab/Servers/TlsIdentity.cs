using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Lab.Authority;

namespace Danelaw.Lab.Servers;

/// <summary>A certificate with the chain that a server sends for it, exactly as given: sound or not.</summary>
/// <param name="Certificate">The leaf, whose key signs the handshake.</param>
/// <param name="Sent">Every certificate that is sent, in that order, the leaf first.</param>
public sealed record TlsIdentity(LabCertificate Certificate, ImmutableArray<Octets> Sent)
{
    /// <summary>Sends the leaf and some issuers.</summary>
    /// <param name="certificate">The leaf.</param>
    /// <param name="issuers">What is sent behind it, in that order.</param>
    public static TlsIdentity Of(LabCertificate certificate, params IEnumerable<LabCertificate> issuers)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return new(certificate, [certificate.Der, .. issuers.Select(issuer => issuer.Der)]);
    }
}

/// <summary>Which versions of TLS a lab server speaks. Closed.</summary>
public enum TlsVersions
{
    /// <summary>TLS 1.2 and 1.3.</summary>
    Modern = 0,

    /// <summary>TLS 1.3 alone.</summary>
    Only13,

    /// <summary>TLS 1.1 alone, which RFC 8996 has retired; with ECDSA keys only.</summary>
    Only11,
}

/// <summary>What a lab server shows in its handshakes.</summary>
public sealed record TlsPersonality
{
    /// <summary>One for each kind of key; the client's signature algorithms and cipher suites choose, the first that fits.</summary>
    public required ImmutableArray<TlsIdentity> Identities { get; init; }

    /// <summary>Other identities for some server names (SNI), in lower case without the closing dot; none by default.</summary>
    public ImmutableDictionary<string, ImmutableArray<TlsIdentity>> ByServerName { get; init; } = ImmutableDictionary<string, ImmutableArray<TlsIdentity>>.Empty;

    /// <summary>Which versions it speaks; TLS 1.2 and 1.3 by default.</summary>
    public TlsVersions Versions { get; init; }

    /// <summary>Whether every handshake ends with an alert; false by default.</summary>
    public bool RefusesHandshakes { get; init; }
}
