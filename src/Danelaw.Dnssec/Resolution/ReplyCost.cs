using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution;

/// <summary>
/// What a reply takes in memory once it is read and its records are put together into sets. Sixteen octets of a packet may say two names of 255 octets by pointing at others
/// (RFC 1035 §4.1.4), so a limit to octets on the wire alone limits no memory.
/// </summary>
internal static class ReplyCost
{
    /// <summary>Octets in memory for each octet that a lookup may take in from the wire: about what the replies of honest servers take, who send a tenth of what is allowed.</summary>
    private const int Expansion = 8;

    /// <summary>What a record takes beside its octets, on a 64-bit machine, when it is the only one of its set: itself, the set with its lists, and its place in a table.</summary>
    private const int PerRecord = 400;

    /// <summary>How many octets the replies of one lookup may take.</summary>
    internal static long Limit(Limits limits) => limits.Bytes > long.MaxValue / Expansion ? long.MaxValue : limits.Bytes * Expansion;

    /// <summary>How many octets a reply takes, estimated; rather more than fewer.</summary>
    /// <param name="message">The reply.</param>
    /// <param name="length">Its length on the wire.</param>
    internal static long Of(DnsMessage message, int length) => length + Of(message.Answers) + Of(message.Authorities) + Of(message.Additionals);

    private static long Of(ImmutableArray<ResourceRecord> records)
    {
        var cost = 0L;
        foreach (var record in records) cost += PerRecord + record.Owner.Length + record.Data.Length;
        return cost;
    }
}
