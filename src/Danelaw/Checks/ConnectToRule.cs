using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Danelaw.Dns.Names;

namespace Danelaw.Checks;

/// <summary>Connects elsewhere than the DNS says, as curl's <c>--connect-to</c>: SNI, TLSA and names stay those of the host. The first rule that fits counts.</summary>
/// <param name="Host">The host's name that it applies to; null with <paramref name="Address"/> null is any host.</param>
/// <param name="Address">The address that it applies to; null with <paramref name="Host"/> null is any.</param>
/// <param name="Port">The port that it applies to; null is any.</param>
/// <param name="ToAddress">Where to connect; null keeps the address.</param>
/// <param name="ToPort">The port to connect to; null keeps the port.</param>
public sealed record ConnectToRule(DomainName? Host, IPAddress? Address, ushort? Port, IPAddress? ToAddress, ushort? ToPort)
{
    /// <summary>Reads <c>HOST1:PORT1:HOST2:PORT2</c>; each part may be empty, IPv6 addresses stand in brackets. HOST2 is an address, or <c>localhost</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="rule">The rule, or null on failure.</param>
    /// <param name="fault">What is wrong, in a few words for people; empty on success.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ConnectToRule? rule, out string fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        rule = null;
        if (!TrySplit(text, out var parts))
        {
            fault = "it is not HOST1:PORT1:HOST2:PORT2, of which any part may be empty";
            return false;
        }

        if (!TryReadHost(parts[0], out var host, out var address))
        {
            fault = "HOST1 is neither a name nor an address";
            return false;
        }

        if (!TryReadPort(parts[1], out var port) || !TryReadPort(parts[3], out var toPort))
        {
            fault = "a port is not a number from 1 to 65535";
            return false;
        }

        IPAddress? toAddress = null;
        if (parts[2].Equals("localhost", StringComparison.OrdinalIgnoreCase)) toAddress = IPAddress.Loopback;
        else if (parts[2].Length > 0 && !TryReadAddress(parts[2], out toAddress))
        {
            fault = "HOST2 must be an address, localhost or nothing";
            return false;
        }

        rule = new(host, address, port, toAddress, toPort);
        fault = "";
        return true;
    }

    /// <summary>Where to connect for an endpoint of a host.</summary>
    /// <param name="rules">The rules in order.</param>
    /// <param name="host">The host's name.</param>
    /// <param name="endPoint">The endpoint as the DNS has it.</param>
    /// <returns>The endpoint itself when no rule fits.</returns>
    public static IPEndPoint Apply(IEnumerable<ConnectToRule> rules, DomainName host, IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(endPoint);
        foreach (var rule in rules)
        {
            if (rule.Host is { } name && !name.Equals(host)) continue;
            if (rule.Address is not null && !rule.Address.Equals(endPoint.Address)) continue;
            if (rule.Port is { } port && port != endPoint.Port) continue;
            return new(rule.ToAddress ?? endPoint.Address, rule.ToPort ?? endPoint.Port);
        }

        return endPoint;
    }

    /// <summary>The rule as it would be typed.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Bracket(Address) ?? Host?.ToString()}:{Port}:{Bracket(ToAddress)}:{ToPort}");

    private static string? Bracket(IPAddress? address) => address is null ? null : address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    private static bool TrySplit(string text, out string[] parts)
    {
        parts = ["", "", "", ""];
        var at = 0;
        for (var part = 0; part < 4; part++)
        {
            var start = at;
            if (at < text.Length && text[at] == '[')
            {
                at = text.IndexOf(']', at);
                if (at < 0) return false;
            }

            while (at < text.Length && text[at] != ':') at++;
            parts[part] = text[start..at];
            if (part == 3) break;
            if (at >= text.Length) return false;
            at++;
        }

        return at == text.Length;
    }

    private static bool TryReadHost(string text, out DomainName? host, out IPAddress? address)
    {
        host = null;
        address = null;
        if (text.Length == 0 || TryReadAddress(text, out address)) return true;
        if (!DomainName.TryFromUserInput(text, out var name, out _)) return false;
        host = name;
        return true;
    }

    private static bool TryReadAddress(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (text is ['[', .., ']']) return IPAddress.TryParse(text.AsSpan(1, text.Length - 2), out address);
        return text.Count(character => character == '.') == 3 && text.All(character => char.IsAsciiDigit(character) || character == '.') && IPAddress.TryParse(text, out address);
    }

    private static bool TryReadPort(string text, out ushort? port)
    {
        port = null;
        if (text.Length == 0) return true;
        if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0) return false;
        port = number;
        return true;
    }
}
