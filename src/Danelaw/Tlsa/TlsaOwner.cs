using System.Globalization;
using System.Text;
using Danelaw.Dns.Names;

namespace Danelaw.Tlsa;

/// <summary>What carries the service, as a TLSA owner names it (RFC 6698 §3). Closed.</summary>
public enum TlsaTransport
{
    /// <summary><c>_tcp</c>.</summary>
    Tcp = 0,

    /// <summary><c>_udp</c> (DTLS).</summary>
    Udp,

    /// <summary><c>_sctp</c>.</summary>
    Sctp,
}

/// <summary>The owner name of TLSA records (R01, RFC 6698 §3): <c>_port._transport.</c> and the base domain.</summary>
public static class TlsaOwner
{
    /// <summary>Makes the owner name for a service over TCP.</summary>
    /// <param name="port">The port, 1 to 65535.</param>
    /// <param name="baseDomain">The TLSA base domain, such as the MX host's name.</param>
    /// <param name="owner">The owner name, or the root on failure.</param>
    /// <returns>False for port 0, or when the name would be longer than 255 octets.</returns>
    public static bool TryFor(int port, DomainName baseDomain, out DomainName owner) => TryFor(port, TlsaTransport.Tcp, baseDomain, out owner);

    /// <summary>Makes the owner name.</summary>
    /// <param name="port">The port, 1 to 65535.</param>
    /// <param name="transport">What carries the service.</param>
    /// <param name="baseDomain">The TLSA base domain, such as the MX host's name.</param>
    /// <param name="owner">The owner name, or the root on failure.</param>
    /// <returns>False for a port out of range, or when the name would be longer than 255 octets.</returns>
    public static bool TryFor(int port, TlsaTransport transport, DomainName baseDomain, out DomainName owner)
    {
        owner = default;
        if (port is < 1 or > ushort.MaxValue) return false;

        // RFC 6698 §3: the port in decimal without leading zeros, an underscore before it.
        Span<byte> label = stackalloc byte[8];
        label[0] = (byte)'_';
        return port.TryFormat(label[1..], out var digits, default, CultureInfo.InvariantCulture)
            && baseDomain.TryPrepend(Label(transport), out var service)
            && service.TryPrepend(label[..(digits + 1)], out owner);
    }

    /// <summary>Takes an owner name apart.</summary>
    /// <param name="owner">The name that TLSA records stand at, or may stand at.</param>
    /// <param name="port">The port, or 0.</param>
    /// <param name="transport">What carries the service.</param>
    /// <param name="baseDomain">The base domain, or the root.</param>
    /// <returns>False when no client would ask for TLSA records at that name: another first label, a leading zero, another transport.</returns>
    public static bool TryRead(DomainName owner, out int port, out TlsaTransport transport, out DomainName baseDomain)
    {
        port = 0;
        transport = default;
        baseDomain = default;
        if (owner.LabelCount < 2) return false;
        var first = owner.GetLabel(0);
        if (first.Length < 2 || first[0] != '_' || first[1] == '0') return false;
        if (!ushort.TryParse(first[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        foreach (var candidate in (ReadOnlySpan<TlsaTransport>)[TlsaTransport.Tcp, TlsaTransport.Udp, TlsaTransport.Sctp])
        {
            if (!Ascii.EqualsIgnoreCase(owner.GetLabel(1), Label(candidate))) continue;
            port = number;
            transport = candidate;
            baseDomain = owner.Parent.Parent;
            return true;
        }

        return false;
    }

    private static ReadOnlySpan<byte> Label(TlsaTransport transport) => transport switch
    {
        TlsaTransport.Tcp => "_tcp"u8,
        TlsaTransport.Udp => "_udp"u8,
        TlsaTransport.Sctp => "_sctp"u8,
    };
}
