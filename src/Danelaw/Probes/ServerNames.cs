using Danelaw.Dns.Names;

namespace Danelaw.Probes;

/// <summary>The name that goes into SNI (RFC 6066 §3): A-labels without the closing dot.</summary>
internal static class ServerNames
{
    /// <summary>The text to send; empty, so no SNI, when the name is no host name: SNI carries letters, digits, hyphens and, as found in practice, underscores.</summary>
    internal static string ToSni(DomainName name)
    {
        if (name.IsRoot) return "";
        for (var i = 0; i < name.LabelCount; i++)
            foreach (var octet in name.GetLabel(i))
                if (!char.IsAsciiLetterOrDigit((char)octet) && octet is not ((byte)'-' or (byte)'_')) return "";
        return name.ToString()[..^1];
    }
}
