using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;

namespace Danelaw.Dnssec.Keys;

/// <summary>The trust anchors of one zone: DS or DNSKEY data that is believed because somebody configured it (RFC 4033 §2). One of them that fits is enough.</summary>
/// <param name="Zone">The zone's apex.</param>
/// <param name="DelegationSigners">RDATA of DS.</param>
/// <param name="Keys">RDATA of DNSKEY.</param>
public sealed record TrustAnchor(DomainName Zone, ImmutableArray<Octets> DelegationSigners, ImmutableArray<Octets> Keys);
