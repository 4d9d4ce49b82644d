using System.Globalization;

namespace Danelaw.Dns.Records.Text;

/// <summary>WKS (RFC 1035 §3.4.2): an address, a protocol, and a bitmap of ports.</summary>
internal static class ServiceListText
{
    private const byte Tcp = 6;
    private const byte Udp = 17;

    /// <summary>RFC 1010, as far as such records still have them.</summary>
    private static readonly (string Text, ushort Port)[] Services =
    [
        ("echo", 7), ("discard", 9), ("daytime", 13), ("ftp-data", 20), ("ftp", 21), ("ssh", 22), ("telnet", 23), ("smtp", 25), ("time", 37), ("domain", 53), ("tftp", 69), ("gopher", 70),
        ("finger", 79), ("http", 80), ("pop3", 110), ("sunrpc", 111), ("nntp", 119), ("ntp", 123), ("imap2", 143), ("snmp", 161), ("https", 443),
    ];

    internal static bool TryParse(ref RdataText text)
    {
        text.Expected = "the address";
        if (!text.TryWord(out var word)) return false;
        if (!AddressText.TryParse4(word, text.Writer.Reserve(AddressText.Length4))) return text.Fail($"'{RdataText.Shorten(word)}' is not an IPv4 address");
        text.Writer.Advance(AddressText.Length4);
        text.Expected = "the protocol";
        if (text.IsNext("TCP") || text.IsNext("UDP"))
        {
            text.TryTake(out word);
            text.Writer.Write8(word.StartsWith("T", StringComparison.OrdinalIgnoreCase) ? Tcp : Udp);
        }
        else
        {
            if (!text.TryNumber8(out var protocol)) return false;
            text.Writer.Write8(protocol);
        }

        var ports = new byte[8192];
        while (text.HasMore)
        {
            if (!text.TryWord(out word)) return false;
            if (!TryPort(word, out var port)) return text.Fail($"'{RdataText.Shorten(word)}' is no port from 0 to 65535 nor a service that is known by name");
            ports[port >> 3] |= (byte)(0x80 >> (port & 7));
        }

        text.Writer.Write(ports.AsSpan(0, ports.AsSpan().LastIndexOfAnyExcept((byte)0) + 1));
        return true;
    }

    internal static bool TryFormat(ReadOnlySpan<byte> data, TextBuilder text)
    {
        if (data.Length < 5) return false;
        AddressText.Format4(data, text);
        text.Add(' ');
        text.AddNumber(data[4]);
        var ports = data[5..];
        if (ports.Length > 8192 || (!ports.IsEmpty && ports[^1] == 0)) return false;
        for (var port = 0; port < ports.Length * 8; port++)
        {
            if ((ports[port >> 3] & (0x80 >> (port & 7))) == 0) continue;
            text.Add(' ');
            text.AddNumber((ulong)port);
        }

        return true;
    }

    private static bool TryPort(ReadOnlySpan<char> word, out ushort port)
    {
        if (ushort.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out port)) return true;
        foreach (var service in Services)
        {
            if (!word.Equals(service.Text, StringComparison.OrdinalIgnoreCase)) continue;
            port = service.Port;
            return true;
        }

        return false;
    }
}
