using System.Net;
using System.Net.Sockets;

namespace Danelaw.Servers;

/// <summary>What this machine's own routing says.</summary>
public static class Routes
{
    private const int AnyPort = 53;

    /// <summary>Whether packets to an address have a way to go. Nothing is sent.</summary>
    /// <param name="address">The address.</param>
    public static bool HasRoute(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        try
        {
            // Connecting a datagram socket asks the routing table, and nobody else.
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(new IPEndPoint(address, AnyPort));
            return true;
        }
        catch (SocketException fault)
        {
            return fault.SocketErrorCode is not (SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.AddressFamilyNotSupported or SocketError.ProtocolFamilyNotSupported or SocketError.AddressNotAvailable);
        }
    }
}
