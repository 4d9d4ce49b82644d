using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Danelaw.Cli.Running;

/// <summary>What people give for a name and is something else. The DNS allows nearly every octet in a name, so that the answer would be that there is none; with a closing dot it is taken as it stands.</summary>
internal static class Lookalikes
{
    /// <summary>What the text is, and what was probably meant; null for what may be a name.</summary>
    public static (string What, string Hint)? Of(string text)
    {
        if (text.EndsWith('.')) return null;
        if (IsAddress(text, out var address)) return ("an address and no name", $"the name that stands for it is {ReverseName(address)}: danelaw lookup {ReverseName(address)} PTR");
        if (text.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0) return ("a URL and no name", $"give the host alone: {uri.IdnHost}");
        if (text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && text.IndexOf('\\', StringComparison.Ordinal) < 0) return ("a mail address and no name", $"give the domain alone: danelaw lookup {text[(at + 1)..]} MX");
        return null;
    }

    private static bool IsAddress(string text, out IPAddress address)
    {
        address = IPAddress.None;
        var isLike = text.Contains(':', StringComparison.Ordinal) || (text.Count(character => character == '.') == 3 && text.All(character => char.IsAsciiDigit(character) || character == '.'));
        if (!isLike || !IPAddress.TryParse(text, out var read)) return false;
        address = read;
        return true;
    }

    /// <summary>RFC 1035 §3.5, RFC 3596 §2.5.</summary>
    private static string ReverseName(IPAddress address)
    {
        var octets = address.GetAddressBytes().Reverse();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? string.Join('.', octets) + ".in-addr.arpa"
            : string.Join('.', octets.SelectMany(octet => (int[])[octet & 15, octet >> 4]).Select(nibble => nibble.ToString("x", CultureInfo.InvariantCulture))) + ".ip6.arpa";
    }
}
