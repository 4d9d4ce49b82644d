using System.Globalization;
using Danelaw.Dns;
using Danelaw.Dns.Records;

namespace Danelaw.Tlsa;

/// <summary>What a TLSA record says (RFC 6698 §2.1), usable or not. The default is 0 0 0 with no data, which is unusable.</summary>
/// <param name="Usage">The certificate usage; any octet.</param>
/// <param name="Selector">The selector; any octet.</param>
/// <param name="Matching">The matching type; any octet.</param>
/// <param name="Data">The certificate association data.</param>
public readonly partial record struct TlsaRecord(TlsaUsage Usage, TlsaSelector Selector, TlsaMatching Matching, Octets Data)
{
    /// <summary>How many octets of RDATA stand before the certificate association data (RFC 6698 §2.1).</summary>
    public const int HeaderLength = 3;

    /// <summary>The most octets of certificate association data that RDATA has room for.</summary>
    public const int MaximumDataLength = ushort.MaxValue - HeaderLength;

    /// <summary>Reads RDATA. The values may be unknown and the data of any length: <see cref="UsabilityFor"/> tells whether the record can be used.</summary>
    /// <param name="data">The RDATA; shared, not copied.</param>
    /// <param name="record">The record, or the default on failure.</param>
    /// <returns>False for fewer than three octets: such a record counts as present and unusable (R35).</returns>
    public static bool TryFromRecordData(Octets data, out TlsaRecord record)
    {
        record = default;
        if (data.Length < HeaderLength) return false;
        var octets = data.Span;
        record = new((TlsaUsage)octets[0], (TlsaSelector)octets[1], (TlsaMatching)octets[2], data.Slice(HeaderLength));
        return true;
    }

    /// <summary>The RDATA (RFC 6698 §2.1).</summary>
    public Octets ToRecordData()
    {
        var octets = new byte[HeaderLength + Data.Length];
        octets[0] = (byte)Usage;
        octets[1] = (byte)Selector;
        octets[2] = (byte)Matching;
        Data.Span.CopyTo(octets.AsSpan(HeaderLength));
        return new(octets);
    }

    /// <summary>The parameters alone, such as <c>3 1 1</c>.</summary>
    public string Parameters => string.Create(CultureInfo.InvariantCulture, $"{(byte)Usage} {(byte)Selector} {(byte)Matching}");

    /// <summary>Presentation form (RFC 6698 §2.2): three decimals, then hexadecimal digits in lower case.</summary>
    public override string ToString() => Data.IsEmpty ? Parameters : $"{Parameters} {Data.ToHex()}";
}
