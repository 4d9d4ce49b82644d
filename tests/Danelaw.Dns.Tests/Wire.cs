using System.Buffers.Binary;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

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

    /// <summary>RDATA written into a message, between two others that invite compression, and read back.</summary>
    internal static byte[] ThroughMessage(RecordType type, byte[] data)
    {
        var owner = DomainName.Parse("A.");
        var other = new ResourceRecord(DomainName.Parse("B.A."), RecordType.NULL, RecordClass.IN, 0, default);
        var message = new DnsMessage { Answers = [other, new(owner, type, RecordClass.IN, 0, new(data)), other] };
        Assert.True(DnsMessage.TryRead(message.Write(), out var read, out _));
        return read.Answers[1].Data.ToArray();
    }

    internal static byte[] Message(int answers, byte[] body) => Message(body, answers: answers);
}
