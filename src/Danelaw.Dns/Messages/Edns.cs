using System.Collections.Immutable;

namespace Danelaw.Dns.Messages;

/// <summary>What the OPT record of a message says (RFC 6891 §6.1).</summary>
/// <param name="UdpPayloadSize">The largest datagram that the sender takes, in octets.</param>
/// <param name="Version">The version; 0 is the only one.</param>
/// <param name="DnssecOk">The DO bit (RFC 3225).</param>
/// <param name="Options">The options in order.</param>
public sealed record Edns(ushort UdpPayloadSize, byte Version, bool DnssecOk, ImmutableArray<EdnsOption> Options);

/// <summary>One option of the OPT record (RFC 6891 §6.1.2).</summary>
/// <param name="Code">Its number: 10 a cookie (RFC 7873), 15 an extended error (RFC 8914), any other too.</param>
/// <param name="Data">Its octets.</param>
public readonly record struct EdnsOption(ushort Code, Octets Data);
