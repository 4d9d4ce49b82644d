using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Danelaw.Dns.Transports;

/// <summary>IP addresses as people and zone files write them: four decimal numbers, or IPv6; none of the shorthands of inet_aton.</summary>
internal static class AddressText
{
    internal static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (!text.Contains(':'))
        {
            Span<byte> octets = stackalloc byte[4];
            if (!TryParseIPv4(text, octets)) return false;
            address = new(octets);
            return true;
        }

        return text.Length <= 100 && !text.ContainsAny('[', ']') && IPAddress.TryParse(text, out address) && address.AddressFamily == AddressFamily.InterNetworkV6;
    }

    /// <summary>Four decimal numbers of 0 to 255 between dots, each of one to three digits.</summary>
    internal static bool TryParseIPv4(ReadOnlySpan<char> text, Span<byte> octets)
    {
        var (part, value, digits) = (0, 0, 0);
        foreach (var character in text)
        {
            if (character == '.')
            {
                if (digits == 0 || part == 3) return false;
                octets[part++] = (byte)value;
                (value, digits) = (0, 0);
                continue;
            }

            if (!char.IsAsciiDigit(character) || ++digits > 3) return false;
            value = (value * 10) + (character - '0');
            if (value > 255) return false;
        }

        if (digits == 0 || part != 3) return false;
        octets[3] = (byte)value;
        return true;
    }
}
