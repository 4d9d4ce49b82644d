using Danelaw.Dns.Names;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Publishing;

/// <summary>An RRset to be replaced.</summary>
/// <param name="Owner">The owner, such as <c>_25._tcp.mx.example.org.</c></param>
/// <param name="Before">What it must be now, or nothing is done (RFC 2136 §2.4).</param>
/// <param name="After">What it becomes; empty to take it away.</param>
/// <param name="TimeToLive">Its TTL in seconds, 0 to 2,147,483,647.</param>
public sealed record PublishRequest(DomainName Owner, TlsaSet Before, TlsaSet After, uint TimeToLive);
