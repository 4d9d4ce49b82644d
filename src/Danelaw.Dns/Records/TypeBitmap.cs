using System.Buffers;

namespace Danelaw.Dns.Records;

/// <summary>The types that exist at a name, as NSEC, NSEC3 and CSYNC list them (RFC 4034 §4.1.2). The default is empty. Compares by content.</summary>
public readonly struct TypeBitmap : IEquatable<TypeBitmap>
{
    private readonly Octets _octets;

    private TypeBitmap(Octets octets) => _octets = octets;

    /// <summary>Whether no type is listed.</summary>
    public bool IsEmpty => _octets.IsEmpty;

    /// <summary>Takes the octets of a bitmap, sharing them.</summary>
    /// <param name="octets">Windows one after another; none at all is an empty bitmap.</param>
    /// <param name="types">The types, or none on failure.</param>
    /// <returns>False when <see cref="IsWellFormed"/> is.</returns>
    public static bool TryRead(Octets octets, out TypeBitmap types)
    {
        var isWellFormed = IsWellFormed(octets.Span);
        types = isWellFormed ? new(octets) : default;
        return isWellFormed;
    }

    /// <summary>Whether octets are a bitmap as RFC 4034 §4.1.2 wants it: windows ascending, 1 to 32 octets each, the last of them not zero.</summary>
    /// <param name="octets">The octets; none at all are well-formed.</param>
    public static bool IsWellFormed(ReadOnlySpan<byte> octets)
    {
        var previous = -1;
        while (!octets.IsEmpty)
        {
            if (octets.Length < 3) return false;
            int window = octets[0];
            int length = octets[1];
            if (window <= previous || length is 0 or > 32 || octets.Length < 2 + length || octets[1 + length] == 0) return false;
            previous = window;
            octets = octets[(2 + length)..];
        }

        return true;
    }

    /// <summary>Makes the bitmap of some types.</summary>
    /// <param name="types">The types in any order, repetitions allowed.</param>
    public static TypeBitmap Create(params IEnumerable<RecordType> types)
    {
        ArgumentNullException.ThrowIfNull(types);
        return Create([.. types]);
    }

    /// <summary>Makes the bitmap of some types.</summary>
    /// <param name="types">The types in any order, repetitions allowed.</param>
    public static TypeBitmap Create(ReadOnlySpan<RecordType> types)
    {
        Span<byte> bits = stackalloc byte[32];
        var octets = new ArrayBufferWriter<byte>(2 + bits.Length);
        // Nearly all types stand in the first window.
        for (var window = 0; window >= 0;)
        {
            bits.Clear();
            var (length, next) = (0, -1);
            foreach (var type in types)
            {
                var number = (int)type;
                if (number >> 8 > window && (next < 0 || number >> 8 < next)) next = number >> 8;
                if (number >> 8 != window) continue;
                var index = (number & 0xFF) >> 3;
                bits[index] |= (byte)(0x80 >> (number & 7));
                length = Math.Max(length, index + 1);
            }

            if (length > 0) octets.Write([(byte)window, (byte)length, .. bits[..length]]);
            window = next;
        }

        return new(Octets.Copy(octets.WrittenSpan));
    }

    /// <summary>Whether a type is listed.</summary>
    /// <param name="type">The type.</param>
    public bool Contains(RecordType type)
    {
        var octets = _octets.Span;
        while (!octets.IsEmpty)
        {
            int length = octets[1];
            if (octets[0] == (int)type >> 8)
            {
                var index = ((int)type & 0xFF) >> 3;
                return index < length && (octets[2 + index] & (0x80 >> ((int)type & 7))) != 0;
            }

            octets = octets[(2 + length)..];
        }

        return false;
    }

    /// <summary>The wire form.</summary>
    public Octets ToOctets() => _octets;

    /// <summary>The types in ascending order.</summary>
    public Enumerator GetEnumerator() => new(_octets);

    /// <summary>The mnemonics in ascending order, with blanks between them.</summary>
    public override string ToString()
    {
        var texts = new List<string>();
        foreach (var type in this) texts.Add(RecordTypes.ToText(type));
        return string.Join(' ', texts);
    }

    /// <inheritdoc/>
    public bool Equals(TypeBitmap other) => _octets.Equals(other._octets);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TypeBitmap other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _octets.GetHashCode();

    /// <summary>Whether the same types are listed.</summary>
    public static bool operator ==(TypeBitmap left, TypeBitmap right) => left.Equals(right);

    /// <summary>Whether other types are listed.</summary>
    public static bool operator !=(TypeBitmap left, TypeBitmap right) => !left.Equals(right);

    /// <summary>Walks the types in ascending order.</summary>
    public struct Enumerator
    {
        private readonly Octets _octets;
        private int _window;
        private int _bit;

        internal Enumerator(Octets octets)
        {
            _octets = octets;
            _window = 0;
            _bit = -1;
        }

        /// <summary>The type that the walk stands on.</summary>
        public RecordType Current { get; private set; }

        /// <summary>Goes to the next type.</summary>
        /// <returns>False behind the last one.</returns>
        public bool MoveNext()
        {
            var octets = _octets.Span;
            while (_window < octets.Length)
            {
                while (++_bit < octets[_window + 1] * 8)
                {
                    if ((octets[_window + 2 + (_bit >> 3)] & (0x80 >> (_bit & 7))) == 0) continue;
                    Current = (RecordType)((octets[_window] << 8) | _bit);
                    return true;
                }

                _window += 2 + octets[_window + 1];
                _bit = -1;
            }

            return false;
        }
    }
}
