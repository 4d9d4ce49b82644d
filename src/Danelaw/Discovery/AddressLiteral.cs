using System.Net;
using Danelaw.Dns.Names;

namespace Danelaw.Discovery;

/// <summary>Addresses where a record must name a host (R20).</summary>
internal static class AddressLiteral
{
    /// <summary>The address that stands in the place of a name: <c>192.0.2.1.</c>, or IPv6 in one label; null when it is a name.</summary>
    internal static IPAddress? In(DomainName name)
    {
        if (name.LabelCount is not (1 or 4)) return null;
        var text = name.ToString()[..^1].Replace("\\", "", StringComparison.Ordinal);
        if (text is ['[', .., ']']) text = text[1..^1];
        if (text.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase)) text = text[5..];
        if (!IPAddress.TryParse(text, out var address)) return null;

        // Four decimal numbers; not the shorthands that the parser reads besides, such as "10".
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 || (name.LabelCount == 4 && text.All(character => char.IsAsciiDigit(character) || character == '.')) ? address : null;
    }
}
