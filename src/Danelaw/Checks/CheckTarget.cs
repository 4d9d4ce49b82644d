using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using Danelaw.Discovery;
using Danelaw.Dns.Names;
using Danelaw.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Checks;

/// <summary>What is to be checked: a mail domain, or one service of one host.</summary>
public sealed record CheckTarget
{
    private CheckTarget(string text) => Text = text;

    /// <summary>The target as it was given.</summary>
    public string Text { get; private init; }

    /// <summary>The mail domain, the service's host, or the domain whose SRV records tell the hosts; the root when the target is an address.</summary>
    public DomainName Name { get; private init; }

    /// <summary>The address, when the target is one: DANE does not apply to it (R20). Otherwise null.</summary>
    public IPAddress? Address { get; private init; }

    /// <summary>Whether the name is a mail domain, whose hosts its MX records tell. Otherwise it is the host of one service.</summary>
    public bool IsMailDomain { get; private init; }

    /// <summary>The port; 25 for a mail domain. Where SRV records are asked for they tell it, and this is the usual one.</summary>
    public ushort Port { get; private init; }

    /// <summary>What is spoken there; <see cref="ServiceProtocol.Smtp"/> for a mail domain.</summary>
    public ServiceProtocol Protocol { get; private init; }

    /// <summary>What was said beside the text to start TLS there; null when a scheme or the port tells what is spoken.</summary>
    public ServiceProtocol? StartTls { get; private init; }

    /// <summary>Where SRV records tell the hosts and ports of the service, which are then those of <see cref="Name"/>; null where none are asked for.</summary>
    public DomainName? SrvOwner { get; private init; }

    /// <summary>Whether it was said beside the text that SRV records are asked for.</summary>
    public bool AsksSrv { get; private init; }

    /// <summary>Whether it is one service of one host that has a name.</summary>
    public bool IsHostOfService => !IsMailDomain && Address is null && SrvOwner is null;

    private bool HasPort { get; init; }

    /// <summary>A mail domain as target.</summary>
    /// <param name="domain">The domain.</param>
    public static CheckTarget MailDomain(DomainName domain) => new(TextOf(domain)) { Name = domain, IsMailDomain = true, Port = 25, Protocol = ServiceProtocol.Smtp };

    /// <summary>One service as target.</summary>
    /// <param name="host">The host's name.</param>
    /// <param name="port">The port, 1 to 65535.</param>
    /// <param name="protocol">What is spoken there.</param>
    /// <exception cref="ArgumentOutOfRangeException">The port is 0, or the protocol is none that a probe speaks.</exception>
    public static CheckTarget Service(DomainName host, ushort port, ServiceProtocol protocol)
    {
        ArgumentOutOfRangeException.ThrowIfZero(port);
        var scheme = ServiceTable.Of(protocol).Schemes[0];
        return new(string.Create(CultureInfo.InvariantCulture, $"{scheme}://{TextOf(host)}:{port}")) { Name = host, Port = port, Protocol = protocol, HasPort = true };
    }

    /// <summary>
    /// Reads what a person typed: <c>example.org</c>, <c>imaps://host</c>, <c>https://host:8443</c>, <c>host:993</c>, an address with or without a port, an SRV owner as
    /// <c>_imaps._tcp.example.org</c>. Letters of any language are taken. Services whose clients ask for SRV records first (XMPP) do so here, unless a port is given.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="target">The target, or null on failure.</param>
    /// <param name="fault">What is wrong, in a few words for people; empty on success.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out CheckTarget? target, out string fault) => TryParse(text, null, out target, out fault);

    /// <summary>Reads the name of a service and a domain, as <c>imaps://example.org</c>, whose SRV records tell the hosts.</summary>
    /// <param name="text">The text; one with a port, or without a scheme, is a fault, unless it is an SRV owner itself.</param>
    /// <param name="target">The target, or null on failure.</param>
    /// <param name="fault">What is wrong, in a few words for people; empty on success.</param>
    public static bool TryParseSrv(string text, [NotNullWhen(true)] out CheckTarget? target, out string fault)
    {
        if (!TryParse(text, null, out target, out fault)) return false;
        var owner = target.SrvOwner ?? (target.Address is null ? OwnerFor(target.Protocol, target.Name) : null);
        fault = target switch
        {
            { SrvOwner: not null } => "",
            { Address: not null } => "an address has no SRV records",
            { IsMailDomain: true } => "it names no service, and SRV records are those of one, as in imaps://example.org",
            { HasPort: true } => "it has a port, and SRV records tell the port",
            _ when ServiceTable.Of(target.Protocol).Srv is null => $"clients of {ServiceTable.Of(target.Protocol).Schemes[0]} look no SRV records up",
            _ => owner is null ? "the name is too long for the labels of a service before it" : "",
        };
        target = fault.Length > 0 ? null : target with { AsksSrv = true, SrvOwner = owner };
        return target is not null;
    }

    /// <summary>Reads a host with a port that does not tell what is spoken there, as <c>host:2525</c>, and takes it from what is said beside.</summary>
    /// <param name="text">The text; a mail domain, or a text with a scheme, is a fault when <paramref name="startTls"/> is given.</param>
    /// <param name="startTls">In which protocol TLS is started there; null when the text tells.</param>
    /// <param name="target">The target, or null on failure.</param>
    /// <param name="fault">What is wrong, in a few words for people; empty on success.</param>
    /// <exception cref="ArgumentOutOfRangeException">In that protocol TLS is not started.</exception>
    public static bool TryParse(string text, ServiceProtocol? startTls, [NotNullWhen(true)] out CheckTarget? target, out string fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        var startTlsName = startTls is { } told ? ServiceTable.Of(told).StartTls ?? throw new ArgumentOutOfRangeException(nameof(startTls), startTls, "TLS comes at once in this protocol") : null;
        target = null;
        var rest = text.Trim();
        ServiceProtocol? scheme = null;
        ushort port = 0;
        var mark = rest.IndexOf("://", StringComparison.Ordinal);
        if (mark >= 0)
        {
            if (!TryReadScheme(rest[..mark], out var protocol, out port, out fault)) return false;
            if (startTlsName is not null)
            {
                fault = "its scheme tells already what is spoken there";
                return false;
            }

            scheme = protocol;
            rest = rest[(mark + 3)..];
            if (rest.EndsWith('/')) rest = rest[..^1];
        }

        if (!TrySplit(rest, out var host, out var portText, out fault)) return false;
        if (portText is not null && !TryReadPort(portText, out port, out fault)) return false;
        if (host.Length == 0)
        {
            fault = "there is no host name in it";
            return false;
        }

        if (startTlsName is not null && portText is null)
        {
            fault = "it has no port, and only of a port can be said how TLS is started there, as in mail.example.org:2525";
            return false;
        }

        if (startTlsName is not null) scheme = ServiceTable.WithStartTls(startTlsName, port)!.Protocol;
        if (TryReadAddress(host, out var address))
        {
            target = new(text) { Address = address, Port = port == 0 ? (ushort)25 : port, Protocol = scheme ?? ServiceTable.AtPort(port)?.Protocol ?? ServiceProtocol.Tls, StartTls = startTls };
            return true;
        }

        if (!TryReadName(host, out var name, out fault)) return false;
        if (IsServiceName(name)) return TryReadSrvOwner(text, name, scheme is null && portText is null, out target, out fault);
        if (scheme is null && portText is null)
        {
            target = MailDomain(name) with { Text = text };
            return true;
        }

        if (port == 0)
        {
            fault = "tls:// needs a port, as in tls://host:5223";
            return false;
        }

        if ((scheme ?? ServiceTable.AtPort(port)?.Protocol) is not { } spoken)
        {
            fault = string.Create(CultureInfo.InvariantCulture, $"port {port} does not tell what is spoken there; put a scheme before it, as in tls://{host}:{port} or smtp://{host}:{port}");
            return false;
        }

        var owner = portText is null && ServiceTable.Of(spoken).AsksSrvFirst ? OwnerFor(spoken, name) : null;
        target = new(text) { Name = name, Port = port, Protocol = spoken, StartTls = startTls, SrvOwner = owner, HasPort = portText is not null };
        return true;
    }

    /// <summary>The target as it was given.</summary>
    public override string ToString() => Text;

    /// <summary>Whether a name is one below which a service's records stand: <c>_x._tcp</c> and its like (RFC 8552).</summary>
    private static bool IsServiceName(DomainName name)
    {
        if (name.LabelCount < 2 || name.GetLabel(0)[0] != '_') return false;
        foreach (var transport in (ReadOnlySpan<string>)["_tcp", "_udp", "_sctp"])
            if (Ascii.EqualsIgnoreCase(name.GetLabel(1), transport)) return true;
        return false;
    }

    private static bool TryReadSrvOwner(string text, DomainName owner, bool isAlone, [NotNullWhen(true)] out CheckTarget? target, out string fault)
    {
        target = null;
        var label = Encoding.Latin1.GetString(owner.GetLabel(0)[1..]);
        var domain = owner.Parent.Parent;
        var service = ServiceTable.WithSrv(label);
        fault = TlsaOwner.TryRead(owner, out var port, out _, out var host) ? string.Create(CultureInfo.InvariantCulture, $"that is where TLSA records stand; the service itself is {TextOf(host)}:{port}")
            : !Ascii.EqualsIgnoreCase(owner.GetLabel(1), "_tcp") ? "it names a service over another transport than TCP"
            : service is null ? "it names no service that is known here; known are " + string.Join(", ", ServiceTable.All.Select(row => row.Srv).OfType<string>().Select(name => "_" + name))
            : !isAlone ? "SRV records tell what is spoken and at which port; give their name alone"
            : domain.IsRoot ? "the root is no target"
            : "";
        if (fault.Length == 0) target = new(text) { Name = domain, Port = service!.Port, Protocol = service.Protocol, SrvOwner = owner };
        return target is not null;
    }

    private static DomainName? OwnerFor(ServiceProtocol protocol, DomainName domain) =>
        ServiceTable.Of(protocol).Srv is { } name && ServiceDiscovery.TryOwner(name, domain, out var owner) ? owner : null;

    private static bool TryReadScheme(string text, out ServiceProtocol protocol, out ushort port, out string fault)
    {
        var service = ServiceTable.WithScheme(text);
        protocol = service?.Protocol ?? default;
        port = service?.Port ?? 0;
        fault = service is not null ? ""
            : text.Equals("http", StringComparison.OrdinalIgnoreCase) ? "http has no TLS; write https://"
            : "the scheme is not known; known are " + string.Join(", ", ServiceProtocols.Names);
        return service is not null;
    }

    private static bool TrySplit(string text, out string host, out string? port, out string fault)
    {
        host = text;
        port = null;
        fault = "";
        if (text.AsSpan().ContainsAny('/', '?', '#'))
        {
            fault = "a path is no part of a target; give scheme, host and port alone";
            return false;
        }

        if (text.Contains('@', StringComparison.Ordinal))
        {
            fault = "that looks like a mailbox or a login; give the domain alone: " + text[(text.LastIndexOf('@') + 1)..];
            return false;
        }

        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0 || (end + 1 < text.Length && text[end + 1] != ':'))
            {
                fault = "the bracket is not closed as in [2001:db8::1]:993";
                return false;
            }

            host = text[1..end];
            if (end + 1 < text.Length) port = text[(end + 2)..];
            if (TryReadAddress(host, out _)) return true;
            fault = "only an address stands in brackets";
            return false;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || text.IndexOf(':', colon + 1) >= 0) return true;
        host = text[..colon];
        port = text[(colon + 1)..];
        return true;
    }

    private static bool TryReadPort(string text, out ushort port, out string fault)
    {
        fault = "";
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port > 0) return true;
        fault = "the port is not a number from 1 to 65535";
        return false;
    }

    /// <summary>Four decimal numbers or IPv6; not the shorthands that <see cref="IPAddress"/> reads besides, such as "10" or "0x7f.1".</summary>
    private static bool TryReadAddress(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        var isCandidate = text.Contains(':', StringComparison.Ordinal) || (text.Count(character => character == '.') == 3 && text.All(character => char.IsAsciiDigit(character) || character == '.'));
        return isCandidate && IPAddress.TryParse(text, out address);
    }

    private static bool TryReadName(string text, out DomainName name, out string fault)
    {
        if (!DomainName.TryFromUserInput(text, out name, out var nameFault))
        {
            fault = nameFault switch
            {
                NameFault.None or NameFault.Empty => "there is no host name in it",
                NameFault.EmptyLabel => "two dots stand together, or one stands first",
                NameFault.LabelTooLong => "a label has more than 63 octets",
                NameFault.NameTooLong => "the name has more than 255 octets",
                NameFault.BadEscape => "a backslash must be followed by a character or three digits",
                NameFault.NotAscii => "a character in it cannot stand in a domain name",
                NameFault.NotComposed => "a letter in it is written in parts (a letter and the mark on it), which are not put together here: write it as one letter (Unicode Normalization Form C) or the whole label as xn--",
            };
            return false;
        }

        fault = name.IsRoot ? "the root is no target" : "";
        return !name.IsRoot;
    }

    private static string TextOf(DomainName name) => name.IsRoot ? "." : name.ToString()[..^1];
}
