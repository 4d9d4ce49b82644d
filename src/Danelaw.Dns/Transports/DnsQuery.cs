using Danelaw.Dns.Messages;

namespace Danelaw.Dns.Transports;

/// <summary>One query to one server. Id, source port and cookie are the transport's and cannot be given.</summary>
/// <param name="Question">What is asked.</param>
/// <param name="Server">Whom.</param>
/// <param name="RecursionDesired">The RD bit.</param>
/// <param name="DnssecOk">The DO bit (RFC 3225); the transport sends EDNS with 1232 octets either way.</param>
/// <param name="CheckingDisabled">The CD bit (RFC 4035 §3.2.2).</param>
public sealed record DnsQuery(Question Question, DnsServer Server, bool RecursionDesired = true, bool DnssecOk = true, bool CheckingDisabled = true);
