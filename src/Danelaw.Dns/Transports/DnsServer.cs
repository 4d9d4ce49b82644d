using System.Net;

namespace Danelaw.Dns.Transports;

/// <summary>How a server is spoken to.</summary>
public enum TransportKind
{
    /// <summary>UDP first, TCP when the reply is truncated (RFC 1035 §4.2, RFC 7766).</summary>
    Datagram = 0,

    /// <summary>TCP alone (RFC 7766).</summary>
    Tcp,

    /// <summary>DNS over TLS (RFC 7858).</summary>
    Tls,

    /// <summary>DNS over HTTPS (RFC 8484).</summary>
    Https,
}

/// <summary>A server that can be asked.</summary>
/// <param name="Kind">How.</param>
/// <param name="EndPoint">Its address and port; the address is <see cref="IPAddress.Any"/> as long as only <paramref name="HostName"/> is known, which the transport then looks up.</param>
/// <param name="HostName">For TLS and HTTPS: the name or address that its certificate must bear; otherwise null.</param>
/// <param name="Path">For HTTPS: the path, such as <c>/dns-query</c>; otherwise null.</param>
public sealed partial record DnsServer(TransportKind Kind, IPEndPoint EndPoint, string? HostName = null, string? Path = null)
{
    /// <summary>Whether the address is still to be looked up by <see cref="HostName"/>.</summary>
    public bool NeedsAddress => HostName is not null && IPAddress.Any.Equals(EndPoint.Address);

    /// <summary>As a person would write it: <c>192.0.2.1:53</c>, <c>tcp://…</c>, <c>tls://…</c>, <c>https://…</c>.</summary>
    public override string ToString() => Kind switch
    {
        TransportKind.Datagram => EndPoint.ToString(),
        TransportKind.Tcp => $"tcp://{EndPoint}",
        TransportKind.Tls => $"tls://{HostText}:{EndPoint.Port}",
        TransportKind.Https => $"https://{HostText}:{EndPoint.Port}{Path}",
    };

    /// <summary>The host as it stands in a URI: a literal of IPv6 in brackets (RFC 3986 §3.2.2).</summary>
    internal string HostText
    {
        get
        {
            var host = HostName ?? EndPoint.Address.ToString();
            return host.Contains(':') ? $"[{host}]" : host;
        }
    }
}
