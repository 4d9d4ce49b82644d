using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;

namespace Danelaw.Dnssec.Tracing;

/// <summary>One question of a lookup and what came of it.</summary>
/// <param name="Question">The question.</param>
/// <param name="Server">Who replied, as a person would write it; null when nobody did, or when it is not told.</param>
/// <param name="Zone">In iterative mode the zone whose servers were asked; null for the reply of an upstream resolver.</param>
/// <param name="Code">The response code; null when no reply came.</param>
/// <param name="Failure">Why there is no reply to judge; null when there is one.</param>
/// <param name="HasSignatures">Whether the reply bore any RRSIG record.</param>
public sealed record TracedReply(Question Question, string? Server, DomainName? Zone, ResponseCode? Code, string? Failure, bool HasSignatures);
