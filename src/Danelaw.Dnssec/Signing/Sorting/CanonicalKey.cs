using System.Buffers.Binary;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Signing.Sorting;

/// <summary>
/// Turns the canonical order of names (RFC 4034 §6.1) into plain octet order, so that a zone is sorted by comparing octets: labels from the right, lower-cased,
/// each closed by 0, the name by another 0. The octets 0 and 1 of a label become 1 1 and 1 2, so that nothing in a label is smaller than its end.
/// </summary>
internal static class CanonicalKey
{
    /// <summary>The longest key: every octet of the longest name doubled, the ends of labels and name, and a type.</summary>
    internal const int MaximumLength = (2 * DomainName.MaximumLength) + 4;

    private const byte End = 0;
    private const byte Escape = 1;

    /// <summary>Writes the key of a name; names that are equal but for their case have the same.</summary>
    /// <returns>How many octets it has.</returns>
    internal static int Write(DomainName name, Span<byte> key)
    {
        var wire = name.Wire;
        Span<byte> starts = stackalloc byte[DomainName.MaximumLabels];
        var labels = 0;
        for (var at = 0; wire[at] != 0; at += wire[at] + 1) starts[labels++] = (byte)at;

        var length = 0;
        while (labels > 0)
        {
            int start = starts[--labels];
            foreach (var octet in wire.Slice(start + 1, wire[start]))
            {
                if (octet <= Escape)
                {
                    key[length++] = Escape;
                    key[length++] = (byte)(octet + 1);
                    continue;
                }

                key[length++] = octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;
            }

            key[length++] = End;
        }

        key[length++] = End;
        return length;
    }

    /// <summary>Writes the key of an RRset: names first, then types by number.</summary>
    internal static int Write(DomainName name, RecordType type, Span<byte> key)
    {
        var length = Write(name, key);
        BinaryPrimitives.WriteUInt16BigEndian(key[length..], (ushort)type);
        return length + sizeof(ushort);
    }
}
