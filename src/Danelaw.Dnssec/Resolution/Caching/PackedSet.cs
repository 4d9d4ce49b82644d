using System.Buffers.Binary;
using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;

namespace Danelaw.Dnssec.Resolution.Caching;

/// <summary>
/// An RRset in one array: the owner in wire form, the number of records, each record's RDATA behind its length; for a secure set then the RDATA of the RRSIG that
/// stands, behind its length, and the fingerprint of the key that verified it.
/// </summary>
internal readonly struct PackedSet
{
    private readonly byte[] _octets;
    private readonly int _start;

    internal PackedSet(byte[] octets, int start) => (_octets, _start) = (octets, start);

    internal int Count => BinaryPrimitives.ReadUInt16BigEndian(_octets.AsSpan(_start));

    /// <summary>Packs.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="data">The RDATA of each record.</param>
    /// <param name="signature">The RDATA of the RRSIG; empty for a set that is not secure.</param>
    /// <param name="key">The fingerprint of the key; empty without a signature.</param>
    internal static byte[] Pack(DomainName owner, IReadOnlyCollection<Octets> data, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> key)
    {
        var length = owner.Length + 2 + (signature.IsEmpty ? 0 : 2 + signature.Length + key.Length);
        foreach (var each in data) length += 2 + each.Length;
        var octets = new byte[length];
        var to = octets.AsSpan();
        owner.Wire.CopyTo(to);
        to = to[owner.Length..];
        BinaryPrimitives.WriteUInt16BigEndian(to, checked((ushort)data.Count));
        to = to[2..];
        foreach (var each in data) to = Write(to, each.Span);
        if (signature.IsEmpty) return octets;
        key.CopyTo(Write(to, signature));
        return octets;
    }

    /// <summary>The RDATA of each record; slices of the array.</summary>
    internal ImmutableArray<Octets> ReadData()
    {
        var data = ImmutableArray.CreateBuilder<Octets>(Count);
        var at = _start + 2;
        for (var i = data.Capacity; i > 0; i--) data.Add(ReadNext(ref at));
        return data.MoveToImmutable();
    }

    /// <summary>The signature and the fingerprint of its key; false for a set that is not secure.</summary>
    internal bool TryReadSignature(out Octets signature, out Octets key)
    {
        var at = _start + 2;
        for (var i = Count; i > 0; i--) _ = ReadNext(ref at);
        signature = key = default;
        if (at == _octets.Length) return false;
        signature = ReadNext(ref at);
        key = new Octets(_octets.AsMemory(at));
        return true;
    }

    private Octets ReadNext(ref int at)
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(_octets.AsSpan(at));
        var start = at + 2;
        at = start + length;
        return new(_octets.AsMemory(start, length));
    }

    private static Span<byte> Write(Span<byte> to, ReadOnlySpan<byte> octets)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to, checked((ushort)octets.Length));
        octets.CopyTo(to[2..]);
        return to[(2 + octets.Length)..];
    }
}
