using System.Buffers.Binary;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Signing.Sorting;

/// <summary>A record on its way through the sorter, with the line that it came from.</summary>
/// <param name="Record">The record.</param>
/// <param name="Line">The line, from 1; 0 when there is none.</param>
/// <param name="File">The file's number in the caller's list.</param>
internal readonly record struct StoredRecord(ResourceRecord Record, int Line, int File)
{
    // class (2) | ttl (4) | line (4) | file (2) | owner | data
    private const int HeadLength = 12;

    /// <summary>Adds a record to the sorter.</summary>
    /// <param name="sorter">The sorter.</param>
    /// <param name="buffer">Room to put it together, used again for the next one.</param>
    internal void AddTo(OctetSorter sorter, ref byte[] buffer)
    {
        Span<byte> key = stackalloc byte[CanonicalKey.MaximumLength];
        var keyLength = CanonicalKey.Write(Record.Owner, Record.Type, key);
        var owner = Record.Owner.Wire;
        var data = Record.Data.Span;
        var length = HeadLength + owner.Length + data.Length;
        if (buffer.Length < length) buffer = new byte[length * 2];
        BinaryPrimitives.WriteUInt16LittleEndian(buffer, (ushort)Record.Class);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(2), Record.TimeToLive);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(6), Line);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(10), (ushort)File);
        owner.CopyTo(buffer.AsSpan(HeadLength));
        data.CopyTo(buffer.AsSpan(HeadLength + owner.Length));
        sorter.Add(key[..keyLength], buffer.AsSpan(0, length));
    }

    /// <summary>Reads a record back.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="payload">What was stored beside it.</param>
    /// <param name="previous">The owner of the record before; shared when it is spelt the same.</param>
    internal static StoredRecord Read(ReadOnlySpan<byte> key, ReadOnlySpan<byte> payload, DomainName previous)
    {
        var rest = payload[HeadLength..];
        var length = LengthOfName(rest);
        var owner = previous;
        if (!previous.Wire.SequenceEqual(rest[..length]) && !DomainName.TryFromWire(rest[..length], out owner)) throw new InvalidOperationException("the sorter gave back something else");
        var record = new ResourceRecord(
            owner,
            (RecordType)BinaryPrimitives.ReadUInt16BigEndian(key[^2..]),
            (RecordClass)BinaryPrimitives.ReadUInt16LittleEndian(payload),
            BinaryPrimitives.ReadUInt32LittleEndian(payload[2..]),
            Octets.Copy(rest[length..]));
        return new(record, BinaryPrimitives.ReadInt32LittleEndian(payload[6..]), BinaryPrimitives.ReadUInt16LittleEndian(payload[10..]));
    }

    private static int LengthOfName(ReadOnlySpan<byte> octets)
    {
        var at = 0;
        while (octets[at] != 0) at += octets[at] + 1;
        return at + 1;
    }
}
