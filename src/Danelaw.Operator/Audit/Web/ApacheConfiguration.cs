using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Operator.Audit.Certificates;

namespace Danelaw.Operator.Audit.Web;

/// <summary>The chains that Apache shows.</summary>
internal static class ApacheConfiguration
{
    internal static ImmutableArray<TlsUse> Uses(ApacheText text)
    {
        var uses = ImmutableArray.CreateBuilder<TlsUse>();
        foreach (var host in text.Directives.GroupBy(directive => directive.Host).Where(host => host.Key > 0))
        {
            var engine = host.LastOrDefault(directive => directive.Name == "sslengine");
            if (engine?.Arguments is not [var on] || !on.Equals("on", StringComparison.OrdinalIgnoreCase)) continue;
            var certificates = host.Where(directive => directive is { Name: "sslcertificatefile", Arguments: [['/', ..]] }).ToArray();
            var keys = host.Where(directive => directive is { Name: "sslcertificatekeyfile", Arguments: [['/', ..]] }).ToArray();
            var issuers = host.LastOrDefault(directive => directive is { Name: "sslcertificatechainfile", Arguments: [['/', ..]] });
            var name = host.FirstOrDefault(directive => directive is { Name: "servername", Arguments: [_, ..] })?.Arguments[0] ?? "";
            var ports = host.First(directive => directive.Name == "virtualhost").Arguments.Select(PortOf).Where(port => port > 0).Distinct().Order();
            for (var i = 0; i < certificates.Length; i++)
            {
                // mod_ssl: without a key file of its own, the certificate's file holds the key too.
                string[] files = [.. i < keys.Length ? keys[i].Arguments : [], .. certificates[i].Arguments, .. issuers?.Arguments ?? []];
                uses.Add(new(ServerProgram.Apache, $"apache{(name.Length > 0 ? $", host {name}" : "")}", name, [.. files.Distinct()], false, certificates[i].Place) { Ports = [.. ports] });
            }
        }

        return uses.ToImmutable();
    }

    private static int PortOf(string address)
    {
        var colon = address.LastIndexOf(':');
        return colon >= 0 && int.TryParse(address[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0;
    }
}
