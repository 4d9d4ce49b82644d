using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Validation;

/// <summary>One zone of a chain of trust, and how it is bound to the zone above it. Immutable.</summary>
/// <param name="Zone">The zone's apex.</param>
/// <param name="IsAnchor">Whether a configured trust anchor vouches for it; otherwise the DS set does.</param>
/// <param name="DelegationSigners">The DS set at the parent's side; null under an anchor.</param>
/// <param name="DelegationSignature">The signature by the parent over the DS set; null under an anchor.</param>
/// <param name="Keys">The DNSKEY set; null where the chain ends because nothing in the DS set is supported.</param>
/// <param name="KeySignature">The signature over the DNSKEY set by a key that anchor or DS set vouch for; null without a DNSKEY set.</param>
public sealed record TrustLink(
    DomainName Zone,
    bool IsAnchor,
    RecordSet? DelegationSigners,
    SignatureUse? DelegationSignature,
    RecordSet? Keys,
    SignatureUse? KeySignature);

/// <summary>A signature that was verified and used.</summary>
/// <param name="Signer">The zone that signed.</param>
/// <param name="KeyTag">The tag of the key.</param>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Inception">When the signature begins.</param>
/// <param name="Expiration">When it ends.</param>
public readonly record struct SignatureUse(DomainName Signer, ushort KeyTag, SecurityAlgorithm Algorithm, DateTimeOffset Inception, DateTimeOffset Expiration);
