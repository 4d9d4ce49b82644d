using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records.Text;

namespace Danelaw.Dns.Transports;

public sealed partial record DnsServer
{
    /// <summary>The port of DNS over UDP and TCP.</summary>
    public const int DnsPort = 53;

    /// <summary>The port of DNS over TLS (RFC 7858 §3.1).</summary>
    public const int TlsPort = 853;

    private const int HttpsPort = 443;
    private const string DefaultPath = "/dns-query";

    /// <summary>
    /// Reads what a person wrote for a server: <c>ADDRESS</c>, <c>ADDRESS:PORT</c>, a bare IPv6 address, <c>[ADDRESS]:PORT</c>, the same after <c>udp://</c> or <c>tcp://</c>,
    /// <c>tls://HOST[:853]</c>, <c>https://HOST[:443]/dns-query</c>. Only the last two take a host name; its address is looked up when it is first asked.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="server">The server, or null on failure.</param>
    /// <param name="fault">One sentence that says what is wrong; empty on success.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out DnsServer? server, out string fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        server = null;
        text = text.Trim();
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) return TryParsePlain(text, TransportKind.Datagram, out server, out fault);
        var rest = text[(scheme + 3)..];
        switch (text[..scheme].ToLowerInvariant())
        {
            case "udp":
            case "dns":
                return TryParsePlain(rest.TrimEnd('/'), TransportKind.Datagram, out server, out fault);
            case "tcp":
                return TryParsePlain(rest.TrimEnd('/'), TransportKind.Tcp, out server, out fault);
            case "tls":
                return TryParseSecure(rest.TrimEnd('/'), TransportKind.Tls, TlsPort, null, out server, out fault);
            case "https":
                return TryParseHttps(rest, out server, out fault);
            default:
                fault = $"'{text[..scheme]}' is no way to reach a resolver: only tls:// and https:// (or an address alone) are known";
                return false;
        }
    }

    private static bool TryParsePlain(string text, TransportKind kind, [NotNullWhen(true)] out DnsServer? server, out string fault)
    {
        server = null;
        if (!TrySplitPort(text, DnsPort, out var host, out var port, out fault)) return false;
        if (!AddressText.TryParse(host, out var address))
        {
            fault = host.Length == 0 ? "the resolver's address is missing" : $"'{host}' is not an IP address; a resolver reached by plain DNS is given by its address";
            return false;
        }

        if (!CheckAddress(address, out fault)) return false;
        server = new(kind, new(address, port));
        return true;
    }

    private static bool TryParseHttps(string rest, [NotNullWhen(true)] out DnsServer? server, out string fault)
    {
        server = null;
        var slash = rest.IndexOfAny(['/', '?', '#']);
        var path = slash < 0 ? DefaultPath : rest[slash..];
        var authority = slash < 0 ? rest : rest[..slash];
        // RFC 8484 §4.1: a template such as /dns-query{?dns}; queries are posted, so the variable is not used.
        if (path.EndsWith("{?dns}", StringComparison.Ordinal)) path = path[..^6];
        if (path is "" or "/") path = DefaultPath;
        if (path[0] == '?') path = "/" + path;
        foreach (var character in path)
        {
            if (character is > ' ' and < '\x7F' and not ('#' or '{' or '}' or '"' or '<' or '>' or '\\' or '^' or '`' or '|')) continue;
            fault = $"the path '{path}' of the resolver's URL has a character that a URL cannot bear there";
            return false;
        }

        return TryParseSecure(authority, TransportKind.Https, HttpsPort, path, out server, out fault);
    }

    private static bool TryParseSecure(string authority, TransportKind kind, int defaultPort, string? path, [NotNullWhen(true)] out DnsServer? server, out string fault)
    {
        server = null;
        if (!TrySplitPort(authority, defaultPort, out var host, out var port, out fault)) return false;
        if (host.Length == 0)
        {
            fault = "the resolver's host is missing";
            return false;
        }

        if (AddressText.TryParse(host, out var address))
        {
            if (!CheckAddress(address, out fault)) return false;
            server = new(kind, new(address, port), address.ToString(), path);
            return true;
        }

        // A host name, as a certificate may bear it: letters, digits, hyphens; what is typed in other scripts becomes A-labels.
        if (!DomainName.TryFromUserInput(host, out var name, out _) || name.IsRoot || !IsHostName(name))
        {
            fault = $"'{host}' is neither an IP address nor a host name";
            return false;
        }

        server = new(kind, new(IPAddress.Any, port), name.ToString().TrimEnd('.').ToLowerInvariant(), path);
        return true;
    }

    private static bool CheckAddress(IPAddress address, out string fault)
    {
        fault = "";
        if (!address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)) return true;
        fault = $"{address} means every address of a machine and cannot be asked";
        return false;
    }

    private static bool IsHostName(DomainName name)
    {
        for (var i = 0; i < name.LabelCount; i++)
            foreach (var octet in name.GetLabel(i))
                if (!char.IsAsciiLetterOrDigit((char)octet) && octet is not ((byte)'-' or (byte)'_')) return false;
        // RFC 3696 §2: a last label of digits alone is a mistyped address.
        return name.GetLabel(name.LabelCount - 1).ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    private static bool TrySplitPort(string text, int defaultPort, out string host, out int port, out string fault)
    {
        (host, port, fault) = (text, defaultPort, "");
        string? digits = null;
        if (text.StartsWith('['))
        {
            var close = text.IndexOf(']');
            if (close < 0 || (close + 1 < text.Length && text[close + 1] != ':'))
            {
                fault = $"'{text}' does not close its bracket as in [2001:db8::1]:53";
                return false;
            }

            host = text[1..close];
            if (close + 1 < text.Length) digits = text[(close + 2)..];
            if (!AddressText.TryParse(host, out var address) || address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
            {
                fault = $"'{host}' in brackets is not an IPv6 address";
                return false;
            }
        }
        else
        {
            var colon = text.IndexOf(':');
            // More than one colon outside brackets is a bare address of IPv6.
            if (colon >= 0 && colon == text.LastIndexOf(':')) (host, digits) = (text[..colon], text[(colon + 1)..]);
        }

        if (digits is null) return true;
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65535) return true;
        fault = $"'{digits}' is not a port: a number from 1 to 65535";
        return false;
    }
}
