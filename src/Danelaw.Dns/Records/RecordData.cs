using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Danelaw.Dns.Names;

namespace Danelaw.Dns.Records;

/// <summary>What can be said of any RDATA from the table of fields alone: whether it is well-formed, its canonical form, its order.</summary>
public static class RecordData
{
    /// <summary>Whether uncompressed RDATA has exactly the fields of its type. RDATA of a type that is not known is always well-formed (RFC 3597 §3).</summary>
    /// <param name="type">The type.</param>
    /// <param name="data">The RDATA.</param>
    public static bool IsWellFormed(RecordType type, ReadOnlySpan<byte> data)
    {
        var at = 0;
        foreach (var field in RecordFields.Of(type))
        {
            if (!RecordFields.TryMeasure(field, data, at, out var length)) return false;
            at += length;
        }

        return at == data.Length;
    }

    /// <summary>The canonical form of RDATA: the names that RFC 4034 §6.2 lists in lower case, as changed by RFC 6840 §5.1 (the next name of an NSEC keeps its case, the signer of an RRSIG does not).</summary>
    /// <param name="type">The type.</param>
    /// <param name="data">The RDATA, uncompressed.</param>
    /// <returns>The same octets when nothing changes or they are not well-formed up to the name; otherwise a copy.</returns>
    public static Octets ToCanonical(RecordType type, Octets data)
    {
        if (!RecordFields.HasLoweredNames(type)) return data;
        var original = data.Span;
        if (!AsciiCase.HasUpper(original)) return data;
        byte[]? copy = null;
        var at = 0;
        foreach (var field in RecordFields.Of(type))
        {
            if (!RecordFields.TryMeasure(field, original, at, out var length)) break;
            var octets = original.Slice(at, length);
            if (RecordFields.IsLowered(field) && AsciiCase.HasUpper(octets))
            {
                copy ??= original.ToArray();
                AsciiCase.ToLower(octets, copy.AsSpan(at));
            }

            at += length;
        }

        return copy is null ? data : new(copy, 0, copy.Length);
    }

    /// <summary>The order of canonical RDATA: octet by octet, a missing octet first (RFC 4034 §6.3).</summary>
    /// <param name="left">Canonical RDATA.</param>
    /// <param name="right">Canonical RDATA of the same type.</param>
    /// <returns>Less than zero when the left one comes first, zero for equal ones, more than zero otherwise.</returns>
    public static int CompareCanonical(Octets left, Octets right) => left.Span.SequenceCompareTo(right.Span);

    /// <summary>The RDATA of an RRset in canonical form and order, without duplicates: as a signature is made over it (RFC 4034 §6.3).</summary>
    /// <param name="type">The type.</param>
    /// <param name="data">The RDATA of each record, in any order.</param>
    public static ImmutableArray<Octets> ToCanonicalOrder(RecordType type, ReadOnlySpan<Octets> data)
    {
        var canonical = new Octets[data.Length];
        for (var i = 0; i < canonical.Length; i++) canonical[i] = ToCanonical(type, data[i]);
        if (canonical.Length < 2) return ImmutableCollectionsMarshal.AsImmutableArray(canonical);
        System.Array.Sort(canonical, CompareCanonical);
        var kept = 1;
        for (var i = 1; i < canonical.Length; i++)
            if (canonical[i] != canonical[kept - 1]) canonical[kept++] = canonical[i];
        return ImmutableCollectionsMarshal.AsImmutableArray(kept == canonical.Length ? canonical : canonical[..kept]);
    }
}
