using System.Buffers.Binary;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Tests.Worlds;

/// <summary>What is signed (RFC 4034 §3.1.8.1), for signatures with fields that no honest signer would write.</summary>
internal static class RawSigning
{
    internal static byte[] Octets(RrsigData signature, IEnumerable<ResourceRecord> records)
    {
        var list = records.ToList();
        var owner = list[0].Owner;
        var labels = owner.IsWildcard ? owner.LabelCount - 1 : owner.LabelCount;
        if (signature.Labels < labels) owner = owner.Suffix(signature.Labels).ToWildcardChild();
        var octets = new List<byte>();
        var prefix = new byte[signature.SignedPrefixLength];
        signature.WriteSignedPrefix(prefix);
        octets.AddRange(prefix);
        Span<byte> head = stackalloc byte[10];
        foreach (var data in RecordData.ToCanonicalOrder(signature.TypeCovered, list.Select(record => record.Data).ToArray()))
        {
            octets.AddRange(owner.ToCanonical().Wire);
            BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)list[0].Type);
            BinaryPrimitives.WriteUInt16BigEndian(head[2..], 1);
            BinaryPrimitives.WriteUInt32BigEndian(head[4..], signature.OriginalTtl);
            BinaryPrimitives.WriteUInt16BigEndian(head[8..], (ushort)data.Length);
            octets.AddRange(head);
            octets.AddRange(data.Span);
        }

        return [.. octets];
    }
}
