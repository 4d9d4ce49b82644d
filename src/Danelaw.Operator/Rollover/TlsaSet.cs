using System.Collections.Immutable;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Rollover;

/// <summary>The records of a TLSA RRset. Immutable; equal when the records are, in whatever order.</summary>
public sealed class TlsaSet : IEquatable<TlsaSet>
{
    private TlsaSet(ImmutableArray<TlsaRecord> records) => Records = records;

    /// <summary>No record.</summary>
    public static TlsaSet Empty { get; } = new([]);

    /// <summary>The records, each once, in order of usage, selector, matching type and data.</summary>
    public ImmutableArray<TlsaRecord> Records { get; }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => Records.IsEmpty;

    /// <summary>Makes a set.</summary>
    /// <param name="records">The records, in any order, doubles allowed.</param>
    public static TlsaSet Of(params IEnumerable<TlsaRecord> records)
    {
        TlsaRecord[] ordered = [.. records.Distinct()];
        Array.Sort(ordered, Order);
        return new([.. ordered]);
    }

    /// <summary>The records of both.</summary>
    /// <param name="other">The other.</param>
    public TlsaSet Union(TlsaSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return IsEmpty ? other : Contains(other) ? this : Of(Records.Concat(other.Records));
    }

    /// <summary>The records that the other has not.</summary>
    /// <param name="other">The other.</param>
    public TlsaSet Except(TlsaSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new([.. Records.Where(record => !other.Records.Contains(record))]);
    }

    /// <summary>Whether every record of the other is here.</summary>
    /// <param name="other">The other.</param>
    public bool Contains(TlsaSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var record in other.Records)
        {
            if (!Records.Contains(record)) return false;
        }

        return true;
    }

    private static int Order(TlsaRecord one, TlsaRecord other)
    {
        var order = one.Usage.CompareTo(other.Usage);
        if (order == 0) order = one.Selector.CompareTo(other.Selector);
        if (order == 0) order = one.Matching.CompareTo(other.Matching);
        return order != 0 ? order : one.Data.Span.SequenceCompareTo(other.Data.Span);
    }

    /// <inheritdoc/>
    public bool Equals(TlsaSet? other) => other is not null && (ReferenceEquals(this, other) || Records.AsSpan().SequenceEqual(other.Records.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TlsaSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var record in Records) hash.Add(record);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => IsEmpty ? "none" : string.Join("; ", Records);
}
