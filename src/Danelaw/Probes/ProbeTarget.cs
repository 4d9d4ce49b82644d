using System.Net;
using Danelaw.Dns.Names;

namespace Danelaw.Probes;

/// <summary>The kind of key that a server is asked to show.</summary>
public enum KeyAlgorithm
{
    /// <summary>Whatever the server prefers.</summary>
    Any = 0,

    /// <summary>RSA.</summary>
    Rsa,

    /// <summary>ECDSA.</summary>
    Ecdsa,

    /// <summary>Ed25519 or Ed448.</summary>
    Eddsa,
}

/// <summary>One endpoint, asked once.</summary>
/// <param name="Address">The host's address and the service's port, as the DNS and the target have them; what a report names.</param>
/// <param name="ConnectTo">Where to connect in fact: the same, unless <c>--connect-to</c> says otherwise.</param>
/// <param name="Protocol">What to speak.</param>
/// <param name="ServerName">SNI: the TLSA base domain (RFC 7672 §8.1).</param>
/// <param name="Algorithm">The kind of key asked for.</param>
public sealed record ProbeTarget(IPEndPoint Address, IPEndPoint ConnectTo, ServiceProtocol Protocol, DomainName ServerName, KeyAlgorithm Algorithm = KeyAlgorithm.Any)
{
    /// <summary>The domain that is served, where a protocol names it before TLS (XMPP: RFC 6120 §4.7.2); null where none does. Default null.</summary>
    public DomainName? ServiceName { get; init; }

    /// <summary>Whether a raw public key is asked for (RFC 7250), in place of a certificate. Default false.</summary>
    public bool RawPublicKey { get; init; }
}
