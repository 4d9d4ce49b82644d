using System.Net;
using System.Text;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Options;

/// <summary>Names of hosts whose TLSA records are made, as people type them. What is a name by the letter and no host's is refused: a record there is asked for by nobody.</summary>
internal static class HostInput
{
    /// <summary>Reads a name that is the value of an option.</summary>
    /// <exception cref="MisuseException">It is none.</exception>
    public static DomainName Read(string option, string text)
    {
        var name = DnsOptions.ReadName(option, text);
        Require(option, text, name);
        return name;
    }

    /// <summary>Sees that a name can be the TLSA base domain of a service.</summary>
    /// <param name="what">What it is the value of; empty for one that stands alone.</param>
    /// <param name="text">What was typed.</param>
    /// <param name="name">The name that came of it.</param>
    /// <exception cref="MisuseException">It cannot.</exception>
    public static void Require(string what, string text, DomainName name)
    {
        const string Port = "give the host alone, and the port with --port";
        var before = what.Length > 0 ? what + " " : "";
        if (text.Contains("://", StringComparison.Ordinal)) throw new MisuseException($"{before}{text} is a URL", Port);
        if (IsAddress(text)) throw new MisuseException($"{before}{text} is an address, and TLSA records stand under names", "give the host's name: for mail the one in the MX record");
        if (text.AsSpan().IndexOfAny(":/@[]") >= 0) throw new MisuseException($"{before}{text} is not the name of a host alone", Port);
        if (name.IsRoot) throw new MisuseException($"{before}{text} is the root, and no host", "give the host's name: for mail the one in the MX record");
        for (var i = 0; i < name.LabelCount; i++)
            if (name.GetLabel(i) is [(byte)'*']) throw new MisuseException($"{before}{text} has an asterisk, which with the labels of a port before it is no wildcard (RFC 4592 §2.1.1)", "give the name of each host");
        if (TlsaOwner.TryRead(name, out _, out _, out _) || IsTransport(name.GetLabel(0)) || (name.LabelCount > 1 && IsTransport(name.GetLabel(1))))
            throw new MisuseException($"{before}{text} names a service already: with the labels of a port before it nobody would ask for it", Port);
    }

    private static bool IsTransport(ReadOnlySpan<byte> label) => Ascii.EqualsIgnoreCase(label, "_tcp") || Ascii.EqualsIgnoreCase(label, "_udp") || Ascii.EqualsIgnoreCase(label, "_sctp");

    /// <summary>Four decimal numbers, or IPv6; not the shorthands that <see cref="IPAddress"/> reads besides, which are names.</summary>
    private static bool IsAddress(string text)
    {
        var bare = text is ['[', .., ']'] ? text[1..^1] : text;
        var isCandidate = bare.Contains(':', StringComparison.Ordinal) || (bare.Count(character => character == '.') == 3 && bare.All(character => char.IsAsciiDigit(character) || character == '.'));
        return isCandidate && IPAddress.TryParse(bare, out _);
    }
}
