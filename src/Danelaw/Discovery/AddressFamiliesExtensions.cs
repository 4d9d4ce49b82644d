using System.Net.Sockets;
using Danelaw.Dns.Records;

namespace Danelaw.Discovery;

/// <summary>What follows from a choice of address families.</summary>
public static class AddressFamiliesExtensions
{
    /// <summary>The types of records that hold their addresses, IPv4 first.</summary>
    /// <param name="families">The families.</param>
    public static IReadOnlyList<RecordType> ToRecordTypes(this AddressFamilies families) => families switch
    {
        AddressFamilies.Both => [RecordType.A, RecordType.AAAA],
        AddressFamilies.IPv4 => [RecordType.A],
        AddressFamilies.IPv6 => [RecordType.AAAA],
    };

    /// <summary>Whether addresses of a family are used.</summary>
    /// <param name="families">The families.</param>
    /// <param name="family">The family of an address.</param>
    public static bool Includes(this AddressFamilies families, AddressFamily family) => families switch
    {
        AddressFamilies.Both => true,
        AddressFamilies.IPv4 => family == AddressFamily.InterNetwork,
        AddressFamilies.IPv6 => family == AddressFamily.InterNetworkV6,
    };
}
