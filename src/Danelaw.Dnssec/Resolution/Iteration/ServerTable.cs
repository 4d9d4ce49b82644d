using System.Net;
using System.Net.Sockets;
using Danelaw.Dns.Transports;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>What is known of each address that was ever asked, as far as there is room.</summary>
internal sealed class ServerTable(IterationOptions options)
{
    private const int Capacity = 8192;

    private readonly Generations<IPAddress, ServerState> _servers = new(Capacity, static (_, _) => 1);
    private readonly FamilyState[] _families = [new(), new()];

    /// <summary>The state of an address; null for one that is not to be asked: of a family that is not used, or that can be nobody's.</summary>
    internal ServerState? Find(IPAddress address)
    {
        var isSix = address.AddressFamily == AddressFamily.InterNetworkV6;
        if (isSix ? !options.UseIPv6 : !options.UseIPv4) return null;
        if (!CanBeAsked(address, isSix)) return null;
        return _servers.GetOrAdd(address, this, static (address, table) => table.Make(address));
    }

    private ServerState Make(IPAddress address) =>
        new(new(TransportKind.Datagram, new(address, options.Port)), _families[FamilyState.IndexOf(address.AddressFamily)]);

    /// <summary>No host has the unspecified address, a multicast or a broadcast one (RFC 1122 §3.2.1.3, RFC 4291 §2.5.2); mapped ones would circumvent the choice of family.</summary>
    private static bool CanBeAsked(IPAddress address, bool isSix)
    {
        if (isSix) return !address.IsIPv6Multicast && !address.IsIPv4MappedToIPv6 && !address.Equals(IPAddress.IPv6Any);
        Span<byte> octets = stackalloc byte[4];
        return address.TryWriteBytes(octets, out _) && octets[0] is > 0 and < 224;
    }
}
