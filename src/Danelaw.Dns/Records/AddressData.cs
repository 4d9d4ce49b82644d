using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Danelaw.Dns.Records;

/// <summary>RDATA of A (RFC 1035 §3.4.1) and AAAA (RFC 3596 §2.2).</summary>
public static class AddressData
{
    /// <summary>Reads RDATA.</summary>
    /// <param name="type">A or AAAA.</param>
    /// <param name="data">The RDATA.</param>
    /// <param name="address">The address; null on failure.</param>
    /// <returns>False for another type, or a length other than 4 and 16 octets respectively.</returns>
    public static bool TryRead(RecordType type, Octets data, [NotNullWhen(true)] out IPAddress? address)
    {
        var isAddress = (type, data.Length) is (RecordType.A, 4) or (RecordType.AAAA, 16);
        address = isAddress ? new IPAddress(data.Span) : null;
        return isAddress;
    }

    /// <summary>The RDATA of an address: of A for IPv4, of AAAA for IPv6.</summary>
    /// <param name="address">The address.</param>
    public static Octets ToOctets(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new(address.GetAddressBytes());
    }
}
