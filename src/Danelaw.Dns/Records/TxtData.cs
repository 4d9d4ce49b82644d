using System.Collections.Immutable;

namespace Danelaw.Dns.Records;

/// <summary>RDATA of TXT (RFC 1035 §3.3.14): one character-string or more.</summary>
public readonly struct TxtData : IEquatable<TxtData>
{
    private readonly Octets _data;

    private TxtData(Octets data) => _data = data;

    /// <summary>The character-strings in order, 0 to 255 octets each.</summary>
    public ImmutableArray<Octets> Strings
    {
        get
        {
            var strings = ImmutableArray.CreateBuilder<Octets>();
            for (var at = 0; at < _data.Length; at += 1 + _data.Span[at]) strings.Add(_data.Slice(at + 1, _data.Span[at]));
            return strings.DrainToImmutable();
        }
    }

    /// <summary>Reads RDATA, sharing its octets.</summary>
    /// <param name="data">The RDATA.</param>
    /// <param name="view">What it says; the default, without strings, on failure.</param>
    /// <returns>False when the octets are not character-strings one after another, at least one.</returns>
    public static bool TryRead(Octets data, out TxtData view)
    {
        var isWellFormed = RecordData.IsWellFormed(RecordType.TXT, data.Span);
        view = isWellFormed ? new(data) : default;
        return isWellFormed;
    }

    /// <summary>The octets of all strings, one after another: how SPF (RFC 7208 §3.3) and others read them.</summary>
    public Octets Join()
    {
        var joined = new byte[_data.Length];
        var length = 0;
        foreach (var text in Strings)
        {
            text.Span.CopyTo(joined.AsSpan(length));
            length += text.Length;
        }

        return new(joined.AsMemory(0, length));
    }

    /// <summary>The RDATA.</summary>
    public Octets ToOctets() => _data;

    /// <inheritdoc/>
    public bool Equals(TxtData other) => _data.Equals(other._data);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TxtData other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _data.GetHashCode();

    /// <summary>Whether the strings are the same.</summary>
    public static bool operator ==(TxtData left, TxtData right) => left.Equals(right);

    /// <summary>Whether the strings differ.</summary>
    public static bool operator !=(TxtData left, TxtData right) => !left.Equals(right);
}
