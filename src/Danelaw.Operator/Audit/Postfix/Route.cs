using System.Collections.Immutable;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Postfix.Syntax;
using Danelaw.Operator.Audit.Postfix.Tables;

namespace Danelaw.Operator.Audit.Postfix;

/// <summary>A way by which mail leaves: the delivery service, and the settings that lead to it.</summary>
/// <param name="Service">The service of master.cf.</param>
/// <param name="From">What leads there: a parameter (<c>default_transport</c>) or the key of a table.</param>
/// <param name="Place">Where that stands; null for a default.</param>
/// <param name="IsGeneral">Whether all destinations that nothing else is said of go this way.</param>
/// <param name="NextHop">The host to which it is handed; empty for the destination's own MX hosts.</param>
public sealed record Route(MasterService Service, string From, Place? Place, bool IsGeneral, string NextHop)
{
    private static readonly string[] Maps = ["transport_maps", "sender_dependent_default_transport_maps", "fallback_transport_maps"];

    /// <summary>The SMTP client services of an instance.</summary>
    /// <param name="instance">The instance.</param>
    public static IEnumerable<MasterService> Clients(PostfixInstance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return instance.Services.Where(service => service.Type == "unix" && service.Command == "smtp");
    }

    /// <summary>The ways of an instance that end in an SMTP client, the general one first.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="files">The host's files, for tables.</param>
    public static ImmutableArray<Route> Of(PostfixInstance instance, HostFiles files)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var routes = ImmutableArray.CreateBuilder<Route>();

        var clients = Clients(instance).ToDictionary(client => client.Name, StringComparer.Ordinal);
        var general = instance.Get("default_transport");
        var relayHost = instance.Get("relayhost");
        Add(general.Value, general.Name, general.Place, true, relayHost.Value);
        var relay = instance.Get("relay_transport");
        if (!instance.Get("relay_domains").IsEmpty) Add(relay.Value, relay.Name, relay.Place, false, "");
        foreach (var name in Maps)
        {
            var setting = instance.Get(name);
            foreach (var word in Words.OfList(setting.Value))
            {
                if (!TableName.TryParse(word, out var table)) continue;
                if (table.Type == "static")
                {
                    Add(table.Name, setting.Name, setting.Place, name != "fallback_transport_maps", "");
                    continue;
                }

                foreach (var entry in new TableReader(files).List(table, setting.Place ?? new(instance.Directory + "/main.cf", 0)).Entries) Add(entry.Value, entry.Key, entry.Place, entry.Key == "*", "");
            }
        }

        return routes.ToImmutable();

        void Add(string destination, string from, Place? place, bool isGeneral, string nextHop)
        {
            // transport(5): TRANSPORT:NEXTHOP, each of which may be empty.
            var colon = destination.IndexOf(':', StringComparison.Ordinal);
            var (transport, hop) = colon < 0 ? (destination, "") : (destination[..colon], destination[(colon + 1)..]);
            if (transport.Length == 0) transport = general.Value.Split(':')[0];
            if (clients.TryGetValue(transport, out var service)) routes.Add(new(service, from, place, isGeneral, hop.Length > 0 ? hop : nextHop));
        }
    }
}
