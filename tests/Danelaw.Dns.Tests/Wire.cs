using System.Buffers.Binary;

namespace Danelaw.Dns.Tests;

/// <summary>Octets of messages, written as people read them.</summary>
internal static class Wire
{
    /// <summary>Type NULL, class IN, TTL 0, no RDATA.</summary>
    internal const string EmptyRecord = "000A 0001 00000000 0000";

    internal static byte[] Hex(params string[] parts) => Convert.FromHexString(string.Concat(parts).Replace(" ", "", StringComparison.Ordinal));

    /// <summary>A response with these sections, the octets behind the header given.</summary>
    internal static byte[] Message(byte[] body, int questions = 0, int answers = 0, int authorities = 0, int additionals = 0)
    {
        var message = new byte[12 + body.Length];
        message[2] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), (ushort)questions);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), (ushort)answers);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(8), (ushort)authorities);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(10), (ushort)additionals);
        body.CopyTo(message, 12);
        return message;
    }

    internal static byte[] Message(int answers, byte[] body) => Message(body, answers: answers);
}
