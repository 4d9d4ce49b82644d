using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Danelaw.Dns.Zones;

/// <summary>Words of a zone file in messages. A file is read so that each octet is one character; shown as such, UTF-8 would look like something else.</summary>
internal static class OctetWords
{
    /// <summary>What stands in quotes in a message: octets that are UTF-8 as what they mean, others as zone files write them, <c>\233</c> (RFC 1035 §5.1). The message's own words stay.</summary>
    /// <param name="message">The message.</param>
    internal static string Show(string message)
    {
        var (from, to) = (message.IndexOf('\''), message.LastIndexOf('\''));
        if (from == to || !message.AsSpan(from, to - from).ContainsAnyInRange('\x80', '\xFF')) return message;
        var octets = Encoding.Latin1.GetBytes(message[from..to]);
        var shown = Utf8.IsValid(octets)
            ? Encoding.UTF8.GetString(octets)
            : string.Concat(octets.Select(octet => octet < 0x80 ? $"{(char)octet}" : string.Create(CultureInfo.InvariantCulture, $"\\{octet:000}")));
        return message[..from] + shown + message[to..];
    }
}
