using System.Collections.Immutable;

namespace Danelaw.Probes;

/// <summary>The services that a probe can speak to, by name and port.</summary>
public static class ServiceProtocols
{
    /// <summary>Every name, which is also the scheme in <c>imaps://host</c>; of one service the usual name first.</summary>
    public static ImmutableArray<string> Names { get; } = [.. ServiceTable.All.SelectMany(service => service.Schemes)];

    /// <summary>The protocols in which TLS is started after a few words in plain, by the names of <c>--starttls</c>.</summary>
    public static ImmutableArray<string> StartTlsNames { get; } = [.. ServiceTable.All.Select(service => service.StartTls).OfType<string>().Distinct()];

    /// <summary>Reads the name of a service, in whatever case.</summary>
    /// <param name="name">The name, such as <c>imaps</c>.</param>
    /// <param name="protocol">What is spoken there.</param>
    /// <returns>Whether there is such a service.</returns>
    public static bool TryParse(string name, out ServiceProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryTake(ServiceTable.WithScheme(name), out protocol);
    }

    /// <summary>Reads the name of a protocol in which TLS is started, in whatever case.</summary>
    /// <param name="name">The name, such as <c>smtp</c>.</param>
    /// <param name="protocol">What is spoken.</param>
    /// <returns>Whether there is such a protocol.</returns>
    public static bool TryParseStartTls(string name, out ServiceProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryTake(ServiceTable.WithStartTls(name), out protocol);
    }

    /// <summary>The usual name of a service; every protocol that a probe speaks has one.</summary>
    /// <param name="protocol">What is spoken.</param>
    /// <exception cref="ArgumentOutOfRangeException">No probe speaks it.</exception>
    public static string NameOf(ServiceProtocol protocol) => ServiceTable.Of(protocol).Schemes[0];

    /// <summary>What is spoken at a port.</summary>
    /// <param name="port">The port.</param>
    /// <returns>The protocol; null when the port does not tell it.</returns>
    public static ServiceProtocol? AtPort(int port) => ServiceTable.AtPort(port)?.Protocol;

    /// <summary>The port of a service as IANA assigns it, or as everybody uses it.</summary>
    /// <param name="protocol">What is spoken.</param>
    /// <returns>The port; 0 when the service has none of its own.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is not spoken.</exception>
    public static ushort PortOf(ServiceProtocol protocol) => ServiceTable.Of(protocol).Port;

    private static bool TryTake(Service? service, out ServiceProtocol protocol)
    {
        protocol = service?.Protocol ?? default;
        return service is not null;
    }
}
