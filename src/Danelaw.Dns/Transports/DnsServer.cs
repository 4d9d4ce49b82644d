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
/// <param name="EndPoint">Its address and port.</param>
/// <param name="HostName">For TLS and HTTPS: the name or address that its certificate must bear; otherwise null.</param>
/// <param name="Path">For HTTPS: the path, such as <c>/dns-query</c>; otherwise null.</param>
public sealed record DnsServer(TransportKind Kind, IPEndPoint EndPoint, string? HostName = null, string? Path = null)
{
    /// <summary>As a person would write it: <c>192.0.2.1:53</c>, <c>tcp://…</c>, <c>tls://…</c>, <c>https://…</c>.</summary>
    public override string ToString() => Kind switch
    {
        TransportKind.Datagram => EndPoint.ToString(),
        TransportKind.Tcp => $"tcp://{EndPoint}",
        TransportKind.Tls => $"tls://{HostName ?? EndPoint.Address.ToString()}:{EndPoint.Port}",
        TransportKind.Https => $"https://{HostName ?? EndPoint.Address.ToString()}:{EndPoint.Port}{Path}",
    };
}
