using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Operator.Audit.Postfix.Syntax;

namespace Danelaw.Operator.Audit.Postfix;

/// <summary>A port on which Postfix takes mail, and the services that speak there.</summary>
/// <param name="Port">The port.</param>
/// <param name="Address">The address that it is bound to; empty for those of <c>inet_interfaces</c>.</param>
/// <param name="Service">The service that greets: smtpd, or postscreen.</param>
/// <param name="Behind">The smtpd to which postscreen hands over; null without postscreen.</param>
public sealed record Listener(int Port, string Address, MasterService Service, MasterService? Behind)
{
    private static readonly string[] LateTests = ["postscreen_pipelining_enable", "postscreen_non_smtp_command_enable", "postscreen_bare_newline_enable"];

    /// <summary>The service that serves mail after the greeting.</summary>
    public MasterService Smtpd => Behind ?? Service;

    /// <summary>Whether postscreen greets.</summary>
    public bool IsScreened => Behind is not null || Service.Command == "postscreen";

    /// <summary>Whether it takes its addresses from <c>inet_interfaces</c>, and there are none but loopback's.</summary>
    internal bool IsLocalOnly { get; private init; }

    /// <summary>Whether a proxy hands clients over to it (haproxy's protocol) who do not log in: then it takes mail from everybody, whatever its port and address.</summary>
    internal bool IsProxied { get; private init; }

    /// <summary>Whether mail from everybody comes in here.</summary>
    internal bool IsPublic => IsProxied || (Port == 25 && !IsLoopback);

    /// <summary>The services that speak to the client.</summary>
    internal IEnumerable<MasterService> Speakers => Behind is null ? [Service] : [Service, Behind];

    /// <summary>
    /// Whether postscreen itself speaks to clients that it then lets pass on: with tests after the greeting it does, TLS included; otherwise only to those whom it
    /// turns away (POSTSCREEN_README).
    /// </summary>
    /// <param name="instance">The instance.</param>
    internal bool IsTestedLate(PostfixInstance instance) => IsScreened && LateTests.Any(name => instance.Get(name, Service).IsYes);

    /// <summary>The service that does TLS for postscreen; null where it is not needed, or not there.</summary>
    /// <param name="instance">The instance.</param>
    internal MasterService? Proxy(PostfixInstance instance)
    {
        if (!IsTestedLate(instance)) return null;
        var name = instance.Get("tlsproxy_service_name", Service) is { IsEmpty: false } named ? named.Value : "tlsproxy";
        return instance.Services.FirstOrDefault(service => service.Name == name && service.Type == "unix");
    }

    /// <summary>Whether it is bound to loopback only: then it is for programs of this host.</summary>
    public bool IsLoopback => !IsProxied && (IsLocalOnly || IsLoopbackName(Address));

    /// <summary>The listeners of an instance, in the order of master.cf.</summary>
    /// <param name="instance">The instance.</param>
    public static ImmutableArray<Listener> Of(PostfixInstance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var listeners = ImmutableArray.CreateBuilder<Listener>();

        // master(8) binds before a service's own settings are read, so main.cf decides.
        var interfaces = Words.OfList(instance.Get("inet_interfaces").Value);
        var isLocal = interfaces.Length > 0 && interfaces.All(word => word == "loopback-only" || IsLoopbackName(word));
        foreach (var service in instance.Services)
        {
            if (service.Type != "inet" || service.Command is not ("smtpd" or "postscreen")) continue;
            if (!TryReadPort(service.Name, out var address, out var port)) continue;
            var behind = service.Command == "postscreen" ? BehindScreen(instance, service) : null;
            listeners.Add(new(port, address, service, behind) { IsLocalOnly = address.Length == 0 && isLocal, IsProxied = port is not (465 or 587) && IsBehindProxy(instance, service, behind ?? service) });
        }

        return listeners.ToImmutable();
    }

    private static bool IsBehindProxy(PostfixInstance instance, MasterService service, MasterService smtpd) =>
        !instance.Get(service.Command + "_upstream_proxy_protocol", service).IsEmpty && !instance.Get("smtpd_sasl_auth_enable", smtpd).IsYes;

    private static bool IsLoopbackName(string text) => text is "localhost" || (System.Net.IPAddress.TryParse(text.Trim('[', ']'), out var address) && System.Net.IPAddress.IsLoopback(address));

    private static MasterService? BehindScreen(PostfixInstance instance, MasterService screen)
    {
        // postscreen(8): smtpd_service_name, by default smtpd.
        var name = instance.Get("smtpd_service_name", screen) is { IsEmpty: false } named ? named.Value : "smtpd";
        return instance.Services.FirstOrDefault(service => service.Name == name && service.Type is "pass" or "unix");
    }

    /// <summary>Reads <c>smtp</c>, <c>25</c>, <c>host:smtp</c>, <c>192.0.2.1:25</c> or <c>[2001:db8::1]:25</c> (master(5)).</summary>
    private static bool TryReadPort(string text, out string address, out int port)
    {
        var colon = text.LastIndexOf(':');
        address = colon < 0 ? "" : text[..colon];
        var name = text[(colon + 1)..];
        port = name switch
        {
            "smtp" => 25,
            "submission" => 587,
            "smtps" or "submissions" or "urd" or "ssmtp" => 465,
            "lmtp" => 24,
            _ => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0,
        };
        return port is > 0 and < 65536;
    }
}
