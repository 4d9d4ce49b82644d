using System.Buffers;
using System.Runtime.InteropServices;

namespace Danelaw.Dns;

/// <summary>Immutable octets that compare by content. The default is empty. Whoever makes one from memory of their own must not change that memory afterwards.</summary>
public readonly struct Octets : IEquatable<Octets>
{
    private readonly byte[]? _array;
    private readonly int _offset;
    private readonly int _length;

    /// <summary>Takes the memory as it is, without a copy when it stands on an array.</summary>
    /// <param name="memory">The octets; they must not change any more.</param>
    public Octets(ReadOnlyMemory<byte> memory)
    {
        if (memory.IsEmpty) return;
        if (MemoryMarshal.TryGetArray(memory, out var segment))
        {
            _array = segment.Array;
            _offset = segment.Offset;
            _length = segment.Count;
        }
        else
        {
            _array = memory.ToArray();
            _length = _array.Length;
        }
    }

    internal Octets(byte[] array, int offset, int length)
    {
        _array = array;
        _offset = offset;
        _length = length;
    }

    /// <summary>The octets.</summary>
    public ReadOnlySpan<byte> Span => new(_array, _offset, _length);

    /// <summary>The octets, for interfaces that take memory.</summary>
    public ReadOnlyMemory<byte> Memory => new(_array, _offset, _length);

    /// <summary>How many octets there are, 0 or more.</summary>
    public int Length => _length;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _length == 0;

    internal byte[]? Array => _array;

    internal int Offset => _offset;

    internal bool StandsIn(byte[] array) => ReferenceEquals(_array, array);

    /// <summary>The same once they stand at the same place of another array.</summary>
    internal Octets MovedTo(byte[] array) => new(array, _offset, _length);

    /// <summary>An independent copy.</summary>
    /// <param name="octets">What to copy.</param>
    public static Octets Copy(ReadOnlySpan<byte> octets) => octets.IsEmpty ? default : new(octets.ToArray(), 0, octets.Length);

    /// <summary>Reads hexadecimal digits of either case, an even number of them and nothing else; none at all give empty octets.</summary>
    /// <param name="digits">The digits.</param>
    /// <param name="octets">What they say, or empty on failure.</param>
    /// <returns>False for an odd number of digits or another character.</returns>
    public static bool TryParseHex(ReadOnlySpan<char> digits, out Octets octets)
    {
        octets = default;
        if (digits.Length % 2 != 0) return false;
        if (digits.IsEmpty) return true;
        var bytes = new byte[digits.Length / 2];
        if (Convert.FromHexString(digits, bytes, out _, out _) != OperationStatus.Done) return false;
        octets = new(bytes, 0, bytes.Length);
        return true;
    }

    /// <summary>A part of these octets, without a copy.</summary>
    /// <param name="start">Where it starts, 0 to <see cref="Length"/>.</param>
    /// <param name="length">How long it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie within these octets.</exception>
    public Octets Slice(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(unchecked((uint)start), (uint)_length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(unchecked((uint)length), (uint)(_length - start));
        return length == 0 ? default : new(_array!, _offset + start, length);
    }

    /// <summary>What stands from a place to the end, without a copy.</summary>
    /// <param name="start">Where it starts, 0 to <see cref="Length"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The place lies outside.</exception>
    public Octets Slice(int start) => Slice(start, unchecked(_length - start));

    /// <summary>The same octets in an array of their own size, for what is kept long after the packet that it came from.</summary>
    public Octets ToOwned() => _array is null || _array.Length == _length ? this : Copy(Span);

    /// <summary>Hexadecimal digits in lower case.</summary>
    public string ToHex() => Convert.ToHexStringLower(Span);

    /// <summary>Base64 with padding (RFC 4648 §4).</summary>
    public string ToBase64() => Convert.ToBase64String(Span);

    /// <summary>An array of their own.</summary>
    public byte[] ToArray() => Span.ToArray();

    /// <summary>The same as <see cref="ToHex"/>.</summary>
    public override string ToString() => ToHex();

    /// <inheritdoc/>
    public bool Equals(Octets other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Octets other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Whether the octets are the same.</summary>
    public static bool operator ==(Octets left, Octets right) => left.Equals(right);

    /// <summary>Whether the octets differ.</summary>
    public static bool operator !=(Octets left, Octets right) => !left.Equals(right);
}
