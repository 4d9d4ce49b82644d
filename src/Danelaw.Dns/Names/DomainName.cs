using System.Diagnostics;

namespace Danelaw.Dns.Names;

/// <summary>
/// An absolute domain name in uncompressed wire form, at most 255 octets, labels of 1 to 63 octets (RFC 1035 §3.1). The default is the root.
/// The case is kept; equality and hash ignore the case of ASCII letters (RFC 4343); the order is the canonical one (RFC 4034 §6.1).
/// Immutable; parents and suffixes share the octets of the name that they were taken from.
/// </summary>
[DebuggerDisplay("{ToString()}")]
public readonly partial struct DomainName : IEquatable<DomainName>, IComparable<DomainName>
{
    /// <summary>The longest name, in octets of wire form (RFC 1035 §2.3.4).</summary>
    public const int MaximumLength = 255;

    /// <summary>The longest label, in octets (RFC 1035 §2.3.4).</summary>
    public const int MaximumLabelLength = 63;

    /// <summary>The most labels that a name can have: 127 of one octet, and the root.</summary>
    public const int MaximumLabels = 127;

    private readonly byte[]? _array;
    private readonly int _offset;
    private readonly byte _length;
    private readonly byte _labelCount;

    /// <summary>The octets must have been checked.</summary>
    internal DomainName(byte[] array, int offset, int length, int labelCount)
    {
        if (labelCount == 0) return;
        _array = array;
        _offset = offset;
        _length = (byte)length;
        _labelCount = (byte)labelCount;
    }

    /// <summary>The root.</summary>
    public static DomainName Root => default;

    /// <summary>The name in uncompressed wire form, with the final zero octet, case kept.</summary>
    public ReadOnlySpan<byte> Wire => _array is null ? "\0"u8 : _array.AsSpan(_offset, _length);

    /// <summary>How many octets the wire form has, 1 to 255.</summary>
    public int Length => _array is null ? 1 : _length;

    /// <summary>How many labels the name has, 0 to 127; the root label is not counted.</summary>
    public int LabelCount => _labelCount;

    /// <summary>Whether this is the root.</summary>
    public bool IsRoot => _array is null;

    /// <summary>Whether the leftmost label is a lone asterisk (RFC 4592 §2.1.1).</summary>
    public bool IsWildcard => _array is not null && _array[_offset] == 1 && _array[_offset + 1] == (byte)'*';

    /// <summary>The name without its leftmost label; the root's parent is the root.</summary>
    public DomainName Parent
    {
        get
        {
            if (_labelCount <= 1) return default;
            var skip = _array![_offset] + 1;
            return new(_array, _offset + skip, _length - skip, _labelCount - 1);
        }
    }

    /// <summary>One label's octets, without the length octet.</summary>
    /// <param name="index">0 for the leftmost, up to <see cref="LabelCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such label.</exception>
    public ReadOnlySpan<byte> GetLabel(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(unchecked((uint)index), _labelCount);
        var at = LabelOffset(index);
        return _array.AsSpan(at + 1, _array![at]);
    }

    /// <summary>The rightmost labels of the name.</summary>
    /// <param name="labels">How many labels to keep, 0 (the root) to <see cref="LabelCount"/> (the name itself).</param>
    /// <exception cref="ArgumentOutOfRangeException">The name has fewer labels.</exception>
    public DomainName Suffix(int labels)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(unchecked((uint)labels), _labelCount);
        if (labels == 0) return default;
        var at = LabelOffset(_labelCount - labels);
        return new(_array!, at, _length - (at - _offset), labels);
    }

    /// <summary>Whether the name is the ancestor or lies below it, label by label.</summary>
    /// <param name="ancestor">The top of the subtree.</param>
    public bool IsAtOrBelow(DomainName ancestor)
    {
        if (ancestor._array is null) return true;
        var skip = _labelCount - ancestor._labelCount;
        if (skip < 0 || _length < ancestor._length) return false;
        var at = LabelOffset(skip);
        return AsciiCase.Equals(_array.AsSpan(at, _length - (at - _offset)), ancestor.Wire);
    }

    /// <summary>Whether the name lies below the ancestor and is not the ancestor itself.</summary>
    /// <param name="ancestor">The top of the subtree.</param>
    public bool IsBelow(DomainName ancestor) => _labelCount > ancestor._labelCount && IsAtOrBelow(ancestor);

    /// <summary>The longest name that both lie at or below; the root at worst.</summary>
    /// <param name="other">The other name.</param>
    public DomainName CommonAncestor(DomainName other)
    {
        var labels = Math.Min(_labelCount, other._labelCount);
        Span<int> mine = stackalloc int[MaximumLabels];
        Span<int> theirs = stackalloc int[MaximumLabels];
        WriteLabelOffsets(mine);
        other.WriteLabelOffsets(theirs);
        var common = 0;
        while (common < labels && AsciiCase.Equals(LabelAt(mine[_labelCount - 1 - common]), other.LabelAt(theirs[other._labelCount - 1 - common]))) common++;
        return Suffix(common);
    }

    /// <summary>Puts one label before the name.</summary>
    /// <param name="label">The label's octets, 1 to 63 of any value.</param>
    /// <param name="name">The longer name, or the root on failure.</param>
    /// <returns>False when the label is empty or too long, or the name would be.</returns>
    public bool TryPrepend(ReadOnlySpan<byte> label, out DomainName name)
    {
        name = default;
        if (label.Length is 0 or > MaximumLabelLength || Length + label.Length + 1 > MaximumLength) return false;
        var wire = new byte[Length + label.Length + 1];
        wire[0] = (byte)label.Length;
        label.CopyTo(wire.AsSpan(1));
        Wire.CopyTo(wire.AsSpan(label.Length + 1));
        name = new(wire, 0, wire.Length, _labelCount + 1);
        return true;
    }

    /// <summary>Puts one label before the name; for constants.</summary>
    /// <param name="label">1 to 63 characters of ASCII, taken as they are: a dot or a backslash means itself.</param>
    /// <exception cref="ArgumentException">The label is not ASCII, is empty or too long, or the name would be too long.</exception>
    public DomainName Prepend(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        Span<byte> octets = stackalloc byte[MaximumLabelLength + 1];
        if (label.Length > MaximumLabelLength || System.Text.Ascii.FromUtf16(label, octets, out var written) != System.Buffers.OperationStatus.Done || !TryPrepend(octets[..written], out var name))
            throw new ArgumentException("not a label that fits before this name", nameof(label));
        return name;
    }

    /// <summary>Moves the name from one subtree into another, as a DNAME record does (RFC 6672 §2.2).</summary>
    /// <param name="from">The subtree that the name lies at or below.</param>
    /// <param name="to">What stands in its place.</param>
    /// <param name="name">The moved name, or the root on failure.</param>
    /// <returns>False when the name does not lie at or below <paramref name="from"/>, or the new name has more than 255 octets.</returns>
    public bool TryReplaceSuffix(DomainName from, DomainName to, out DomainName name)
    {
        name = default;
        if (!IsAtOrBelow(from)) return false;
        var kept = Length - from.Length;
        if (kept + to.Length > MaximumLength) return false;
        var wire = new byte[kept + to.Length];
        Wire[..kept].CopyTo(wire);
        to.Wire.CopyTo(wire.AsSpan(kept));
        name = new(wire, 0, wire.Length, _labelCount - from._labelCount + to._labelCount);
        return true;
    }

    /// <summary>The wildcard directly below the name.</summary>
    /// <param name="name">An asterisk label and this name, or the root on failure.</param>
    /// <returns>False when it would have more than 255 octets.</returns>
    public bool TryToWildcardChild(out DomainName name) => TryPrepend("*"u8, out name);

    /// <summary>The wildcard directly below the name.</summary>
    /// <exception cref="InvalidOperationException">It would have more than 255 octets; use <see cref="TryToWildcardChild"/> for foreign names.</exception>
    public DomainName ToWildcardChild() => TryToWildcardChild(out var name) ? name : throw new InvalidOperationException("the name is too long for a wildcard below it");

    /// <summary>The name with every ASCII letter in lower case (RFC 4034 §6.2).</summary>
    public DomainName ToCanonical()
    {
        if (!AsciiCase.HasUpper(Wire)) return this;
        var wire = new byte[_length];
        AsciiCase.ToLower(Wire, wire);
        return new(wire, 0, wire.Length, _labelCount);
    }

    /// <summary>The same name in an array of its own size, for what is kept long after the packet that it came from.</summary>
    public DomainName ToOwned() => _array is null || _array.Length == _length ? this : new(Wire.ToArray(), 0, _length, _labelCount);

    /// <summary>Whether the names are the same without regard to the case of ASCII letters.</summary>
    /// <param name="other">The other name.</param>
    public bool Equals(DomainName other) => _length == other._length && _labelCount == other._labelCount && (IsSameMemory(other) || AsciiCase.Equals(Wire, other.Wire));

    /// <summary>Whether the names are the same octet by octet, case included.</summary>
    /// <param name="other">The other name.</param>
    public bool EqualsExactly(DomainName other) => Wire.SequenceEqual(other.Wire);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DomainName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => AsciiCase.Hash(Wire);

    /// <summary>The canonical order: labels from the right, lower-cased, octet by octet, a missing octet or label first (RFC 4034 §6.1).</summary>
    /// <param name="other">The other name.</param>
    /// <returns>Less than zero when this name comes first, zero for equal names, more than zero otherwise.</returns>
    public int CompareTo(DomainName other)
    {
        Span<int> mine = stackalloc int[MaximumLabels];
        Span<int> theirs = stackalloc int[MaximumLabels];
        WriteLabelOffsets(mine);
        other.WriteLabelOffsets(theirs);
        var labels = Math.Min(_labelCount, other._labelCount);
        for (var i = 1; i <= labels; i++)
        {
            var difference = AsciiCase.Compare(LabelAt(mine[_labelCount - i]), other.LabelAt(theirs[other._labelCount - i]));
            if (difference != 0) return difference;
        }

        return _labelCount - other._labelCount;
    }

    /// <summary>Whether the names are equal.</summary>
    public static bool operator ==(DomainName left, DomainName right) => left.Equals(right);

    /// <summary>Whether the names differ.</summary>
    public static bool operator !=(DomainName left, DomainName right) => !left.Equals(right);

    /// <summary>Whether the left name comes first in canonical order.</summary>
    public static bool operator <(DomainName left, DomainName right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left name comes first in canonical order or is equal.</summary>
    public static bool operator <=(DomainName left, DomainName right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left name comes last in canonical order.</summary>
    public static bool operator >(DomainName left, DomainName right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left name comes last in canonical order or is equal.</summary>
    public static bool operator >=(DomainName left, DomainName right) => left.CompareTo(right) >= 0;

    internal int Offset => _offset;

    internal bool StandsIn(byte[] array) => ReferenceEquals(_array, array);

    /// <summary>The same name once its octets stand at the same place of another array.</summary>
    internal DomainName MovedTo(byte[] array) => new(array, _offset, _length, _labelCount);

    /// <summary>Whether both are the very same octets in memory: a quick yes, and a no that says nothing.</summary>
    internal bool IsSameMemory(DomainName other) => ReferenceEquals(_array, other._array) && _offset == other._offset && _length == other._length;

    private ReadOnlySpan<byte> LabelAt(int offset) => _array.AsSpan(offset + 1, _array![offset]);

    private int LabelOffset(int index)
    {
        var at = _offset;
        for (; index > 0; index--) at += _array![at] + 1;
        return at;
    }

    private void WriteLabelOffsets(Span<int> offsets)
    {
        var at = _offset;
        for (var i = 0; i < _labelCount; i++)
        {
            offsets[i] = at;
            at += _array![at] + 1;
        }
    }
}
