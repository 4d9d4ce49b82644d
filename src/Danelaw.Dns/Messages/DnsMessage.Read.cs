using System.Diagnostics.CodeAnalysis;

namespace Danelaw.Dns.Messages;

public sealed partial record DnsMessage
{
    /// <summary>The longest message, in octets (RFC 1035 §4.2.2).</summary>
    public const int MaximumLength = 65535;

    /// <summary>Reads a message (RFC 1035 §4, RFC 6891). Names and RDATA share its octets where they stand there without compression. Never throws on foreign octets.</summary>
    /// <remarks>
    /// Strict where a message must be understood as a whole: names, lengths and counts must account for every octet, OPT and TSIG stand
    /// where they may. RDATA in which no name is decompressed is taken as it is; whether it has the fields of its type is for
    /// <see cref="Records.RecordData.IsWellFormed"/> and the typed views to say, so that one odd record spoils only itself.
    /// A TTL with the uppermost bit set is read as 0 (RFC 2181 §8).
    /// </remarks>
    /// <param name="wire">The message; it must not change any more.</param>
    /// <param name="message">What it says; null on failure.</param>
    /// <param name="fault">What is wrong with it, or no fault.</param>
    public static bool TryRead(ReadOnlyMemory<byte> wire, [NotNullWhen(true)] out DnsMessage? message, out MessageFault fault) =>
        new MessageReader(new Octets(wire)).TryRead(out message, out fault);
}
