using Danelaw.Dns.Names;

namespace Danelaw.Dns.Records.Text;

/// <summary>IPSECKEY (RFC 4025 §3) and AMTRELAY (RFC 8777 §4.3): a gateway that is nothing, an address or a name.</summary>
internal static class GatewayText
{
    private const byte None = 0;
    private const byte Ipv4 = 1;
    private const byte Ipv6 = 2;
    private const byte Name = 3;

    internal static bool TryParseIpsecKey(ref RdataText text)
    {
        text.Expected = "the precedence";
        if (!text.TryNumber8(out var precedence)) return false;
        text.Expected = "the type of the gateway";
        if (!text.TryNumber8(out var type)) return false;
        text.Expected = "the algorithm";
        if (!text.TryNumber8(out var algorithm)) return false;
        text.Writer.Write8(precedence);
        text.Writer.Write8(type);
        text.Writer.Write8(algorithm);
        if (!TryGateway(ref text, type)) return false;
        text.Expected = "the public key";
        // RFC 4025 §2.4: algorithm 0 means that there is no key.
        return algorithm == 0 ? !text.HasMore || text.TakeAndFail("a key stands behind algorithm 0, which means none") : text.TryBase64Rest();
    }

    internal static bool TryFormatIpsecKey(Octets data, TextBuilder text)
    {
        var octets = data.Span;
        if (octets.Length < 3) return false;
        for (var i = 0; i < 3; i++)
        {
            text.AddNumber(octets[i]);
            text.Add(' ');
        }

        if (!TryFormatGateway(octets[1], data, 3, text, out var end) || (octets[2] == 0) != (end == octets.Length)) return false;
        if (octets[2] == 0) return true;
        text.Add(' ');
        text.AddBase64(octets[end..]);
        return true;
    }

    internal static bool TryParseRelay(ref RdataText text)
    {
        text.Expected = "the precedence";
        if (!text.TryNumber8(out var precedence)) return false;
        text.Expected = "the discovery-optional bit";
        if (!text.TryNumber(1, out var optional)) return false;
        text.Expected = "the type of the relay";
        if (!text.TryNumber(127, out var type)) return false;
        text.Writer.Write8(precedence);
        text.Writer.Write8((byte)((optional << 7) | type));
        return TryGateway(ref text, (byte)type);
    }

    internal static bool TryFormatRelay(Octets data, TextBuilder text)
    {
        var octets = data.Span;
        if (octets.Length < 2) return false;
        text.AddNumber(octets[0]);
        text.Add(' ');
        text.AddNumber((ulong)(octets[1] >> 7));
        text.Add(' ');
        text.AddNumber((ulong)(octets[1] & 0x7F));
        text.Add(' ');
        return TryFormatGateway((byte)(octets[1] & 0x7F), data, 2, text, out var end) && end == octets.Length;
    }

    private static bool TryGateway(ref RdataText text, byte type)
    {
        text.Expected = "the gateway";
        if (type == Name) return text.TryName();
        if (!text.TryWord(out var word)) return false;
        var length = type switch { Ipv4 => AddressText.Length4, Ipv6 => AddressText.Length6, _ => 0 };
        var isRight = type switch
        {
            None => word is ".",
            Ipv4 => AddressText.TryParse4(word, text.Writer.Reserve(length)),
            Ipv6 => AddressText.TryParse6(word, text.Writer.Reserve(length)),
            _ => false,
        };
        if (!isRight) return text.Fail($"'{RdataText.Shorten(word)}' is no gateway of type {type}");
        text.Writer.Advance(length);
        return true;
    }

    private static bool TryFormatGateway(byte type, Octets data, int start, TextBuilder text, out int end)
    {
        end = start;
        var rest = data.Span[start..];
        switch (type)
        {
            case None:
                text.Add('.');
                return true;
            case Ipv4 when rest.Length >= AddressText.Length4:
                AddressText.Format4(rest, text);
                end += AddressText.Length4;
                return true;
            case Ipv6 when rest.Length >= AddressText.Length6:
                AddressText.Format6(rest, text);
                end += AddressText.Length6;
                return true;
            case Name when DomainName.TryFromWire(data, start, out var name):
                text.AddName(name);
                end += name.Length;
                return true;
            default:
                return false;
        }
    }
}
