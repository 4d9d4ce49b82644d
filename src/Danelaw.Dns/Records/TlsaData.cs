namespace Danelaw.Dns.Records;

/// <summary>RDATA of TLSA (RFC 6698 §2.1) and SMIMEA (RFC 8162 §2), as it stands in the record and not yet judged.</summary>
/// <param name="Usage">The certificate usage; any octet.</param>
/// <param name="Selector">The selector; any octet.</param>
/// <param name="Matching">The matching type; any octet.</param>
/// <param name="Association">The certificate association data, of any length.</param>
public readonly record struct TlsaData(TlsaUsage Usage, TlsaSelector Selector, TlsaMatching Matching, Octets Association)
{
    /// <summary>Reads RDATA, sharing its octets.</summary>
    /// <param name="data">The RDATA.</param>
    /// <param name="view">What it says; the default on failure.</param>
    /// <returns>False when it has fewer than 3 octets.</returns>
    public static bool TryRead(Octets data, out TlsaData view)
    {
        view = default;
        if (data.Length < 3) return false;
        var octets = data.Span;
        view = new((TlsaUsage)octets[0], (TlsaSelector)octets[1], (TlsaMatching)octets[2], data.Slice(3));
        return true;
    }

    /// <summary>The RDATA.</summary>
    public Octets ToOctets()
    {
        var octets = new byte[3 + Association.Length];
        octets[0] = (byte)Usage;
        octets[1] = (byte)Selector;
        octets[2] = (byte)Matching;
        Association.Span.CopyTo(octets.AsSpan(3));
        return new(octets);
    }
}
